package storage

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"wardline/bot"
	"wardline/bot/incident"
)

// Heads implements bot.Store. It answers from memory. An incident that never got a head has one
// with its number and version only.
func (s *Store) Heads(context.Context) ([]bot.Head, error) {
	s.known.RLock()
	tips := maps.Clone(s.tips)
	s.known.RUnlock()
	heads := make([]bot.Head, 0, len(tips))
	for id, t := range tips {
		var h bot.Head
		if len(t.head) > 0 {
			if err := json.Unmarshal(t.head, &h); err != nil {
				return nil, fmt.Errorf("read the head of %v: %w", id, err)
			}
		}
		h.ID, h.Version = id, t.version
		heads = append(heads, h)
	}
	slices.SortFunc(heads, func(a, b bot.Head) int { return cmp.Compare(a.ID, b.ID) })
	return heads, nil
}

// Load implements bot.Store. It verifies what it reads as Events does.
func (s *Store) Load(ctx context.Context, id incident.ID) (snapshot []byte, version int, tail []incident.Event, err error) {
	snapshot, version, err = s.snapshot(ctx, id)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("load %v: %w", id, err)
	}
	tail, err = s.events(ctx, id, version, 0)
	if err != nil {
		return nil, 0, nil, fmt.Errorf("load %v: %w", id, err)
	}
	return snapshot, version, tail, nil
}

// Events implements bot.Store. It verifies the hash of every body, and the chain from the event
// before the first one on; an error names the incident and the number of the event.
func (s *Store) Events(ctx context.Context, id incident.ID, from, limit int) ([]incident.Event, error) {
	events, err := s.events(ctx, id, max(from, 0), limit)
	return events, wrap(err, "read events")
}

// Unsaid implements bot.Store.
func (s *Store) Unsaid(ctx context.Context, platform string) ([]bot.Message, error) {
	entries, err := s.engine.Range(ctx, Prefix(unsaidPrefix+platform+"\x00"))
	if err != nil {
		return nil, fmt.Errorf("read what %s has to say: %w", platform, err)
	}
	messages := make([]bot.Message, 0, len(entries))
	for _, e := range entries {
		m, err := splitMessage(e)
		if err != nil {
			return nil, fmt.Errorf("read what %s has to say at %q: %w", platform, e.Key, err)
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// Marks implements bot.Store.
func (s *Store) Marks(ctx context.Context, prefix string) ([]bot.Mark, error) {
	entries, err := s.engine.Range(ctx, Prefix(markPrefix+prefix))
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	marks := make([]bot.Mark, 0, len(entries))
	for _, e := range entries {
		value, err := unseal(e)
		if err != nil {
			return nil, fmt.Errorf("read mark %q: %w", e.Key[len(markPrefix):], err)
		}
		marks = append(marks, bot.Mark{Name: e.Key[len(markPrefix):], Value: string(value)})
	}
	return marks, nil
}

func (s *Store) snapshot(ctx context.Context, id incident.ID) ([]byte, int, error) {
	key := snapshotKey(id)
	value, found, err := s.engine.Get(ctx, key)
	if err != nil || !found {
		return nil, 0, err
	}
	version, state, err := splitSnapshot(Entry{Key: key, Value: value})
	if err != nil {
		return nil, 0, fmt.Errorf("snapshot of %v: %w", id, err)
	}
	return state, version, nil
}

// events reads and verifies events from+1 and on. It starts at event from itself, whose chain hash
// the next one continues, and ends at what was the end of the log when it was called.
func (s *Store) events(ctx context.Context, id incident.ID, from, limit int) ([]incident.Event, error) {
	s.known.RLock()
	end := s.tips[id]
	s.known.RUnlock()
	if from >= end.version {
		return nil, nil
	}
	upTo := end.version
	if limit > 0 && upTo-from > limit {
		upTo = from + limit
	}
	entries, err := s.engine.Range(ctx, Span{From: eventKey(id, max(from, 1)), To: eventKey(id, upTo+1)})
	if err != nil {
		return nil, fmt.Errorf("events of %v: %w", id, err)
	}
	w := walk{id: id, next: max(from, 1)}
	if from == 0 {
		w = newWalk(id)
	}
	events := make([]incident.Event, 0, len(entries))
	for _, e := range entries {
		n := w.next
		r, h, err := w.step(e)
		if err == nil && n > from {
			var event incident.Event
			event, err = r.event(h)
			events = append(events, event)
		}
		if err != nil {
			return nil, fmt.Errorf("event %d of %v: %w", n, id, err)
		}
	}
	if w.next != upTo+1 {
		return nil, fmt.Errorf("event %d of %v: it is missing", w.next, id)
	}
	if upTo == end.version && *w.chain != end.chain {
		return nil, fmt.Errorf("event %d of %v: the log does not end as its head says", upTo, id)
	}
	return events, nil
}

func splitSnapshot(e Entry) (int, []byte, error) {
	payload, err := unseal(e)
	if err != nil {
		return 0, nil, err
	}
	if len(payload) < 8 {
		return 0, nil, errors.New("the record is malformed")
	}
	return int(binary.BigEndian.Uint64(payload)), payload[8:], nil
}

func splitMessage(e Entry) (bot.Message, error) {
	payload, err := unseal(e)
	if err != nil {
		return bot.Message{}, err
	}
	var m bot.Message
	if err := json.Unmarshal(payload, &m); err != nil {
		return bot.Message{}, fmt.Errorf("the message is not readable: %w", err)
	}
	return m, nil
}
