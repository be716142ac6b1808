package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
)

// RunEqual applies the same random batches to two engines and compares all they hold.
func RunEqual(t *testing.T, left, right Opener) {
	rapid.Check(t, func(r *rapid.T) {
		openA, openB := left(t), right(t)
		a, b := openA(), openB()
		defer func() { must(t, errors.Join(a.Close(), b.Close())) }()
		key := rapid.StringMatching(`[ab\x00]{1,4}`)
		value := rapid.SliceOfN(rapid.Byte(), 0, 6)
		r.Repeat(map[string]func(*rapid.T){
			"apply": func(r *rapid.T) {
				var batch storage.Batch
				for _, k := range rapid.SliceOfNDistinct(key, 0, 8, rapid.ID).Draw(r, "keys") {
					e := storage.Entry{Key: k}
					if rapid.Bool().Draw(r, "put") {
						e.Value = append([]byte{}, value.Draw(r, "value")...)
					}
					batch.Write = append(batch.Write, e)
				}
				if rapid.IntRange(0, 3).Draw(r, "conditions") == 0 {
					k := key.Draw(r, "condition")
					v, found, err := a.Get(t.Context(), k)
					must(t, err)
					if found == rapid.Bool().Draw(r, "as it is") {
						v = nil
					}
					batch.Require = append(batch.Require, storage.Condition{Key: k, Value: v})
				}
				errA, errB := a.Apply(t.Context(), batch), b.Apply(t.Context(), batch)
				if errors.Is(errA, storage.ErrPrecondition) != errors.Is(errB, storage.ErrPrecondition) || (errA == nil) != (errB == nil) {
					r.Fatalf("%+v: %v and %v", batch, errA, errB)
				}
			},
			"reopen": func(*rapid.T) {
				must(t, errors.Join(a.Close(), b.Close()))
				a, b = openA(), openB()
			},
			"range": func(r *rapid.T) {
				s := storage.Span{
					From: key.Draw(r, "from"), To: key.Draw(r, "to"),
					Limit: rapid.IntRange(0, 4).Draw(r, "limit"), Reverse: rapid.Bool().Draw(r, "reverse"),
				}
				wantSame(r, t, a, b, s)
			},
			"": func(r *rapid.T) { wantSame(r, t, a, b, storage.Span{}) },
		})
	})
}

func wantSame(r *rapid.T, t testing.TB, a, b storage.Engine, s storage.Span) {
	left, err := a.Range(t.Context(), s)
	must(t, err)
	right, err := b.Range(t.Context(), s)
	must(t, err)
	if show(left) != show(right) {
		r.Fatalf("range %+v: %q and %q", s, show(left), show(right))
	}
}

// RunModel drives a store with random commits and compares it with a model of plain slices and maps.
func RunModel(t *testing.T, open Opener) {
	rapid.Check(t, func(r *rapid.T) {
		h := &house{open: open(t)}
		h.enter(t)
		defer func() { must(t, h.store.Close()) }()
		m := &model{logs: map[incident.ID][]string{}, marks: map[string]string{}}
		r.Repeat(map[string]func(*rapid.T){
			"commit": func(r *rapid.T) {
				next := m.clone()
				var changes []bot.Change
				fits := true
				for range rapid.IntRange(1, 3).Draw(r, "changes") {
					c, ok := next.draw(r)
					changes, fits = append(changes, c), fits && ok
				}
				err := h.store.Commit(t.Context(), changes...)
				if (err == nil) != fits || (err != nil && !errors.Is(err, bot.ErrConflict)) {
					r.Fatalf("fits: %v, commit said %v", fits, err)
				}
				if fits {
					m = next
				}
			},
			"restart": func(*rapid.T) { h.restart(t) },
			"":        func(*rapid.T) { m.compare(t, h.store) },
		})
		wantSound(t, h.engine)
	})
}

// model is what a store must hold, as plainly as can be.
type model struct {
	logs   map[incident.ID][]string
	unsaid []string // "id text" in order
	marks  map[string]string
}

func (m *model) clone() *model {
	n := &model{logs: map[incident.ID][]string{}, unsaid: slices.Clone(m.unsaid), marks: map[string]string{}}
	for id, log := range m.logs {
		n.logs[id] = slices.Clone(log)
	}
	maps.Copy(n.marks, m.marks)
	return n
}

// draw makes a random change, plays it on the model, and reports whether a store must take it.
func (m *model) draw(r *rapid.T) (bot.Change, bool) {
	id := incident.ID(rapid.IntRange(0, 3).Draw(r, "incident"))
	log := m.logs[id]
	c := bot.Change{Incident: id, Version: len(log)}
	if rapid.IntRange(0, 9).Draw(r, "stale") == 0 {
		c.Version += rapid.SampledFrom([]int{-1, 1}).Draw(r, "off by")
	}
	for range rapid.IntRange(0, 3).Draw(r, "events") {
		text := fmt.Sprint("e", rapid.IntRange(0, 99).Draw(r, "text"))
		c.Events, log = append(c.Events, progress(text)), append(log, text)
	}
	if len(log) > 0 && rapid.IntRange(0, 5).Draw(r, "strikes") == 0 {
		n := rapid.IntRange(1, len(log)).Draw(r, "strike")
		c.Strike, log[n-1] = []int{n}, "struck progressed"
	}
	if rapid.IntRange(0, 5).Draw(r, "snapshots") == 0 {
		c.Snapshot = []byte(strings.Join(log, ", "))
	}
	fits := c.Version >= 0 && c.Version == len(m.logs[id])
	if len(c.Events)+len(c.Strike)+len(c.Snapshot) == 0 && c.Snapshot == nil {
		c.Version, fits = max(c.Version, 0), true
	}
	c.Version = max(c.Version, 0)
	fits = fits || c.Version == len(m.logs[id])
	m.logs[id] = log
	m.drawMessages(r, &c)
	return c, fits
}

func (m *model) drawMessages(r *rapid.T, c *bot.Change) {
	number := rapid.IntRange(0, 6)
	index := func(id string) int {
		return slices.IndexFunc(m.unsaid, func(s string) bool { return strings.HasPrefix(s, id+" ") })
	}
	for range rapid.IntRange(0, 2).Draw(r, "say") {
		id, text := fmt.Sprint("m", number.Draw(r, "id")), fmt.Sprint("t", number.Draw(r, "text"))
		c.Say = append(c.Say, message(id, text))
		if index(id) < 0 {
			m.unsaid = append(m.unsaid, id+" "+text)
		}
	}
	for range rapid.IntRange(0, 2).Draw(r, "settle") {
		id := fmt.Sprint("m", number.Draw(r, "id"))
		c.Settled = append(c.Settled, bot.Settled{Platform: "web", ID: bot.MessageID(id)})
		if i := index(id); i >= 0 {
			m.unsaid = slices.Delete(m.unsaid, i, i+1)
		}
	}
	for range rapid.IntRange(0, 2).Draw(r, "marks") {
		mark := bot.Mark{Name: fmt.Sprint("k", number.Draw(r, "name"))}
		delete(m.marks, mark.Name)
		if rapid.Bool().Draw(r, "keep") {
			mark.Value = "v"
			m.marks[mark.Name] = mark.Value
		}
		c.Marks = append(c.Marks, mark)
	}
}

// compare wants a store to hold what the model does.
func (m *model) compare(t testing.TB, s *storage.Store) {
	for id, log := range m.logs {
		wantEvents(t, s, id, 0, 0, strings.Join(log, ", "))
		_, version, tail, err := s.Load(t.Context(), id)
		must(t, err)
		if got, want := texts(tail), strings.Join(log[version:], ", "); got != want {
			t.Errorf("tail of %v from %d: got %q, want %q", id, version, got, want)
		}
	}
	wantUnsaid(t, s, "web", strings.Join(m.unsaid, ", "))
	var marks []string
	for k, v := range m.marks {
		marks = append(marks, k+"="+v)
	}
	slices.Sort(marks)
	wantMarks(t, s, "", strings.Join(marks, ", "))
}
