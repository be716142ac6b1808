package bolt

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"wardline/storage"
)

// Verify checks a file no bot has open: the database's pages, and all that storage.Verify checks. An
// error means that it could not be read, for damage if it is ErrDamaged; what is wrong inside is in the
// report. Damaged pages can kill the process, so a bot has it done by another one.
func Verify(ctx context.Context, path string) (storage.Report, error) {
	return verify(ctx, path, storage.Verify)
}

// VerifyEnds is Verify for a file that is too big to be read whole before the bot starts: all pages,
// but only the records a start reads.
func VerifyEnds(ctx context.Context, path string) (storage.Report, error) {
	return verify(ctx, path, storage.VerifyEnds)
}

func verify(ctx context.Context, path string, records func(context.Context, storage.Engine) (storage.Report, error)) (storage.Report, error) {
	e, err := open(path, Options{}, true)
	if errors.Is(err, errEmpty) {
		return storage.Report{}, nil
	}
	if err != nil {
		return storage.Report{}, err
	}
	var report storage.Report
	if err := checkRuns(path); err != nil {
		return storage.Report{}, errors.Join(err, e.Close())
	}
	err = guard(func() error {
		first, err := e.Range(ctx, storage.Span{Limit: 1})
		if err != nil || len(first) == 0 {
			return err
		}
		if report, err = records(ctx, e); err != nil {
			return err
		}
		return e.checkPages(&report)
	})
	if closed := e.Close(); err == nil {
		err = closed
	}
	if errors.Is(err, storage.ErrNotWhole) {
		err = errors.Join(err, ErrDamaged)
	}
	if err != nil {
		return report, fmt.Errorf("%s: %w", path, err)
	}
	if _, _, valid, err := metas(path); err != nil || valid < 2 {
		report.Notes = append(report.Notes, "one of the two meta pages is damaged; if it was the newest, the last commit is gone")
	}
	return report, nil
}

// checkPages adds what bbolt itself finds wrong with the structure of its file.
func (e *Engine) checkPages(report *storage.Report) error {
	return e.db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			report.Add("database pages", err)
		}
		return nil
	})
}

// guard turns what damaged pages do to bbolt, a panic or a fault in its mapping, into an error.
func guard(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return do()
}
