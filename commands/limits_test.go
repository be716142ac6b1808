package commands_test

import (
	"strings"
	"testing"
	"unicode"

	"wardline/bot"
	"wardline/bot/hospital"
)

// checkLimits holds every clinical broadcast and every leaders' digest against the hospital's own
// limits: a message that does not fit a phone screen is not read on a ward.
func checkLimits(t *testing.T, pack *hospital.Pack, said []bot.Message) {
	t.Helper()
	for _, m := range said {
		audience := hospital.ForClinical
		switch m.Kind { //nolint:exhaustive // only what has limits
		case bot.Broadcast:
			if quotesProcedure(m.Text) {
				continue // quoted word for word, whatever its length
			}
		case bot.Digest:
			audience = hospital.ForLeaders
		default:
			continue
		}
		limit, ok := pack.Limits(audience)
		if !ok {
			t.Fatalf("no limits for %s", audience)
		}
		for _, one := range strings.Split(m.Text, "\n\n") { // a digest of several incidents has a part for each
			if n := strings.Count(one, "\n") + 1; n > limit.MaxLines {
				t.Errorf("%s in %s has %d lines, more than %d:\n%s", m.Kind, m.Room, n, limit.MaxLines, one)
			}
			if n := letters(one); m.Lang == hospital.ZH && n > limit.MaxCharsZH {
				t.Errorf("%s in %s has %d characters, more than %d:\n%s", m.Kind, m.Room, n, limit.MaxCharsZH, one)
			}
			if n := len(strings.Fields(one)); m.Lang == hospital.EN && n > limit.MaxWordsEN {
				t.Errorf("%s in %s has %d words, more than %d:\n%s", m.Kind, m.Room, n, limit.MaxWordsEN, one)
			}
		}
	}
}

// quotesProcedure reports whether a broadcast is a procedure: its second line says how far it is approved.
func quotesProcedure(text string) bool {
	_, rest, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(rest, "⚠") || strings.HasPrefix(rest, "第") || strings.HasPrefix(rest, "Version")
}

// letters counts the characters people read; spaces and line breaks are none.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

func TestAMessageThatIsTooLongIsNoticed(t *testing.T) {
	if quotesProcedure("【更新 L1】INC-1\n继续手工") || !quotesProcedure("[WARD-MAR] Giving\n⚠ Template") {
		t.Error("a procedure is told by its second line")
	}
	if n := letters("停了：HIS\n 影响"); n != 8 {
		t.Errorf("counted %d characters, want 8", n)
	}
}
