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
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("this user cannot mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
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
