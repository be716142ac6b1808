package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"wardline/bot"
	"wardline/storage"
)

// patient is what must not stay in any record once it is struck.
const patient = "Zhang San, 512 ward"

func strikeKeepsChain(t *testing.T, h *house) {
	must(t, h.store.Commit(t.Context(), tell(his, 0, "a", patient, "c")))
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Version: 3, Strike: []int{2}}))
	for _, s := range []*storage.Store{h.store, h.restart(t)} {
		wantEvents(t, s, his, 0, 0, "a, struck progressed, c")
		wantEvents(t, s, his, 1, 1, "struck progressed")
		wantEvents(t, s, his, 2, 0, "c")
	}
	// In one commit with the event itself, and once more.
	c := tell(his, 3, patient, "e")
	c.Strike = []int{4, 2}
	must(t, h.store.Commit(t.Context(), c))
	wantEvents(t, h.restart(t), his, 0, 0, "a, struck progressed, c, struck progressed, e")
	if report := wantSound(t, h.engine); report.Struck != 2 || report.Events != 5 {
		t.Errorf("%+v", report)
	}
	wantNowhere(t, h.engine)
	err := h.store.Commit(t.Context(), bot.Change{Incident: his, Version: 5, Strike: []int{6}})
	if err == nil || !strings.Contains(err.Error(), "strike event 6 of INC-7: there is no such event") {
		t.Errorf("struck what is not there: %v", err)
	}
}

func strikeTakesSnapshot(t *testing.T, h *house) {
	c := tell(his, 0, "a", patient)
	c.Snapshot = []byte("state with " + patient)
	must(t, h.store.Commit(t.Context(), c))
	must(t, h.store.Commit(t.Context(), bot.Change{Incident: his, Version: 2, Strike: []int{2}}))
	wantLoad(t, h.restart(t), "", 0, "a, struck progressed")
	wantNowhere(t, h.engine)
	c = bot.Change{Incident: his, Version: 2, Strike: []int{1}, Snapshot: []byte("clean")}
	must(t, h.store.Commit(t.Context(), c))
	wantLoad(t, h.restart(t), "clean", 2, "")
}

func wantNowhere(t testing.TB, e storage.Engine) {
	t.Helper()
	entries, err := e.Range(t.Context(), storage.Span{})
	must(t, err)
	for _, x := range entries {
		if bytes.Contains(x.Value, []byte(patient)) {
			t.Errorf("%q still holds what was struck", x.Key)
		}
	}
}

// flippedBytes spoils every byte of every record in turn.
func flippedBytes(t *testing.T, h *house) {
	c := tell(his, 0, "a", "b", "c")
	c.Head = &bot.Head{Title: "HIS"}
	c.Snapshot = []byte("state")
	c.Say = []bot.Message{message("7/3/1", "hello")}
	c.Marks = []bot.Mark{{Name: "m", Value: "1"}}
	must(t, h.store.Commit(t.Context(), c, bot.Change{Incident: his, Version: 3, Strike: []int{3}, Snapshot: []byte("s")}))
	must(t, h.store.Shelf("web").Put(t.Context(), storage.Entry{Key: "k", Value: []byte("v")}))
	entries, err := h.engine.Range(t.Context(), storage.Span{})
	must(t, err)
	for _, e := range entries {
		for i := range e.Value {
			bad := bytes.Clone(e.Value)
			bad[i] ^= 1 << (i % 8)
			must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: e.Key, Value: bad}}}))
			wantFound(t, h, e.Key, i)
		}
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{e}}))
	}
	wantSound(t, h.engine)
}

// wantFound wants Verify, and Events if it is one, to name the record of a key.
func wantFound(t testing.TB, h *house, key string, at int) {
	t.Helper()
	report, err := storage.Verify(t.Context(), h.engine)
	if key == "schema" {
		if err == nil {
			t.Errorf("byte %d of the schema record went unnoticed", at)
		}
		return
	}
	must(t, err)
	kind, rest, _ := strings.Cut(key, "/")
	place := kind
	if kind == "event" {
		place = fmt.Sprintf("event %d of INC-7", rest[len(rest)-1])
		_, err := h.store.Events(t.Context(), his, 0, 0)
		if err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("byte %d of %s: events said %v", at, place, err)
		}
	}
	if report.OK() || !strings.HasPrefix(report.Problems[0].Place, place) {
		t.Errorf("byte %d of %s: verify said %+v", at, place, report.Problems)
	}
}

// missingRecords takes records away, moves and forges them.
func missingRecords(t *testing.T, h *house) {
	for id := his; id < his+2; id++ {
		c := tell(id, 0, "a", "b", "c", "d")
		c.Say = []bot.Message{message(fmt.Sprint(int(id)), "hello")}
		must(t, h.store.Commit(t.Context(), c))
	}
	entries, err := h.engine.Range(t.Context(), storage.Span{})
	must(t, err)
	find := func(prefix string, n int) storage.Entry {
		for _, e := range entries {
			if strings.HasPrefix(e.Key, prefix) {
				if n--; n == 0 {
					return e
				}
			}
		}
		t.Fatalf("no %s", prefix)
		return storage.Entry{}
	}
	gone := func(e storage.Entry) storage.Entry { return storage.Entry{Key: e.Key} }
	second, last, theirs := find("event/", 2), find("event/", 4), find("event/", 6)
	for _, c := range []struct {
		name   string
		damage []storage.Entry
		place  string
	}{
		{"an event is missing", []storage.Entry{gone(second)}, "event 2 of INC-7"},
		{"the last event is missing", []storage.Entry{gone(last)}, "head of INC-7"},
		{"another incident's event", []storage.Entry{{Key: second.Key, Value: theirs.Value}}, "event 2 of INC-7"},
		{"an older event in its place", []storage.Entry{{Key: last.Key, Value: second.Value}}, "event 4 of INC-7"},
		{"the head is missing", []storage.Entry{gone(find("head/", 1))}, "head of INC-7"},
		{"the message is missing", []storage.Entry{gone(find("unsaid/", 1))}, "saying web"},
		{"the index is missing", []storage.Entry{gone(find("saying/", 1))}, "unsaid web"},
		{"something foreign", []storage.Entry{{Key: "foreign", Value: []byte("x")}}, `key "foreign"`},
	} {
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: c.damage}))
		report, err := storage.Verify(t.Context(), h.engine)
		must(t, err)
		if report.OK() || !strings.HasPrefix(report.Problems[0].Place, c.place) {
			t.Errorf("%s: got %+v, want %s", c.name, report.Problems, c.place)
		}
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "foreign"}}}))
		for _, e := range entries {
			must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{e}}))
		}
	}
	wantSound(t, h.engine)
}

func otherSchemas(t *testing.T, h *house) {
	for _, c := range []struct{ schema, want string }{
		{"3", "written by a newer wardline (schema 3, this one knows 1); use that version or restore a backup"},
		{"what", "is damaged; restore a backup"},
		{"", "there is data but no schema record"},
	} {
		e := storage.Entry{Key: "schema", Value: []byte(c.schema)}
		if c.schema == "" {
			e.Value = nil
		}
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{e, {Key: "mark/m", Value: []byte("x")}}}))
		must(t, h.store.Close())
		s, err := storage.Open(h.open(), storage.Options{})
		if err == nil {
			must(t, s.Close())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("schema %q: got %v, want %q", c.schema, err, c.want)
		}
		h.engine = h.open()
		must(t, h.engine.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: "schema", Value: []byte("1")}}}))
		must(t, h.engine.Close())
		h.enter(t)
	}
}
