package bolt_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wardline/storage"
	"wardline/storage/bolt"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// saved takes a backup of a file into a folder, as the bot does.
func saved(t *testing.T, path, folder string, at time.Time) bolt.Copy {
	t.Helper()
	must(t, os.MkdirAll(folder, 0o700))
	report, err := bolt.Backup(t.Context(), path, filepath.Join(folder, bolt.CopyName(at, 1)))
	must(t, err)
	return bolt.Copy{Path: filepath.Join(folder, bolt.CopyName(at, 1)), At: at, Commits: report.Standing.Commits}
}

func TestWitnessIsReadAsWritten(t *testing.T) {
	path := filled(t)
	if w, err := bolt.ReadWitness(path); err != nil || w != (bolt.Witness{}) {
		t.Errorf("without one: %+v %v", w, err)
	}
	w := bolt.Witness{Standing: storage.Standing{Commits: 7, Heads: "ab", Last: 3}, At: time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)}
	must(t, bolt.Testify(path, w))
	if got, err := bolt.ReadWitness(path); err != nil || got != w {
		t.Errorf("got %+v %v", got, err)
	}
	text, err := os.ReadFile(path + ".witness")
	must(t, err)
	for i := range text[:len(text)-1] {
		spoiled := append([]byte{}, text...)
		spoiled[i] ^= 1
		must(t, os.WriteFile(path+".witness", spoiled, 0o600))
		if got, err := bolt.ReadWitness(path); err == nil && got != w {
			t.Errorf("byte %d went unnoticed: %+v", i, got)
		}
	}
}

func TestOlderStateIsBehind(t *testing.T) {
	path := filled(t)
	before, err := bolt.Verify(t.Context(), path)
	must(t, err)
	quick, err := bolt.VerifyEnds(t.Context(), path)
	if err != nil || quick.Standing != before.Standing || quick.Events != before.Events {
		t.Errorf("the quick check found %+v %v, the whole one %+v", quick, err, before)
	}
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	must(t, err)
	if got := s.Standing(); got != before.Standing {
		t.Errorf("the store stands at %+v, the file at %+v", got, before.Standing)
	}
	must(t, s.Shelf("web").Put(t.Context(), storage.Entry{Key: "k", Value: []byte("v")}))
	after := s.Standing()
	must(t, s.Close())
	if !before.Standing.Behind(after) || after.Behind(before.Standing) || after.Behind(after) {
		t.Errorf("%+v and %+v", before.Standing, after)
	}
	copied := saved(t, path, t.TempDir(), time.Now())
	if copied.Commits != after.Commits {
		t.Errorf("the backup counts %d commits, the store %d", copied.Commits, after.Commits)
	}
}

func TestPruneKeepsTheNewestAndOnePerDay(t *testing.T) {
	folder := t.TempDir()
	now := time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	for hours := 0; hours < 240; hours += 6 {
		must(t, os.WriteFile(filepath.Join(folder, bolt.CopyName(now.Add(-time.Duration(hours)*time.Hour), 9)), nil, 0o600))
	}
	must(t, os.WriteFile(filepath.Join(folder, "mine.db"), nil, 0o600))
	must(t, bolt.Prune(folder, 3, now))
	copies, err := bolt.Copies(folder)
	must(t, err)
	var got []string
	for _, c := range copies {
		got = append(got, c.At.Format("02T15"))
	}
	if want := "12T12 12T06 12T00 11T18 10T18 09T18 08T18 07T18 06T18 05T18"; strings.Join(got, " ") != want {
		t.Errorf("kept %q, want %q", got, want)
	}
	if _, err := os.Stat(filepath.Join(folder, "mine.db")); err != nil {
		t.Error("a file of somebody else was removed")
	}
}

func TestRestoreTakesTheNewestThatVerifies(t *testing.T) {
	path, folder := filled(t), t.TempDir()
	at := time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)
	good := saved(t, path, folder, at)
	bad := saved(t, path, folder, at.Add(time.Hour))
	must(t, os.Truncate(bad.Path, 10_000))
	must(t, bolt.Testify(path, bolt.Witness{Standing: storage.Standing{Commits: 90, Last: 12}, At: at.Add(2 * time.Hour)}))
	must(t, os.Truncate(path, 20_000))
	copies, err := bolt.Copies(folder)
	must(t, err)
	r, err := bolt.Restore(t.Context(), path, "why", copies, bolt.Verify)
	must(t, err)
	if r.Source != good.Path || !r.From.Equal(at) || !r.To.Equal(at.Add(2*time.Hour)) || r.Whole || r.Last != 12 {
		t.Errorf("%+v", r)
	}
	if got := texts(t, path); len(got) != 2 {
		t.Errorf("the restored file holds %q", got)
	}
	if info, err := os.Stat(r.Aside); err != nil || info.Size() != 20_000 {
		t.Errorf("the damaged file: %v %v", info, err)
	}
	report, err := bolt.Verify(t.Context(), path)
	if err != nil || report.Standing.Commits <= 90 {
		t.Errorf("the restored store counts on from %d: %v", report.Standing.Commits, err)
	}
	wantOnly(t, folder, filepath.Base(good.Path), filepath.Base(bad.Path)+".damaged")
	if told, yes, err := bolt.Restored(path); err != nil || !yes || !told.To.Equal(r.To) {
		t.Errorf("%+v %v %v", told, yes, err)
	}
	must(t, bolt.Told(path))
	if _, yes, err := bolt.Restored(path); err != nil || yes {
		t.Errorf("still to be told: %v", err)
	}
}

// A backup that could not be looked at is not a bad one.
func TestRestoreGivesUpNoBackupForAFaultOfTheMachine(t *testing.T) {
	path, folder := filled(t), t.TempDir()
	good := saved(t, path, folder, time.Now())
	copies, err := bolt.Copies(folder)
	must(t, err)
	before, err := os.ReadFile(path)
	must(t, err)
	_, err = bolt.Restore(t.Context(), path, "why", copies, func(context.Context, string) (storage.Report, error) {
		return storage.Report{}, errors.New("too busy")
	})
	if !errors.Is(err, bolt.ErrNoBackup) || !strings.Contains(err.Error(), "too busy") {
		t.Errorf("got %v", err)
	}
	wantOnly(t, folder, filepath.Base(good.Path))
	wantOnly(t, filepath.Dir(path), "wardline.db")
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed: %v", err)
	}
}
