package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"wardline/storage"
)

// Options tune an Engine. The zero value holds no ballast, and is right otherwise.
type Options struct {
	Ballast     Ballast       // given up when the disk is full
	LockTimeout time.Duration // how long to wait for another process to let go of the file; 0 means 2 s
	NoSync      bool          // for tests that measure the processor: nothing survives a power failure
}

// lockTimeout is how long to wait for another process that is just stopping.
const lockTimeout = 2 * time.Second

// mapAhead is the address space set aside for the file. While a long read (a backup) is under way
// bbolt cannot move its mapping, so a writer that needs more space than this would wait for it.
const mapAhead = 1 << 30

// Open opens a file for the one process that writes to it, and creates it if it does not exist.
func Open(path string, opts Options) (*Engine, error) {
	return open(path, opts, false)
}

// OpenStore opens a file as a store; its Engine serves backups.
func OpenStore(path string, opts Options) (*storage.Store, *Engine, error) {
	e, err := Open(path, opts)
	if err != nil {
		return nil, nil, err
	}
	s, err := storage.Open(e, storage.Options{})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, e, nil
}

func open(path string, opts Options, readOnly bool) (*Engine, error) {
	isNew, err := inspect(path)
	if err != nil {
		return nil, err
	}
	if isNew && readOnly {
		return nil, fmt.Errorf("open %s: there is no such file; name the database with its path", path)
	}
	if opts.LockTimeout <= 0 {
		opts.LockTimeout = lockTimeout
	}
	if isNew {
		if err := create(path, opts); err != nil {
			return nil, err
		}
	}
	return openFile(path, opts, readOnly)
}

// create makes a file that has its bucket before it has its name: a power failure may leave half a
// database, but never under the name of one.
func create(path string, opts Options) error {
	made := path + ".new"
	if err := os.Remove(made); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain(path, err)
	}
	e, err := openFile(made, opts, false)
	if err != nil {
		return err
	}
	if err := errors.Join(e.db.Close(), os.Rename(made, path)); err != nil {
		if info, exists := os.Stat(path); exists == nil && info.Size() > 0 {
			return nil // another wardline was faster, and will have the lock
		}
		return fmt.Errorf("create %s: %w", path, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	return nil
}

func openFile(path string, opts Options, readOnly bool) (*Engine, error) {
	var db *bbolt.DB
	err := guard(func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout:         opts.LockTimeout,
			FreelistType:    bbolt.FreelistMapType,
			NoFreelistSync:  true,
			NoSync:          opts.NoSync,
			InitialMmapSize: mapAhead,
			ReadOnly:        readOnly,
		})
		return err
	})
	if err != nil {
		return nil, explain(path, err)
	}
	e := &Engine{db: db, path: path, ballast: opts.Ballast}
	if err := e.claim(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return e, nil
}

// inspect refuses what cannot be a database before bbolt would create or map it, and reports whether
// there is nothing yet.
func inspect(path string) (isNew bool, err error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		folder := filepath.Dir(path)
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return false, fmt.Errorf("open %s: the folder %s does not exist; create it, or name another file", path, folder)
		}
		return true, nil
	case err != nil:
		return false, fmt.Errorf("open %s: %w; let the bot's user reach it", path, err)
	case info.IsDir():
		return false, fmt.Errorf("open %s: it is a folder; name a file inside it, such as %s", path, filepath.Join(path, "wardline.db"))
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("open %s: it is not a regular file; name another file", path)
	}
	return info.Size() == 0, checkSize(path, info.Size())
}

// ErrDamaged is returned, wrapped, for a file that was a database once, or may have been.
var ErrDamaged = errors.New("the file is damaged; restore a backup")

// errEmpty is returned for a file nobody has written to yet.
var errEmpty = errors.New("the file is empty")

// explain adds what to do to an error of bbolt.
func explain(path string, err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("open %s: another wardline has this file open; stop that one first or name another file (a running one can still be copied: wardline backup): %w", path, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("open %s: %w; look at the kernel's log, since a disk that fails becomes read-only, and mount it for writing again", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("open %s: %w; let the bot's user read and write the file and its folder", path, err)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("open %s: it is not a wardline database, or it is damaged; name another file or restore a backup: %w", path, errors.Join(err, ErrDamaged))
	case isFull(err):
		return fmt.Errorf("open %s: %w; free some space on this disk", path, err)
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// claim makes sure that the file is ours: ours alone if it is new.
func (e *Engine) claim() error {
	var ours, others bool
	err := guard(func() error {
		return e.db.View(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(name []byte, k *bbolt.Bucket) error {
				if string(name) == bucket && k != nil {
					ours = true
					e.commits.Store(k.Sequence())
					return nil
				}
				others = true
				return nil
			})
		})
	})
	switch {
	case err != nil:
		return explain(e.path, err)
	case ours:
		return nil
	case e.db.IsReadOnly() && !others:
		return errEmpty
	case others:
		return fmt.Errorf("open %s: it is the database of another program; name another file", e.path)
	}
	err = e.db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte(bucket))
		return err
	})
	if err != nil {
		return explain(e.path, err)
	}
	return nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
