package bolt_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// TestFullDisk fills a small disk of its own, and then makes room again.
func TestFullDisk(t *testing.T) {
	disk := smallDisk(t)
	ballast, path := filepath.Join(disk, "ballast"), filepath.Join(disk, "wardline.db")
	if err := os.WriteFile(ballast, make([]byte, 5<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	version := 0
	commit := func() error {
		err := s.Commit(t.Context(), bot.Change{Incident: 7, Version: version, Events: []incident.Event{
			{Body: incident.Progressed{Text: strings.Repeat("x", 300_000)}},
		}})
		if err == nil {
			version++
		}
		return err
	}
	for err == nil {
		err = commit()
	}
	for range 5 {
		if !errors.Is(err, bot.ErrFull) {
			t.Fatalf("want a full disk, got %v", err)
		}
		err = commit()
	}
	if err := errors.Join(os.Remove(ballast), commit(), s.Close()); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	report, err := bolt.Verify(t.Context(), path)
	if err != nil || !report.OK() || report.Events != version {
		t.Errorf("%d events were acknowledged: %+v %v", version, report, err)
	}
}

// TestBallastIsGivenUp fills the disk under a store that has a reserve: the next commit takes it, and
// it is taken on again when there is room.
func TestBallastIsGivenUp(t *testing.T) {
	disk := smallDisk(t)
	path, filler := filepath.Join(disk, "wardline.db"), filepath.Join(disk, "filler")
	ballast := bolt.Ballast{Path: path + ".ballast", Size: 2 << 20}
	s, _, err := bolt.OpenStore(path, bolt.Options{Ballast: ballast})
	must(t, err)
	if there, err := ballast.Keep(); err != nil || !there {
		t.Fatalf("with an empty disk: %v %v", there, err)
	}
	for size := 1 << 20; size > 0; size /= 2 { // to the last byte
		for err = nil; err == nil; {
			err = more(filler, size)
		}
	}
	version := 0
	commit := func(bytes int) error {
		err := s.Commit(t.Context(), bot.Change{Incident: 7, Version: version, Events: []incident.Event{
			{Body: incident.Progressed{Text: strings.Repeat("x", bytes)}},
		}})
		if err == nil {
			version++
		}
		return err
	}
	must(t, commit(600_000))
	if _, err := os.Stat(ballast.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the ballast is still there: %v", err)
	}
	for err = nil; err == nil; {
		err = commit(300_000)
	}
	if there, kept := ballast.Keep(); !errors.Is(err, bot.ErrFull) || there || kept != nil {
		t.Errorf("without room: %v; ballast %v %v", err, there, kept)
	}
	must(t, os.Remove(filler))
	must(t, commit(300_000))
	if there, err := ballast.Keep(); err != nil || !there {
		t.Errorf("with room again: %v %v", there, err)
	}
	must(t, s.Close())
	if report, err := bolt.Verify(t.Context(), path); err != nil || !report.OK() || report.Events != version {
		t.Errorf("%d events were acknowledged: %+v %v", version, report, err)
	}
}

// TestReadOnlyDiskIsRefusedAndRecovers mounts a disk read-only under a file, and then for writing again.
func TestReadOnlyDiskIsRefusedAndRecovers(t *testing.T) {
	disk := smallDisk(t)
	path := filepath.Join(disk, "wardline.db")
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	must(t, err)
	must(t, s.Close())
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	refused(t, path, "read-only file system; look at the kernel's log", "mount it for writing again")
	must(t, syscall.Mount("", disk, "", syscall.MS_REMOUNT, ""))
	s, _, err = bolt.OpenStore(path, bolt.Options{})
	must(t, err)
	must(t, s.Close())
}

// more appends bytes to a file.
func more(path string, n int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, n))
	return errors.Join(err, f.Close())
}

// smallDisk mounts a disk of twelve megabytes.
func smallDisk(t *testing.T) string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("this user cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	return disk
}
