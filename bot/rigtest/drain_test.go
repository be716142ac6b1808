package rigtest_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/rigtest"
	"wardline/commands"
	"wardline/storage/bolt"
)

// BenchmarkDrain lets a bot start with much to say on a platform that takes so many requests a second,
// and tells which part of that it uses. A broadcast that is stored behind all of it must be out within
// a few requests.
func BenchmarkDrain(b *testing.B) {
	for _, c := range []struct{ messages, rooms, limit int }{
		{10_000, 500, 500},
		{1_000, 500, 50},
		{10_000, 500, 50},
	} {
		b.Run(fmt.Sprintf("messages=%d/limit=%d", c.messages, c.limit), func(b *testing.B) {
			for b.Loop() {
				drain(b, c.messages, c.rooms, c.limit)
			}
		})
	}
}

// TestDrain is a small BenchmarkDrain that must hold on any machine.
func TestDrain(t *testing.T) {
	got := drain(t, 300, 50, 200)
	if got.limited > 0 || got.doubled > 0 {
		t.Errorf("told to wait %d times, %d posts doubled", got.limited, got.doubled)
	}
	if got.ahead < 0 || got.ahead > 40 { // 16 rooms are being served when it comes, and a busy machine is late
		t.Errorf("%d messages that came before it and were less urgent were said before the broadcast", got.ahead)
	}
}

// drained is how a drain went.
type drained struct {
	ratio          float64 // of the platform's limit
	limited        int     // answers 429
	doubled        int
	ahead          int // posts between storing the broadcast and showing it
	broadcastAfter time.Duration
}

func drain(t testing.TB, messages, rooms, limit int) drained {
	t.Helper()
	ctx := t.Context()
	chat, err := rigtest.NewChat(rigtest.Settings{Window: 30 * time.Second, Global: rigtest.Limit{Requests: limit, Per: time.Second}})
	must(t, err)
	defer func() { must(t, chat.Down()) }()
	store, _, err := bolt.OpenStore(filepath.Join(t.TempDir(), "wardline.db"), bolt.Options{})
	must(t, err)
	defer func() { must(t, store.Close()) }()
	for r := range rooms {
		chat.Take(fmt.Sprintf("wl-x-%d", r), fmt.Sprintf("wardline x/%d", r))
	}
	var c bot.Change
	for _, own := range []string{"it", "dept/imaging", "leaders/main", "inc/1"} {
		chat.Take("wl-"+strings.ReplaceAll(own, "/", "-"), "wardline "+own)
	}
	for i := range messages {
		c.Say = append(c.Say, notice(fmt.Sprintf("x/%d", i%rooms), fmt.Sprintf("old/%d", i), bot.Ask))
	}
	must(t, store.Commit(ctx, c))

	adapter := rigtest.NewAdapter(rigtest.AdapterSettings{URL: chat.URL(), Limit: rigtest.Limit{Requests: limit, Per: time.Second}})
	defer adapter.Close()
	must(t, adapter.Warm(ctx))
	desk, err := newDesk(store, adapter, bot.Backoff{}, slog.New(slog.DiscardHandler))
	must(t, err)
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		if err := desk.Run(ctx); err != nil {
			t.Errorf("the desk stopped: %v", err)
		}
	})
	defer running.Wait()
	defer cancel()
	waitFor(t, chat, messages/4)
	before, asked := len(chat.Posts()), time.Now()
	r := commands.New(desk).Handle(ctx, commands.Line{
		ID: "1", Platform: "web", User: "kate", Room: bot.IT, Text: "/outage declare PACS newest departments:imaging extent:partial level:L1 confirm:yes",
	})
	if r.Refused {
		t.Fatalf("refused: %s", r.Text)
	}
	waitFor(t, chat, messages+5)
	return measure(t, chat, before, asked, limit)
}

func notice(room, id string, u bot.Urgency) bot.Message {
	return bot.Message{ID: bot.MessageID(id), Platform: "rig", Room: bot.RoomID(room), Kind: bot.Notice, Urgency: u, Text: "text of " + id, At: time.Now()}
}

func waitFor(t testing.TB, chat *rigtest.Chat, posts int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); len(chat.Posts()) < posts; {
		if time.Now().After(end) {
			t.Fatalf("%d of %d posts", len(chat.Posts()), posts)
		}
		<-time.After(2 * time.Millisecond)
	}
}

func measure(t testing.TB, chat *rigtest.Chat, before int, asked time.Time, limit int) drained {
	t.Helper()
	posts := chat.Posts()
	d := drained{ahead: -1}
	seen := map[string]bool{}
	for i, p := range posts {
		if seen[p.Key] {
			d.doubled++
		}
		seen[p.Key] = true
		if d.ahead < 0 && strings.Contains(p.Text, "[SYSTEM DOWN") {
			d.ahead, d.broadcastAfter = i-before, p.At.Sub(asked)
		}
	}
	took := posts[len(posts)-1].At.Sub(posts[0].At)
	requests, limited := chat.Calls("") // opening a room and keeping boards takes more than posts
	d.ratio, d.limited = float64(requests-1)/took.Seconds()/float64(limit), limited
	if b, ok := t.(*testing.B); ok {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(d.ratio, "of-limit")
		b.ReportMetric(float64(d.limited), "429s")
		b.ReportMetric(float64(d.ahead), "ahead-of-broadcast")
		b.ReportMetric(float64(d.broadcastAfter.Milliseconds()), "broadcast-ms")
	}
	return d
}
