package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// texts returns the texts of the events of INC-7 in a file.
func texts(t *testing.T, path string) []string {
	t.Helper()
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	events, err := s.Events(t.Context(), 7, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, e := range events {
		words = append(words, fmt.Sprint(e.Body))
	}
	return words
}

// wantOnly wants nothing in a folder but the named files.
func wantOnly(t *testing.T, folder string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("the folder holds %q, want %q", got, names)
	}
}

func TestBackupOfAStoppedBot(t *testing.T) {
	path := filled(t)
	dest := filepath.Join(t.TempDir(), "copy.db")
	report, err := bolt.Backup(t.Context(), path, dest)
	if err != nil || report.Events != 2 || report.Incidents != 1 {
		t.Fatalf("%+v %v", report, err)
	}
	info, err := os.Stat(dest)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	wantOnly(t, filepath.Dir(dest), "copy.db")
	if got := texts(t, dest); len(got) != 2 {
		t.Errorf("the copy holds %q", got)
	}
}

func TestBackupNeverOverwrites(t *testing.T) {
	path := filled(t)
	dest := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(dest, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Backup(t.Context(), path, dest); err == nil || !strings.Contains(err.Error(), "that file exists and is not overwritten; name a new one") {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(dest); err != nil || string(got) != "precious" {
		t.Errorf("%q %v", got, err)
	}
}

// TestBackupWhileTheBotWrites copies again and again under load. Every copy must be a beginning of
// the log: whole commits, none missing between.
func TestBackupWhileTheBotWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	s, e, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var both sync.WaitGroup
	both.Go(func() {
		if err := e.Serve(ctx); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() {
		for n := 0; ctx.Err() == nil; n += 2 {
			err := s.Commit(t.Context(), bot.Change{Incident: 7, Version: n, Events: []incident.Event{
				{Body: incident.Progressed{Text: fmt.Sprint(n)}}, {Body: incident.Progressed{Text: fmt.Sprint(n + 1)}},
			}})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	waitFor(t, path+".sock")
	if info, err := os.Stat(path + ".sock"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
	before := 0
	for i := range 5 {
		dest := filepath.Join(t.TempDir(), fmt.Sprint(i))
		report, err := bolt.Backup(t.Context(), path, dest)
		if err != nil {
			t.Fatal(err)
		}
		if report.Events%2 != 0 || report.Events < before {
			t.Errorf("a copy of %d events after one of %d", report.Events, before)
		}
		before = report.Events
	}
	if before == 0 {
		t.Error("nothing was copied")
	}
	stop()
	both.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantOnly(t, filepath.Dir(path), "wardline.db")
}

// waitFor waits until a socket answers.
func waitFor(t *testing.T, path string) {
	t.Helper()
	for t.Context().Err() == nil {
		if _, err := os.Stat(path); err == nil {
			return
		}
	}
}

func TestBackupOfABotThatServesNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	store(t, path)
	dest := filepath.Join(t.TempDir(), "copy.db")
	if _, err := bolt.Backup(t.Context(), path, dest); err == nil || !strings.Contains(err.Error(), "another wardline has this file open") {
		t.Errorf("got %v", err)
	}
	wantOnly(t, filepath.Dir(dest))
}

// TestSocketLeftByAKilledBot must neither stop a backup nor the next bot.
func TestSocketLeftByAKilledBot(t *testing.T) {
	path := filled(t)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path + ".sock", Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Backup(t.Context(), path, filepath.Join(t.TempDir(), "copy.db")); err != nil {
		t.Error(err)
	}
	e, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- e.Serve(ctx) }()
	for { // until the new socket stands where the dead one stood
		conn, err := new(net.Dialer).DialContext(t.Context(), "unix", path+".sock")
		if err == nil {
			_ = conn.Close()
			break
		}
	}
	stop()
	if err := errors.Join(<-served, e.Close()); err != nil {
		t.Error(err)
	}
}

func TestBackupCutShortIsNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path + ".sock", Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if conn, err := l.Accept(); err == nil {
			_, _ = conn.Write(append([]byte{0, 0, 0, 0, 0, 1, 0, 0}, "not all"...))
			_ = conn.Close()
		}
	}()
	dest := filepath.Join(t.TempDir(), "copy.db")
	if _, err := bolt.Backup(t.Context(), path, dest); err == nil || !strings.Contains(err.Error(), "the running bot sent 7 of 65536 bytes") {
		t.Errorf("got %v", err)
	}
	wantOnly(t, filepath.Dir(dest))
	_ = l.Close()
}

func TestBackupOfDamagedDataIsNotKept(t *testing.T) {
	path := filled(t)
	e, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	entries, err := e.Range(t.Context(), storage.Prefix("event/"))
	if err != nil {
		t.Fatal(err)
	}
	entries[1].Value[80] ^= 1
	if err := errors.Join(e.Apply(t.Context(), storage.Batch{Write: entries[1:]}), e.Close()); err != nil {
		t.Fatal(err)
	}
	dest := filepath.Join(t.TempDir(), "copy.db")
	if _, err := bolt.Backup(t.Context(), path, dest); err == nil || !strings.Contains(err.Error(), "the copy is not kept, it has 1 problems, the first at event 2 of INC-7") {
		t.Errorf("got %v", err)
	}
	wantOnly(t, filepath.Dir(dest))
}

// TestStruckWordsAreNotInABackup looks for them in the bytes of the copy, free pages and all.
func TestStruckWordsAreNotInABackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Commit(t.Context(), bot.Change{Incident: 7, Events: []incident.Event{{Body: incident.Progressed{Text: "Zhang San"}}}})
	err = errors.Join(err, s.Commit(t.Context(), bot.Change{Incident: 7, Version: 1, Strike: []int{1}}), s.Close())
	dest := filepath.Join(t.TempDir(), "copy.db")
	_, berr := bolt.Backup(t.Context(), path, dest)
	data, rerr := os.ReadFile(dest)
	if err := errors.Join(err, berr, rerr); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("Zhang San")) {
		t.Error("the backup still holds what was struck")
	}
}
