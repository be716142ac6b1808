package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wardline/adapters/web"
	"wardline/bot"
)

// wire is the network under a stream: it takes what is written until it is stuck.
type wire struct {
	httptest.ResponseRecorder
	mu       sync.Mutex
	stuck    bool
	deadline time.Time
}

func (w *wire) SetReadDeadline(time.Time) error { return nil }

func (w *wire) SetWriteDeadline(at time.Time) error {
	w.deadline = at
	return nil
}

func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stuck {
		<-time.After(time.Until(w.deadline))
		return 0, os.ErrDeadlineExceeded
	}
	return w.ResponseRecorder.Write(b)
}

func (w *wire) written() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.Body.String()
}

func (w *wire) jam() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stuck = true
}

// tune opens a stream in a bubble; ended is closed when the desk gives it up.
func tune(ctx context.Context, t *testing.T) (s *web.Server, w *wire, ended chan struct{}) {
	t.Helper()
	s, err := web.New(t.Context(), demo(), newMemory(), slog.Default())
	if err != nil {
		t.Fatal(err)
	}
	w = &wire{ResponseRecorder: *httptest.NewRecorder()}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/events?person=lily", nil)
	r.Host = "localhost"
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		s.Routes(&ear{}, reception{}).ServeHTTP(w, r)
	}()
	synctest.Wait()
	return s, w, ended
}

func TestAQuietStreamBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, w, ended := tune(ctx, t)
		for beats := range 4 {
			if got := strings.Count(w.written(), "\n: beat\n"); got != beats {
				t.Errorf("after %s: %d beats, want %d", time.Duration(beats)*web.Heartbeat, got, beats)
			}
			<-time.After(15 * time.Second)
			synctest.Wait()
		}
		cancel()
		<-ended
	})
}

func TestASlowReaderIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s, w, ended := tune(ctx, t)
		w.jam()
		stuck := time.Now()
		if _, err := s.Say(t.Context(), bot.Message{ID: "1", Room: "inc/7", Kind: bot.Notice, Text: "x"}, ""); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(stuck); waited != 0 {
			t.Errorf("a slow reader held the bot up for %s", waited)
		}
		<-ended
		if waited := time.Since(stuck); waited != 10*time.Second {
			t.Errorf("the reader was dropped after %s, want 10s", waited)
		}
	})
}
