package bolt_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// TestTimeToRestore measures checks and a restore of a big file, WARDLINE_BIG megabytes of it. The
// figures of docs/reliability.md come from here.
func TestTimeToRestore(t *testing.T) {
	size := count(t, "WARDLINE_BIG", 4)
	path := filepath.Join(t.TempDir(), "wardline.db")
	s, _, err := bolt.OpenStore(path, bolt.Options{NoSync: true})
	must(t, err)
	text := fmt.Sprintf("%0400d", 7)
	for id := incident.ID(1); size > 0; id++ {
		changes := make([]bot.Change, 0, 500)
		for n := range cap(changes) {
			changes = append(changes, bot.Change{
				Incident: id, Version: n, Head: &bot.Head{Title: "HIS", Open: id == 1},
				Events: []incident.Event{{At: time.Now(), Recorded: time.Now(), By: "li", Body: incident.Progressed{Text: text}}},
			})
		}
		must(t, s.Commit(t.Context(), changes...))
		if info, err := os.Stat(path); err != nil || info.Size() > int64(size)<<20 {
			break
		}
	}
	must(t, s.Close())
	info, err := os.Stat(path)
	must(t, err)
	took := func(what string, do func() error) {
		begun := time.Now()
		must(t, do())
		t.Logf("%d MB: %s took %v", info.Size()>>20, what, time.Since(begun).Round(10*time.Millisecond))
	}
	folder := t.TempDir()
	took("the whole check", func() error { _, err := bolt.Verify(t.Context(), path); return err })
	took("the quick check", func() error { _, err := bolt.VerifyEnds(t.Context(), path); return err })
	took("a backup", func() error { saved(t, path, folder, time.Now()); return nil })
	must(t, os.Truncate(path, info.Size()/2))
	copies, err := bolt.Copies(folder)
	must(t, err)
	took("a restore", func() error {
		_, err := bolt.Restore(t.Context(), path, "cut", copies, bolt.Verify)
		return err
	})
}
