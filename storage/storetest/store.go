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
	want := []incident.Event{progress("a"), progress("乙 <b> & \" \\ \x01"), {
		At: evening.Add(-90), Recorded: evening, By: "王", Body: incident.Told{Departments: []incident.DepartmentID{"ed", "icu"}},
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

func messagesInOrder(t *testing.T, h *house) {
	other := message("z", "elsewhere")
	other.Platform = "web2" // begins like the other one
	must(t, h.store.Commit(t.Context(), bot.Change{Say: []bot.Message{message("z", "1"), other, message("a", "2")}}))
	must(t, h.store.Commit(t.Context(), bot.Change{Say: []bot.Message{message("m", "3"), message("z", "again"), message("m", "again")}}))
	wantUnsaid(t, h.store, "web", "z 1, a 2, m 3")
	wantUnsaid(t, h.store, "web2", "z elsewhere")
	wantUnsaid(t, h.store, "we", "")
	s := h.restart(t)
	must(t, s.Commit(t.Context(), bot.Change{Say: []bot.Message{message("a", "again"), message("last", "4")}}))
	must(t, s.Commit(t.Context(), bot.Change{Settled: []bot.Settled{{Platform: "web", ID: "z"}, {Platform: "web", ID: "nobody"}, {Platform: "web", ID: "m", Rejected: "too long"}}}))
	wantUnsaid(t, s, "web", "a 2, last 4")
	must(t, s.Commit(t.Context(), bot.Change{Say: []bot.Message{message("z", "said anew")}}))
	must(t, s.Commit(t.Context(), bot.Change{Say: []bot.Message{message("brief", "gone at once")}, Settled: []bot.Settled{{Platform: "web", ID: "brief"}}}))
	s = h.restart(t)
	wantUnsaid(t, s, "web", "a 2, last 4, z said anew")
	got, err := s.Unsaid(t.Context(), "web")
	must(t, err)
	if want := message("z", "said anew"); !reflect.DeepEqual(got[2], want) {
		t.Errorf("got %+v\nwant %+v", got[2], want)
	}
	wantSound(t, h.engine)
}

func marks(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), bot.Change{Marks: []bot.Mark{{Name: "lang/li", Value: "zh"}, {Name: "lang/ann", Value: "en"}, {Name: "lan", Value: "no"}, {Name: "lang/", Value: "?"}}}))
	must(t, h.store.Commit(t.Context(), bot.Change{Marks: []bot.Mark{{Name: "lang/ann", Value: "zh"}, {Name: "lang/"}, {Name: "lang/never"}}}))
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		wantMarks(t, s, "lang/", "lang/ann=zh, lang/li=zh")
		wantMarks(t, s, "", "lan=no, lang/ann=zh, lang/li=zh")
	}
}

func wantLoad(t testing.TB, s *storage.Store, id incident.ID, snapshot string, version int, tail string) {
	t.Helper()
	state, v, events, err := s.Load(t.Context(), id)
	must(t, err)
	if string(state) != snapshot || v != version || texts(events) != tail {
		t.Errorf("load: got %q at %d and %q, want %q at %d and %q", state, v, texts(events), snapshot, version, tail)
	}
}

func snapshotAndTail(t *testing.T, h *house) {
	wantLoad(t, h.store, his, "", 0, "")
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a")))
	wantLoad(t, h.store, his, "", 0, "a")
	c := tell(his, 1, "b")
	c.Snapshot = []byte("a+b")
	must(t, h.store.Commit(t.Context(), c))
	wantLoad(t, h.store, his, "a+b", 2, "")
	must(t, h.store.Commit(t.Context(), tell(his, 2, "c", "d")))
	wantLoad(t, h.restart(t), his, "a+b", 2, "c, d")
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Version: 4, Snapshot: []byte("all")}))
	wantLoad(t, h.restart(t), his, "all", 4, "")
	wantSound(t, h.engine)
}

func heads(t *testing.T, h *house) {
	late := tell(300, 0, "x")
	late.Head = &bot.Head{Title: "later", Open: true, Since: evening}
	c := tell(his, 0, "a", "b")
	c.Head = &bot.Head{ID: 99, Version: 99, Title: "HIS 挂了", Open: true, Level: incident.L2, Phase: incident.Open, Since: evening}
	must(t, h.store.Commit(t.Context(), late, c))
	must(t, h.store.Commit(t.Context(), tell(his, 2, "c")))
	want := []bot.Head{
		{ID: his, Version: 3, Title: "HIS 挂了", Open: true, Level: incident.L2, Phase: incident.Open, Since: evening},
		{ID: 300, Version: 1, Title: "later", Open: true, Since: evening},
	}
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		if got, err := s.Heads(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v\nwant %+v", got, err, want)
		}
	}
}

func shelves(t *testing.T, h *house) {
	web, other := h.store.Shelf("web"), h.store.Shelf("we")
	var entries []storage.Entry
	for i := range 10 {
		entries = append(entries, storage.Entry{Key: fmt.Sprintf("post/%d", i), Value: fmt.Append(nil, i)})
	}
	must(t, web.Put(t.Context(), append(entries, storage.Entry{Key: "read", Value: []byte{}})...))
	must(t, other.Put(t.Context(), storage.Entry{Key: "post/5", Value: []byte("theirs")}))
	must(t, web.Put(t.Context(), storage.Entry{Key: "post/3"}, storage.Entry{Key: "post/4", Value: []byte("four")}))
	h.restart(t)
	web = h.store.Shelf("web")
	list := func(entries []storage.Entry, err error) string {
		must(t, err)
		return show(entries)
	}
	for _, c := range []struct{ got, want string }{
		{list(web.Range(t.Context(), "post/", "", 3)), "post/0=0 post/1=1 post/2=2"},
		{list(web.Range(t.Context(), "post/", "post/2", 2)), "post/4=four post/5=5"},
		{list(web.Range(t.Context(), "post/", "post/9", 0)), ""},
		{list(web.Range(t.Context(), "post/", "zzz", 0)), ""},
		{list(web.Range(t.Context(), "", "post/8", 0)), "post/9=9 read="},
		{list(web.Range(t.Context(), "post/", "a", 1)), "post/0=0"},
		{list(web.Last(t.Context(), "post/", 2)), "post/8=8 post/9=9"},
		{list(web.Last(t.Context(), "none", 2)), ""},
		{list(h.store.Shelf("we").Last(t.Context(), "", 0)), "post/5=theirs"},
		{list(h.store.Shelf("new").Range(t.Context(), "", "", 0)), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if v, found, err := web.Get(t.Context(), "read"); err != nil || !found || len(v) != 0 {
		t.Errorf("get read: %q %v %v", v, found, err)
	}
	if _, found, err := web.Get(t.Context(), "post/3"); err != nil || found {
		t.Errorf("get post/3, which was deleted: %v %v", found, err)
	}
	if err := web.Put(t.Context(), storage.Entry{Key: "", Value: []byte("x")}); err == nil {
		t.Error("an empty key was taken")
	}
	wantSound(t, h.engine)
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

func thousandsOfRooms(t *testing.T, h *house) {
	const rooms = 3000
	c := tell(his, 0, "declared")
	for i := range rooms {
		m := message(fmt.Sprintf("7/1/%d", i), "go to paper")
		m.Room = bot.RoomID(fmt.Sprintf("dept/%d", i))
		c.Say = append(c.Say, m)
	}
	must(t, h.store.Commit(t.Context(), c))
	messages, err := h.restart(t).Unsaid(t.Context(), "web")
	must(t, err)
	for i, m := range messages {
		if m.Room != bot.RoomID(fmt.Sprintf("dept/%d", i)) {
			t.Fatalf("message %d is for %s", i, m.Room)
		}
	}
	if len(messages) != rooms {
		t.Errorf("%d messages", len(messages))
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
