package bolt_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// BenchmarkCommit measures acknowledged commits beside a bare group commit of the same puts: both in
// the same run, on the same disk, in turns, so that a slow disk slows both. ratio is what the store's
// checks, hashes and encoding leave of the bare rate.
func BenchmarkCommit(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) { benchmarkCommit(b, callers) })
	}
}

// typical is what one command changes: an event of 400 bytes, two messages of 500, a mark.
func typical(id incident.ID, version int) bot.Change {
	at := time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)
	m := bot.Message{
		Platform: "web", Room: "it", Kind: bot.Notice, Urgency: bot.Safety, Lang: "zh", Level: "L3",
		Title: "HIS", Text: strings.Repeat("words ", 25), Incident: id, At: at,
	}
	first, second := m, m
	first.ID = bot.MessageID(fmt.Sprintf("%d/%d/1", id, version))
	second.ID = bot.MessageID(fmt.Sprintf("%d/%d/2", id, version))
	return bot.Change{
		Incident: id, Version: version,
		Events: []incident.Event{{At: at, Recorded: at, By: "li", Body: incident.Progressed{Text: strings.Repeat("words ", 30)}}},
		Say:    []bot.Message{first, second},
		Marks:  []bot.Mark{{Name: fmt.Sprintf("heard/%d", id), Value: fmt.Sprint(version)}},
	}
}

func benchmarkCommit(b *testing.B, callers int) {
	const each = 50 // commits per caller and turn
	s, _, err := bolt.OpenStore(filepath.Join(b.TempDir(), "wardline.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	bare := openBare(b)
	r := &recorder{}
	recording, err := storage.Open(r, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var tookStore, tookBare time.Duration
	turns := 0
	for b.Loop() {
		puts := r.record(b, recording, callers, turns*each, each)
		tookStore += together(callers, func(caller int) {
			for i := range each {
				if err := s.Commit(b.Context(), typical(incident.ID(caller+1), turns*each+i)); err != nil {
					b.Error(err)
				}
			}
		})
		tookBare += together(callers, func(caller int) {
			for _, p := range puts[caller] {
				if err := bare.commit(p); err != nil {
					b.Error(err)
				}
			}
		})
		turns++
	}
	n := float64(turns * each * callers)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(n/tookStore.Seconds(), "commits/s")
	b.ReportMetric(n/tookBare.Seconds(), "bare/s")
	b.ReportMetric(tookBare.Seconds()/tookStore.Seconds(), "ratio")
	if err := errors.Join(s.Close(), recording.Close(), bare.close()); err != nil {
		b.Error(err)
	}
}

// together runs callers at the same time and returns how long the last one took.
func together(callers int, do func(caller int)) time.Duration {
	var all sync.WaitGroup
	start := time.Now()
	for c := range callers {
		all.Go(func() { do(c) })
	}
	all.Wait()
	return time.Since(start)
}

// recorder is an engine that only remembers what it was to write.
type recorder struct{ batch storage.Batch }

func (r *recorder) Apply(_ context.Context, b storage.Batch) error { r.batch = b; return nil }

func (r *recorder) Get(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

func (r *recorder) Range(context.Context, storage.Span) ([]storage.Entry, error) { return nil, nil }

func (r *recorder) Close() error { return nil }

// record returns, per caller, the very puts the store makes of its next commits.
func (r *recorder) record(b *testing.B, s *storage.Store, callers, from, each int) [][][]storage.Entry {
	puts := make([][][]storage.Entry, callers)
	for i := range each {
		for caller := range callers {
			if err := s.Commit(b.Context(), typical(incident.ID(caller+1), from+i)); err != nil {
				b.Fatal(err)
			}
			puts[caller] = append(puts[caller], r.batch.Write)
		}
	}
	return puts
}

// bareCommitter is a group commit and nothing else: what a disk can do.
type bareCommitter struct {
	db   *bbolt.DB
	in   chan bareRequest
	done sync.WaitGroup
}

type bareRequest struct {
	puts []storage.Entry
	out  chan error
}

func openBare(b *testing.B) *bareCommitter {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 1 << 30,
	})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("b"))
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	c := &bareCommitter{db: db, in: make(chan bareRequest, 1024)}
	c.done.Go(c.run)
	return c
}

func (c *bareCommitter) commit(puts []storage.Entry) error {
	r := bareRequest{puts, make(chan error, 1)}
	c.in <- r
	return <-r.out
}

func (c *bareCommitter) run() {
	for r := range c.in {
		joined := []bareRequest{r}
		for len(c.in) > 0 {
			joined = append(joined, <-c.in)
		}
		err := c.db.Update(func(tx *bbolt.Tx) error {
			k := tx.Bucket([]byte("b"))
			for _, r := range joined {
				for _, p := range r.puts {
					if err := k.Put([]byte(p.Key), p.Value); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for _, r := range joined {
			r.out <- err
		}
	}
}

func (c *bareCommitter) close() error {
	close(c.in)
	c.done.Wait()
	return c.db.Close()
}

// BenchmarkOpen opens a store of closed incidents of 100 events each: after a clean stop, and after
// a crash, when bbolt works out its free pages from the whole file.
func BenchmarkOpen(b *testing.B) {
	for _, incidents := range []int{1_000, 10_000} {
		path := filepath.Join(b.TempDir(), "wardline.db")
		fillClosed(b, path, incidents)
		b.Run(fmt.Sprintf("incidents=%d/clean", incidents), func(b *testing.B) { benchmarkOpen(b, path, incidents, false) })
		b.Run(fmt.Sprintf("incidents=%d/crashed", incidents), func(b *testing.B) { benchmarkOpen(b, path, incidents, true) })
	}
}

func benchmarkOpen(b *testing.B, path string, incidents int, crashed bool) {
	for b.Loop() {
		b.StopTimer()
		if crashed {
			forgetFreePages(b, path)
		}
		b.StartTimer()
		s, _, err := bolt.OpenStore(path, bolt.Options{})
		if err != nil {
			b.Fatal(err)
		}
		heads, err := s.Heads(b.Context())
		b.StopTimer()
		if err != nil || len(heads) != incidents {
			b.Fatalf("%d heads, %v", len(heads), err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// forgetFreePages leaves the file as a bot does that had no time to close it.
func forgetFreePages(b *testing.B, path string) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("wardline")).Put([]byte("mark/x"), nil) })
	err = errors.Join(err, db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("wardline")).Delete([]byte("mark/x")) }), db.Close())
	if err != nil {
		b.Fatal(err)
	}
}

func fillClosed(b *testing.B, path string, incidents int) {
	s, _, err := bolt.OpenStore(path, bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)
	var events []incident.Event
	for range 100 {
		events = append(events, incident.Event{At: at, Recorded: at, By: "li", Body: incident.Progressed{Text: strings.Repeat("words ", 30)}})
	}
	for id := 1; id <= incidents; {
		var changes []bot.Change
		for range 50 {
			changes = append(changes, bot.Change{
				Incident: incident.ID(id), Events: events,
				Head:     &bot.Head{Title: "HIS", Level: incident.L3, Phase: incident.Closed, Since: at, Ended: at},
				Snapshot: make([]byte, 2000),
			})
			id++
		}
		if err := s.Commit(b.Context(), changes...); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
