package bolt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"

	"wardline/bot/incident"
	"wardline/storage"
)

// restoredSuffix names the file that says a database was restored, until that was told to people.
const restoredSuffix = ".restored"

// asideStamp is the time in the name of a damaged file that was put aside.
const asideStamp = "20060102-150405.000"

// Restoration says how a damaged database was replaced.
type Restoration struct {
	At     time.Time   `json:"at"`
	Why    string      `json:"why"`
	Aside  string      `json:"aside"`  // where the damaged file is; "" if there was none
	Source string      `json:"source"` // what it was restored from
	From   time.Time   `json:"from"`   // what was acknowledged from here
	To     time.Time   `json:"to"`     // until here may be missing
	Whole  bool        `json:"whole"`  // nothing is missing
	Last   incident.ID `json:"last"`   // the newest incident there ever was, as far as is known
}

// Checker looks at a file whose content may kill the process that looks.
type Checker func(ctx context.Context, path string) (storage.Report, error)

// ErrNoBackup is returned, wrapped, where no backup can take the place of a damaged file.
var ErrNoBackup = errors.New("no backup verifies")

// Restore replaces a damaged database by the newest of the copies that verifies. The damaged file is
// put aside and never deleted; so are copies that do not verify. The restored store counts on from
// beyond all commits there were, so that it cannot be taken for an older state of the one before.
func Restore(ctx context.Context, path, why string, copies []Copy, check Checker) (Restoration, error) {
	r := Restoration{At: time.Now().Round(0), Why: why}
	w, _ := ReadWitness(path) // a damaged one knows nothing
	r.To = w.At
	if info, err := os.Stat(path); err == nil && r.To.IsZero() {
		r.To = info.ModTime()
	}
	if r.To.IsZero() {
		r.To = r.At
	}
	next := path + ".restoring"
	var wrong error
	for _, c := range copies {
		report, err := try(ctx, c, next, check)
		if ctx.Err() != nil {
			return Restoration{}, errors.Join(ctx.Err(), removed(next))
		}
		if err != nil {
			if errors.Is(err, ErrDamaged) && c.Path != path {
				_ = os.Rename(c.Path, c.Path+".damaged") // or it stays, and is tried again next time
			}
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", c.Path, err))
			continue
		}
		r.Source, r.From = c.Path, c.At
		if c.Path == path {
			r.From = report.Latest
		}
		r.Whole = w.Commits > 0 && !report.Standing.Behind(w.Standing)
		r.Last = max(w.Last, report.Standing.Last)
		if err := r.install(path, next, max(w.Commits, report.Standing.Commits)+1); err != nil {
			return Restoration{}, fmt.Errorf("restore %s from %s: %w", path, c.Path, err)
		}
		return r, nil
	}
	return Restoration{}, errors.Join(fmt.Errorf("restore %s: %w", path, ErrNoBackup), wrong, removed(next))
}

// try copies a backup beside the database and checks the copy: what is checked is what is opened.
func try(ctx context.Context, c Copy, next string, check Checker) (storage.Report, error) {
	if err := copyFile(c.Path, next); err != nil {
		return storage.Report{}, err
	}
	report, err := check(ctx, next)
	if err == nil && !report.OK() {
		err = fmt.Errorf("%s: %s: %w", report.Problems[0].Place, report.Problems[0].What, ErrDamaged)
	}
	return report, err
}

// install puts a checked copy in the place of the database. At every moment there is a file of its
// name, and from the moment it is the restored one there is the note that says so.
func (r *Restoration) install(path, next string, commits uint64) error {
	if err := guard(func() error { return countFrom(next, commits) }); err != nil {
		return err
	}
	stamp := r.At.UTC().Format(asideStamp)
	if _, err := os.Stat(path); err == nil {
		r.Aside = path + ".damaged-" + stamp
		if err := keepAs(path, r.Aside); err != nil {
			return fmt.Errorf("put the damaged file aside: %w", err)
		}
	}
	if _, err := os.Stat(path + witnessSuffix); err == nil {
		if err := keepAs(path+witnessSuffix, path+witnessSuffix+"-"+stamp); err != nil {
			return fmt.Errorf("put the witness aside: %w", err)
		}
	}
	text, err := json.Marshal(r)
	if err == nil {
		err = replace(path+restoredSuffix, append(text, '\n'))
	}
	if err == nil {
		err = os.Rename(next, path)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// countFrom makes a store count its commits on from a number.
func countFrom(path string, commits uint64) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).SetSequence(commits) })
	return errors.Join(err, db.Close())
}

// keepAs gives a file a second name. Where there are no such, it is copied.
func keepAs(path, name string) error {
	if err := os.Link(path, name); err == nil {
		return nil
	}
	return copyFile(path, name)
}

func copyFile(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if err == nil {
		err = dst.Sync()
	}
	return errors.Join(err, dst.Close())
}

func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Restored returns what is still to be told about a database that was restored, and whether there is
// anything.
func Restored(path string) (Restoration, bool, error) {
	text, err := os.ReadFile(path + restoredSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Restoration{}, false, nil
	}
	var r Restoration
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return Restoration{}, false, fmt.Errorf("read how %s was restored: %w", path, err)
	}
	return r, true, nil
}

// Told notes that it was told that a database was restored.
func Told(path string) error { return removed(path + restoredSuffix) }
