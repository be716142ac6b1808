package storage

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// A request is a commit made ready in its caller's goroutine: all that does not depend on what
// others commit is encoded, hashed and sealed, so that the committer, of which there is one, does little.
type request struct {
	changes []change
	entries []Entry    // marks and shelf entries; they depend on nothing
	done    chan error // the committer sends the outcome, once
}

// change is a bot.Change made ready.
type change struct {
	id       incident.ID
	version  int
	log      bool     // the incident itself changes, so version must be right
	events   [][]byte // records without chain and seal
	head     []byte
	snapshot *Entry
	strike   []int
	say      []saying
	settled  []string // keys of saying
}

// saying is a message to be said; its record has room for the seal, which depends on the order.
type saying struct {
	key      string // of saying
	platform string
	record   []byte
}

func prepare(changes []bot.Change) (*request, error) {
	r := &request{changes: make([]change, 0, len(changes)), done: make(chan error, 1)}
	for _, c := range changes {
		ready, err := prepareChange(c)
		if err != nil {
			return nil, err
		}
		r.changes = append(r.changes, ready)
		for _, m := range c.Marks {
			if m.Name == "" {
				return nil, errors.New("a mark has no name")
			}
			e := Entry{Key: markPrefix + m.Name}
			if m.Value != "" {
				e = sealed(e.Key, []byte(m.Value))
			}
			if err := CheckEntry(e); err != nil {
				return nil, err
			}
			r.entries = append(r.entries, e)
		}
	}
	return r, nil
}

func prepareChange(c bot.Change) (change, error) {
	ready := change{
		id:      c.Incident,
		version: c.Version,
		log:     len(c.Events) > 0 || c.Head != nil || c.Snapshot != nil || len(c.Strike) > 0,
		strike:  c.Strike,
	}
	if c.Incident < 0 || c.Version < 0 {
		return change{}, fmt.Errorf("%v at version %d cannot exist", c.Incident, c.Version)
	}
	for i, e := range c.Events {
		buf, err := encodeEvent(c.Version+i+1, e)
		if err == nil {
			err = CheckEntry(Entry{Key: eventPrefix, Value: buf})
		}
		if err != nil {
			return change{}, fmt.Errorf("event %d of %v: %w", c.Version+i+1, c.Incident, err)
		}
		ready.events = append(ready.events, buf)
	}
	if c.Head != nil {
		h := *c.Head
		h.ID, h.Version = c.Incident, c.Version+len(c.Events)
		h.Since, h.Ended = h.Since.UTC(), h.Ended.UTC()
		data, err := json.Marshal(h)
		if err != nil {
			return change{}, fmt.Errorf("head of %v: %w", c.Incident, err)
		}
		ready.head = data
	}
	if err := prepareSnapshot(c, &ready); err != nil {
		return change{}, err
	}
	return ready, prepareMessages(c, &ready)
}

// prepareSnapshot readies the new snapshot. A change that strikes and brings no snapshot takes the
// old one away, because the struck words may stand in it.
func prepareSnapshot(c bot.Change, ready *change) error {
	switch key := snapshotKey(c.Incident); {
	case c.Snapshot != nil:
		payload := binary.BigEndian.AppendUint64(nil, uint64(c.Version+len(c.Events)))
		e := sealed(key, append(payload, c.Snapshot...))
		if err := CheckEntry(e); err != nil {
			return fmt.Errorf("snapshot of %v: %w", c.Incident, err)
		}
		ready.snapshot = &e
	case len(c.Strike) > 0:
		ready.snapshot = &Entry{Key: key}
	}
	return nil
}

func prepareMessages(c bot.Change, ready *change) error {
	for _, m := range c.Say {
		key, err := nameMessage(m.Platform, m.ID)
		if err != nil {
			return err
		}
		m.At = m.At.UTC()
		data, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
		buf := append(make([]byte, sealSize, sealSize+len(data)), data...)
		if err := CheckEntry(Entry{Key: key, Value: buf}); err != nil {
			return fmt.Errorf("message %.60q: %w", m.ID, err)
		}
		ready.say = append(ready.say, saying{key: key, platform: m.Platform, record: buf})
	}
	for _, m := range c.Settled {
		key, err := nameMessage(m.Platform, m.ID)
		if err != nil {
			return err
		}
		ready.settled = append(ready.settled, key)
	}
	return nil
}

// nameMessage returns the key of saying of a message, if there can be one.
func nameMessage(platform string, id bot.MessageID) (string, error) {
	if id == "" || strings.Contains(platform, "\x00") {
		return "", fmt.Errorf("message %q on platform %q has no proper name", id, platform)
	}
	return sayingKey(platform, string(id)), nil
}
