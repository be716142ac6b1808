package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

var errLost = errors.New("no answer")

// onWall plays a story on a platform that can look for what it shows.
func onWall(t *testing.T, set func(s *stage), story func(t *testing.T, s *stage, w *wall)) {
	t.Helper()
	w := &wall{}
	play(t, func(s *stage) {
		s.opts.Platforms = []bot.Platform{w}
		if set != nil {
			set(s)
		}
	}, func(t *testing.T, s *stage) { story(t, s, w) })
}

func (s *stage) unsaid() int { return s.desk.Unsaid("web") }

// A digest was shown, but its answer was lost; by the time the platform could be asked again a newer
// one waited, and the older was said a second time as part of that.
func TestDigestWhoseAnswerWasLostIsNotSaidAgainWithinANewerOne(t *testing.T) {
	onWall(t, every("* * * * *"), func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L2)
		synctest.Wait()
		before := len(w.in(english, bot.Digest))
		w.set(func(_ context.Context, m bot.Message, _ bot.Ref) (bool, error) { return m.Kind == bot.Digest, errLost }, errLost)
		time.Sleep(3*time.Minute + 10*time.Second)
		w.set(nil, nil)
		time.Sleep(40 * time.Second) // the fourth is not yet due
		got := w.in(english, bot.Digest)[before:]
		if len(got) != 2 || s.unsaid() != 0 {
			t.Errorf("%d digests are there, %d messages wait; want the first, and the later ones as one", len(got), s.unsaid())
			return
		}
		first := got[0].At.Format("15:04")
		if strings.Count(got[1].Text, "\n") == 0 || strings.Contains(lastLine(got[1].Text), first) {
			t.Errorf("the digest of %s is there, and the next one says it was not said:\n%s", first, got[1].Text)
		}
	})
}

func lastLine(s string) string { return s[strings.LastIndex(s, "\n")+1:] }

// Somebody deleted a board. Every edit of it failed, and the room waited for ever.
func TestBoardThatWasDeletedIsPostedAnew(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L2)
		synctest.Wait()
		w.tear()
		s.do(incident.AddProgress{Text: "the disk is changed"})
		synctest.Wait()
		if n := len(w.in("inc/1", bot.Board)); n != 1 || s.unsaid() != 0 {
			t.Errorf("%d boards are there, %d messages wait", n, s.unsaid())
		}
	})
}

// An edit got no answer and was carried out after the next one: the board showed what was no longer so.
func TestBoardThatALateEditUndidIsRenewed(t *testing.T) {
	onWall(t, patient, func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L2)
		synctest.Wait()
		w.set(func(_ context.Context, m bot.Message, old bot.Ref) (bool, error) {
			if old != "" && m.Room == "inc/1" {
				return false, errLost
			}
			return true, nil
		}, nil)
		s.do(incident.AddProgress{Text: "the old news"})
		synctest.Wait()
		w.set(nil, nil)
		time.Sleep(10 * time.Second)
		want := w.in("inc/1", bot.Board)[0].Title
		w.scrawl("what was so before")
		time.Sleep(reconcileEvery + time.Second)
		if got := w.in("inc/1", bot.Board)[0].Title; got != want {
			t.Errorf("the board says %q, want %q", got, want)
		}
		w.scrawl("nobody doubts this")
		time.Sleep(reconcileEvery + time.Second)
		if got := w.in("inc/1", bot.Board)[0].Title; got != "nobody doubts this" {
			t.Errorf("the board was renewed without need: %q", got)
		}
	})
}

// reconcileEvery is how often a desk looks after its boards.
const reconcileEvery = 5 * time.Minute

// A bot that was stopped gave up what it was just saying, and had to look for it at the next start.
func TestBotThatIsStoppedFinishesItsSentence(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		w.set(func(ctx context.Context, _ bot.Message, _ bot.Ref) (bool, error) {
			select {
			case <-time.After(2 * time.Second):
				return true, nil
			case <-ctx.Done():
				return false, ctx.Err()
			}
		}, nil)
		s.declare(incident.L2)
		time.Sleep(time.Second)
		waiting := s.unsaid()
		s.stop()
		s.start()
		if s.unsaid() >= waiting {
			t.Errorf("%d messages wait after the stop, %d before", s.unsaid(), waiting)
		}
		w.set(nil, errors.New("nobody should look"))
		time.Sleep(5 * time.Minute)
		for _, st := range s.desk.Stats() {
			if st.Retried > 0 && st.Waiting[bot.Safety] > 1 { // the board of the room is looked for in any case
				t.Errorf("it looked for what it had surely not said: %+v", st)
			}
		}
		w.set(nil, nil)
	})
}

// Two rooms refused everything, each time for another reason; each refusal was news for the board of
// the other, which was refused.
func TestRoomsThatRefuseEverythingDoNotStirEachOtherUp(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		var asked atomic.Int64 // rooms are served at the same time
		w.set(func(_ context.Context, m bot.Message, _ bot.Ref) (bool, error) {
			if m.Room == bot.IT || m.Room == "inc/1" {
				n := asked.Add(1)
				if n > 1000 {
					return true, nil // enough is known
				}
				return false, fmt.Errorf("%w: request %d", bot.ErrRejected, n)
			}
			return true, nil
		}, nil)
		s.declare(incident.L2)
		time.Sleep(10 * time.Minute)
		if asked := w.asked(); asked > 300 {
			t.Errorf("it spoke %d times about one thing that happened", asked)
		}
	})
}

// Digests were named to the second: of two sent in one second, the platform showed the first.
func TestTwoDigestsInOneSecondAreTwo(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L2)
		synctest.Wait()
		before := len(w.in(leaders, bot.Digest))
		for range 2 { // within a second
			must(t, s.desk.SendDigest(t.Context(), leaders, wang))
			time.Sleep(100 * time.Millisecond)
		}
		got := w.in(leaders, bot.Digest)[before:]
		if len(got) != 2 || got[0].EffectKey() == got[1].EffectKey() {
			t.Errorf("%d digests are there, or they have one key: a platform would show one", len(got))
		}
	})
}

// A broadcast waited behind other rooms' requests because a board stood before it in its own room.
func TestSafetyIsNotHeldUpByABoardBeforeIt(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		var c bot.Change
		add := func(room bot.RoomID, kind bot.MessageKind, u bot.Urgency, key string) {
			c.Say = append(c.Say, bot.Message{
				ID: bot.MessageID(fmt.Sprint("old/", len(c.Say))), Platform: "web", Room: room, Kind: kind, Urgency: u, Key: key, Text: "x",
				At: time.Now().Add(time.Duration(len(c.Say)) * time.Second),
			})
		}
		for _, d := range s.opts.Pack.Departments() {
			add(bot.DepartmentRoomID(d.ID), bot.Notice, bot.Ask, "")
		}
		add("leaders/en", bot.Board, bot.Show, "board")
		add("leaders/en", bot.Broadcast, bot.Safety, "")
		must(t, s.store.Commit(t.Context(), c))
		w.set(func(context.Context, bot.Message, bot.Ref) (bool, error) {
			time.Sleep(time.Second)
			return true, nil
		}, nil)
		s.restart()
		time.Sleep(2500 * time.Millisecond)
		if len(w.in("leaders/en", bot.Broadcast)) != 1 {
			t.Error("the broadcast still waits, and others do not")
		}
	})
}

// After an hour without the platform everything is said within two of the longest waits.
func TestPlatformThatIsBackHearsEverythingSoon(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		w.set(func(context.Context, bot.Message, bot.Ref) (bool, error) { return false, errLost }, errLost)
		s.declare(incident.L3)
		time.Sleep(time.Hour)
		tries := w.asked()
		w.set(nil, nil)
		healed := time.Now()
		for s.unsaid() > 0 && time.Since(healed) < time.Hour {
			time.Sleep(time.Second)
			synctest.Wait()
		}
		if took := time.Since(healed); took > 2*time.Minute {
			t.Errorf("all was said %s after healing", took)
		}
		if tries > 3600 {
			t.Errorf("it tried %d times in an hour", tries)
		}
	})
}

// A platform that asks for no time at all was asked again at once, for ever.
func TestPlatformThatAsksForNoPatienceIsNotHammered(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		w.set(func(context.Context, bot.Message, bot.Ref) (bool, error) { return false, bot.RetryAfter{} }, nil)
		s.declare(incident.L1)
		time.Sleep(time.Second)
		if w.asked() > 1000 { // of each of forty rooms twenty times
			t.Errorf("it was asked %d times in a second", w.asked())
		}
		w.set(nil, nil)
	})
}

// The clock was days ahead when a digest was sent; set right, digests go on, and are caught up again.
func TestDigestsGoOnWhenTheClockWasAhead(t *testing.T) {
	onWall(t, every("0 13 * * *"), func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L2)
		ahead := time.Now().Add(30 * 24 * time.Hour).Format(time.RFC3339)
		marks, err := s.store.Marks(t.Context(), "sent/")
		must(t, err)
		for i := range marks {
			marks[i].Value = fmt.Sprintf(`{"at":%q,"due":%q}`, ahead, ahead)
		}
		s.stop()
		store, err := s.open()
		must(t, err)
		must(t, store.Commit(t.Context(), bot.Change{Marks: marks}))
		must(t, store.Close())
		s.start()
		synctest.Wait()
		before := len(w.in(english, bot.Digest))
		at(13, 1)
		if got := len(w.in(english, bot.Digest)) - before; got != 1 {
			t.Errorf("%d digests came at one o'clock", got)
		}
		s.stop()
		time.Sleep(24 * time.Hour)
		s.start()
		synctest.Wait()
		if got := len(w.in(english, bot.Digest)) - before; got != 2 {
			t.Errorf("%d digests came in two days", got)
		}
	})
}
