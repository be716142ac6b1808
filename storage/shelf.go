package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Shelf holds an adapter's own durable records, apart from those of other shelves and of the desk.
// Its entries are written by the same committer, so many small ones cost few disk syncs.
type Shelf struct {
	store  *Store
	prefix string
}

// Shelf returns the shelf of a name, which must not hold a zero byte. Calling it twice gives the
// same shelf.
func (s *Store) Shelf(name string) *Shelf {
	return &Shelf{store: s, prefix: shelfPrefix + strings.ReplaceAll(name, "\x00", "") + "\x00"}
}

// Put writes entries, all of them or none, and returns when they are durable. A nil value deletes.
func (sh *Shelf) Put(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("put on shelf: %w", err)
	}
	r := &request{entries: make([]Entry, 0, len(entries)), done: make(chan error, 1)}
	for _, e := range entries {
		if e.Key == "" {
			return errors.New("put on shelf: a key is empty")
		}
		w := Entry{Key: sh.prefix + e.Key}
		if e.Value != nil {
			w = sealed(w.Key, e.Value)
		}
		if err := CheckEntry(w); err != nil {
			return fmt.Errorf("put on shelf: %w", err)
		}
		r.entries = append(r.entries, w)
	}
	if err := sh.store.submit(ctx, r); err != nil {
		return fmt.Errorf("put on shelf: %w", err)
	}
	return nil
}

// Get returns the value of a key, and whether there is one.
func (sh *Shelf) Get(ctx context.Context, key string) ([]byte, bool, error) {
	full := sh.prefix + key
	value, found, err := sh.store.engine.Get(ctx, full)
	if err != nil || !found {
		return nil, false, wrap(err, "get from shelf")
	}
	payload, err := unseal(Entry{Key: full, Value: value})
	if err != nil {
		return nil, false, fmt.Errorf("get from shelf %q: %w", key, err)
	}
	return payload, true, nil
}

// Range returns the entries whose keys have the prefix and are greater than after, in the order of
// their keys, at most limit of them (0 = all).
func (sh *Shelf) Range(ctx context.Context, prefix, after string, limit int) ([]Entry, error) {
	span := Prefix(sh.prefix + prefix)
	span.From = max(span.From, sh.prefix+after+"\x00")
	if after == "" {
		span.From = sh.prefix + prefix
	}
	span.Limit = limit
	return sh.read(ctx, span)
}

// Last returns the last limit entries whose keys have the prefix, in the order of their keys (0 = all).
func (sh *Shelf) Last(ctx context.Context, prefix string, limit int) ([]Entry, error) {
	span := Prefix(sh.prefix + prefix)
	span.Limit, span.Reverse = limit, true
	entries, err := sh.read(ctx, span)
	slices.Reverse(entries)
	return entries, err
}

func (sh *Shelf) read(ctx context.Context, span Span) ([]Entry, error) {
	if span.To != "" && span.From >= span.To {
		return nil, nil
	}
	entries, err := sh.store.engine.Range(ctx, span)
	if err != nil {
		return nil, fmt.Errorf("read shelf: %w", err)
	}
	for i, e := range entries {
		payload, err := unseal(e)
		if err != nil {
			return nil, fmt.Errorf("read shelf at %q: %w", e.Key, err)
		}
		entries[i] = Entry{Key: e.Key[len(sh.prefix):], Value: payload}
	}
	return entries, nil
}

// wrap adds the operation to an error, if there is one.
func wrap(err error, operation string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}
