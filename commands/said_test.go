package commands_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"

	"wardline/bot/hospital"
)

// neverSaid lists the refusals no transcript can show, each with its reason.
func neverSaid() map[string]string {
	return map[string]string{
		"refused.declared":      "a declaration always gets a new number; the subject refuses it for other callers",
		"refused.not_declared":  "commands about an outage are refused with refused.none_open before",
		"refused.unknown_fact":  "the grammar refuses the word before, with the choices there are",
		"refused.unknown_class": "the grammar refuses the word before, with the choices there are",
		"refused.unknown_level": "the grammar refuses the word before, with usage.level",
		"refused.future":        "the grammar refuses the time before, with usage.future",
		"refused.past":          "the grammar refuses the time before, with usage.past",
		"refused.too_long":      "4000 characters would fill the transcript: TestAnEndlessTextIsRefused",
		"failed.internal":       "a mistake of ours cannot be told by a story",
		"failed.full":           "the disk of a transcript is never full",
	}
}

// TestEveryRefusalIsSaidInATranscript keeps the transcripts complete: whoever adds a refusal shows in
// both languages what people read.
func TestEveryRefusalIsSaidInATranscript(t *testing.T) {
	for _, lang := range hospital.Langs() {
		said := everythingSaid(t, lang)
		for name, re := range refusals(t, lang) {
			found := re.MatchString(said)
			reason, excused := neverSaid()[name]
			switch {
			case !found && !excused:
				t.Errorf("%s: %s is said in no transcript:\n%s", lang, name, re)
			case found && excused:
				t.Errorf("%s: %s is said after all; it was excused because %s", lang, name, reason)
			}
		}
	}
}

// everythingSaid is what the bot says in the transcripts of a language, without their indentation.
func everythingSaid(t *testing.T, lang hospital.Lang) string {
	t.Helper()
	files, err := filepath.Glob("../testdata/transcripts/" + string(lang) + "/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("the transcripts are not where they were: %d files, %v", len(files), err)
	}
	var out strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if said, ok := strings.CutPrefix(line, "    "); ok {
				_, reply, isReply := strings.Cut(said, ": ")
				if isReply && strings.HasPrefix(said, "→") {
					said = reply
				}
				out.WriteString(strings.TrimLeft(said, " "))
			}
		}
	}
	return out.String()
}

// refusals returns, for every refusal of a language, what a line that says it looks like. Arguments
// hold no full stop, so that one refusal is not taken for a longer one.
func refusals(t *testing.T, lang hospital.Lang) map[string]*regexp.Regexp {
	t.Helper()
	files, err := filepath.Glob("../bot/phrase/" + string(lang) + "/*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no phrases of %s: %v", lang, err)
	}
	tmpl, err := template.New("").Funcs(template.FuncMap{"plural": func(int, string, string) string { return "" }}).ParseFiles(files...)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*regexp.Regexp{}
	for _, d := range tmpl.Templates() {
		for _, stem := range []string{"refused.", "usage.", "failed."} {
			if strings.HasPrefix(d.Name(), stem) {
				out[d.Name()] = regexp.MustCompile(`(?m)^` + pattern(d.Root) + `$`)
			}
		}
	}
	if len(out) < 40 {
		t.Fatalf("only %d refusals of %s", len(out), lang)
	}
	return out
}

// pattern words a phrase as a regular expression: its own words as they are, anything for the rest.
func pattern(list *parse.ListNode) string {
	var out strings.Builder
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			out.WriteString(strings.ReplaceAll(regexp.QuoteMeta(string(n.Text)), "\n", `\n`))
		case *parse.ActionNode:
			out.WriteString(`[^。\n]+?`)
		default:
			out.WriteString(`[^。\n]*?`)
		}
	}
	return out.String()
}
