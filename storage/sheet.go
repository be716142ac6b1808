package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// sheet is what one request, or a group of them, will have written. A request writes on a sheet of
// its own that sees through to the group's and to the store, so that a request that is refused half
// way leaves nothing behind. Only the committer uses sheets; it reads the store's maps without their
// lock, since nobody else writes them.
type sheet struct {
	store  *Store
	under  *sheet // the group's; nil for the group itself
	writes []Entry
	at     map[string]int // where a key stands in writes; the group's only
	tips   map[incident.ID]tip
	saying map[string]uint64 // 0 means that it is settled
	seq    uint64
}

// newGroup returns an empty sheet for a group of so many requests.
func (s *Store) newGroup(requests int) *sheet {
	const each = 8 // writes of a usual request; only a guess at the space
	return &sheet{
		store:  s,
		seq:    s.seq,
		writes: make([]Entry, 0, each*requests),
		at:     make(map[string]int, each*requests),
		tips:   make(map[incident.ID]tip, requests),
		saying: make(map[string]uint64, requests),
	}
}

// newSheet returns an empty sheet for one request of a group.
func (w *sheet) newSheet() *sheet {
	return &sheet{store: w.store, under: w, seq: w.seq}
}

// merge takes over a request's sheet. A later value of a key replaces the earlier one.
func (w *sheet) merge(r *sheet) {
	for _, e := range r.writes {
		if i, ok := w.at[e.Key]; ok {
			w.writes[i] = e
			continue
		}
		w.at[e.Key] = len(w.writes)
		w.writes = append(w.writes, e)
	}
	maps.Copy(w.tips, r.tips)
	maps.Copy(w.saying, r.saying)
	w.seq = r.seq
}

// write puts a request on the sheet, or says why it cannot be.
func (w *sheet) write(r *request) error {
	for i := range r.changes {
		c := &r.changes[i]
		if c.log {
			if err := w.writeLog(c); err != nil {
				return err
			}
		}
		for _, m := range c.say {
			w.say(m)
		}
		for _, key := range c.settled {
			w.settle(key)
		}
	}
	w.writes = append(w.writes, r.entries...)
	return nil
}

func (w *sheet) writeLog(c *change) error {
	t, ok := w.tip(c.id)
	if !ok {
		t.chain = genesis(c.id)
	}
	if t.version != c.version {
		return fmt.Errorf("%v was decided on at version %d and is at %d: %w", c.id, c.version, t.version, bot.ErrConflict)
	}
	for _, record := range c.events {
		t.version++
		key := eventKey(c.id, t.version)
		t.chain = chainEvent(key, record, t.chain)
		w.writes = append(w.writes, Entry{Key: key, Value: record})
	}
	for _, n := range c.strike {
		if err := w.strike(c.id, n, t.version); err != nil {
			return fmt.Errorf("strike event %d of %v: %w", n, c.id, err)
		}
	}
	if c.snapshot != nil {
		w.writes = append(w.writes, *c.snapshot)
	}
	if c.head != nil {
		t.head = c.head
	}
	if len(c.events) > 0 || c.head != nil {
		w.writes = append(w.writes, joinHead(c.id, t))
	}
	if w.tips == nil {
		w.tips = map[incident.ID]tip{}
	}
	w.tips[c.id] = t
	return nil
}

func (w *sheet) strike(id incident.ID, n, version int) error {
	if n < 1 || n > version {
		return errors.New("there is no such event")
	}
	key := eventKey(id, n)
	value, found, err := w.get(key)
	if err != nil {
		return err
	}
	if !found {
		return errors.New("its record is missing; restore a backup")
	}
	e, err := strikeEvent(Entry{Key: key, Value: value})
	if err != nil {
		return err
	}
	w.writes = append(w.writes, e)
	return nil
}

// say queues a message unless it is queued already.
func (w *sheet) say(m saying) {
	if w.said(m.key) != 0 {
		return
	}
	w.seq++
	key := unsaidKey(m.platform, w.seq)
	w.writes = append(w.writes,
		Entry{Key: key, Value: seal(key, m.record)},
		sealed(m.key, binary.BigEndian.AppendUint64(nil, w.seq)))
	w.setSaying(m.key, w.seq)
}

// settle takes a message off the queue, if it is there.
func (w *sheet) settle(key string) {
	seq := w.said(key)
	if seq == 0 {
		return
	}
	platform, _, _ := strings.Cut(key[len(sayingPrefix):], "\x00")
	w.writes = append(w.writes, Entry{Key: unsaidKey(platform, seq)}, Entry{Key: key})
	w.setSaying(key, 0)
}

func (w *sheet) setSaying(key string, seq uint64) {
	if w.saying == nil {
		w.saying = map[string]uint64{}
	}
	w.saying[key] = seq
}

// tip returns an incident's end as this sheet leaves it, and whether there is one.
func (w *sheet) tip(id incident.ID) (tip, bool) {
	for s := w; s != nil; s = s.under {
		if t, ok := s.tips[id]; ok {
			return t, true
		}
	}
	t, ok := w.store.tips[id]
	return t, ok
}

// said returns the number of a message that is to be said, 0 if there is none.
func (w *sheet) said(key string) uint64 {
	for s := w; s != nil; s = s.under {
		if seq, ok := s.saying[key]; ok {
			return seq
		}
	}
	return w.store.saying[key]
}

// get returns a value as this sheet leaves it.
func (w *sheet) get(key string) ([]byte, bool, error) {
	for _, e := range slices.Backward(w.writes) {
		if e.Key == key {
			return e.Value, e.Value != nil, nil
		}
	}
	if w.under != nil {
		if i, ok := w.under.at[key]; ok {
			return w.under.writes[i].Value, w.under.writes[i].Value != nil, nil
		}
	}
	return w.store.engine.Get(context.Background(), key)
}
