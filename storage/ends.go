package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"wardline/bot"
	"wardline/bot/incident"
)

// VerifyEnds checks what is read when a bot starts, without reading everything: all heads, the end of
// every log, the whole logs and snapshots of open incidents, all messages to be said, and all marks.
// Bodies of closed incidents and the shelves of adapters are left to Verify.
func VerifyEnds(ctx context.Context, engine Engine) (Report, error) {
	v, err := newVerifier(ctx, engine)
	if err != nil {
		return Report{}, err
	}
	steps := []func() error{
		func() error {
			return each(ctx, engine, Prefix(headPrefix), func(e Entry) error { return v.end(ctx, engine, e) })
		},
		func() error { return each(ctx, engine, Prefix(markPrefix), v.entry) },
		func() error { return each(ctx, engine, Prefix(sayingPrefix), v.entry) },
		func() error { return each(ctx, engine, Prefix(unsaidPrefix), v.entry) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return v.report, fmt.Errorf("verify: %w", err)
		}
	}
	v.finish()
	return v.report, nil
}

// end checks one log as far as a start reads it.
func (v *verifier) end(ctx context.Context, engine Engine, e Entry) error {
	id, t, err := splitHead(e)
	if err != nil {
		v.report.Incidents++
		v.report.Add(place(e.Key), err)
		return nil
	}
	beyond, err := engine.Range(ctx, Span{From: eventKey(id, t.version+1), To: after(eventPrefix + number(uint64(id))), Limit: 1})
	if err != nil {
		return err
	}
	if len(beyond) > 0 {
		v.report.Add(place(beyond[0].Key), errors.New("it stands beyond the end of its log"))
	}
	if !isOpen(id, t) {
		return v.lastOf(ctx, engine, id, t)
	}
	if err := each(ctx, engine, Prefix(eventPrefix+number(uint64(id))), v.entry); err != nil {
		return err
	}
	v.head(e)
	return each(ctx, engine, Prefix(snapshotKey(id)), v.entry)
}

// isOpen says whether a start reads the whole log; in doubt it does.
func isOpen(id incident.ID, t tip) bool {
	var h bot.Head
	return id == 0 || len(t.head) == 0 || json.Unmarshal(t.head, &h) != nil || h.Open
}

// lastOf checks the last event of a log alone, and takes the rest as counted.
func (v *verifier) lastOf(ctx context.Context, engine Engine, id incident.ID, t tip) error {
	v.report.Incidents++
	v.report.Events += max(t.version-1, 0)
	v.stand(id, t)
	if t.version == 0 {
		return nil
	}
	key := eventKey(id, t.version)
	value, _, err := engine.Get(ctx, key)
	if err != nil {
		return err
	}
	v.logs[id] = &walk{id: id, next: t.version}
	v.event(Entry{Key: key, Value: value})
	if w := v.logs[id]; w.chain == nil || *w.chain != t.chain {
		v.report.Add(place(headKey(id)), "the log does not end as it says")
	}
	delete(v.logs, id)
	return nil
}
