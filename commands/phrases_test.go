package commands_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/guard"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/bot/phrase"
	"wardline/commands"
)

// TestEveryMemberOfAFamilyHasItsPhrase checks the phrases whose names are put together in Go, such as
// "fact." and a key: every member of the family has one, and there is none without a member.
func TestEveryMemberOfAFamilyHasItsPhrase(t *testing.T) {
	book, err := phrase.New()
	if err != nil {
		t.Fatal(err)
	}
	for stem, members := range families() {
		for _, lang := range hospital.Langs() {
			for _, m := range members {
				if !book.Has(lang, stem+m) {
					t.Errorf("%s: there is no phrase %s%s", lang, stem, m)
				}
			}
			for _, name := range book.Names(lang) {
				if m, ok := strings.CutPrefix(name, stem); ok && !slices.Contains(members, m) {
					t.Errorf("%s: %s belongs to nothing", lang, name)
				}
			}
		}
	}
}

func families() map[string][]string {
	f := map[string][]string{
		"extent.": {"partial", "total", ""}, "confidence.": {"high", "medium", "low", ""},
		"status.": {"suspected", "confirmed"}, "phase.": {"open", "restored", "recovering", "closed", "cancelled", "merged"},
		"standing.": {"down", "degraded", "possible", "possibly_degraded", "affected", "fine", "up"},
		"step.":     {"contacted", "onway", "arrived"}, "role.": {"clinical", "engineer", "leader", "coordinator", "duties"},
		"live.system_": {"not", "down", "degraded", "possible", "possibly_degraded", "up", "fine"},
		"board.title.": {string(bot.IncidentRoom), string(bot.DepartmentRoom), string(bot.LeadersRoom), string(bot.ITRoom), string(bot.DirectRoom)},
		"event.":       {"blanked"}, "person.": {string(incident.Desk), string(incident.Clock)},
		"doctor.": {"ok", "bad", "placeholders", "role", "procedures", "unsaid", "backup"},
	}
	for _, c := range guard.Classes() {
		f["guard."] = append(f["guard."], string(c))
	}
	for _, c := range incident.Classes() {
		f["class."] = append(f["class."], string(c))
	}
	for _, k := range incident.Keys() {
		f["fact."] = append(f["fact."], string(k))
	}
	f["fact."] = append(f["fact."], "line")
	for _, k := range incident.Kinds() {
		f["event."] = append(f["event."], string(k))
	}
	for _, why := range []answer.Why{answer.Unknown, answer.Clinical, answer.PatientData, answer.Password, answer.Order, answer.Opinion, answer.OffTopic} {
		f["person."] = append(f["person."], string(why))
	}
	return f
}

// TestEveryCommandIsDescribed checks that forms, menus and help find words for every command and for
// everything it takes, in both languages.
func TestEveryCommandIsDescribed(t *testing.T) {
	book, err := phrase.New()
	if err != nil {
		t.Fatal(err)
	}
	h := newHearer(t)
	known, labels := map[string]bool{}, map[string]bool{"choice.yes": true, "choice.no": true}
	for _, field := range refusedFields(t) {
		labels["arg."+field] = true
		for _, lang := range hospital.Langs() {
			if !book.Has(lang, "arg."+field) {
				t.Errorf("%s: a refusal may name the field %s, which has no label", lang, field)
			}
		}
	}
	for _, s := range commands.Table() {
		known[s.Phrase()], known[s.Phrase()+".example"] = true, true
		labels["root."+s.Root] = true
		for _, a := range s.Args {
			known[s.Phrase()+".arg."+a.Name], known[s.Phrase()+".hint."+a.Name] = true, true
			labels["arg."+a.Name], labels["hint."+a.Name] = true, true
			for _, c := range a.Choices {
				labels["choice."+c] = true
			}
		}
	}
	for _, lang := range hospital.Langs() {
		for _, e := range h.Menu(lang) {
			if strings.HasPrefix(e.Description, "<") || strings.HasPrefix(e.Example, "<") {
				t.Errorf("%s: /%s %s has no words: %q, %q", lang, e.Root, e.Verb, e.Description, e.Example)
			}
			if !book.Has(lang, "root."+e.Root) {
				t.Errorf("%s: /%s has no words", lang, e.Root)
			}
			for _, a := range e.Args {
				if a.Label == a.Name && a.Name != "incident" {
					t.Errorf("%s: /%s %s: %s has no label", lang, e.Root, e.Verb, a.Name)
				}
				for _, o := range a.Options {
					if a.Kind == commands.Choice && o.Label == o.Value && lang == hospital.ZH {
						t.Errorf("%s: /%s %s: the choice %s of %s has no label", lang, e.Root, e.Verb, o.Value, a.Name)
					}
				}
			}
		}
		for _, name := range book.Names(lang) {
			stem, _, _ := strings.Cut(name, ".")
			switch {
			case stem == "cmd" && !known[name]:
				t.Errorf("%s: %s describes no command", lang, name)
			case (stem == "root" || stem == "arg" || stem == "hint" || stem == "choice") && !labels[name]:
				t.Errorf("%s: %s belongs to no command", lang, name)
			}
		}
	}
}

// refusedFields are what the subject's refusals call the fields of its commands; facts have names of
// their own.
func refusedFields(t *testing.T) []string {
	t.Helper()
	fields := []string{string(incident.Contacted), string(incident.OnWay), string(incident.Arrived)}
	files, err := filepath.Glob("../bot/incident/*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?:"field", |wanted\()"([a-z]+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			fields = append(fields, m[1])
		}
	}
	if len(fields) < 20 {
		t.Fatalf("the refusals are not where they were: %q", fields)
	}
	return fields
}
