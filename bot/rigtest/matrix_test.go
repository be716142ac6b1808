package rigtest_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/rigtest"
	"wardline/commands"
	"wardline/storage/bolt"
)

// TestEveryFaultOfEveryCall lets each fault happen to each call of a chat until all the bot says is in
// trouble, and mends it then. Nothing may be lost or doubled, and what waits is said soon.
func TestEveryFaultOfEveryCall(t *testing.T) {
	for _, call := range []string{"room", "create", "post", "edit", "find", "change"} {
		t.Run(call, func(t *testing.T) {
			var cells sync.WaitGroup // they wait most of the time, so more of them run than there are processors
			slots := make(chan struct{}, 8)
			for _, fault := range append(rigtest.Faults(), refused) {
				slots <- struct{}{}
				cells.Go(func() {
					defer func() { <-slots }()
					matrixCell(t, call, fault)
				})
			}
			cells.Wait()
		})
	}
}

// refused is the fault of a chat that is not there.
const refused = rigtest.Fault(-1)

func nameOf(f rigtest.Fault) string {
	if f == refused {
		return "refused"
	}
	return f.String()
}

// matrixCell has an outage go its way while one call goes wrong in one way, for three back-offs.
func matrixCell(t *testing.T, call string, fault rigtest.Fault) {
	// How long it takes after healing is told, not asserted: the machine may do other things as well. For the
	// same reason the chat recognises a key for longer than a request can be delayed by that alone.
	what, b := nameOf(fault), scaledTrue()
	chat, err := rigtest.NewChat(rigtest.Settings{Window: 3 * time.Second, Frozen: 300 * time.Millisecond})
	must(t, err)
	defer func() { must(t, chat.Down()) }()
	h := openHouse(t, chat, b)
	defer h.stop()
	var hits atomic.Int32
	plan := counted(rigtest.Always(call, fault), &hits)
	if call == "find" { // of boards always, of others only after trouble
		plan = thenAlso(plan, rigtest.Storm(1, 0.3, rigtest.Lost))
	}
	if fault == refused {
		must(t, chat.Down())
		plan = rigtest.Faultless
		hits.Add(1)
	}
	chat.Disturb(plan)
	people := newCrowd(1)
	for range 12 {
		h.say(t, people)
	}
	for end := time.Now().Add(20 * time.Second); hits.Load() == 0 && time.Now().Before(end); {
		<-time.After(5 * time.Millisecond)
	}
	<-time.After(2 * b.Last)
	chat.Disturb(rigtest.Faultless)
	must(t, chat.Up())
	healed := time.Now()
	h.quiet(t, 2*time.Minute)
	took := time.Since(healed)
	h.stop()
	<-time.After(350 * time.Millisecond)
	got := count(t, h.file, chat, people)
	for _, p := range got.problems {
		t.Errorf("%s: %s", what, p)
	}
	if hits.Load() == 0 || got.messages == 0 {
		t.Errorf("%s: it happened %d times, to %d messages", what, hits.Load(), got.messages)
	}
	t.Logf("%s: %d times, all said %s after healing; %s", what, hits.Load(), took.Round(time.Millisecond), got)
}

// scaledTrue are the waits of the product scaled down by 150 as they stand to each other: a try may take a
// quarter of the longest wait.
func scaledTrue() bot.Backoff {
	return bot.Backoff{First: 10 * time.Millisecond, Last: 400 * time.Millisecond, Say: 100 * time.Millisecond, Patience: time.Hour}
}

func counted(p rigtest.Plan, hits *atomic.Int32) rigtest.Plan {
	return func(call string) rigtest.Fault {
		f := p(call)
		if f != rigtest.None {
			hits.Add(1)
		}
		return f
	}
}

func thenAlso(first, second rigtest.Plan) rigtest.Plan {
	return func(call string) rigtest.Fault {
		if f := first(call); f != rigtest.None {
			return f
		}
		if call != "post" {
			return rigtest.None
		}
		return second(call)
	}
}

// house is a bot in this process.
type house struct {
	file    string
	desk    *bot.Desk
	hearer  *commands.Handler
	adapter *rigtest.Adapter
	running sync.WaitGroup
	once    sync.Once
	close   func()
}

func openHouse(t testing.TB, chat *rigtest.Chat, b bot.Backoff) *house {
	t.Helper()
	h := &house{file: filepath.Join(t.TempDir(), "wardline.db"), adapter: rigtest.NewAdapter(rigtest.AdapterSettings{URL: chat.URL()})}
	store, _, err := bolt.OpenStore(h.file, bolt.Options{NoSync: true})
	must(t, err)
	h.desk, err = newDesk(&journal{Store: store}, h.adapter, b, slog.New(slog.DiscardHandler))
	must(t, err)
	h.hearer = commands.New(h.desk)
	ctx, cancel := context.WithCancel(t.Context())
	h.running.Go(func() {
		if err := h.desk.Run(ctx); err != nil {
			t.Errorf("the desk stopped: %v", err)
		}
	})
	h.close = func() {
		cancel()
		h.running.Wait()
		h.adapter.Close()
		must(t, store.Close())
	}
	return h
}

func (h *house) stop() { h.once.Do(h.close) }

// say lets somebody say something and notes the answer.
func (h *house) say(t *testing.T, people *crowd) {
	t.Helper()
	l := people.next()
	r := h.hearer.Handle(t.Context(), l)
	people.heard(ack{ID: l.ID, Refused: r.Refused, Text: r.Text})
}

// quiet waits until all is said.
func (h *house) quiet(t *testing.T, patience time.Duration) {
	t.Helper()
	for end := time.Now().Add(patience); h.desk.Unsaid(h.adapter.Name()) > 0; {
		if time.Now().After(end) {
			t.Fatalf("%d messages are still to be said", h.desk.Unsaid(h.adapter.Name()))
		}
		<-time.After(2 * time.Millisecond)
	}
}
