package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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

// BenchmarkCommands measures acknowledged commands through the desk, each made durable, beside a bare
// group commit of the very puts they came to: in turns, in the same run, on the same disk. ratio is what
// deciding, rendering and delivering leave of the bare rate. With a platform every message is also said
// and settled; its puts count on both sides.
func BenchmarkCommands(b *testing.B) {
	for _, platform := range []bool{false, true} {
		for _, callers := range []int{1, 64} {
			b.Run(fmt.Sprintf("platform=%v/callers=%d", platform, callers), func(b *testing.B) { benchmarkCommands(b, callers, platform) })
		}
	}
}

func benchmarkCommands(b *testing.B, callers int, platform bool) {
	each := max(100/callers, 20) // commands per caller and turn
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "wardline.db"), bolt.Options{})
	must(b, err)
	tap := &tap{Engine: engine}
	s := newBench(b, tap, platform)
	bare := openBare(b)
	var tookDesk, tookBare time.Duration
	turn, batches, n := 0, 0, 0
	for b.Loop() {
		first := s.four(b) // an outage has some hundred events, not some ten thousand
		for s.desk.Unsaid("web") > 0 {
			time.Sleep(time.Millisecond)
		}
		tap.take()
		tookDesk += together(callers, func(caller int) {
			for i := range each {
				act := bot.Act{
					Incident: first + incident.ID(caller%4), Command: incident.AddProgress{Text: fmt.Sprintf("turn %d: %s", turn, strings.Repeat("words ", 20))},
					By: wang, Heard: fmt.Sprintf("web/%d/%d/%d", turn, caller, i),
				}
				if _, err := s.desk.Do(b.Context(), act); err != nil {
					b.Error(err)
				}
			}
		})
		for s.desk.Unsaid("web") > 0 { // puts of this turn, not of the next; nobody waits for them
			time.Sleep(time.Millisecond)
		}
		puts, applied := tap.take()
		batches += applied
		chunk := (len(puts) + callers*each - 1) / (callers * each)
		tookBare += together(callers, func(caller int) {
			for i := range each {
				from := min((caller*each+i)*chunk, len(puts))
				if err := bare.commit(puts[from:min(from+chunk, len(puts))]); err != nil {
					b.Error(err)
				}
			}
		})
		turn++
		n += callers * each
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n)/tookDesk.Seconds(), "commands/s")
	b.ReportMetric(float64(n)/tookBare.Seconds(), "bare/s")
	b.ReportMetric(float64(n)/float64(batches), "commands/commit")
	b.ReportMetric(tookBare.Seconds()/tookDesk.Seconds(), "ratio")
	s.stop()
	bare.close(b)
}

// newBench runs a desk.
func newBench(b *testing.B, engine storage.Engine, platform bool) *stage {
	s := newStage(b, b.TempDir())
	s.open = func() (*storage.Store, error) { return storage.Open(engine, storage.Options{}) }
	s.opts.Log = slog.New(slog.DiscardHandler)
	s.opts.Platforms = nil
	if platform {
		s.opts.Platforms = []bot.Platform{quiet{}}
	}
	s.start()
	return s
}

// four closes what is open, declares four incidents anew and returns the first.
func (s *stage) four(b *testing.B) incident.ID {
	do := func(id incident.ID, c incident.Command) incident.ID {
		o, err := s.desk.Do(b.Context(), bot.Act{Incident: id, Command: c, By: wang})
		must(b, err)
		return o.After.ID
	}
	for _, in := range s.desk.Ongoing() {
		do(in.ID, incident.Restore{Watch: time.Hour})
		do(in.ID, incident.Close{Override: "the next turn"})
	}
	var last incident.ID
	for range 4 {
		last = do(0, s.desk.Expand(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Level: incident.L2}, time.Now()))
	}
	return last - 3
}

// quiet is a platform that has everything at once.
type quiet struct{}

func (quiet) Name() string { return "web" }

func (quiet) Say(_ context.Context, m bot.Message, _ bot.Ref) (bot.Ref, error) {
	return bot.Ref(m.ID), nil
}

// tap is an engine that remembers what was written.
type tap struct {
	storage.Engine
	mu      sync.Mutex // protects what follows
	puts    []storage.Entry
	batches int
}

func (t *tap) Apply(ctx context.Context, batch storage.Batch) error {
	t.mu.Lock()
	t.puts = append(t.puts, batch.Write...)
	t.batches++
	t.mu.Unlock()
	return t.Engine.Apply(ctx, batch)
}

func (t *tap) take() ([]storage.Entry, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	puts, n := t.puts, t.batches
	t.puts, t.batches = nil, 0
	return puts, n
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

// bare is a group commit and nothing else: what the disk can do.
type bare struct {
	db   *bbolt.DB
	in   chan bareRequest
	done sync.WaitGroup
}

type bareRequest struct {
	puts []storage.Entry
	out  chan error
}

func openBare(b *testing.B) *bare {
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 1 << 30,
	})
	must(b, err)
	must(b, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("b"))
		return err
	}))
	c := &bare{db: db, in: make(chan bareRequest, 1024)}
	c.done.Go(c.run)
	return c
}

func (c *bare) commit(puts []storage.Entry) error {
	r := bareRequest{puts, make(chan error, 1)}
	c.in <- r
	return <-r.out
}

func (c *bare) run() {
	for r := range c.in {
		joined := []bareRequest{r}
		for len(c.in) > 0 {
			joined = append(joined, <-c.in)
		}
		err := c.db.Update(func(tx *bbolt.Tx) error {
			k := tx.Bucket([]byte("b"))
			var errs error
			for _, r := range joined {
				for _, p := range r.puts {
					if p.Value == nil {
						errs = errors.Join(errs, k.Delete([]byte(p.Key)))
						continue
					}
					errs = errors.Join(errs, k.Put([]byte(p.Key), p.Value))
				}
			}
			return errs
		})
		for _, r := range joined {
			r.out <- err
		}
	}
}

func (c *bare) close(b *testing.B) {
	close(c.in)
	c.done.Wait()
	must(b, c.db.Close())
}

// BenchmarkBoard renders the boards people look at most, of an outage with 200 events, beside three others.
func BenchmarkBoard(b *testing.B) {
	s := newBench(b, benchEngine(b), false)
	s.four(b)
	for i := range 100 {
		s.do(incident.AddProgress{Text: fmt.Sprint("step ", i)})
		s.do(incident.Report{Text: fmt.Sprint("symptom ", i%7), Department: "ed"})
	}
	for _, id := range []bot.RoomID{incidentRoom, ed, leaders, bot.IT} {
		room, _ := s.desk.Room(id)
		b.Run(strings.ReplaceAll(string(id), "/", "_"), func(b *testing.B) {
			for b.Loop() {
				if s.desk.Board(room).Text == "" {
					b.Fatal("an empty board")
				}
			}
		})
	}
	s.stop()
}

func benchEngine(b *testing.B) storage.Engine {
	engine, err := bolt.Open(filepath.Join(b.TempDir(), "wardline.db"), bolt.Options{NoSync: true})
	must(b, err)
	return engine
}

// BenchmarkStart opens the file and makes a desk that is ready to run, with 1,000 closed incidents of
// 100 events each and one that is open.
func BenchmarkStart(b *testing.B) {
	s := newStage(b, b.TempDir())
	s.start()
	at := time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)
	log := []incident.Event{{At: at, Recorded: at, By: "wang", Body: incident.Declared{Since: at, Systems: []incident.SystemID{"his"}, Level: incident.L2}}}
	for len(log) < 100 {
		log = append(log, incident.Event{At: at, Recorded: at, By: "wang", Body: incident.Progressed{Text: strings.Repeat("words ", 30)}})
	}
	for id := 1; id <= 1001; id++ {
		head := bot.Head{ID: incident.ID(id), Title: "HIS is down", Level: incident.L2, Phase: incident.Closed, Since: at, Ended: at, Open: id > 1000}
		must(b, s.store.Commit(b.Context(), bot.Change{Incident: incident.ID(id), Events: log, Head: &head}))
	}
	s.stop()
	for b.Loop() {
		store, err := s.open()
		must(b, err)
		s.opts.Store = store
		desk, err := bot.New(b.Context(), s.opts)
		b.StopTimer()
		must(b, err)
		if got := len(desk.Heads()); got != 1001 {
			b.Fatalf("%d incidents", got)
		}
		must(b, store.Close())
		b.StartTimer()
	}
}
