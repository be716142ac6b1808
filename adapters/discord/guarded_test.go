package discord_test

import (
	"strings"
	"testing"

	"wardline/bot"
)

// What holds a patient's data is refused on the first page already: nothing of it is shown again, and nothing is
// kept for a second page.
func TestAPageWithPatientsDataIsNotKept(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	const secret = "110101199003078515"
	lin := r.people["lin"]
	first := lin.Slash(r.rooms[bot.IT], "outage declare", nil)
	m := lin.Submit(first, map[string]any{"systems": "his", "what": "病人身份证 " + secret + " 打不开"}).Answer()
	if strings.Contains(m.Content, secret) || strings.Contains(m.Content, "还没有提交") || len(buttonsOf(m)) > 0 {
		t.Errorf("the page is answered with %q", m.Content)
	}
	kept, err := r.shelf.Range(t.Context(), "form/", "", 0)
	must(t, err)
	for _, e := range kept {
		if strings.Contains(string(e.Value), secret) {
			t.Error("the page is kept")
		}
	}
}
