package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
)

// RunStore tests the contract of bot.Store and of shelves over an engine.
func RunStore(t *testing.T, open Opener) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *house)
	}{
		{"events come back as they were", eventsComeBack},
		{"a commit is whole or not at all", commitIsWhole},
		{"a stale version is a conflict", staleVersion},
		{"what says nothing of the log needs no version", noVersionNeeded},
		{"several changes are one commit", severalChanges},
		{"messages are said once, in order", messagesInOrder},
		{"marks", marks},
		{"a snapshot and its tail", snapshotAndTail},
		{"heads", heads},
		{"a strike keeps the chain", strikeKeepsChain},
		{"a strike takes the snapshot away", strikeTakesSnapshot},
		{"shelves", shelves},
		{"many commit at once", manyAtOnce},
		{"thousands of rooms", thousandsOfRooms},
		{"what cannot be stored is refused alone", refusedAlone},
		{"a closed store refuses", closedStore},
		{"every flipped byte of a record is found", flippedBytes},
		{"missing and foreign records are found", missingRecords},
		{"forged records are found", forgedRecords},
		{"other schemas are refused", otherSchemas},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &house{open: open(t)}
			h.enter(t)
			t.Cleanup(func() { _ = h.store.Close() })
			c.test(t, h)
		})
	}
}

// house is a store that can be left and entered again.
type house struct {
	open   func() storage.Engine
	engine storage.Engine
	store  *storage.Store
}

func (h *house) enter(t testing.TB) *storage.Store {
	t.Helper()
	h.engine = h.open()
	s, err := storage.Open(h.engine, storage.Options{})
	must(t, err)
	h.store = s
	return s
}

// restart closes the store and opens it again on the same data.
func (h *house) restart(t testing.TB) *storage.Store {
	t.Helper()
	must(t, h.store.Close())
	return h.enter(t)
}

func eventsComeBack(t *testing.T, h *house) {
	want := []incident.Event{progress("a"), progress("Ж <b> & \" \\ \x01"), {
		At: evening().Add(-90), Recorded: evening(), By: "Ольга", Body: incident.Told{Departments: []incident.DepartmentID{"ed", "icu"}},
	}}
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Events: want}))
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		got, err := s.Events(t.Context(), his, 0, 0)
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
	must(t, h.store.Commit(t.Context(), tell(his, 3, "d", "e")))
	wantEvents(t, h.store, his, 3, 1, "d")
	wantEvents(t, h.store, his, 3, 0, "d, e")
	wantEvents(t, h.store, his, 5, 0, "")
	wantEvents(t, h.store, his, 9, 0, "")
	wantEvents(t, h.store, 8, 0, 0, "")
}

// commitIsWhole lets the second change of a commit fail.
func commitIsWhole(t *testing.T, h *house) {
	first := tell(his, 0, "a")
	first.Say = []bot.Message{message("7/1/1", "hello")}
	first.Marks = []bot.Mark{{Name: "m", Value: "1"}}
	first.Snapshot = []byte("state")
	err := h.store.Commit(t.Context(), first, tell(8, 5, "from nowhere"))
	if !errors.Is(err, bot.ErrConflict) {
		t.Fatalf("want a conflict, got %v", err)
	}
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		wantEvents(t, s, his, 0, 0, "")
		wantUnsaid(t, s, "web", "")
		wantMarks(t, s, "", "")
		if heads, err := s.Heads(t.Context()); err != nil || len(heads) != 0 {
			t.Errorf("heads: %v %v", heads, err)
		}
	}
	must(t, h.store.Commit(t.Context(), first))
	wantUnsaid(t, h.store, "web", "7/1/1 hello")
}

func staleVersion(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a", "b")))
	for _, version := range []int{0, 1, 3} {
		err := h.store.Commit(t.Context(), tell(his, version, "c"))
		if !errors.Is(err, bot.ErrConflict) || !strings.Contains(err.Error(), fmt.Sprintf("INC-7 was decided on at version %d and is at 2", version)) {
			t.Errorf("at version %d: %v", version, err)
		}
	}
	for _, c := range []bot.Change{
		{Incident: his, Version: 1, Head: &bot.Head{}},
		{Incident: his, Version: 1, Snapshot: []byte("s")},
		{Incident: his, Version: 1, Strike: []int{1}},
	} {
		if err := h.store.Commit(t.Context(), c); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	wantEvents(t, h.store, his, 0, 0, "a, b")
}

func noVersionNeeded(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(0, 0, "the desk's own"), tell(his, 0, "a")))
	must(t, h.store.Commit(t.Context(), bot.Change{Say: []bot.Message{message("1", "x")}, Marks: []bot.Mark{{Name: "m", Value: "1"}}}))
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Settled: []bot.Settled{{Platform: "web", ID: "1"}}}))
	must(t, h.store.Commit(t.Context()))
	wantUnsaid(t, h.store, "web", "")
	wantMarks(t, h.store, "", "m=1")
}

func severalChanges(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a"), tell(8, 0, "b"), tell(his, 1, "c")))
	wantEvents(t, h.store, his, 0, 0, "a, c")
	wantEvents(t, h.store, 8, 0, 0, "b")
	wantSound(t, h.engine)
}

func wantLoad(t testing.TB, s *storage.Store, snapshot string, version int, tail string) {
	t.Helper()
	state, v, events, err := s.Load(t.Context(), his)
	must(t, err)
	if string(state) != snapshot || v != version || texts(events) != tail {
		t.Errorf("load: got %q at %d and %q, want %q at %d and %q", state, v, texts(events), snapshot, version, tail)
	}
}

func snapshotAndTail(t *testing.T, h *house) {
	wantLoad(t, h.store, "", 0, "")
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a")))
	wantLoad(t, h.store, "", 0, "a")
	c := tell(his, 1, "b")
	c.Snapshot = []byte("a+b")
	must(t, h.store.Commit(t.Context(), c))
	wantLoad(t, h.store, "a+b", 2, "")
	must(t, h.store.Commit(t.Context(), tell(his, 2, "c", "d")))
	wantLoad(t, h.restart(t), "a+b", 2, "c, d")
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Version: 4, Snapshot: []byte("all")}))
	wantLoad(t, h.restart(t), "all", 4, "")
	wantSound(t, h.engine)
}

func heads(t *testing.T, h *house) {
	late := tell(300, 0, "x")
	late.Head = &bot.Head{Title: "later", Open: true, Since: evening()}
	c := tell(his, 0, "a", "b")
	c.Head = &bot.Head{ID: 99, Version: 99, Title: "HIS лежит", Open: true, Level: incident.L2, Phase: incident.Open, Since: evening()}
	must(t, h.store.Commit(t.Context(), late, c))
	must(t, h.store.Commit(t.Context(), tell(his, 2, "c")))
	want := []bot.Head{
		{ID: his, Version: 3, Title: "HIS лежит", Open: true, Level: incident.L2, Phase: incident.Open, Since: evening()},
		{ID: 300, Version: 1, Title: "later", Open: true, Since: evening()},
	}
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		if got, err := s.Heads(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v\nwant %+v", got, err, want)
		}
	}
}

// manyAtOnce has 32 writers race on four incidents and try again on conflict.
func manyAtOnce(t *testing.T, h *house) {
	const writers, each = 32, 20
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			id := incident.ID(1 + w%4)
			for i := 0; i < each; {
				version := 0
				if heads, err := h.store.Heads(t.Context()); err == nil {
					for _, head := range heads {
						if head.ID == id {
							version = head.Version
						}
					}
				}
				c := tell(id, version, fmt.Sprintf("%d/%d", w, i))
				c.Say = []bot.Message{message(fmt.Sprintf("%d/%d", w, i), "x")}
				switch err := h.store.Commit(t.Context(), c); {
				case err == nil:
					i++
				case !errors.Is(err, bot.ErrConflict):
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	s := h.restart(t)
	for id := incident.ID(1); id <= 4; id++ {
		events, err := s.Events(t.Context(), id, 0, 0)
		must(t, err)
		next := map[string]int{}
		for _, e := range events {
			writer, i, _ := strings.Cut(e.Body.(incident.Progressed).Text, "/")
			if i != fmt.Sprint(next[writer]) {
				t.Fatalf("%v: writer %s is at %s, want %d", id, writer, i, next[writer])
			}
			next[writer]++
		}
		if len(events) != writers/4*each {
			t.Errorf("%v has %d events", id, len(events))
		}
	}
	if report := wantSound(t, h.engine); report.Messages != writers*each {
		t.Errorf("%d messages", report.Messages)
	}
}

func refusedAlone(t *testing.T, h *house) {
	long := strings.Repeat("x", storage.MaxKey)
	nul := message("1", "x")
	nul.Platform = "we\x00b"
	for _, c := range []bot.Change{
		{Marks: []bot.Mark{{Name: long, Value: "x"}}},
		{Marks: []bot.Mark{{Value: "x"}}},
		{Say: []bot.Message{message(long, "x")}},
		{Say: []bot.Message{message("", "x")}},
		{Say: []bot.Message{nul}},
		{Incident: -1, Events: []incident.Event{progress("x")}},
		{Incident: his, Events: []incident.Event{{}}},
		{Incident: his, Events: []incident.Event{{Body: incident.Blanked{Was: "told"}}}},
		{Incident: his, Strike: []int{1}},
	} {
		c.Marks = append(c.Marks, bot.Mark{Name: "seen", Value: "x"})
		if err := h.store.Commit(t.Context(), c); err == nil {
			t.Errorf("taken: %.80v", fmt.Sprintf("%+v", c))
		}
	}
	wantMarks(t, h.store, "", "")
	must(t, h.store.Commit(t.Context(), tell(his, 0, strings.Repeat("big", 1<<20))))
	wantSound(t, h.engine)
}

func closedStore(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a")))
	must(t, h.store.Close())
	if err := h.store.Commit(t.Context(), tell(his, 1, "b")); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("commit: %v", err)
	}
	if err := h.store.Close(); !errors.Is(err, storage.ErrClosed) {
		t.Errorf("close: %v", err)
	}
	s := h.enter(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Commit(ctx, tell(his, 1, "b")); !errors.Is(err, context.Canceled) {
		t.Errorf("commit with an ended context: %v", err)
	}
	wantEvents(t, s, his, 0, 0, "a")
}
