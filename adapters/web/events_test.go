package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"wardline/bot"
)

// decode reads the post of an event.
func decode(t *testing.T, e event) (p seen) {
	t.Helper()
	if err := json.Unmarshal([]byte(e.data), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAReaderWhoDropsOffMissesNothingAndSeesNothingTwice(t *testing.T) {
	const writers, each = 8, 150 // more than the desk remembers, so resuming reads the shelf too
	h := open(t, demo(), newMemory(), &ear{})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				m := bot.Message{ID: bot.MessageID(fmt.Sprintf("%d/%d", w, i)), Platform: "web", Room: "inc/7", Kind: bot.Notice, Text: fmt.Sprintf("%d %d", w, i), At: at}
				if _, err := h.server.Say(t.Context(), m, ""); err != nil {
					t.Error(err)
				}
			}
		})
	}
	got := make(map[string]int)
	next := make([]int, writers) // what is to come from each writer
	var last uint64
	for after, drops := "0", 0; len(got) < writers*each; drops++ {
		ctx, cancel := context.WithCancel(t.Context())
		taken := 0
		for e := range h.listen(ctx, "lily", after) {
			if e.id != "" {
				after = e.id
			}
			if e.name != "post" {
				continue
			}
			p := decode(t, e)
			if got[p.Text]++; got[p.Text] > 1 {
				t.Fatalf("post %q came twice", p.Text)
			}
			if p.ID <= last {
				t.Fatalf("post %d came after post %d", p.ID, last)
			}
			last = p.ID
			var w, i int
			if _, err := fmt.Sscan(p.Text, &w, &i); err != nil {
				t.Fatal(err)
			}
			if i != next[w] {
				t.Fatalf("writer %d: post %d came, want %d", w, i, next[w])
			}
			next[w]++
			if taken++; taken > 20+drops*7 || len(got) == writers*each {
				break
			}
		}
		cancel()
	}
	wg.Wait()
}

func TestAStreamShowsOnlyWhatThePersonMaySee(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	h.post(bot.Message{ID: "1", Room: "leaders/main", Kind: bot.Digest, Text: "摘要", At: at}, "")
	h.says("chen", "line-0001", "inc/7", "/outage status")
	h.post(bot.Message{ID: "2", Room: "inc/7", Kind: bot.Notice, Text: "给大家", At: at}, "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for e := range h.listen(ctx, "lily", "0") {
		if e.name != "post" {
			continue
		}
		if p := decode(t, e); p.Text != "给大家" {
			t.Errorf("she sees %q in %s", p.Text, p.Room)
		}
		break
	}
}

func TestAnEditReachesAReaderWhoWasAway(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	board := bot.Message{ID: "7/1", Room: "inc/7", Kind: bot.Board, Key: "board", Text: "ETA 未知", At: at}
	ref := h.post(board, "")
	seenSoFar := h.head()
	for i := range 5 {
		board.Text = fmt.Sprint("ETA ", 10+i)
		h.post(board, ref)
	}
	// A new server has nothing in memory: each board comes once, as it is now.
	h.stop()
	h = open(t, demo(), h.shelf, h.ear)
	h.post(bot.Message{ID: "7/2", Room: "inc/7", Kind: bot.Notice, Text: "完", At: at}, "")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	for e := range h.listen(ctx, "lily", strconv.FormatUint(seenSoFar, 10)) {
		if e.name != "post" {
			continue
		}
		got = append(got, decode(t, e).Text)
		if got[len(got)-1] == "完" {
			break
		}
	}
	if fmt.Sprint(got) != "[ETA 14 完]" {
		t.Errorf("the reader saw %q, want the newest board, once", got)
	}
}

func TestAPageOfAnotherDiaryIsToldToStartAfresh(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if e := <-h.listen(ctx, "lily", "4711"); e.name != "reset" {
		t.Errorf("the first event is %+v, want reset", e)
	}
}

func TestStoppingEndsTheStreams(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	events := h.listen(t.Context(), "lily", "")
	if e := <-events; e.name != "hello" {
		t.Errorf("the first event is %+v, want hello", e)
	}
	h.stop()
	for e := range events {
		t.Errorf("after the end came %+v", e)
	}
}

// head is the number of the newest change.
func (h *house) head() uint64 {
	h.t.Helper()
	var start struct{ Head uint64 }
	h.ask("GET", "/api/start", "lily", nil, &start)
	return start.Head
}
