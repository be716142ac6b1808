package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot"
	"wardline/bot/incident"
)

var errDown = errors.New("the platform does not answer")

func down(context.Context, bot.Message) error { return errDown }

func every(cron string) func(*stage) {
	return func(s *stage) {
		s.opts.Digests = []bot.Subscription{{ID: "config/1", Room: english, Cron: cron}}
	}
}

// sent lists the digests a room was owed: when, for which due time, and how many it says were missed.
func (s *stage) sent(room bot.RoomID) []string {
	var out []string
	for _, m := range s.ledger.digests(room) {
		due := string(m.ID)[strings.LastIndex(string(m.ID), "/")+1:]
		missed := 0
		for n := 1; n < 100; n++ {
			if strings.Contains(m.Text, s.desk.Voice("en").Say("digest.missed", "n", n)) {
				missed = n
			}
		}
		out = append(out, fmt.Sprintf("%s for %s missed %d", m.At.Format("02 15:04:05"), due[8:16], missed))
	}
	return out
}

func (s *stage) wantSent(room bot.RoomID, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.sent(room)); diff != "" {
		s.t.Errorf("digests of %s (-want +got):\n%s", room, diff)
	}
	if wrong := s.ledger.wrong(); len(wrong) > 0 {
		s.t.Errorf("not said exactly once: %v", wrong)
	}
}

func TestDigestGoesOutAtItsTime(t *testing.T) {
	play(t, every("0 */2 * * *"), func(t *testing.T, s *stage) {
		at(17, 0)
		s.wantSent(english, "01 14:00:00 for 01T14:00 missed 0", "01 16:00:00 for 01T16:00 missed 0")
	})
}

func TestOfMissedDigestsTheNewestIsSentAndTheOthersAreCounted(t *testing.T) {
	play(t, every("0 * * * *"), func(t *testing.T, s *stage) {
		at(13, 30)
		s.stop()
		at(17, 10)
		s.start()
		at(18, 30)
		s.wantSent(english, "01 13:00:00 for 01T13:00 missed 0", "01 17:10:00 for 01T17:00 missed 3", "01 18:00:00 for 01T18:00 missed 0")
	})
}

func TestDigestsMissedBeforeTheFirstStartAreNobodys(t *testing.T) {
	play(t, every("0 8 * * *"), func(t *testing.T, s *stage) {
		at(24+9, 0)
		s.wantSent(english, "02 08:00:00 for 02T08:00 missed 0")
	})
}

func TestDigestTooOldToSendIsSkippedAndSaidLater(t *testing.T) {
	set := func(s *stage) {
		every("0 14 * * *")(s)
		s.opts.Settings.CatchUp = 2 * time.Hour
	}
	play(t, set, func(t *testing.T, s *stage) {
		at(12, 30)
		s.stop()
		at(16, 1)
		s.start()
		at(24+13, 0)
		s.wantSent(english)
		s.stop()
		at(48+16, 0) // as late as may be, two days missed before
		s.start()
		synctest.Wait()
		s.wantSent(english, "03 16:00:00 for 03T14:00 missed 2")
	})
}

func TestTwoSubscriptionsDoNotKnowOfEachOther(t *testing.T) {
	set := func(s *stage) {
		s.opts.Digests = []bot.Subscription{{ID: "config/1", Room: english, Cron: "0 14 * * *"}, {ID: "config/2", Room: leaders, Cron: "@every 90m", Lang: "zh"}}
	}
	play(t, set, func(t *testing.T, s *stage) {
		at(13, 0)
		s.restart()
		at(15, 10)
		s.wantSent(english, "01 14:00:00 for 01T14:00 missed 0")
		s.wantSent(leaders, "01 13:30:00 for 01T13:30 missed 0", "01 15:00:00 for 01T15:00 missed 0")
	})
}

func TestLevelsOwnIntervalCountsFromTheFirstReport(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		at(12, 7)
		every := s.opts.Pack.Policy().Levels[incident.L2-1].LeadersEvery
		s.declare(incident.L2)
		time.Sleep(every - time.Second)
		synctest.Wait()
		s.wantSent(english)
		time.Sleep(every + time.Second)
		synctest.Wait()
		first, second := at0(12, 7).Add(every), at0(12, 7).Add(2*every)
		s.wantSent(english, first.Format("02 15:04:05")+first.Format(" for 02T15:04 missed 0"), second.Format("02 15:04:05")+second.Format(" for 02T15:04 missed 0"))
		for i, m := range s.ledger.digests(english) {
			if want := fmt.Sprintf("[LEADER DIGEST %d]", i+2); !strings.Contains(m.Text, want) {
				t.Errorf("digest %d does not count the first report:\n%s", i+2, m.Text)
			}
		}
	})
}

func at0(hours, minutes int) time.Time {
	return time.Date(2000, 1, 1, hours, minutes, 0, 0, time.UTC)
}

func TestHigherLevelIsReportedMoreOften(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		levels := s.opts.Pack.Policy().Levels
		s.declare(incident.L1)
		s.do(incident.SetLevel{Level: incident.L4})
		time.Sleep(levels[incident.L4-1].LeadersEvery)
		synctest.Wait()
		if got := s.sent(english); len(got) != 1 {
			t.Errorf("after %s at L4 (L1: %s): %v", levels[3].LeadersEvery, levels[0].LeadersEvery, got)
		}
	})
}

func TestDigestWaitsForItsPlatformAndIsNotDoubled(t *testing.T) {
	play(t, every("0 * * * *"), func(t *testing.T, s *stage) {
		s.posts.failing(down)
		at(15, 30)
		s.restart()
		at(15, 40)
		s.posts.failing(nil)
		at(15, 50)
		s.wantSent(english, "01 13:00:00 for 01T13:00 missed 0", "01 14:00:00 for 01T14:00 missed 0", "01 15:00:00 for 01T15:00 missed 0")
		shown := s.posts.in(english)
		if want := "2 earlier digests could not be delivered"; len(shown) != 1 || !strings.Contains(shown[0].Text, want) {
			t.Errorf("want one post that says %q, got %d: %v", want, len(shown), shown)
		}
	})
}

func TestDigestOfANewSubscriptionBeginsNow(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		at(14, 30)
		must(t, s.desk.Subscribe(t.Context(), bot.Subscription{Room: english, Cron: "0 * * * *"}))
		at(15, 30)
		s.restart()
		at(16, 30)
		must(t, s.desk.Unsubscribe(t.Context(), english, "wang"))
		at(19, 0)
		s.wantSent(english, "01 15:00:00 for 01T15:00 missed 0", "01 16:00:00 for 01T16:00 missed 0")
	})
}

// What a clock that was set leaves behind is a mark ahead of the time, or long behind it. Time in a
// test cannot jump, so the marks are put there.
func TestDigestsAfterTheClockWasSet(t *testing.T) {
	for _, c := range []struct {
		name, cron, mark string
		want             []string
	}{
		{"ten hours forward", "0 * * * *", `{"due":"2000-01-01T02:00:00Z"}`, []string{"01 12:00:00 for 01T12:00 missed 9", "01 13:00:00 for 01T13:00 missed 0", "01 14:00:00 for 01T14:00 missed 0"}},
		{"one hour back: what was sent is not sent again", "0 * * * *", `{"due":"2000-01-01T13:00:00Z"}`, []string{"01 14:00:00 for 01T14:00 missed 0"}},
		{"a year back: the mark is not waited for", "0 * * * *", `{"due":"2001-01-01T13:00:00Z"}`, []string{"01 13:00:00 for 01T13:00 missed 0", "01 14:00:00 for 01T14:00 missed 0"}},
		{"an unreadable mark counts from now", "0 * * * *", `{`, []string{"01 13:00:00 for 01T13:00 missed 0", "01 14:00:00 for 01T14:00 missed 0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, every(c.cron), func(t *testing.T, s *stage) {
				s.stop()
				store, err := s.open()
				must(t, err)
				must(t, store.Commit(t.Context(), bot.Change{Marks: []bot.Mark{{Name: "sent/config/1", Value: c.mark}}}))
				must(t, store.Close())
				s.start()
				at(14, 30)
				s.wantSent(english, c.want...)
			})
		})
	}
}

func TestReportsWereSilentForADayAfterTheClockWasSetBack(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L2)
		s.stop()
		store, err := s.open()
		must(t, err)
		must(t, store.Commit(t.Context(), bot.Change{Marks: []bot.Mark{{Name: "sent/default/leaders/en", Value: `{"at":"2000-01-02T12:00:00Z"}`}}}))
		must(t, store.Close())
		s.start()
		synctest.Wait()
		s.wantSent(english, "01 12:00:00 for 01T12:00 missed 0")
	})
}
