package bot_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// setBack plays a bot whose file is replaced by an older copy: messages that were unsaid in the copy
// had been said since, and an incident had been declared that nobody remembers.
func setBack(t *testing.T, mended bool, then func(t *testing.T, s *stage, w *wall)) {
	t.Helper()
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		w.set(func(context.Context, bot.Message, bot.Ref) (bool, error) { return false, errors.New("unreachable") }, nil)
		s.declare(incident.L3)
		s.do(incident.AddChange{Text: "a new switch"})
		time.Sleep(time.Second)
		s.stop()
		older, err := os.ReadFile(s.path)
		must(t, err)
		w.set(nil, nil)
		s.start()
		time.Sleep(10 * time.Minute)
		s.declare(incident.L2)
		time.Sleep(time.Minute)
		s.stop()
		must(t, os.WriteFile(s.path, older, 0o600))
		if mended {
			store, err := s.open()
			must(t, err)
			m := bot.Mended{At: time.Now(), Last: 2, Platforms: []string{"web"}}
			must(t, errors.Join(bot.Mend(t.Context(), store, m), bot.Mend(t.Context(), store, m), store.Close()))
		}
		s.start()
		time.Sleep(10 * time.Minute)
		then(t, s, w)
	})
}

// doubled counts posts that are there more than once, boards aside: those are edited.
func doubled(w *wall) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen, n := map[string]bool{}, 0
	for _, p := range w.notes {
		key := string(p.Room) + p.Text
		if p.Kind == bot.Notice && seen[key] {
			n++
		}
		seen[key] = true
	}
	return n
}

func TestRestoredStoreSaysNothingTwice(t *testing.T) {
	setBack(t, true, func(t *testing.T, s *stage, w *wall) {
		if n := doubled(w); n > 0 {
			t.Errorf("%d posts are there twice", n)
		}
		before := len(w.in(bot.IncidentRoomID(3), bot.Notice))
		s.declare(incident.L4)
		time.Sleep(time.Minute)
		if got := s.desk.Heads()[0].ID; got != 3 {
			t.Errorf("the next incident is %v; the one that was lost had that number", got)
		}
		if after := len(w.in(bot.IncidentRoomID(3), bot.Notice)); before != 0 || after == 0 {
			t.Errorf("its room heard %d things before and %d after", before, after)
		}
	})
}

// TestStoreThatWasNotMendedDoubles is the control.
func TestStoreThatWasNotMendedDoubles(t *testing.T) {
	setBack(t, false, func(t *testing.T, _ *stage, w *wall) {
		if doubled(w) == 0 {
			t.Error("nothing is doubled without mending: the story shows nothing")
		}
	})
}

func TestAlarmReachesThoseInChargeOnce(t *testing.T) {
	onWall(t, nil, func(t *testing.T, s *stage, w *wall) {
		s.declare(incident.L3)
		at := time.Date(2000, 1, 1, 11, 40, 0, 0, time.UTC)
		for range 2 {
			must(t, s.desk.Alarm(t.Context(), "k", bot.Restored, "at", at.Add(20*time.Minute), "from", at, "to", at.Add(15*time.Minute), "aside", "wardline.db.damaged", "source", "b"))
		}
		synctest.Wait()
		time.Sleep(time.Minute)
		for _, room := range []bot.RoomID{bot.IT, incidentRoom} {
			var heard []string
			for _, n := range w.in(room, bot.Notice) {
				if strings.HasPrefix(n.Text, "⚠ The bot's database was damaged and was restored from a backup at 12:00.\nWhat was entered between 11:40 and 11:55 may be missing") {
					heard = append(heard, n.Text)
				}
			}
			if len(heard) != 1 {
				t.Errorf("%s heard %q", room, heard)
			}
		}
	})
}
