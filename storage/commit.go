package storage

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"wardline/bot"
)

// Commit implements bot.Store. Callers who wait at the same time share one batch of the engine, and
// each gets an answer of its own. If ctx ends before the committer took the commit, nothing is
// written; afterwards Commit waits for the outcome, so that it is never unknown.
func (s *Store) Commit(ctx context.Context, changes ...bot.Change) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	r, err := prepare(changes)
	if err == nil {
		err = s.submit(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// submit hands a request to the committer and waits for its outcome.
func (s *Store) submit(ctx context.Context, r *request) error {
	s.queue.Lock()
	switch {
	case s.closing:
		s.queue.Unlock()
		return ErrClosed
	case s.broken != nil:
		s.queue.Unlock()
		return s.broken
	}
	s.waiting = append(s.waiting, r)
	s.ready.Signal()
	s.queue.Unlock()

	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if s.withdraw(r) {
			return ctx.Err()
		}
		return <-r.done
	}
}

// withdraw takes a request back, and reports false if the committer was faster.
func (s *Store) withdraw(r *request) bool {
	s.queue.Lock()
	defer s.queue.Unlock()
	i := slices.Index(s.waiting, r)
	if i < 0 {
		return false
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return true
}

// commitWaiting is the committer: it alone writes, until the store closes.
func (s *Store) commitWaiting() {
	for {
		taken := s.take()
		if taken == nil {
			return
		}
		s.commitTogether(taken)
	}
}

// take waits for requests and takes as many as may share a batch. It returns nil when the store
// closes, and has then refused what still waited.
func (s *Store) take() []*request {
	s.queue.Lock()
	defer s.queue.Unlock()
	for s.letJoin(); len(s.waiting) == 0 && !s.closing; s.letJoin() {
		s.ready.Wait()
	}
	if s.closing {
		for _, r := range s.waiting {
			r.done <- ErrClosed
		}
		s.waiting = nil
		return nil
	}
	n := min(len(s.waiting), s.maxJoin)
	taken := s.waiting[:n:n]
	s.waiting = s.waiting[n:]
	if len(s.waiting) == 0 {
		s.waiting = nil
	}
	return taken
}

// letJoin lets those run first who are about to commit: the callers just answered, in most cases,
// with what they want next. Taking the first of them alone would make the others wait for a whole
// disk sync. It only yields and never sleeps, so a lone caller waits for nothing.
func (s *Store) letJoin() {
	for before := 0; before < len(s.waiting) && len(s.waiting) < s.maxJoin; {
		before = len(s.waiting)
		s.queue.Unlock()
		runtime.Gosched()
		s.queue.Lock()
	}
}

// commitTogether writes all requests that are in order as one batch. A request that is not is
// refused alone.
func (s *Store) commitTogether(taken []*request) {
	group := s.newGroup(len(taken))
	joined := taken[:0]
	for _, r := range taken {
		sheet := group.newSheet()
		if err := sheet.write(r); err != nil {
			r.done <- err
			continue
		}
		group.merge(sheet)
		joined = append(joined, r)
	}
	err := s.apply(group)
	for _, r := range joined {
		r.done <- err
	}
}

// apply makes a sheet durable and known. After a failure that is not a clean refusal nobody can say
// what the disk holds, so nothing more is written until a restart has read it again.
func (s *Store) apply(group *sheet) error {
	if len(group.writes) == 0 {
		return nil
	}
	// No caller's context: the batch belongs to all of them.
	err := s.engine.Apply(context.Background(), Batch{Write: group.writes})
	switch {
	case err == nil:
		s.learn(group)
		return nil
	case errors.Is(err, bot.ErrFull), errors.Is(err, ErrPrecondition):
		return err
	}
	err = fmt.Errorf("%w: %w", bot.ErrBroken, err)
	s.queue.Lock()
	s.broken = err
	for _, r := range s.waiting {
		r.done <- err
	}
	s.waiting = nil
	s.queue.Unlock()
	return err
}

// learn takes over what a durable batch changed.
func (s *Store) learn(group *sheet) {
	s.known.Lock()
	defer s.known.Unlock()
	for id, t := range group.tips {
		s.stand(id, t)
	}
	s.count()
	for key, seq := range group.saying {
		if seq == 0 {
			delete(s.saying, key)
		} else {
			s.saying[key] = seq
		}
	}
	s.seq = group.seq
}
