package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"wardline/bot"
	"wardline/bot/incident"
)

var _ bot.Store = (*Store)(nil)

// Options tune a Store. The zero value is right for everyone but tests.
type Options struct {
	MaxJoin int // commits that may share one batch; 0 means 1000
}

// Store implements bot.Store and the shelves of adapters over an Engine, of which it must be the
// only writer: versions are checked in memory. It is safe for several goroutines.
type Store struct {
	engine  Engine
	maxJoin int

	queue     sync.Mutex // guards waiting, closing and broken
	ready     sync.Cond  // signalled when there is a request waiting or the store closes
	waiting   []*request
	closing   bool
	broken    error // why nothing can be written any more
	committer sync.WaitGroup

	known  sync.RWMutex // guards what follows; only the committer writes it, after a batch is durable
	tips   map[incident.ID]tip
	saying map[string]uint64 // by key of saying
	seq    uint64            // of the newest message

	commits uint64      // batches ever made durable, where the engine counts them
	ends    ends        // digest of tips
	last    incident.ID // the newest of tips
}

// tip is the end of an incident's log.
type tip struct {
	version int
	chain   digest
	head    []byte // the line in lists, as JSON; empty if none was ever given
}

// Open reads the ends of all logs and starts the committer. It refuses a schema newer than its own
// and an engine that holds something else. The store owns the engine from then on, also if Open fails.
func Open(engine Engine, opts Options) (*Store, error) {
	s := &Store{
		engine:  engine,
		maxJoin: opts.MaxJoin,
		tips:    map[incident.ID]tip{},
		saying:  map[string]uint64{},
	}
	s.ready.L = &s.queue
	if s.maxJoin <= 0 {
		s.maxJoin = 1000
	}
	if err := s.start(context.Background()); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(err, engine.Close()))
	}
	s.committer.Go(s.commitWaiting)
	return s, nil
}

// Close answers the commits that are under way, refuses those that still wait with ErrClosed, and
// closes the engine.
func (s *Store) Close() error {
	s.queue.Lock()
	if s.closing {
		s.queue.Unlock()
		return ErrClosed
	}
	s.closing = true
	s.ready.Signal()
	s.queue.Unlock()
	s.committer.Wait()
	return s.engine.Close()
}

// start brings a new engine to the schema, and reads from an old one what must be known to write.
func (s *Store) start(ctx context.Context) error {
	value, found, err := s.engine.Get(ctx, schemaKey)
	if err != nil {
		return err
	}
	if found {
		if err := checkSchema(value); err != nil {
			return err
		}
		s.count()
		return errors.Join(s.readTips(ctx), s.readSaying(ctx))
	}
	foreign, err := s.engine.Range(ctx, Span{Limit: 1})
	if err != nil {
		return err
	}
	if len(foreign) > 0 {
		return fmt.Errorf("there is data but no schema record (first key %.40q): not a wardline store", foreign[0].Key)
	}
	err = s.engine.Apply(ctx, Batch{
		Require: []Condition{{Key: schemaKey}},
		Write:   []Entry{{Key: schemaKey, Value: []byte(strconv.Itoa(SchemaVersion))}},
	})
	s.count()
	return err
}

// page is how many entries are read at a time where there may be very many.
const page = 2000

// each calls do for every entry of a span. Each page is one snapshot, so with writers about the
// whole is not; do may not be slow for the sake of writers, since no transaction is open.
func each(ctx context.Context, engine Engine, span Span, do func(Entry) error) error {
	span.Limit = page
	for {
		entries, err := engine.Range(ctx, span)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := do(e); err != nil {
				return err
			}
		}
		if len(entries) < page {
			return nil
		}
		span.From = entries[len(entries)-1].Key + "\x00"
	}
}

func (s *Store) readTips(ctx context.Context) error {
	return each(ctx, s.engine, Prefix(headPrefix), func(e Entry) error {
		id, t, err := splitHead(e)
		if err != nil {
			return fmt.Errorf("read the head of %v: %w; restore a backup", id, err)
		}
		s.stand(id, t)
		return nil
	})
}

func (s *Store) readSaying(ctx context.Context) error {
	return each(ctx, s.engine, Prefix(sayingPrefix), func(e Entry) error {
		seq, err := splitSaying(e)
		if err != nil {
			return fmt.Errorf("read the queue of messages at %q: %w; restore a backup", e.Key, err)
		}
		s.saying[e.Key] = seq
		s.seq = max(s.seq, seq)
		return nil
	})
}

const tipSize = 8 + len(digest{})

// joinHead returns the record of an incident's end.
func joinHead(id incident.ID, t tip) Entry {
	buf := make([]byte, sealSize, sealSize+tipSize+len(t.head))
	buf = binary.BigEndian.AppendUint64(buf, uint64(t.version))
	buf = append(append(buf, t.chain[:]...), t.head...)
	key := headKey(id)
	return Entry{Key: key, Value: seal(key, buf)}
}

// splitHead reads the record of an incident's end.
func splitHead(e Entry) (incident.ID, tip, error) {
	id, ok := incidentOf(e.Key, headPrefix)
	payload, err := unseal(e)
	switch {
	case err != nil:
		return id, tip{}, err
	case !ok || len(payload) < tipSize:
		return id, tip{}, errors.New("the record is malformed")
	}
	return id, tip{
		version: int(binary.BigEndian.Uint64(payload)),
		chain:   digest(payload[8:tipSize]),
		head:    payload[tipSize:],
	}, nil
}

func splitSaying(e Entry) (uint64, error) {
	payload, err := unseal(e)
	if err != nil {
		return 0, err
	}
	if len(payload) != 8 {
		return 0, errors.New("the record is malformed")
	}
	return binary.BigEndian.Uint64(payload), nil
}
