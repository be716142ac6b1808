package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// keptDays is for how many days the last backup of the day is kept beside the newest ones.
const keptDays = 7

// backupStamp is the time in the name of a backup: UTC, in the order of time.
const backupStamp = "20060102T150405Z"

var backupName = regexp.MustCompile(`^wardline-(\d{8}T\d{6}Z)-(\d{12})\.db$`)

// A Copy is a backup in the folder of backups.
type Copy struct {
	Path    string
	At      time.Time // everything acknowledged before is in it
	Commits uint64    // when the copy was asked for; it may hold more
}

// CopyName is the name of a backup begun at a time, of a store with so many commits.
func CopyName(at time.Time, commits uint64) string {
	return fmt.Sprintf("wardline-%s-%012d.db", at.UTC().Format(backupStamp), commits)
}

// Copies lists the backups in a folder, newest first; none if there is no folder. Files with other
// names are nobody's business here.
func Copies(folder string) ([]Copy, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	var out []Copy
	for _, e := range entries {
		m := backupName.FindStringSubmatch(e.Name())
		if m == nil || !e.Type().IsRegular() {
			continue
		}
		at, err := time.Parse(backupStamp, m[1])
		if err != nil {
			continue
		}
		commits, err := strconv.ParseUint(m[2], 10, 64)
		if err != nil {
			continue
		}
		out = append(out, Copy{Path: filepath.Join(folder, e.Name()), At: at, Commits: commits})
	}
	slices.SortFunc(out, func(a, b Copy) int { return b.At.Compare(a.At) })
	return out, nil
}

// Prune removes old backups: all but the newest keep, and the newest of each of the last seven days.
func Prune(folder string, keep int, now time.Time) error {
	copies, err := Copies(folder)
	if err != nil {
		return err
	}
	days := map[string]bool{}
	var wrong error
	for i, c := range copies {
		day := c.At.Format(time.DateOnly)
		firstOfDay := !days[day]
		days[day] = true
		if i < max(keep, 1) || firstOfDay && now.Sub(c.At) < keptDays*24*time.Hour {
			continue
		}
		if err := os.Remove(c.Path); err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("remove an old backup: %w", err))
		}
	}
	return wrong
}
