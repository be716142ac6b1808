package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"wardline/bot"
	"wardline/storage/bolt"
)

// checkedEvery is how often the whole database is checked even if nobody changes it: a disk forgets
// on its own. Every backup is such a check.
const checkedEvery = 24 * time.Hour

// keeper keeps the data: it writes the witness, takes backups, and knows how that went.
type keeper struct {
	c   storageConfig
	h   *house
	log *slog.Logger

	mu     sync.Mutex // protects what follows
	last   bolt.Copy  // the newest good backup; zero = none
	failed error      // why the newest try failed; nil = it did not

	told   bolt.Witness // what the witness says; only the goroutine of witness uses it, then testify
	silent bool         // the witness cannot be written, and that was logged
	empty  bool         // the reserve is gone; only the goroutine of witness uses it
}

// ballast is the reserve on the disk.
func (c storageConfig) ballast() bolt.Ballast {
	return bolt.Ballast{Path: c.File + ".ballast", Size: int64(c.BallastMB) << 20}
}

func newKeeper(c storageConfig, h *house) *keeper {
	k := &keeper{c: c, h: h, log: h.log.With("part", "storage")}
	copies, err := bolt.Copies(c.BackupDir)
	if k.failed = err; len(copies) > 0 {
		k.last = copies[0]
	}
	return k
}

// witness keeps the witness up to date until ctx ends, a second behind at most.
func (k *keeper) witness(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		k.testify(ctx)
		k.reserve(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// testify writes how far the store has come, if it has come further. The disk may be full: then the
// witness stays behind, which raises no false alarm.
func (k *keeper) testify(ctx context.Context) {
	now := bolt.Witness{Standing: k.h.store.Standing(), At: time.Now().Round(0)}
	if now.Standing == k.told.Standing {
		return
	}
	err := bolt.Testify(k.h.path, now)
	switch {
	case err == nil:
		k.told, k.silent = now, false
	case !k.silent:
		k.silent = true
		k.log.WarnContext(ctx, "the witness cannot be written", "error", err)
	}
}

// reserve takes the ballast on when there is room, and tells people when it was given up.
func (k *keeper) reserve(ctx context.Context) {
	there, err := k.c.ballast().Keep()
	if there == !k.empty {
		return
	}
	k.empty = !there
	if there {
		k.log.InfoContext(ctx, "there is room on the disk again")
		return
	}
	k.log.ErrorContext(ctx, "the disk is nearly full; the reserve beside the database is gone", "error", err)
	if err := k.h.desk.Alarm(ctx, "full", bot.NearlyFull); err != nil && ctx.Err() == nil {
		k.log.ErrorContext(ctx, "people were not told", "alarm", "full", "error", err)
	}
}

// backups takes a backup as often as configured, until ctx ends.
func (k *keeper) backups(ctx context.Context) {
	if k.c.BackupDir == "" {
		k.log.WarnContext(ctx, "no backups are taken: storage.backup_dir is empty")
		return
	}
	every := k.c.BackupEvery.length()
	timer := time.NewTimer(min(every, firstBackup))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		k.backup(ctx)
		timer.Reset(every)
	}
}

// firstBackup is how long after the start the first backup is taken, if there is anything new: what
// an upgrade or a restore began with is worth a verified copy. The start itself is busy enough.
const firstBackup = 5 * time.Second

// backup takes a backup if there is something new, and says how it went.
func (k *keeper) backup(ctx context.Context) {
	now, commits := time.Now(), k.h.store.Standing().Commits
	k.mu.Lock()
	last, failed := k.last, k.failed
	k.mu.Unlock()
	if failed == nil && last.Commits == commits && now.Sub(last.At) < checkedEvery && exists(last.Path) {
		return
	}
	c := bolt.Copy{Path: filepath.Join(k.c.BackupDir, bolt.CopyName(now, commits)), At: now, Commits: commits}
	err := os.MkdirAll(k.c.BackupDir, 0o700)
	if err == nil {
		_, err = copyInChild(ctx, checkLimit, k.h.path, c.Path)
	}
	if ctx.Err() != nil {
		return
	}
	k.note(c, err)
	if err != nil {
		k.log.ErrorContext(ctx, "a backup failed", "error", err)
		k.alarm(ctx, err)
		return
	}
	k.log.InfoContext(ctx, "a backup was taken and verified", "file", c.Path, "took", time.Since(now).Round(time.Millisecond))
	if err := bolt.Prune(k.c.BackupDir, k.c.BackupKeep, now); err != nil {
		k.log.WarnContext(ctx, "old backups stay", "error", err)
	}
}

// alarm tells people once a day that the data is damaged, or that there are no backups.
func (k *keeper) alarm(ctx context.Context, err error) {
	key, what := "backup", bot.Unsaved
	if errors.Is(err, bolt.ErrDamaged) {
		key, what = "damaged", bot.Damaged
	}
	k.mu.Lock()
	last := k.last.At
	k.mu.Unlock()
	if err := k.h.desk.Alarm(ctx, key, what, "last", last, "has_last", !last.IsZero()); err != nil && ctx.Err() == nil {
		k.log.ErrorContext(ctx, "people were not told", "alarm", key, "error", err)
	}
}

func (k *keeper) note(c bolt.Copy, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failed = err; err == nil {
		k.last = c
	}
	k.h.eyes.BackedUp(k.last.At, err)
}

// inspect tells the doctor how the backups are.
func (k *keeper) inspect() []bot.Check {
	k.mu.Lock()
	defer k.mu.Unlock()
	has := !k.last.At.IsZero()
	return []bot.Check{{
		Name: "backup", OK: k.failed == nil && (has || k.c.BackupDir != ""),
		Args: []any{"on", k.c.BackupDir != "", "has", has, "at", k.last.At, "failed", k.failed != nil},
	}}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
