//go:build linux || darwin || freebsd

package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	berrors "go.etcd.io/bbolt/errors"
)

// Unused returns an error if another process has a file open as its database and does not let go of
// it within two seconds. It does not look inside.
func Unused(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return explain(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case !errors.Is(err, syscall.EWOULDBLOCK):
			return err
		case time.Since(begun) > lockTimeout:
			return explain(path, berrors.ErrTimeout)
		}
	}
}

// freeSpace returns how many bytes an ordinary user may still write where a file is.
func freeSpace(path string) (int64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil //nolint:unconvert // other systems count in other types
}
