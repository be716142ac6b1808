package commands_test

import (
	"slices"
	"testing"

	"wardline/commands"
)

// offered returns the values offered for an argument, at most three of them.
func offered(t *testing.T, h *commands.Handler, user, command, arg, typed string) []string {
	t.Helper()
	var out []string
	for _, o := range h.Offer(t.Context(), commands.Line{Platform: "web", User: user, Room: "it", Command: command}, arg, typed) {
		if o.Label == "" {
			t.Errorf("%s has no label", o.Value)
		}
		out = append(out, o.Value)
	}
	return out[:min(len(out), 3)]
}

func TestValuesAreFoundByEveryNameInEveryLanguage(t *testing.T) {
	h := newHearer(t)
	for _, c := range []struct {
		user, command, arg, typed string
		want                      string // among the first three
	}{
		{"wang", "outage declare", "systems", "影像", "pacs"},
		{"kate", "outage declare", "systems", "影像归档", "pacs"}, // an English reader may type Chinese
		{"wang", "outage declare", "systems", "pac", "pacs"},
		{"wang", "outage declare", "systems", "his，ＰＡＣ", "his,pacs"},
		{"wang", "outage declare", "departments", "急", "ed"},
		{"mia", "outage impact", "department", "", "ward_surg"}, // her own comes first
		{"wang", "outage role", "person", "高", "gao"},
		{"wang", "outage level", "level", "l3", "L3"},
		{"wang", "outage declare", "extent", "局", "partial"},
		{"wang", "digest subscribe", "rooms", "lead", "leaders/main"},
		{"lee", "downtime procedure", "topic", "triage", "ED-TRIAGE"},
	} {
		if got := offered(t, h, c.user, c.command, c.arg, c.typed); !slices.Contains(got, c.want) {
			t.Errorf("%s %s %q offers %q, not %s", c.command, c.arg, c.typed, got, c.want)
		}
	}
}

func TestNothingIsOfferedForWhatIsNotThere(t *testing.T) {
	h := newHearer(t)
	for _, c := range [][3]string{
		{"outage declare", "systems", "没有这个系统"}, {"outage declare", "no_such", ""}, {"no such", "systems", ""}, {"outage status", "incident", ""},
	} {
		if got := offered(t, h, "wang", c[0], c[1], c[2]); len(got) > 0 {
			t.Errorf("%q offers %q", c, got)
		}
	}
}
