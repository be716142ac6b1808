package storage

import (
	"context"
	"errors"
	"fmt"
)

// Engine keeps bytes under keys, in the order of the keys. It is all a database must be able to do
// to hold the schema; storetest.Run is its contract. An Engine is safe for several goroutines.
type Engine interface {
	// Apply writes a batch, all of it or nothing, and returns when it is durable. It returns
	// ErrPrecondition if a condition does not hold and bot.ErrFull if there is no room; after either,
	// nothing was written and the engine goes on. After any other error its state is unknown.
	Apply(ctx context.Context, b Batch) error
	// Get returns a copy of the value of a key, and whether there is one.
	Get(ctx context.Context, key string) (value []byte, found bool, err error)
	// Range returns copies of the entries of a span in the order of their keys, as they stood at one moment.
	Range(ctx context.Context, s Span) ([]Entry, error)
	// Close lets go of what the engine holds. Nothing else may be called after it.
	Close() error
}

// Entry is a key and its value. Where entries are written, a nil value deletes the key. It is an
// alias of its plain form so that adapters can name the same type without importing storage.
type Entry = struct {
	Key   string
	Value []byte
}

// Batch is what is written at once if all its conditions hold.
type Batch struct {
	Require []Condition
	Write   []Entry // nil values delete, absent or not; no key stands here twice
}

// Condition says what must be true before a batch is written.
type Condition struct {
	Key   string
	Value []byte // exactly this; nil means that the key is absent
}

// Span is a stretch of keys: From <= key < To. An empty To means to the end.
type Span struct {
	From, To string
	Limit    int  // at most so many entries; 0 means all
	Reverse  bool // the last ones first
}

// Limits of one entry. The store refuses what exceeds them before it joins a batch, so that no
// caller can spoil the batch of another.
const (
	MaxKey   = 1 << 10
	MaxValue = 64 << 20
)

// Errors of engines and of a Store.
var (
	ErrPrecondition = errors.New("a precondition does not hold")
	ErrClosed       = errors.New("the store is closed")
)

// Prefix returns the span of all keys that begin with p.
func Prefix(p string) Span {
	return Span{From: p, To: after(p)}
}

// after returns the first string that is greater than every string beginning with p; "" if none is.
func after(p string) string {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] < 0xff {
			return p[:i] + string([]byte{p[i] + 1})
		}
	}
	return ""
}

// CheckEntry returns an error that names the key if an entry is not within the limits.
func CheckEntry(e Entry) error {
	switch {
	case e.Key == "":
		return errors.New("a key is empty")
	case len(e.Key) > MaxKey:
		return fmt.Errorf("key %.40q… has %d bytes, at most %d fit", e.Key, len(e.Key), MaxKey)
	case len(e.Value) > MaxValue:
		return fmt.Errorf("value of key %q has %d bytes, at most %d fit", e.Key, len(e.Value), MaxValue)
	}
	return nil
}
