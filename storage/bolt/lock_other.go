//go:build !linux && !darwin && !freebsd

package bolt

import "math"

// Unused returns an error if another process has a file open as its database. Here nobody can tell;
// renaming an open file fails on such systems.
func Unused(string) error { return nil }

// freeSpace returns how many bytes may still be written where a file is. Here nobody can tell.
func freeSpace(string) (int64, error) { return math.MaxInt64, nil }
