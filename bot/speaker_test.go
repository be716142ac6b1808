package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot"
	"wardline/bot/incident"
)

const (
	incidentRoom bot.RoomID = "inc/1"
	ed           bot.RoomID = "dept/ed"
)

// settled waits until nothing is unsaid, for an hour at most.
func (s *stage) settled() {
	s.t.Helper()
	for range 3600 {
		synctest.Wait()
		if s.desk.Unsaid("web") == 0 {
			break
		}
		time.Sleep(time.Second)
	}
	if wrong := s.ledger.wrong(); len(wrong) > 0 {
		s.t.Errorf("not said exactly once: %v", wrong)
	}
}

func ids(posts []post) []string {
	var out []string
	for _, p := range posts {
		out = append(out, string(p.ID))
	}
	return out
}

func TestRoomHearsInOrderHoweverOftenItFails(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		tries := 0
		s.posts.failing(func(_ context.Context, m bot.Message) error {
			if m.Room != incidentRoom {
				return nil
			}
			if tries++; tries%3 != 0 {
				return errDown
			}
			return nil
		})
		s.declare(incident.L1)
		for n := range 5 {
			s.do(incident.AddProgress{Text: fmt.Sprint("step ", n)})
		}
		s.settled()
		var steps []string
		for _, p := range s.posts.in(incidentRoom) {
			if _, step, ok := strings.Cut(p.Text, "step "); ok {
				steps = append(steps, step[:1])
			}
		}
		if diff := cmp.Diff([]string{"0", "1", "2", "3", "4"}, steps); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
	})
}

func TestFailingRoomHoldsNobodyUp(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.posts.failing(func(_ context.Context, m bot.Message) error {
			if m.Room == ed {
				return errDown
			}
			return nil
		})
		s.declare(incident.L3)
		synctest.Wait()
		begin := time.Now()
		for _, d := range s.incident().Told {
			room := bot.DepartmentRoomID(d)
			got := s.posts.in(room)
			if room == ed {
				if len(got) > 0 {
					t.Errorf("%s was reached", room)
				}
				continue
			}
			if len(got) == 0 || got[0].At.After(begin) {
				t.Errorf("%s was not told at once: %v", room, got)
			}
		}
		s.posts.failing(nil)
		s.settled()
		if got := s.posts.in(ed); len(got) == 0 || got[0].Kind != bot.Broadcast {
			t.Errorf("%s: %v", ed, got)
		}
	})
}

func TestPlatformThatAsksForPatienceGetsIt(t *testing.T) {
	for _, everywhere := range []bool{false, true} {
		t.Run(fmt.Sprint("everywhere ", everywhere), func(t *testing.T) {
			play(t, nil, func(t *testing.T, s *stage) {
				begin := time.Now()
				s.posts.failing(func(_ context.Context, m bot.Message) error {
					if m.Room == ed && time.Since(begin) < 90*time.Second {
						return fmt.Errorf("post: %w", bot.RetryAfter{Wait: 90 * time.Second, Everywhere: everywhere})
					}
					return nil
				})
				s.declare(incident.L3)
				s.settled()
				tries := s.posts.tried(func(m bot.Message) bool { return m.Room == ed })
				if len(tries) < 2 || tries[0].Err == nil || tries[1].At.Sub(tries[0].At) != 90*time.Second {
					t.Errorf("tries: %v", tries[:min(len(tries), 2)])
				}
				asked := tries[0].At
				late := s.posts.tried(func(m bot.Message) bool { return m.Room != ed })
				waited := slices.ContainsFunc(late, func(p post) bool { return p.At.Sub(asked) >= 90*time.Second })
				if waited != everywhere {
					t.Errorf("others waited: %v", waited)
				}
			})
		})
	}
}

func TestMessageRefusedForGoodIsSettledAndTheRoomGoesOn(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.posts.failing(func(_ context.Context, m bot.Message) error {
			if strings.Contains(m.Text, "unsayable") {
				return fmt.Errorf("post: %w", bot.ErrRejected)
			}
			return nil
		})
		s.declare(incident.L1)
		s.do(incident.AddChange{Text: "unsayable"})
		time.Sleep(time.Second)
		s.do(incident.AddChange{Text: "sayable"})
		s.settled()
		refused := s.posts.tried(func(m bot.Message) bool { return m.Kind != bot.Board && strings.Contains(m.Text, "unsayable") })
		if len(refused) != 1 {
			t.Errorf("tried %d times: %v", len(refused), refused)
		}
		after := s.posts.in(incidentRoom)
		if last := after[len(after)-1]; !strings.Contains(last.Text, "sayable") {
			t.Errorf("the room ends with %q", last.Text)
		}
		s.restart()
		s.settled()
		if again := s.posts.tried(func(m bot.Message) bool { return m.Kind != bot.Board && strings.Contains(m.Text, "unsayable") }); len(again) != 1 {
			t.Errorf("after a restart it was tried again: %v", again)
		}
	})
}

func TestBoardsThatWaitBecomeOneThatShowsTheNewestState(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		s.settled()
		board := func(m bot.Message) bool { return m.Room == incidentRoom && m.Kind == bot.Board }
		before := len(s.posts.tried(board))
		s.posts.failing(down)
		for n := range 5 {
			s.do(incident.SetFact{Key: incident.Plan, Value: fmt.Sprint("plan ", n)})
		}
		synctest.Wait()
		s.posts.failing(nil)
		s.settled()
		good := slices.DeleteFunc(s.posts.tried(board)[before:], func(p post) bool { return p.Err != nil })
		if len(good) != 1 || !strings.Contains(good[0].Text, "plan 4") {
			t.Errorf("%d boards: %v", len(good), good)
		}
	})
}

func TestRestartGoesOnWhereItStopped(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.posts.failing(func(ctx context.Context, m bot.Message) error { // slow, so that a stop cuts in
			select {
			case <-time.After(3 * time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		s.declare(incident.L3)
		for range 12 {
			time.Sleep(2500 * time.Millisecond)
			s.restart()
			s.do(incident.AddChange{Text: "one more"})
		}
		s.settled()
		for _, room := range []bot.RoomID{incidentRoom, ed, bot.IT, english} {
			got := ids(s.posts.in(room))
			if unique := slices.Compact(slices.Sorted(slices.Values(got))); len(unique) != len(got) || len(got) == 0 {
				t.Errorf("%s heard %v", room, got)
			}
		}
		if got := len(s.posts.in(incidentRoom)); got < 14 {
			t.Errorf("%d posts in the incident's room", got)
		}
	})
}

// TestBroadcastGoesBeforeWhatIsLessUrgent has a slow platform: the rooms whose first message is a
// broadcast are all served before any other room is.
func TestBroadcastGoesBeforeWhatIsLessUrgent(t *testing.T) {
	play(t, every("*/5 * * * *"), func(t *testing.T, s *stage) {
		s.posts.failing(down)
		at(12, 10) // digests wait
		s.posts.failing(func(context.Context, bot.Message) error { time.Sleep(time.Second); return nil })
		s.declare(incident.L3)
		s.settled()
		first := map[bot.RoomID]post{} // the first message each room got
		for _, p := range s.posts.tried(func(bot.Message) bool { return true }) {
			if _, ok := first[p.Room]; !ok && p.Err == nil {
				first[p.Room] = p
			}
		}
		var lastSafety, firstOther time.Time
		rooms := 0
		for _, p := range first {
			if p.Urgency == bot.Safety {
				rooms++
				lastSafety = later(lastSafety, p.At)
			} else if firstOther.IsZero() || p.At.Before(firstOther) {
				firstOther = p.At
			}
		}
		if rooms < 20 || firstOther.Before(lastSafety) {
			t.Errorf("%d rooms had a broadcast first, the last at %v; others from %v", rooms, lastSafety, firstOther)
		}
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// On a small chat server boards and digests took the hands that the new room and the broadcasts needed. What
// was just made waits for what is more urgent, a moment and no longer.
func TestWhatIsLessUrgentHoldsBackForAMoment(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.posts.failing(func(_ context.Context, m bot.Message) error {
			if m.Kind == bot.Broadcast && m.Room == "dept/icu" {
				time.Sleep(5 * time.Second) // hangs
			}
			time.Sleep(50 * time.Millisecond)
			return nil
		})
		s.declare(incident.L2)
		began := time.Now()
		time.Sleep(2 * time.Second)
		held := map[time.Duration]int{}
		for _, p := range s.posts.tried(func(m bot.Message) bool { return m.Urgency > bot.Safety && m.Room == leaders }) {
			held[p.At.Sub(began).Round(10*time.Millisecond)]++
		}
		first := time.Hour
		for at := range held {
			first = min(first, at)
		}
		if first < 200*time.Millisecond || first > 400*time.Millisecond {
			t.Errorf("the leaders' room was first served after %s, want about 300 ms: %v", first, held)
		}
		boards := s.posts.tried(func(m bot.Message) bool { return m.Room == "inc/1" && m.Kind == bot.Board })
		if len(boards) == 0 || boards[0].At.Sub(began) > 150*time.Millisecond {
			t.Errorf("the room of the outage got its board late, or never: %v", boards)
		}
	})
}
