package bolt_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// crashFile tells the test binary to be the process that is killed, and which file it writes.
const crashFile = "WARDLINE_CRASH_FILE"

// crashRounds makes it end by itself after so many commits of each incident.
const crashRounds = "WARDLINE_CRASH_ROUNDS"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		if err := writeUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if path := os.Getenv(judgedFile); path != "" {
		judge(path, os.Getenv(judgedBlindly) != "")
		return
	}
	if path := os.Getenv(imageFile); path != "" {
		var held map[incident.ID]int
		err := json.Unmarshal([]byte(os.Getenv(imageHeld)), &held)
		if err == nil {
			err = survives(path, held)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// imageFile tells it to open what a power failure left, and imageHeld what must be in there.
const (
	imageFile = "WARDLINE_IMAGE_FILE"
	imageHeld = "WARDLINE_IMAGE_HELD"
)

// survives opens what a power failure left as the next start does: it must verify, hold what was
// acknowledged, and take more.
func survives(path string, acknowledged map[incident.ID]int) error {
	ctx := context.Background()
	report, err := bolt.Verify(ctx, path)
	if err != nil || !report.OK() || len(report.Notes) > 0 {
		return fmt.Errorf("verify: %+v %v: %w", report.Problems, report.Notes, err)
	}
	s, _, err := bolt.OpenStore(path, bolt.Options{NoSync: true})
	if err != nil {
		return err
	}
	heads, err := s.Heads(ctx)
	versions := map[incident.ID]int{}
	for _, h := range heads {
		versions[h.ID] = h.Version
	}
	for id, version := range acknowledged {
		if versions[id] < version {
			err = errors.Join(err, fmt.Errorf("%v was acknowledged at %d and is at %d", id, version, versions[id]))
		}
	}
	err = errors.Join(err,
		s.Commit(ctx, bot.Change{Incident: 99, Events: []incident.Event{{Body: incident.Progressed{Text: "on"}}}}),
		s.Shelf("rig").Put(ctx, storage.Entry{Key: "k", Value: make([]byte, 20_000)}), s.Close())
	if err != nil {
		return err
	}
	if report, err = bolt.Verify(ctx, path); err == nil && !report.OK() {
		err = errors.New("written to, it does not verify")
	}
	return err
}

// writeUntilKilled commits from eight goroutines, each to an incident of its own, and prints
// "incident version" when a commit is acknowledged.
func writeUntilKilled(path string) error {
	s, _, err := bolt.OpenStore(path, bolt.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	versions := map[incident.ID]int{}
	heads, err := s.Heads(context.Background())
	if err != nil {
		return err
	}
	for _, h := range heads {
		versions[h.ID] = h.Version
	}
	rounds, err := strconv.Atoi(os.Getenv(crashRounds))
	if err != nil {
		rounds = math.MaxInt32
	}
	var all sync.WaitGroup
	for id := incident.ID(1); id <= 8; id++ {
		version := versions[id]
		all.Go(func() {
			for range rounds {
				err := s.Commit(context.Background(), bot.Change{
					Incident: id, Version: version,
					Events:   []incident.Event{{Body: incident.Progressed{Text: fmt.Sprint(version)}}},
					Head:     &bot.Head{Open: true},
					Snapshot: fmt.Append(nil, version+1),
					Say:      []bot.Message{{ID: bot.MessageID(fmt.Sprint(id, "/", version)), Platform: "web"}},
					Settled:  []bot.Settled{{Platform: "web", ID: bot.MessageID(fmt.Sprint(id, "/", version-3))}},
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				version++
				fmt.Printf("%d %d\n", id, version)
			}
		})
	}
	all.Wait()
	return nil
}

// TestKilledAtRandomLosesNothing kills a writing process twenty times at random moments. What it
// acknowledged must be there, whole, and verify.
func TestKilledAtRandomLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wardline.db")
	acknowledged := map[incident.ID]int{}
	total := 0
	for round := range 20 {
		total += runAndKill(t, path, 1+rand.IntN(400), acknowledged)
		report, err := bolt.Verify(t.Context(), path)
		if err != nil || !report.OK() {
			t.Fatalf("round %d: %+v %v", round, report, err)
		}
		s, _, err := bolt.OpenStore(path, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for id, version := range acknowledged {
			state, at, tail, err := s.Load(t.Context(), id)
			if err != nil || at < version || string(state) != fmt.Sprint(at) || len(tail) != 0 {
				t.Errorf("round %d: %v was acknowledged at %d and is at %d with state %s and a tail of %d: %v", round, id, version, at, state, len(tail), err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("20 kills, %d commits acknowledged, 0 lost", total)
}

// runAndKill runs a writer until it has acknowledged some commits, kills it, and notes all it acknowledged.
func runAndKill(t *testing.T, path string, after int, acknowledged map[incident.ID]int) int {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), crashFile+"="+path)
	var said strings.Builder
	child.Stderr = &said
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	n := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var id incident.ID
		var version int
		if _, err := fmt.Sscan(lines.Text(), &id, &version); err != nil {
			break // the last line may be torn
		}
		acknowledged[id] = max(acknowledged[id], version)
		if n++; n == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || n < after {
		t.Fatalf("the writer ended by itself after %d commits (%v): %s", n, err, said.String())
	}
	return n
}
