package commands_test

import (
	"strings"
	"testing"
	"testing/synctest"
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
		switch m.Kind {
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
		for one := range strings.SplitSeq(m.Text, "\n\n") { // a digest of several incidents has a part for each
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

// TestAWideOutageStillFitsAPhone declares as much as a hospital can lose at once: names are counted
// instead of listed, and no message outgrows its reader.
func TestAWideOutageStillFitsAPhone(t *testing.T) {
	for lang, works := range map[string]string{"zh": "只读病历、影像工作站、检验仪器本机结果", "en": "the read-only viewer, imaging workstations, analyser screens"} {
		t.Run(lang, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, dir)
				defer s.stop()
				for _, line := range []string{
					"lang " + lang, "start 2026-05-12 10:00",
					"wang@it: /outage declare his,cpoe,emar,lis,pacs,ris,pharm,bb hangs departments:ed,icu,or,ward_surg,imaging,lab,pharm_ip works:\"" + works + "\" level:L2 confirm:yes",
					"gao@inc/1: /fix eta 12:00 high", "wang@inc/1: /outage cause software suspected", "wang@inc/1: /outage level L3 confirm:yes", "wait 20m",
					"wang@inc/1: /outage restore pacs,ris,bb confirm:yes", "wang@inc/1: /outage restore confirm:yes", "gao@inc/1: /outage reopen again",
					"wait 20m", "wang@it: /digest now rooms:leaders/main",
				} {
					s.do(line)
				}
				said := s.said.everything()
				if len(said) < 300 {
					t.Fatalf("only %d messages", len(said))
				}
				checkLimits(t, s.house.desk.Pack(), said)
			})
		})
	}
}
