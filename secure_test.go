package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wardline/storage"
	"wardline/storage/bolt"
)

// played runs a demo in a folder once, so that there is a database, and takes a backup if it shall.
func played(t *testing.T, saved bool) (folder, database string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "demo")
	b := start(t, true, "demo", "--data", folder)
	b.await(`Open: +(\S+)$`)
	b.end()
	database = filepath.Join(folder, "wardline.db")
	if saved {
		backups := filepath.Join(folder, "backups")
		if err := os.MkdirAll(backups, 0o700); err != nil {
			t.Fatal(err)
		}
		if out, code := wardline(t, "copy-file", database, filepath.Join(backups, "wardline-20260512T193000Z-000000000001.db")); code != 0 {
			t.Fatalf("backup ends with %d: %s", code, out)
		}
	}
	return folder, database
}

// spoil zeroes pages of a file, from the third on.
func spoil(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = append(data[:8192:8192], make([]byte, len(data)-8192)...)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDamagedDatabaseIsRestoredAndTold(t *testing.T) {
	folder, database := played(t, true)
	damaged := spoil(t, database)
	b := start(t, true, "demo", "--data", folder)
	address := b.await(`Open: +(\S+)$`)
	waitGone(t, database+".restored")
	log := b.end()
	if !strings.Contains(log, "the database is damaged; restoring a backup") || !strings.Contains(log, "a backup was restored") {
		t.Errorf("the log of the bot at %s says nothing:\n%s", address, log)
	}
	aside, err := filepath.Glob(database + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("put aside: %q %v", aside, err)
	}
	if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, damaged) {
		t.Errorf("the damaged file was changed: %v", err)
	}
	text, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte("机器人的数据库损坏，已在 ")) {
		t.Error("nobody was told")
	}
	if out, code := wardline(t, "verify", database); code != 0 {
		t.Errorf("the restored database: %s", out)
	}
}

// waitGone waits until a file is no more.
func waitGone(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for begun := time.Now(); time.Since(begun) < 2*time.Minute; <-tick.C {
		if _, err := os.Stat(path); err != nil {
			return
		}
	}
	t.Errorf("%s is still there", path)
}

func TestDamagedDatabaseWithoutBackupIsRefused(t *testing.T) {
	folder, database := played(t, false)
	damaged := spoil(t, database)
	out, code := wardline(t, "demo", "--data", folder)
	if code != 1 || !strings.Contains(out, "there is no good backup in "+filepath.Join(folder, "backups")+": copy a good one there") {
		t.Errorf("it ends with %d:\n%s", code, out)
	}
	if kept, err := os.ReadFile(database); err != nil || !bytes.Equal(kept, damaged) {
		t.Errorf("the damaged file was changed: %v", err)
	}
}

func TestLostDatabaseIsNotReplacedByAnEmptyOne(t *testing.T) {
	folder, database := played(t, false)
	if err := os.Remove(database); err != nil {
		t.Fatal(err)
	}
	out, code := wardline(t, "demo", "--data", folder)
	if code != 1 || !strings.Contains(out, "the file is gone or empty; and there is no good backup") {
		t.Errorf("it ends with %d:\n%s", code, out)
	}
}

// TestOlderDatabaseIsNoticed puts an older copy in the place of the database, as a restored disk image
// would. It is the newest there is, so the bot goes on with it, and says so.
func TestOlderDatabaseIsNoticed(t *testing.T) {
	folder, database := played(t, false)
	older, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	if err := bolt.Testify(database, bolt.Witness{Standing: storage.Standing{Commits: 1000, Last: 41}, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	b := start(t, true, "demo", "--data", folder)
	b.await(`Open: +(\S+)$`)
	waitGone(t, database+".restored")
	if log := b.end(); !strings.Contains(log, "it is older than it was: it holds 1 commits") {
		t.Errorf("the log:\n%s", log)
	}
	aside, err := filepath.Glob(database + ".damaged-*")
	if err != nil || len(aside) != 1 {
		t.Fatalf("put aside: %q %v", aside, err)
	}
	if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, older) {
		t.Errorf("the older file was changed: %v", err)
	}
	if w, err := bolt.ReadWitness(database); err != nil || w.Commits <= 1000 {
		t.Errorf("the store counts on from %d: %v", w.Commits, err)
	}
	b = start(t, true, "demo", "--data", folder) // and all is well again
	b.await(`Open: +(\S+)$`)
	if log := b.end(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log:\n%s", log)
	}
}

// TestRunningBotBacksItselfUp waits for the first backup, which a process of its own takes.
func TestRunningBotBacksItselfUp(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "demo")
	b := start(t, true, "demo", "--data", folder)
	b.await(`Open: +(\S+)$`)
	var copies []bolt.Copy
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for begun := time.Now(); len(copies) == 0 && time.Since(begun) < 2*time.Minute; <-tick.C {
		var err error
		if copies, err = bolt.Copies(filepath.Join(folder, "backups")); err != nil {
			t.Fatal(err)
		}
	}
	if log := b.end(); len(copies) != 1 || strings.Contains(log, "level=ERROR") {
		t.Fatalf("backups: %+v\n%s", copies, log)
	}
	if out, code := wardline(t, "verify", copies[0].Path); code != 0 || copies[0].Commits == 0 {
		t.Errorf("%+v: %s", copies[0], out)
	}
}
