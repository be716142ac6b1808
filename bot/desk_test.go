package bot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

func (s *stage) state() string {
	s.t.Helper()
	data, err := json.Marshal(s.incident())
	must(s.t, err)
	return string(data)
}

func TestDeedsThatWaitTogetherAreOneCommit(t *testing.T) {
	play(t, func(s *stage) { s.opts.Platforms = nil }, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		before, commits := s.incident().Version, len(s.ledger.commits)
		hold := make(chan struct{})
		s.ledger.set(nil, hold)
		var all sync.WaitGroup
		versions := make([]int, 64)
		for i := range versions {
			all.Go(func() {
				o, err := s.desk.Do(s.t.Context(), bot.Act{Incident: 1, Command: incident.AddProgress{Text: fmt.Sprint("step ", i)}, By: wang})
				if err != nil {
					t.Error(err)
				}
				versions[i] = o.After.Version
			})
		}
		synctest.Wait() // one is being committed, the others wait
		s.ledger.set(nil, nil)
		close(hold)
		all.Wait()
		joined := s.ledger.commits[commits:]
		most := 0
		for _, n := range joined {
			most = max(most, n)
		}
		if len(joined) > 3 || most < 32 {
			t.Errorf("64 deeds took commits of %v", joined)
		}
		seen := map[int]bool{}
		for _, v := range versions {
			seen[v] = true
		}
		if in := s.incident(); len(seen) != 64 || in.Version != before+64 || len(in.Progress) != 64 {
			t.Errorf("%d versions answered, the incident is at %d with %d steps", len(seen), in.Version-before, len(in.Progress))
		}
	})
}

func TestStoreThatFailsChangesNothing(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		synctest.Wait()
		before := s.state()
		s.ledger.set(bot.ErrFull, nil)
		for _, a := range []bot.Act{
			{Incident: 1, Command: incident.AddProgress{Text: "lost"}, By: wang, Heard: "web/1", Marks: []bot.Mark{{Name: "lang/wang", Value: "zh"}}},
			{Command: incident.Declare{What: "x", Systems: []incident.SystemID{"lis"}}, By: bot.Person{ID: "web:7", Name: "Somebody"}},
		} {
			if o, err := s.desk.Do(s.t.Context(), a); !errors.Is(err, bot.ErrFull) || len(o.Events) > 0 {
				t.Errorf("%T: %v, %v", a.Command, o, err)
			}
		}
		if diff := cmp.Diff(before, s.state()); diff != "" {
			t.Errorf("after a failed commit (-before +after):\n%s", diff)
		}
		if p, _ := s.desk.PersonByID("wang"); p.Lang != "" || len(s.desk.Heads()) != 1 {
			t.Errorf("a failed commit left %q and %v", p.Lang, s.desk.Heads())
		}
		s.ledger.set(nil, nil)
		if o, err := s.desk.Do(s.t.Context(), bot.Act{Incident: 1, Command: incident.AddProgress{Text: "kept"}, By: wang, Heard: "web/1"}); err != nil || o.Again || len(o.Events) != 1 {
			t.Errorf("once the disk has room: %+v, %v", o, err)
		}
		s.restart()
		if in := s.incident(); len(in.Progress) != 1 || in.Progress[0].Text != "kept" {
			t.Errorf("after a restart: %+v", in.Progress)
		}
	})
}

// Found on a real chat server: the first symptom of somebody who is not configured stood there under the
// number of their account.
func TestStrangerIsCalledByNameFromTheFirstWordOn(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		_, err := s.desk.Do(s.t.Context(), bot.Act{
			Incident: 1, Command: incident.Report{Text: "it does not print"}, By: bot.Person{ID: "web:7", Name: "He Min"},
		})
		must(t, err)
		synctest.Wait()
		said := s.posts.tried(func(m bot.Message) bool { return strings.Contains(m.Text, "it does not print") && m.Kind == bot.Notice })
		if len(said) == 0 || !strings.Contains(said[0].Text, "He Min") {
			t.Errorf("it was said as %+v", said)
		}
	})
}

// TestRepeatWasAcknowledgedThoughItsCommitFailed has the same input arrive twice while the store is
// busy: both are decided together, and both must hear that nothing was done.
func TestRepeatWasAcknowledgedThoughItsCommitFailed(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		synctest.Wait()
		hold := make(chan struct{})
		s.ledger.set(nil, hold)
		var all sync.WaitGroup
		all.Go(func() { s.do(incident.AddChange{Text: "in the way"}) })
		synctest.Wait()
		errs := make([]error, 3)
		for i, a := range []bot.Act{
			{Incident: 1, Command: incident.RaiseNeed{Text: "a disk"}, By: wang, Heard: "web/1"},
			{Incident: 1, Command: incident.RaiseNeed{Text: "a disk"}, By: wang, Heard: "web/1"},
			{Incident: 1, Command: incident.MeetNeed{N: 2}, By: wang}, // refused because of what is decided before it
		} {
			all.Go(func() { _, errs[i] = s.desk.Do(s.t.Context(), a) })
			synctest.Wait()
		}
		s.ledger.set(bot.ErrFull, nil)
		close(hold)
		all.Wait()
		for i, err := range errs {
			if !errors.Is(err, bot.ErrFull) {
				t.Errorf("deed %d: %v", i, err)
			}
		}
	})
}

func TestInputHeardTwiceIsActedOnOnce(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		act := bot.Act{Incident: 1, Command: incident.RaiseNeed{Text: "a disk"}, By: wang, Heard: "web/17"}
		for i := range 3 {
			o, err := s.desk.Do(s.t.Context(), act)
			if err != nil || o.Again != (i > 0) {
				t.Errorf("time %d: again %v, %v", i, o.Again, err)
			}
			if i == 1 {
				s.restart()
			}
		}
		if n := len(s.incident().Needs); n != 1 {
			t.Errorf("%d needs", n)
		}
	})
}

func TestDeedOnAnIncidentThatIsNone(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		_, err := s.desk.Do(s.t.Context(), bot.Act{Incident: 9, Command: incident.RaiseNeed{Text: "x"}, By: wang})
		if !errors.Is(err, bot.ErrUnknownIncident) || err.Error() != "INC-9: no such incident" {
			t.Errorf("%v", err)
		}
	})
}

func TestDeedAfterTheDeskHasStopped(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		s.cancel()
		s.running.Wait()
		if _, err := s.desk.Do(t.Context(), bot.Act{Incident: 1, Command: incident.RaiseNeed{Text: "x"}, By: wang}); !errors.Is(err, bot.ErrClosed) {
			t.Errorf("%v", err)
		}
	})
}

func TestClosedIncidentIsReopenedFromTheFile(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		s.do(incident.Restore{Watch: time.Minute})
		time.Sleep(time.Minute)
		synctest.Wait()
		s.do(incident.Close{Note: "done"})
		s.restart()
		if in := s.incident(); in.Phase != incident.Closed || len(s.desk.Ongoing()) != 0 {
			t.Errorf("after the restart it is %s", in.Phase)
		}
		s.do(incident.Reopen{Reason: "locked again"})
		s.restart()
		if got := s.desk.Ongoing(); len(got) != 1 || got[0].Phase != incident.Open {
			t.Errorf("going on: %v", got)
		}
	})
}

// TestStrikeLeavesTheTextNowhere looks for a name in all that is alive in the file, in the state, and
// in the timeline; also where a platform has not yet said it.
func TestStrikeLeavesTheTextNowhere(t *testing.T) {
	const name = "Mrs Li of bed four"
	for _, reachable := range []bool{true, false} {
		t.Run(fmt.Sprint("platform reachable ", reachable), func(t *testing.T) {
			play(t, every("*/5 * * * *"), func(t *testing.T, s *stage) {
				s.declare(incident.L1)
				at(12, 1)
				if !reachable {
					s.posts.failing(down)
				}
				for n := range 300 { // beyond a snapshot
					s.do(incident.AddChange{Text: fmt.Sprint("change ", n)})
				}
				fact := s.do(incident.SetFact{Key: incident.Headline, Value: name + " waits"})
				said := s.do(incident.AddProgress{Text: "talked to " + name})
				at(12, 6) // a digest quotes both
				s.do(incident.Strike{Number: fact.After.Version, Of: "fact_set", Reason: "a patient"})
				s.do(incident.Strike{Number: said.After.Version, Of: "progressed", Reason: "a patient"})
				time.Sleep(30 * time.Second)
				synctest.Wait()
				timeline, err := s.desk.Events(s.t.Context(), 1)
				must(s.t, err)
				for what, text := range map[string]string{"state": s.state(), "heads": fmt.Sprint(s.desk.Heads()), "timeline": fmt.Sprint(timeline)} {
					if strings.Contains(text, name) {
						t.Errorf("the %s still has the name: %s", what, text)
					}
				}
				s.stop()
				engine, err := bolt.Open(s.path, bolt.Options{})
				must(s.t, err)
				all, err := engine.Range(s.t.Context(), storage.Span{})
				must(s.t, err)
				must(s.t, engine.Close())
				for _, e := range all {
					if strings.Contains(string(e.Value), name) {
						t.Errorf("the file still has the name under %q", e.Key)
					}
				}
				before := len(s.posts.tried(func(bot.Message) bool { return true }))
				s.posts.failing(nil)
				s.start()
				time.Sleep(time.Minute)
				synctest.Wait()
				for _, p := range s.posts.tried(func(bot.Message) bool { return true })[before:] {
					if strings.Contains(p.Text, name) {
						t.Errorf("the name was said after it was struck: %s", p.ID)
					}
				}
				if len(s.incident().Changes) != 300 {
					t.Errorf("%d changes are left", len(s.incident().Changes))
				}
			})
		})
	}
}
