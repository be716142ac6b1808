package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wardline/bot"
	"wardline/storage"
	"wardline/storage/bolt"
)

const (
	checkLimit = 10 * time.Minute // of a check nobody waits for in an emergency
	startLimit = time.Minute      // of the check before a start: a bot that never starts is worse than the risk
	wholeLimit = 128 << 20        // a larger file is checked in full only by its next backup
)

// secure makes sure that the database may be opened: it checks it, and restores a backup if it is
// damaged, gone or older than it was. It never lets a bot start empty that was not empty before.
func secure(ctx context.Context, c storageConfig, log *slog.Logger) error {
	path := c.File
	w, err := bolt.ReadWitness(path)
	if err != nil {
		log.WarnContext(ctx, "the witness of the database cannot be read", "error", err)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && info.Size() == 0:
		return missing(ctx, c, w, log)
	case err != nil:
		return fmt.Errorf("open %s: %w; let the bot's user reach it", path, err)
	case !info.Mode().IsRegular():
		return nil // opening it says what is wrong
	}
	if err := bolt.Unused(path); err != nil {
		return err
	}
	began := time.Now()
	report, err := fileChecker(info.Size() > wholeLimit, startLimit)(ctx, path)
	switch {
	case errors.Is(err, bolt.ErrDamaged):
		return replace(ctx, c, err.Error(), nil, log)
	case errors.Is(err, errSlow), err != nil && !readable(path):
		log.WarnContext(ctx, "the database was not checked before the start", "error", err)
		return nil
	case err != nil:
		return err
	case report.Standing.Behind(w.Standing):
		return replace(ctx, c, behind(path, report.Standing, w), &report, log)
	}
	for _, note := range report.Notes {
		log.WarnContext(ctx, "the database was checked", "note", note)
	}
	log.InfoContext(ctx, "the database is whole", "took", time.Since(began).Round(time.Millisecond), "holds", holds(report))
	return nil
}

// readable tells whether the file can be read at all; if it cannot, opening it says so better.
func readable(path string) bool {
	f, err := os.Open(path)
	return err == nil && f.Close() == nil
}

// behind says how a witness contradicts a database.
func behind(path string, s storage.Standing, w bolt.Witness) string {
	return fmt.Sprintf("%s: it is older than it was: it holds %d commits, and at %s it held %d",
		path, s.Commits, w.At.UTC().Format(time.RFC3339), w.Commits)
}

// missing decides about a database that is not there: the first start, or a loss.
func missing(ctx context.Context, c storageConfig, w bolt.Witness, log *slog.Logger) error {
	copies, err := bolt.Copies(c.BackupDir)
	if err != nil {
		log.WarnContext(ctx, "backups cannot be looked for", "error", err)
	}
	if w.Commits == 0 && len(copies) == 0 {
		return nil
	}
	return replace(ctx, c, c.File+": the file is gone or empty", nil, log)
}

// replace restores the newest good backup, or says what to do. A file that only lost its last commits
// may still be the newest there is; its report says how far it got.
func replace(ctx context.Context, c storageConfig, why string, older *storage.Report, log *slog.Logger) error {
	log.ErrorContext(ctx, "the database is damaged; restoring a backup", "why", why)
	copies, err := bolt.Copies(c.BackupDir)
	if err != nil {
		log.WarnContext(ctx, "backups cannot be looked for", "error", err)
	}
	if older != nil {
		copies = append(copies, bolt.Copy{Path: c.File, At: older.Latest, Commits: older.Standing.Commits})
		slices.SortStableFunc(copies, func(a, b bolt.Copy) int { return cmp.Compare(b.Commits, a.Commits) })
	}
	r, err := bolt.Restore(ctx, c.File, why, copies, fileChecker(false, checkLimit))
	if errors.Is(err, bolt.ErrNoBackup) {
		return fmt.Errorf("%s; and there is no good backup in %s: copy a good one there from elsewhere and start again, or run wardline restore FILE; "+
			"to start with nothing, move %s and %s.witness away (and the backups) (%w)", why, orNone(c.BackupDir), c.File, c.File, err)
	}
	if err != nil {
		return fmt.Errorf("%s; restoring a backup failed: %w", why, err)
	}
	log.ErrorContext(ctx, "a backup was restored", "from", r.Source, "aside", r.Aside,
		"missing_from", r.From.UTC().Format(time.RFC3339), "missing_to", r.To.UTC().Format(time.RFC3339), "took", time.Since(r.At).Round(time.Millisecond))
	return nil
}

func orNone(folder string) string {
	if folder == "" {
		return "any folder (storage.backup_dir is empty)"
	}
	return folder
}

// mend makes a restored store fit to speak, before the desk reads it.
func mend(ctx context.Context, path string, store bot.Store, platforms ...bot.Platform) error {
	r, restored, err := bolt.Restored(path)
	if err != nil || !restored {
		return err
	}
	var names []string
	for _, p := range platforms {
		names = append(names, p.Name())
	}
	return bot.Mend(ctx, store, bot.Mended{At: r.At, Last: r.Last, Platforms: names})
}

// tellRestored says in the rooms of those in charge that a backup was restored, once.
func (h *house) tellRestored(ctx context.Context) {
	r, restored, err := bolt.Restored(h.path)
	if err == nil && restored {
		what := bot.Restored
		if r.Whole {
			what = bot.RestoredWhole
		}
		err = h.desk.Alarm(ctx, "restored/"+r.At.UTC().Format(time.RFC3339Nano), what,
			"at", r.At, "from", r.From, "to", r.To, "aside", filepath.Base(r.Aside), "source", filepath.Base(r.Source))
	}
	if err == nil && restored {
		err = bolt.Told(h.path)
	}
	if err != nil {
		h.log.ErrorContext(ctx, "it was not told that a backup was restored", "error", err)
	}
}
