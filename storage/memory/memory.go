// Package memory is an engine that keeps everything in this process's memory: for tests, for a demo
// that may forget, and as the model other engines are compared with. It keeps the whole contract of
// an engine except that it never writes a file, so that nothing outlives the process.
package memory

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"wardline/storage"
)

var _ storage.Engine = (*Engine)(nil)

// Engine is an engine in memory. It is safe for several goroutines.
type Engine struct {
	data *data
	mu   sync.RWMutex // guards shut
	shut bool         // set once
}

// data outlives an Engine, so that one can be reopened.
type data struct {
	mu     sync.RWMutex
	keys   []string // sorted
	values map[string][]byte
}

// New returns an empty engine.
func New() *Engine {
	return &Engine{data: &data{values: map[string][]byte{}}}
}

// Reopen returns a new engine that holds what this one held: a restart. This one should be closed.
func (e *Engine) Reopen() *Engine {
	return &Engine{data: e.data}
}

// Apply implements storage.Engine. Other than a database it checks that no key is written twice.
func (e *Engine) Apply(ctx context.Context, b storage.Batch) error {
	if err := e.usable(ctx); err != nil {
		return err
	}
	once := make(map[string]bool, len(b.Write))
	for _, w := range b.Write {
		if err := storage.CheckEntry(w); err != nil {
			return fmt.Errorf("apply batch: %w", err)
		}
		if once[w.Key] {
			return fmt.Errorf("apply batch: key %q is written twice", w.Key)
		}
		once[w.Key] = true
	}
	d := e.data
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range b.Require {
		value, found := d.values[c.Key]
		if found != (c.Value != nil) || !bytes.Equal(value, c.Value) {
			return fmt.Errorf("apply batch: key %q: %w", c.Key, storage.ErrPrecondition)
		}
	}
	for _, w := range b.Write {
		d.write(w)
	}
	return nil
}

func (d *data) write(e storage.Entry) {
	i, found := slices.BinarySearch(d.keys, e.Key)
	switch {
	case e.Value == nil && found:
		d.keys = slices.Delete(d.keys, i, i+1)
		delete(d.values, e.Key)
	case e.Value != nil:
		if !found {
			d.keys = slices.Insert(d.keys, i, e.Key)
		}
		d.values[e.Key] = clone(e.Value)
	}
}

// Get implements storage.Engine.
func (e *Engine) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := e.usable(ctx); err != nil {
		return nil, false, err
	}
	e.data.mu.RLock()
	defer e.data.mu.RUnlock()
	value, found := e.data.values[key]
	if !found {
		return nil, false, nil
	}
	return clone(value), true, nil
}

// Range implements storage.Engine.
func (e *Engine) Range(ctx context.Context, s storage.Span) ([]storage.Entry, error) {
	if err := e.usable(ctx); err != nil {
		return nil, err
	}
	d := e.data
	d.mu.RLock()
	defer d.mu.RUnlock()
	first, _ := slices.BinarySearch(d.keys, s.From)
	last := len(d.keys)
	if s.To != "" {
		last, _ = slices.BinarySearch(d.keys, s.To)
	}
	n := max(last-first, 0)
	if s.Limit > 0 {
		n = min(n, s.Limit)
	}
	entries := make([]storage.Entry, 0, n)
	for i := range n {
		key := d.keys[first+i]
		if s.Reverse {
			key = d.keys[last-1-i]
		}
		entries = append(entries, storage.Entry{Key: strings.Clone(key), Value: clone(d.values[key])})
	}
	return entries, nil
}

// Close implements storage.Engine.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shut = true
	return nil
}

func (e *Engine) usable(ctx context.Context) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.shut {
		return storage.ErrClosed
	}
	return ctx.Err()
}

// clone never returns nil: a value may be empty, and is there all the same.
func clone(b []byte) []byte {
	return append(make([]byte, 0, len(b)), b...)
}
