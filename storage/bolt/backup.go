package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"go.etcd.io/bbolt"

	"wardline/storage"
)

// Backup copies the database at path to the new file dest, whether a bot is running on it or not. The
// copy is written anew, so it holds neither free space nor what was struck; it is verified before it
// gets its name, and a file that exists is never overwritten.
func Backup(ctx context.Context, path, dest string) (storage.Report, error) {
	report, err := backup(ctx, path, dest)
	if err != nil {
		return report, fmt.Errorf("back up %s to %s: %w", path, dest, err)
	}
	return report, nil
}

func backup(ctx context.Context, path, dest string) (storage.Report, error) {
	if _, err := os.Lstat(dest); err == nil {
		return storage.Report{}, errors.New("that file exists and is not overwritten; name a new one")
	}
	folder, err := os.MkdirTemp(filepath.Dir(dest), ".wardline-backup-")
	if err != nil {
		return storage.Report{}, fmt.Errorf("%w; create the folder or let this user write there", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	raw, clean := filepath.Join(folder, "raw"), filepath.Join(folder, "clean")
	if err := fetch(ctx, path, raw); err != nil {
		return storage.Report{}, err
	}
	if err := guard(func() error { return rewrite(raw, clean) }); err != nil {
		return storage.Report{}, err
	}
	report, err := Verify(ctx, clean)
	if err != nil {
		return report, err
	}
	if !report.OK() {
		p := report.Problems[0]
		return report, fmt.Errorf("the copy is not kept, it has %d problems, the first at %s: %s", len(report.Problems), p.Place, p.What)
	}
	return report, publish(clean, dest)
}

// fetch writes a raw copy, from the running bot if there is one.
func fetch(ctx context.Context, path, raw string) (err error) {
	f, err := os.OpenFile(raw, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path+socketSuffix)
	switch {
	case err == nil:
		return receive(ctx, conn, f)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		// Nobody is running, or somebody who serves no copies: then opening says so.
	default:
		return fmt.Errorf("ask the running bot: %w", err)
	}
	e, err := open(path, Options{}, true)
	if err != nil {
		return err
	}
	_, err = e.Backup(ctx, f)
	return errors.Join(err, e.Close())
}

func receive(ctx context.Context, conn net.Conn, w io.Writer) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		if stop() {
			_ = conn.Close()
		}
	}()
	var size int64
	if err := binary.Read(conn, binary.BigEndian, &size); err != nil {
		return fmt.Errorf("the running bot sent no copy: %w", err)
	}
	n, err := io.Copy(w, conn)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("the running bot sent %d of %d bytes: %w", n, size, err)
	}
	return nil
}

// rewrite copies all entries of one file into a new one, which is durable when it returns.
func rewrite(raw, clean string) error {
	src, err := bbolt.Open(raw, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	dst, err := bbolt.Open(clean, 0o600, &bbolt.Options{NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return errors.Join(err, src.Close())
	}
	err = bbolt.Compact(dst, src, 1<<20)
	if err == nil {
		err = dst.Sync()
	}
	return errors.Join(err, dst.Close(), src.Close())
}

// publish gives a finished file its name, which must be free.
func publish(clean, dest string) error {
	err := os.Link(clean, dest)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// Some file systems, such as those of memory sticks, have no links.
		if _, exists := os.Lstat(dest); exists == nil {
			return fs.ErrExist
		}
		err = os.Rename(clean, dest)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dest))
}
