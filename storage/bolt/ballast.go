package bolt

import (
	"errors"
	"fmt"
	"os"
)

// A Ballast is a file that holds room on the disk, and is given up when the disk is full, so that the
// bot can go on for a while and say so. The zero Ballast holds none.
type Ballast struct {
	Path string
	Size int64
}

// spare is how many times its size must be free before a ballast is taken on: it must not be what
// fills the disk.
const spare = 4

// Keep takes the ballast on if it was given up and there is room again. It reports whether there is
// one now, which is always so where none is wanted.
func (b Ballast) Keep() (bool, error) {
	if b.Size <= 0 {
		return true, nil
	}
	if info, err := os.Stat(b.Path); err == nil && info.Size() == b.Size {
		return true, nil
	}
	free, err := freeSpace(b.Path)
	if err == nil && free >= spare*b.Size {
		err = b.load()
	} else if err == nil {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("take ballast on: %w", err)
	}
	return true, nil
}

// load writes the file: a file that was only made long would hold no room.
func (b Ballast) load() error {
	f, err := os.OpenFile(b.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for left := b.Size; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = f.Write(block[:min(left, int64(len(block)))])
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(b.Path))
	}
	return nil
}

// drop gives the ballast up and reports whether there was one.
func (b Ballast) drop() bool {
	return b.Size > 0 && os.Remove(b.Path) == nil
}
