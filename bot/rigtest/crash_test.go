package rigtest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
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
const killsPerWorld = 30

// scaled are the waits of a bot under test, shorter than in a hospital as everything here is.
func scaled() bot.Backoff {
	return bot.Backoff{First: 10 * time.Millisecond, Last: 150 * time.Millisecond, Say: 150 * time.Millisecond, Patience: time.Hour}
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
	var mu sync.Mutex // protects sum
	var sum tally
	t.Run("worlds", func(t *testing.T) {
		for done := 0; done < kills; done += killsPerWorld {
			seed, n := seed+uint64(done), min(killsPerWorld, kills-done)
			t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
				t.Parallel()
				got := world{seed, n, childSettings{Backoff: scaled()}, []float64{0, 0.05, 0.2, 0.5}, rigtest.Faults(), 0}.live(t)
				for _, p := range got.problems[:min(len(got.problems), 20)] {
					t.Error(p)
				}
				mu.Lock()
				defer mu.Unlock()
				sum.add(got)
			})
		}
	})
	t.Logf("%d kills in %s: %s", kills, time.Since(began).Round(time.Second), sum)
}

// TestCrashControls shows that the rig sees what it is there to see: without looking before saying
// again, and without a key the chat recognises, people read things twice.
func TestCrashControls(t *testing.T) {
	for _, c := range []struct {
		name   string
		child  childSettings
		faults []rigtest.Fault
		frozen time.Duration
	}{
		{"nobody looks", childSettings{Blind: true, Backoff: scaled()}, []rigtest.Fault{rigtest.Lost, rigtest.DoneHole}, 0},
		{"no key", childSettings{NoKey: true, Backoff: scaled()}, []rigtest.Fault{rigtest.Frozen}, 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got tally
			for seed := uint64(1); got.doubled == 0 && seed <= 10; seed++ {
				got.add(world{seed, 5, c.child, []float64{0.3}, c.faults, c.frozen}.live(t))
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

// world is one hospital that lives through some kills.
type world struct {
	seed   uint64
	kills  int
	child  childSettings
	shares []float64 // how much of what the chat is asked goes wrong, in one life or another
	faults []rigtest.Fault
	frozen time.Duration // how late a frozen request is carried out; 0 = well within the window
}

// live lets it live, and counts what came out.
func (w world) live(t *testing.T) tally {
	t.Helper()
	s := w.child
	frozen := cmp.Or(w.frozen, 300*time.Millisecond)
	chat, err := rigtest.NewChat(rigtest.Settings{Window: 800 * time.Millisecond, Frozen: frozen})
	must(t, err)
	defer func() { must(t, chat.Down()) }()
	chance := rand.New(rand.NewPCG(w.seed, 3))
	s.URL, s.File = chat.URL(), filepath.Join(t.TempDir(), fmt.Sprintf("%d.db", w.seed))
	people := newCrowd(w.seed)
	chat.Take("wl-inc-1", "the canteen's own room")
	for n := range w.kills {
		chat.Disturb(rigtest.Storm(w.seed+uint64(n), w.shares[chance.IntN(len(w.shares))], w.faults...))
		l := start(t, s, people.heard)
		if chance.IntN(4) > 0 { // the others are killed while they start
			l.say(people.next())
			l.awake(t)
		}
		end := time.After(time.Duration(chance.IntN(200)) * time.Millisecond)
		talk(l, people, end, time.Duration(1+chance.IntN(8))*time.Millisecond)
		l.kill(t)
		switch chance.IntN(8) {
		case 0:
			must(t, chat.Restart())
		case 2:
			deleteBoard(chat)
		case 1:
			<-time.After(850 * time.Millisecond) // longer than the chat recognises a repeat
		}
	}
	chat.Disturb(rigtest.Faultless)
	l := start(t, s, people.heard)
	l.finish(t)
	<-time.After(frozen + 50*time.Millisecond) // what was frozen is carried out now
	return count(t, s.File, chat, people)
}

// deleteBoard removes some board, as people do who tidy up.
func deleteBoard(chat *rigtest.Chat) {
	for _, p := range chat.Posts() {
		if p.Pinned && !p.Deleted {
			chat.Delete(p.ID)
			return
		}
	}
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
