package rigtest_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/bot/rigtest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func incidentRoom(id int) bot.RoomID { return bot.IncidentRoomID(incident.ID(id)) }

// killsEnv says how often the bot is killed in all.
const killsEnv = "WARDLINE_KILLS"

// killsPerWorld is after how many kills what came out is counted, and all begins anew.
const killsPerWorld = 50

// scaled are the waits of a bot under test, shorter than in a hospital as everything here is.
func scaled() bot.Backoff {
	return bot.Backoff{First: 10 * time.Millisecond, Last: 200 * time.Millisecond, Say: 250 * time.Millisecond, Patience: time.Hour}
}

// TestCrash kills a bot again and again, at any moment, while people talk to it and the chat misbehaves.
// Whatever it acknowledged must stand, and whatever it stored to be said must be there once.
func TestCrash(t *testing.T) {
	kills := 60
	if text := os.Getenv(killsEnv); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		must(t, err)
	}
	seed := uint64(time.Now().UnixNano())
	began := time.Now()
	var sum tally
	for done := 0; done < kills; seed++ {
		n := min(killsPerWorld, kills-done)
		got := crashWorld(t, seed, n, childSettings{Backoff: scaled()}, rigtest.Faults()...)
		if len(got.problems) > 0 {
			for _, p := range got.problems[:min(len(got.problems), 20)] {
				t.Error(p)
			}
			t.Fatalf("seed %d: %d problems", seed, len(got.problems))
		}
		done += n
		sum.add(got)
	}
	t.Logf("%d kills in %s: %s", kills, time.Since(began).Round(time.Second), sum)
}

// TestCrashControls shows that the rig sees what it is there to see: without looking before saying
// again, and without a key the chat recognises, people read things twice.
func TestCrashControls(t *testing.T) {
	for _, c := range []struct {
		name   string
		child  childSettings
		faults []rigtest.Fault
	}{
		{"nobody looks", childSettings{Blind: true, Backoff: scaled()}, []rigtest.Fault{rigtest.Lost, rigtest.DoneHole}},
		{"no key", childSettings{NoKey: true, Backoff: scaled()}, []rigtest.Fault{rigtest.Frozen}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got tally
			for seed := uint64(1); got.doubled == 0 && seed <= 10; seed++ {
				got.add(crashWorld(t, seed, 8, c.child, c.faults...))
			}
			t.Log(got)
			if got.doubled == 0 {
				t.Error("nothing was doubled: the rig does not see what it is there to see")
			}
			if got.lost > 0 || got.ghosts > 0 {
				t.Errorf("%d acknowledged commands lost, %d rooms too many: %q", got.lost, got.ghosts, got.problems)
			}
		})
	}
}

// crashWorld lets one hospital live through some kills, and counts.
func crashWorld(t *testing.T, seed uint64, kills int, s childSettings, faults ...rigtest.Fault) tally {
	t.Helper()
	chat, err := rigtest.NewChat(rigtest.Settings{Window: 600 * time.Millisecond, Frozen: 450 * time.Millisecond})
	must(t, err)
	defer func() { must(t, chat.Down()) }()
	chance := rand.New(rand.NewPCG(seed, 3))
	s.URL, s.File = chat.URL(), filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", seed))
	people := newCrowd(seed)
	chat.Take("wl-inc-1", "the canteen's own room")
	for n := range kills {
		chat.Disturb(rigtest.Storm(seed+uint64(n), []float64{0, 0.05, 0.2, 0.5}[chance.IntN(4)], faults...))
		l := start(t, s, people.heard)
		end := time.After(time.Duration(20+chance.IntN(250)) * time.Millisecond)
		talk(l, people, end, time.Duration(1+chance.IntN(8))*time.Millisecond)
		l.kill(t)
		switch chance.IntN(8) {
		case 0:
			must(t, chat.Restart())
		case 1:
			<-time.After(700 * time.Millisecond) // longer than the chat recognises a repeat
		}
	}
	chat.Disturb(rigtest.Faultless)
	l := start(t, s, people.heard)
	l.finish(t)
	<-time.After(500 * time.Millisecond) // what was frozen is carried out now
	return count(t, s.File, chat, people)
}

// talk lets people talk until an end.
func talk(l *life, people *crowd, end <-chan time.Time, pause time.Duration) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-end:
			return
		case <-ticker.C:
			l.say(people.next())
		}
	}
}
