package phrase_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"
	"unicode"

	"wardline/bot/hospital"
	"wardline/bot/phrase"
)

func book(t *testing.T) *phrase.Book {
	t.Helper()
	b, err := phrase.New()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryLanguageSaysEveryPhrase(t *testing.T) {
	b := book(t)
	zh, en := b.Names(hospital.ZH), b.Names(hospital.EN)
	if len(zh) < 400 {
		t.Fatalf("only %d phrases", len(zh))
	}
	for _, name := range zh {
		if !slices.Contains(en, name) {
			t.Errorf("%s is in Chinese only", name)
		}
	}
	for _, name := range en {
		if !slices.Contains(zh, name) {
			t.Errorf("%s is in English only", name)
		}
	}
}

// A fact that one language leaves out is a fact half of the readers do not get.
func TestEveryLanguageNamesTheSameFacts(t *testing.T) {
	zh, en := sources(t, hospital.ZH), sources(t, hospital.EN)
	for name, list := range zh {
		if other, ok := en[name]; ok && !slices.Equal(fields(list), fields(other)) {
			t.Errorf("%s: Chinese names %q, English %q", name, fields(list), fields(other))
		}
	}
}

func TestEnglishHoldsNoChinese(t *testing.T) {
	for name, list := range sources(t, hospital.EN) {
		s := words(list)
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || strings.ContainsAny(s, "，。；：！？（）「」【】、") {
			t.Errorf("%s: %q", name, s)
		}
	}
}

// Chinese is set with Chinese punctuation, except where something is quoted that must be typed.
func TestChineseIsSetInChinesePunctuation(t *testing.T) {
	narrow := regexp.MustCompile(`\p{Han}[,;:!?()]|[,;:!?()]\p{Han}`)
	typed := regexp.MustCompile(`(正常|还能用|时区|强制):`)
	for name, list := range sources(t, hospital.ZH) {
		if strings.HasSuffix(name, ".example") {
			continue
		}
		if s := narrow.FindString(typed.ReplaceAllString(words(list), "")); s != "" {
			t.Errorf("%s: %q in %q", name, s, words(list))
		}
	}
}

// A phrase ends where it ends: a trailing space or a double one shows on every screen.
func TestPhrasesHaveNoLooseSpaces(t *testing.T) {
	for _, lang := range hospital.Langs() {
		for name, list := range sources(t, lang) {
			s := words(list)
			if name == "list.sep" || name == "clause.sep" {
				continue // they stand between two words
			}
			if strings.HasSuffix(s, " ") || strings.Contains(strings.TrimLeft(s, " "), "  ") {
				t.Errorf("%s %s: %q", lang, name, s)
			}
		}
	}
}

// TestGoNamesOnlyPhrasesThereAre reads the string literals of the packages that speak. A literal that
// looks like a phrase is one; a phrase is named by a literal, or begins with a literal that ends in a
// dot or a low line, such as "fact." before a key.
func TestGoNamesOnlyPhrasesThereAre(t *testing.T) {
	b := book(t)
	literals := literals(t, "..", "../incident", "../../commands", "../../adapters/discord", "../../adapters/mattermost")
	stems := map[string]bool{}
	for _, name := range b.Names(hospital.ZH) {
		stem, _, _ := strings.Cut(name, ".")
		stems[stem] = true
	}
	looks := regexp.MustCompile(`^[a-z]+(\.[a-z_-]+)+$`)
	var begins []string
	for _, l := range literals {
		stem, _, dotted := strings.Cut(l, ".")
		switch {
		case dotted && stems[stem] && looks.MatchString(l) && !strings.HasSuffix(l, "_") && !b.Has(hospital.ZH, l):
			t.Errorf("Go names the phrase %q, which there is not", l)
		case dotted && stems[stem] && (strings.HasSuffix(l, ".") || strings.HasSuffix(l, "_")):
			begins = append(begins, l)
		}
	}
	for _, name := range b.Names(hospital.ZH) {
		if slices.Contains(literals, name) || slices.ContainsFunc(begins, func(l string) bool { return strings.HasPrefix(name, l) }) {
			continue
		}
		t.Errorf("nobody says %s", name)
	}
	if len(begins) < 5 || len(literals) < 300 {
		t.Errorf("the sources are not where they were: %d literals, %q", len(literals), begins)
	}
}

func TestPlurals(t *testing.T) {
	b := book(t)
	for n, want := range map[int]string{1: "1 department told.", 2: "2 departments told.", 0: "0 departments told."} {
		if got := b.Say(hospital.EN, "done.tell", map[string]any{"n": n}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAMistakeOfOursIsSeenAndDoesNotSilenceTheBot(t *testing.T) {
	b := book(t)
	if got := b.Say(hospital.ZH, "no.such", nil); got != "<no.such>" {
		t.Errorf("an unknown phrase says %q", got)
	}
	if got := b.Say(hospital.ZH, "done.tell", nil); got != "<done.tell>" {
		t.Errorf("a phrase without its argument says %q", got)
	}
	if got, err := b.Try("fr", "unknown", nil); got != "UNKNOWN" || err != nil {
		t.Errorf("an unknown language says %q, %v; want English", got, err)
	}
}

// sources returns the parsed phrases of a language by name.
func sources(t *testing.T, lang hospital.Lang) map[string]*parse.ListNode {
	t.Helper()
	tmpl, err := template.New("").Funcs(template.FuncMap{"plural": func(int, string, string) string { return "" }}).ParseGlob(string(lang) + "/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*parse.ListNode{}
	for _, d := range tmpl.Templates() {
		if !strings.HasSuffix(d.Name(), ".tmpl") && d.Name() != "" {
			out[d.Name()] = d.Root
		}
	}
	return out
}

// fields lists what a phrase asks for, each name once, in order.
func fields(list *parse.ListNode) []string {
	found := regexp.MustCompile(`\.[a-z][a-z_]*`).FindAllString(onlyActions(list), -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func onlyActions(list *parse.ListNode) string {
	var out strings.Builder
	walk(list, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ActionNode:
			out.WriteString(n.Pipe.String() + " ")
		case *parse.IfNode:
			out.WriteString(n.Pipe.String() + " ")
		}
	})
	return out.String()
}

// words returns a phrase's own words, with x where an argument stands.
func words(list *parse.ListNode) string {
	var out strings.Builder
	walk(list, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TextNode:
			out.Write(n.Text)
		case *parse.ActionNode:
			out.WriteString("x")
		}
	})
	return out.String()
}

func walk(list *parse.ListNode, see func(parse.Node)) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		see(n)
		if branch, ok := n.(*parse.IfNode); ok {
			walk(branch.List, see)
			walk(branch.ElseList, see)
		}
	}
}

// literals returns the string literals of the Go files of folders, tests aside.
func literals(t *testing.T, folders ...string) []string {
	t.Helper()
	var out []string
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no Go files in %s: %v", folder, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
					if s, err := strconv.Unquote(l.Value); err == nil {
						out = append(out, s)
					}
				}
				return true
			})
		}
	}
	return out
}
