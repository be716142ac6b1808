package bolt_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// store opens a store on a file and closes it with the test.
func store(t *testing.T, path string) func(version int, text string) {
	t.Helper()
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return func(version int, text string) {
		t.Helper()
		err := s.Commit(t.Context(), bot.Change{Incident: 7, Version: version, Events: []incident.Event{{Body: incident.Progressed{Text: text}}}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// filled makes a file with two events and returns its name.
func filled(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "wardline.db")
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Commit(t.Context(), bot.Change{Incident: 7, Events: []incident.Event{
		{Body: incident.Progressed{Text: "a"}}, {Body: incident.Progressed{Text: "a flipped byte"}},
	}})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func refused(t *testing.T, path string, words ...string) {
	t.Helper()
	e, err := bolt.Open(path, bolt.Options{LockTimeout: 20 * time.Millisecond})
	if err == nil {
		_ = e.Close()
		t.Errorf("%s was opened", path)
		return
	}
	for _, w := range append(words, path) {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("got %q, which lacks %q", err, w)
		}
	}
}

func TestNewFileIsForItsUserOnly(t *testing.T) {
	info, err := os.Stat(filled(t))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

func TestSecondBotIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	store(t, path)
	refused(t, path, "another wardline has this file open; stop that one first")
	if _, err := bolt.Verify(t.Context(), path); err == nil || !strings.Contains(err.Error(), "wardline backup") {
		t.Errorf("verify said %v", err)
	}
}

func TestWhatCannotBeAFileIsRefused(t *testing.T) {
	folder := t.TempDir()
	refused(t, folder, "it is a folder; name a file inside it, such as "+folder+"/wardline.db")
	refused(t, filepath.Join(folder, "no", "wardline.db"), "the folder "+folder+"/no does not exist; create it, or name another file")
	refused(t, "/dev/null", "it is not a regular file")
}

func TestUnwritableFileIsRefused(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := filled(t)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "permission denied; let the bot's user read and write the file and its folder")
}

func TestFileOfAnotherKindIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	for _, content := range []string{"x", "[bot]\nname = \"a config\"\n", strings.Repeat("text ", 100_000), string(make([]byte, 1<<20))} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "it is not a wardline database, or it is damaged; name another file or restore a backup")
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("the file was changed: %v", err)
		}
	}
}

func TestDatabaseOfAnotherProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("theirs"))
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	refused(t, path, "it is the database of another program; name another file")
}

func TestTruncatedFileIsRefused(t *testing.T) {
	path := filled(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1; size < 5*4096; size += 997 {
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, path, "restore a backup")
	}
}

// TestFlippedByteInTheFile spoils a body where it lies on the disk: bbolt's own check is content.
func TestFlippedByteInTheFile(t *testing.T) {
	path := filled(t)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoiled := bytes.ReplaceAll(data, []byte("a flipped byte"), []byte("a flopped byte"))
	if bytes.Equal(data, spoiled) {
		t.Fatal("the body is not in the file")
	}
	if err := os.WriteFile(path, spoiled, 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := bolt.Verify(t.Context(), path)
	if err != nil || len(report.Problems) != 1 || report.Problems[0].Place != "event 2 of INC-7" {
		t.Errorf("verify: %+v %v", report, err)
	}
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	if _, err := s.Events(t.Context(), 7, 0, 0); err == nil || !strings.Contains(err.Error(), "event 2 of INC-7: checksum does not match") {
		t.Errorf("events: %v", err)
	}
}

func TestVerifyNamesAMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := bolt.Verify(t.Context(), path); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("verify made a file: %v", err)
	}
}
