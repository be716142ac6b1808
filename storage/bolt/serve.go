package bolt

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// The bot that has the file open locks it against everyone, so it hands out copies itself, on a
// socket beside the file that only its own user can reach. Whoever connects is sent the size of the
// copy as a big-endian 64-bit number, then the copy.
const socketSuffix = ".sock"

// patience is how long a receiver may take no bytes before it is dropped. A copy in progress keeps
// pages from being used again, so a stuck receiver must not keep one for ever.
const patience = 30 * time.Second

// Backup writes a copy of the whole file as it is at this moment, while others read and write, and
// returns its size.
func (e *Engine) Backup(ctx context.Context, w io.Writer) (int64, error) {
	return e.send(ctx, w, func(int64) error { return nil })
}

// send tells the size of a copy, then writes it.
func (e *Engine) send(ctx context.Context, w io.Writer, size func(int64) error) (n int64, err error) {
	err = e.db.View(func(tx *bbolt.Tx) error {
		if err := size(tx.Size()); err != nil {
			return err
		}
		n, err = tx.WriteTo(stopper{ctx, w})
		return err
	})
	if err != nil {
		return n, fmt.Errorf("copy %s: %w", e.path, err)
	}
	return n, nil
}

// stopper is a writer that fails when its context ends.
type stopper struct {
	ctx context.Context // kept for one copy only; the library that writes it knows no context
	w   io.Writer
}

func (s stopper) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(p)
}

// Serve hands out copies of the file, one at a time, until ctx ends; then it returns nil. It fails
// at once if the socket cannot be made. A receiver that fails is only dropped: it knows by the size
// that its copy is not whole.
func (e *Engine) Serve(ctx context.Context) error {
	l, err := listen(e.path + socketSuffix)
	if err != nil {
		return fmt.Errorf("serve backups of %s: %w", e.path, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer func() {
		if stop() {
			_ = l.Close()
		}
		_ = os.Remove(e.path + socketSuffix)
	}()
	for {
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("serve backups of %s: %w", e.path, err)
		}
		_ = e.serve(ctx, conn) // the receiver knows
	}
}

func (e *Engine) serve(ctx context.Context, conn net.Conn) error {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	w := patient{conn}
	_, err := e.send(ctx, w, func(n int64) error {
		return binary.Write(w, binary.BigEndian, n)
	})
	if stop() {
		err = errors.Join(err, conn.Close())
	}
	return err
}

// patient gives every write its own deadline.
type patient struct{ net.Conn }

func (p patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

// listen makes a socket only this user can reach. It is made in a closed folder and moved, so that
// there is no moment at which others could connect. One that stands there already was left behind
// by a bot that died: this one holds the file's lock.
func listen(path string) (*net.UnixListener, error) {
	folder, err := os.MkdirTemp(filepath.Dir(path), ".wardline-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	made := filepath.Join(folder, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(made, 0o600), os.Rename(made, path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}
