package bot_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// watched is a platform that can be asked what is there, and from which things go missing.
type watched struct {
	*posts
	back    chan struct{}
	noRoom  map[bot.RoomID]bool
	noBoard map[bot.RoomID]bool
	asked   int
}

func (w *watched) Inspect(_ context.Context, room bot.RoomID, _ bot.Ref) (bot.Found, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	return bot.Found{Room: !w.noRoom[room], Board: !w.noBoard[room] && !w.noRoom[room]}, nil
}

func (w *watched) Reconnected() <-chan struct{} { return w.back }

// Say puts back what was missing.
func (w *watched) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	w.mu.Lock()
	if m.Kind == bot.OpenRoom {
		delete(w.noRoom, m.Room)
	}
	if m.Kind == bot.Board {
		delete(w.noBoard, m.Room)
	}
	w.mu.Unlock()
	return w.posts.Say(ctx, m, old)
}

func (w *watched) lose(rooms, boards []bot.RoomID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range rooms {
		w.noRoom[r] = true
	}
	for _, r := range boards {
		w.noBoard[r] = true
	}
}

// mended are the kinds said in a room since a time.
func (w *watched) mended(room bot.RoomID, since time.Time) map[bot.MessageKind]int {
	out := map[bot.MessageKind]int{}
	for _, p := range w.tried(func(m bot.Message) bool { return m.Room == room }) {
		if !p.At.Before(since) {
			out[p.Kind]++
		}
	}
	return out
}

func TestWhatGoesMissingIsMendedAndNothingElse(t *testing.T) {
	w := &watched{noRoom: map[bot.RoomID]bool{}, noBoard: map[bot.RoomID]bool{}}
	play(t, func(s *stage) {
		w.posts, w.back = s.posts, make(chan struct{}) // made here, inside the bubble of time
		s.opts.Platforms = []bot.Platform{w}
		patient(s)
	}, func(t *testing.T, s *stage) {
		s.declare(incident.L1)
		time.Sleep(time.Second)
		synctest.Wait()
		room := bot.IncidentRoomID(1)

		whole := time.Now()
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if got := w.mended(room, whole); len(got) != 0 || w.asked == 0 {
			t.Errorf("nothing was missing, and %v was said after %d looks", got, w.asked)
		}

		time.Sleep(time.Second)
		unpinned := time.Now()
		w.lose(nil, []bot.RoomID{leaders})
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if got := w.mended(leaders, unpinned); got[bot.Board] != 1 || len(got) != 1 {
			t.Errorf("a lost board is posted anew, once; got %v", got)
		}
		if got := w.mended(room, unpinned); len(got) != 0 {
			t.Errorf("the room whose board was there is left alone; got %v", got)
		}

		time.Sleep(time.Second)
		archived := time.Now()
		w.lose([]bot.RoomID{room}, nil)
		w.back <- struct{}{}
		synctest.Wait()
		if got := w.mended(room, archived); got[bot.OpenRoom] != 1 || got[bot.Board] != 1 {
			t.Errorf("after a reconnection a lost room is opened and gets its board at once; got %v", got)
		}
	})
}
