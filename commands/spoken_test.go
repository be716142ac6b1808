package commands_test

import (
	"testing"

	"wardline/bot/hospital"
	"wardline/commands"
)

// Whoever says nothing about their language is answered in the one they write, and else in their room's.
func TestAnswersComeInTheLanguageThatIsWritten(t *testing.T) {
	h := newHearer(t)
	for _, c := range []struct {
		text, locale string
		want         hospital.Lang
	}{
		{"什么时候能好", "", "zh"},
		{"/ask when will it be back", "", "en"},
		{"when will it be back?", "", "en"},
		{"/outage status", "", "zh"}, // the room's
		{"/outage symptom ORA-00060 deadlock detected while waiting", "", "zh"},
		{"/outage symptom 存不了 deadlock detected", "", "zh"},
		{"HIS?", "", "zh"},
		{"什么时候能好", "en-US", "en"}, // they chose English on that platform
		{"when will it be back", "zh-CN", "zh"},
	} {
		got := h.Handle(t.Context(), commands.Line{Platform: "discord", User: "stranger", Name: "S", Locale: c.locale, Room: "dept/ed", Text: c.text})
		if got.Lang != c.want {
			t.Errorf("%q with locale %q is answered in %s, want %s: %s", c.text, c.locale, got.Lang, c.want, got.Text)
		}
	}
}
