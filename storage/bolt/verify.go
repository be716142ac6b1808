package bolt

import (
	"context"
	"fmt"
	"runtime/debug"

	"go.etcd.io/bbolt"

	"wardline/storage"
)

// Verify checks a file no bot has open: the database's pages, and all that storage.Verify checks. An
// error means that it could not be read; what is wrong inside is in the report.
func Verify(ctx context.Context, path string) (storage.Report, error) {
	e, err := open(path, Options{}, true)
	if err != nil {
		return storage.Report{}, err
	}
	var report storage.Report
	err = guard(func() error {
		var err error
		report, err = storage.Verify(ctx, e)
		if err != nil {
			return err
		}
		return e.checkPages(&report)
	})
	if closed := e.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return report, fmt.Errorf("%s: %w", path, err)
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
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	return do()
}
