package storetest

import (
	"fmt"
	"reflect"
	"testing"

	"wardline/bot"
	"wardline/storage"
)

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
	if report := wantSound(t, h.engine); len(messages) != rooms || report.Messages != rooms {
		t.Errorf("%d messages, verify counts %d", len(messages), report.Messages)
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
