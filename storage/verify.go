package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"wardline/bot/incident"
)

// Report is what Verify found.
type Report struct {
	Incidents int // with events or a head
	Events    int
	Struck    int // events whose bodies were taken away
	Messages  int // still to be said
	Marks     int
	Shelved   int // records of adapters
	Standing  Standing
	Latest    time.Time // when the newest event was recorded
	Notes     []string  // what is worth knowing and harms nothing
	Problems  []Problem
}

// Problem is a place where the data is not what was written.
type Problem struct {
	Place string // such as "event 3 of INC-7"
	What  string
}

// OK reports whether there is no problem.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// Add notes a problem.
func (r *Report) Add(place string, what any) {
	r.Problems = append(r.Problems, Problem{Place: place, What: fmt.Sprint(what)})
}

// Verify reads everything an engine holds: every checksum, every hash, every chain from its first
// event to the head, every message. It returns an error only if it could not read to the end; what it
// finds wrong is in the report. Nobody may write meanwhile.
func Verify(ctx context.Context, engine Engine) (Report, error) {
	v, err := newVerifier(ctx, engine)
	if err != nil {
		return Report{}, err
	}
	if err := each(ctx, engine, Span{}, v.entry); err != nil {
		return v.report, fmt.Errorf("verify: %w", err)
	}
	v.finish()
	return v.report, nil
}

// ErrNotWhole is returned, wrapped, where even the record of the schema is not what was written.
var ErrNotWhole = errors.New("the store is not whole")

func newVerifier(ctx context.Context, engine Engine) (*verifier, error) {
	v := &verifier{logs: map[incident.ID]*walk{}, versions: map[incident.ID]int{}, saying: map[string]uint64{}}
	value, found, err := engine.Get(ctx, schemaKey)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if !found {
		return nil, fmt.Errorf("verify: there is no schema record: not a wardline store: %w", ErrNotWhole)
	}
	if err := checkSchema(value); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if c, ok := engine.(Counter); ok {
		v.report.Standing.Commits = c.Commits()
	}
	return v, nil
}

// verifier takes entries in the order of their keys, so it sees an incident's events before its
// head, the head before the snapshot, and saying before unsaid.
type verifier struct {
	report   Report
	logs     map[incident.ID]*walk // logs whose heads have not been seen
	versions map[incident.ID]int
	saying   map[string]uint64 // whose messages have not been seen
	ends     ends
}

// stand counts the end of a log in.
func (v *verifier) stand(id incident.ID, t tip) {
	v.ends.toggle(id, t)
	v.report.Standing.Last = max(v.report.Standing.Last, id)
}

func (v *verifier) entry(e Entry) error {
	kind, _, _ := strings.Cut(e.Key, "/")
	switch kind + "/" {
	case eventPrefix:
		v.event(e)
	case headPrefix:
		v.head(e)
	case snapshotPrefix:
		v.snapshot(e)
	case unsaidPrefix:
		v.message(e)
	case sayingPrefix:
		seq, err := splitSaying(e)
		if err != nil {
			v.report.Add(place(e.Key), err)
		}
		v.saying[e.Key] = seq
	case markPrefix:
		v.report.Marks++
		v.sealed(e)
	case shelfPrefix:
		v.report.Shelved++
		v.sealed(e)
	default:
		if e.Key != schemaKey {
			v.report.Add(place(e.Key), "a record of an unknown kind")
		}
	}
	return nil
}

func (v *verifier) sealed(e Entry) {
	if _, err := unseal(e); err != nil {
		v.report.Add(place(e.Key), err)
	}
}

func (v *verifier) event(e Entry) {
	v.report.Events++
	id, n, ok := eventOf(e.Key)
	if !ok {
		v.report.Add(place(e.Key), "the key is malformed")
		return
	}
	w := v.logs[id]
	if w == nil {
		start := newWalk(id)
		w, v.logs[id] = &start, &start
	}
	for ; w.next < n; w.next++ {
		v.report.Add(place(eventKey(id, w.next)), "it is missing")
		w.chain = nil
		if n-w.next > 1000 { // a damaged key may claim any number
			w.next = n - 1
		}
	}
	r, h, err := w.step(e)
	if r.struck {
		v.report.Struck++
	}
	if err == nil {
		_, err = r.event(h)
	}
	if h.Recorded.After(v.report.Latest) {
		v.report.Latest = h.Recorded
	}
	if err != nil {
		v.report.Add(place(e.Key), err)
	}
}

func (v *verifier) head(e Entry) {
	v.report.Incidents++
	id, t, err := splitHead(e)
	w := v.logs[id]
	delete(v.logs, id)
	v.versions[id] = t.version
	v.stand(id, t)
	switch {
	case err != nil:
		v.report.Add(place(e.Key), err)
	case w == nil && t.version > 0:
		v.report.Add(place(e.Key), fmt.Sprintf("it counts %d events, and there are none", t.version))
	case w != nil && w.next != t.version+1:
		v.report.Add(place(e.Key), fmt.Sprintf("it counts %d events, and the log has %d", t.version, w.next-1))
	case w != nil && w.chain != nil && *w.chain != t.chain:
		v.report.Add(place(e.Key), "the log does not end as it says")
	}
}

func (v *verifier) snapshot(e Entry) {
	id, _ := incidentOf(e.Key, snapshotPrefix)
	version, _, err := splitSnapshot(e)
	switch {
	case err != nil:
		v.report.Add(place(e.Key), err)
	case version > v.versions[id]:
		v.report.Add(place(e.Key), fmt.Sprintf("it is of version %d, and the log has %d events", version, v.versions[id]))
	}
}

func (v *verifier) message(e Entry) {
	v.report.Messages++
	m, err := splitMessage(e)
	if err != nil {
		v.report.Add(place(e.Key), err)
		return
	}
	key := sayingKey(m.Platform, string(m.ID))
	seq, found := v.saying[key]
	delete(v.saying, key)
	if !found || e.Key != unsaidKey(m.Platform, seq) {
		v.report.Add(place(e.Key), fmt.Sprintf("message %s is not found by its id", m.ID))
	}
}

// finish notes what was left without its counterpart.
func (v *verifier) finish() {
	for id := range v.logs {
		v.report.Incidents++
		v.report.Add(place(headKey(id)), "it is missing")
	}
	for key := range v.saying {
		v.report.Add(place(key), "the message is missing")
	}
	v.report.Standing.Heads = v.ends.String()
}

// eventOf reads the incident and the number from an event's key.
func eventOf(key string) (incident.ID, int, bool) {
	if len(key) != len(eventPrefix)+16 {
		return 0, 0, false
	}
	id, _ := incidentOf(key, eventPrefix)
	return id, int(binary.BigEndian.Uint64([]byte(key[len(key)-8:]))), true
}

// place names a key for people who operate the bot.
func place(key string) string {
	kind, rest, _ := strings.Cut(key, "/")
	if id, n, ok := eventOf(key); ok && kind+"/" == eventPrefix {
		return fmt.Sprintf("event %d of %v", n, id)
	}
	switch kind + "/" {
	case headPrefix, snapshotPrefix:
		if id, ok := incidentOf(key, kind+"/"); ok {
			return fmt.Sprintf("%s of %v", kind, id)
		}
	case unsaidPrefix, sayingPrefix, shelfPrefix:
		first, second, _ := strings.Cut(rest, "\x00")
		return fmt.Sprintf("%s %s %q", kind, first, second)
	case markPrefix:
		return fmt.Sprintf("mark %q", rest)
	}
	return fmt.Sprintf("key %q", key)
}
