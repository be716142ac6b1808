package storage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/memory"
)

// gate is an engine whose writes wait until they are let through, with the error they are given.
type gate struct {
	*memory.Engine
	let     chan error
	batches []storage.Batch
}

func (g *gate) Apply(ctx context.Context, b storage.Batch) error {
	if err := <-g.let; err != nil {
		return err
	}
	g.batches = append(g.batches, b)
	return g.Engine.Apply(ctx, b)
}

// enter opens a store behind a gate that has let the schema through.
func enter(t *testing.T) (*storage.Store, *gate) {
	t.Helper()
	g := &gate{Engine: memory.New(), let: make(chan error, 1)}
	g.let <- nil
	s, err := storage.Open(g, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g.batches = nil
	return s, g
}

func progress(id incident.ID, version int, text string) bot.Change {
	return bot.Change{Incident: id, Version: version, Events: []incident.Event{{Body: incident.Progressed{Text: text}}}}
}

// commits starts commits one after the other and returns what will be their outcomes, in order.
func commits(t *testing.T, s *storage.Store, changes ...bot.Change) func() []error {
	t.Helper()
	outcomes := make([]error, len(changes))
	var all sync.WaitGroup
	for i, c := range changes {
		all.Go(func() { outcomes[i] = s.Commit(t.Context(), c) })
		synctest.Wait()
	}
	return func() []error {
		all.Wait()
		return outcomes
	}
}

func TestWaitingCommitsShareOneBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		first := commits(t, s, progress(1, 0, "a"))
		var changes []bot.Change
		for i := range 40 {
			changes = append(changes, progress(incident.ID(2+i%4), i/4, "b"))
		}
		rest := commits(t, s, changes...)
		g.let <- nil
		g.let <- nil
		for _, err := range append(first(), rest()...) {
			if err != nil {
				t.Error(err)
			}
		}
		// 40 events, and the four heads once each.
		if len(g.batches) != 2 || len(g.batches[1].Write) != 44 {
			t.Errorf("%d batches", len(g.batches))
		}
		close(g.let)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestConflictFailsAloneInItsBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		first := commits(t, s, progress(1, 0, "a"))
		late := bot.Change{Incident: 9, Marks: []bot.Mark{{Name: "late", Value: "x"}}}
		all := commits(t, s, progress(1, 1, "b"), progress(1, 1, "b too"), progress(1, 2, "c"), progress(9, 3, "never"), late)
		close(g.let)
		_ = first()
		got := all()
		for i, conflict := range []bool{false, true, false, true, false} {
			if errors.Is(got[i], bot.ErrConflict) != conflict || (got[i] != nil) != conflict {
				t.Errorf("commit %d: %v", i, got[i])
			}
		}
		if len(g.batches) != 2 {
			t.Errorf("%d batches", len(g.batches))
		}
		events, err := s.Events(t.Context(), 1, 0, 0)
		if err != nil || len(events) != 3 {
			t.Errorf("%d events, %v", len(events), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestContextEndedBeforeTakenWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		first := commits(t, s, progress(1, 0, "a"))
		ctx, stop := context.WithCancel(t.Context())
		waiting := make(chan error, 1)
		go func() { waiting <- s.Commit(ctx, progress(2, 0, "withdrawn")) }()
		synctest.Wait()
		stop()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(g.let)
		if err := errors.Join(first()...); err != nil {
			t.Error(err)
		}
		if heads, err := s.Heads(t.Context()); err != nil || len(heads) != 1 {
			t.Errorf("%v %v", heads, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestContextEndedAfterTakenWaitsForTheOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		ctx, stop := context.WithCancel(t.Context())
		taken := make(chan error, 1)
		go func() { taken <- s.Commit(ctx, progress(1, 0, "a")) }()
		synctest.Wait()
		stop()
		synctest.Wait()
		select {
		case err := <-taken:
			t.Fatalf("answered before the outcome: %v", err)
		default:
		}
		close(g.let)
		if err := <-taken; err != nil {
			t.Errorf("written, and yet: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFullDiskWritesNothingAndHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		c := progress(1, 0, "a")
		c.Say = []bot.Message{{ID: "1/1/1", Platform: "web"}}
		full := commits(t, s, c)
		g.let <- fmt.Errorf("no space: %w", bot.ErrFull)
		if err := full()[0]; !errors.Is(err, bot.ErrFull) {
			t.Errorf("got %v", err)
		}
		again := commits(t, s, c)
		g.let <- nil
		if err := again()[0]; err != nil {
			t.Errorf("with space again: %v", err)
		}
		if said, err := s.Unsaid(t.Context(), "web"); err != nil || len(said) != 1 {
			t.Errorf("%v %v", said, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestUnknownFailureStopsAllWriting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		all := commits(t, s, progress(1, 0, "a"), progress(2, 0, "waits"))
		g.let <- errors.New("input/output error")
		got := append(all(), s.Commit(t.Context(), progress(3, 0, "later")), s.Shelf("web").Put(t.Context(), storage.Entry{Key: "k"}))
		for i, err := range got {
			if err == nil || !strings.Contains(err.Error(), "the store stopped writing and must be opened again: input/output error") {
				t.Errorf("commit %d: %v", i, err)
			}
		}
		if heads, err := s.Heads(t.Context()); err != nil || len(heads) != 0 {
			t.Errorf("%v %v", heads, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseAnswersWhatWasTakenAndRefusesTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, g := enter(t)
		all := commits(t, s, progress(1, 0, "taken"), progress(2, 0, "waits"))
		closed := make(chan error, 1)
		go func() { closed <- s.Close() }()
		synctest.Wait()
		close(g.let)
		got := all()
		if got[0] != nil || !errors.Is(got[1], storage.ErrClosed) {
			t.Errorf("got %v", got)
		}
		if err := <-closed; err != nil {
			t.Error(err)
		}
	})
}
