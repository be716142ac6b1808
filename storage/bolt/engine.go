package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall"

	"go.etcd.io/bbolt"

	"wardline/bot"
	"wardline/storage"
)

var (
	_ storage.Engine  = (*Engine)(nil)
	_ storage.Counter = (*Engine)(nil)
)

// bucket is the only one; the schema orders everything by the keys inside.
const bucket = "wardline"

// Engine keeps its entries in a bbolt file. It is safe for several goroutines.
type Engine struct {
	db      *bbolt.DB
	path    string
	ballast Ballast
	commits atomic.Uint64 // batches ever made durable; the sequence of the bucket
}

// Apply implements storage.Engine. Writers take turns; a batch costs two disk syncs whatever its size.
func (e *Engine) Apply(ctx context.Context, b storage.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, w := range b.Write {
		if err := storage.CheckEntry(w); err != nil {
			return fmt.Errorf("write to %s: %w", e.path, err)
		}
	}
	err := e.update(b)
	if err != nil && isFull(err) && e.ballast.drop() {
		err = e.update(b) // nothing was written the first time
	}
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("write to %s: %w: %w", e.path, bot.ErrFull, err)
	}
	return fmt.Errorf("write to %s: %w", e.path, err)
}

// update writes a batch in one transaction.
func (e *Engine) update(b storage.Batch) error {
	var commits uint64
	err := e.db.Update(func(tx *bbolt.Tx) (err error) {
		k := tx.Bucket([]byte(bucket))
		for _, c := range b.Require {
			if value := k.Get([]byte(c.Key)); (value == nil) != (c.Value == nil) || !bytes.Equal(value, c.Value) {
				return fmt.Errorf("key %q: %w", c.Key, storage.ErrPrecondition)
			}
		}
		for _, w := range b.Write {
			if err := write(k, w); err != nil {
				return err
			}
		}
		commits, err = k.NextSequence()
		return err
	})
	if err == nil {
		e.commits.Store(commits)
	}
	return err
}

// Commits implements storage.Counter. The count is part of the file, and of every copy of it.
func (e *Engine) Commits() uint64 { return e.commits.Load() }

func write(k *bbolt.Bucket, e storage.Entry) error {
	if e.Value == nil {
		return k.Delete([]byte(e.Key))
	}
	return k.Put([]byte(e.Key), e.Value)
}

// isFull reports whether a write failed for want of room. The library words some of these errors
// anew and drops the cause, so the words must be looked at too.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		strings.Contains(err.Error(), syscall.ENOSPC.Error())
}

// Get implements storage.Engine.
func (e *Engine) Get(ctx context.Context, key string) (value []byte, found bool, err error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	err = e.db.View(func(tx *bbolt.Tx) error {
		if v := tx.Bucket([]byte(bucket)).Get([]byte(key)); v != nil {
			value, found = clone(v), true
		}
		return nil
	})
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", e.path, err)
	}
	return value, found, nil
}

// Range implements storage.Engine.
func (e *Engine) Range(ctx context.Context, s storage.Span) ([]storage.Entry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var entries []storage.Entry
	err := e.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucket)).Cursor()
		k, v := first(c, s)
		for k != nil && inside(k, s) && (s.Limit <= 0 || len(entries) < s.Limit) {
			entries = append(entries, storage.Entry{Key: string(k), Value: clone(v)})
			if s.Reverse {
				k, v = c.Prev()
			} else {
				k, v = c.Next()
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.path, err)
	}
	return entries, nil
}

// first places a cursor on the entry a span begins with.
func first(c *bbolt.Cursor, s storage.Span) (k, v []byte) {
	switch {
	case !s.Reverse:
		return c.Seek([]byte(s.From))
	case s.To == "":
		return c.Last()
	}
	if k, _ := c.Seek([]byte(s.To)); k == nil {
		return c.Last()
	}
	return c.Prev()
}

func inside(k []byte, s storage.Span) bool {
	return string(k) >= s.From && (s.To == "" || string(k) < s.To)
}

// clone copies what is only valid within a transaction. It never returns nil: a value may be empty,
// and is there all the same.
func clone(b []byte) []byte {
	return append(make([]byte, 0, len(b)), b...)
}

// Close implements storage.Engine. It leaves a list of free pages in the file, which the next Open
// would otherwise have to work out from the whole file; after a crash it does just that.
func (e *Engine) Close() error {
	if !e.db.IsReadOnly() {
		e.db.NoFreelistSync = false
		if err := e.db.Update(func(*bbolt.Tx) error { return nil }); err != nil && !isFull(err) {
			return fmt.Errorf("close %s: %w", e.path, errors.Join(err, e.db.Close()))
		}
	}
	if err := e.db.Close(); err != nil {
		return fmt.Errorf("close %s: %w", e.path, err)
	}
	return nil
}
