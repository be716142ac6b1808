package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// say says one message (or several boards or digests as one) and settles it.
func (s *speaker) say(ctx context.Context, batch []Message) {
	m := s.compose(batch)
	s.mu.Lock()
	old := Ref("")
	if m.Key != "" {
		old = s.refs[m.Room]
	}
	s.mu.Unlock()
	ref, err := s.deliver(ctx, m, old)
	if errors.Is(err, ErrGone) {
		s.forget(m.Room)
		old = ""
		ref, err = s.deliver(ctx, m, old)
	}
	if err != nil && !errors.Is(err, ErrRejected) {
		s.later(ctx, m, err)
		return
	}
	if err := s.settle(ctx, m, batch, old, ref, err); err != nil {
		s.later(ctx, m, err)
		return
	}
	s.log(m).Info("said", "with", len(batch)-1, "age", time.Since(m.At).Round(time.Millisecond), "refused", err)
}

// compose makes one message of those that are said together: the newest, rendered now if it is a board.
// A digest that overtook others says so and keeps what had changed in them, so that nothing is dropped.
func (s *speaker) compose(batch []Message) Message {
	m := s.d.Render(batch[len(batch)-1])
	if m.Kind != Digest || len(batch) == 1 {
		return m
	}
	v := s.d.Voice(m.Lang)
	var earlier []string
	for _, b := range batch[:len(batch)-1] {
		earlier = append(earlier, v.Say("digest.earlier", "at", b.At, "note", b.Note))
	}
	m.Text += "\n" + v.Say("digest.merged", "n", len(earlier), "list", strings.Join(earlier, v.Say("list.sep")))
	return m
}

// deliver has the platform show m once. Before the first try it is durable that there was one; before
// any further try the platform is asked whether the message is there already. The effect key covers
// what may still be under way, looking covers everything longer ago: each alone doubles messages.
func (s *speaker) deliver(ctx context.Context, m Message, old Ref) (Ref, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	if s.finder == nil || old != "" { // showing again changes nothing
		return s.p.Say(ctx, m, old)
	}
	s.mu.Lock()
	maybe, tried := s.tried[m.ID]
	s.mu.Unlock()
	if maybe || m.Key != "" {
		ref, found, err := s.finder.Find(ctx, m)
		if err != nil {
			return "", fmt.Errorf("look whether it was said: %w", err)
		}
		if found {
			s.count(func(st *Stats) { st.Found++ })
			if m.Key == "" {
				return ref, nil
			}
			return s.p.Say(ctx, m, ref)
		}
	}
	if !tried {
		mark := Mark{Name: s.triedMark(m.ID), Value: time.Now().Round(0).Format(time.RFC3339Nano)}
		if err := s.d.opts.Store.Commit(ctx, Change{Marks: []Mark{mark}}); err != nil {
			return "", fmt.Errorf("mark as tried: %w", err)
		}
	}
	s.note(m.ID, true)
	ref, err := s.p.Say(ctx, m, old)
	if !maybe && nothingDone(err) {
		s.note(m.ID, false)
	}
	return ref, err
}

// within bounds the time one message may take. A bot that stops lets it finish, but not for long.
func (s *speaker) within(ctx context.Context) (context.Context, context.CancelFunc) {
	inner, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.waits.Say)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(lastWords, cancel) })
	return inner, func() {
		stop()
		cancel()
	}
}

// nothingDone tells errors after which a message has surely not been said by this try.
func nothingDone(err error) bool {
	var asked RetryAfter
	return errors.Is(err, ErrNotSent) || errors.As(err, &asked)
}

// note remembers whether a message that was tried may have been said.
func (s *speaker) note(id MessageID, maybe bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried[id] = maybe
}

// forget drops a board that somebody deleted; the next one is looked for, and posted anew.
func (s *speaker) forget(room RoomID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refs, room)
}

// settle makes durable that a batch was said or never will be, and lets the room go on.
func (s *speaker) settle(ctx context.Context, m Message, batch []Message, old, ref Ref, refused error) error {
	var c Change
	for _, b := range batch {
		done := Settled{Platform: s.p.Name(), ID: b.ID}
		if refused != nil {
			done.Rejected = refused.Error()
		}
		c.Settled = append(c.Settled, done)
		s.mu.Lock()
		_, tried := s.tried[b.ID]
		s.mu.Unlock()
		if tried {
			c.Marks = append(c.Marks, Mark{Name: s.triedMark(b.ID)})
		}
	}
	if m.Key != "" && refused == nil && ref != old {
		c.Marks = append(c.Marks, Mark{Name: s.refMark(m.Room), Value: string(ref)})
	}
	// The platform has it: settling is not tied to ctx, or the message would be looked for again.
	if err := s.d.opts.Store.Commit(context.WithoutCancel(ctx), c); err != nil {
		return fmt.Errorf("settle %s: %w", m.ID, err)
	}
	s.mu.Lock()
	l := s.rooms[m.Room]
	l.queue = slices.DeleteFunc(l.queue, func(q Message) bool {
		return slices.ContainsFunc(batch, func(b Message) bool { return b.ID == q.ID })
	})
	for _, b := range batch {
		delete(s.tried, b.ID)
	}
	if m.Key != "" && refused == nil {
		s.refs[m.Room] = ref
	}
	s.stats.Merged += len(batch) - 1
	wasListed := l.listed
	l.busy, l.backoff, l.until, l.asked, l.failing, l.listed = false, 0, time.Time{}, false, time.Time{}, refused != nil
	s.busy--
	if s.failures >= tripAfter { // the platform is back: no room waits longer than it asked for
		for _, other := range s.rooms {
			if !other.asked {
				other.until = time.Time{}
			}
		}
	}
	s.failures = 0
	if refused != nil {
		s.stats.Refused++
	} else {
		s.stats.Said++
	}
	l.rank()
	if len(l.queue) == 0 && !l.listed {
		delete(s.rooms, m.Room)
	}
	s.mu.Unlock()
	switch {
	case refused != nil:
		s.log(m).Error("a message will not be said", "err", refused)
		s.d.notReached(ctx, s, m.Room, refused)
	case wasListed:
		s.d.reached(ctx, s, m.Room)
	}
	return nil
}

// later lets a room wait: as long as the platform asks, or twice as long as the last time.
func (s *speaker) later(ctx context.Context, m Message, err error) {
	now := time.Now()
	s.mu.Lock()
	l := s.rooms[m.Room]
	l.busy = false
	s.busy--
	s.stats.Retried++
	var asked RetryAfter
	l.asked = errors.As(err, &asked)
	if m.Key != "" && !nothingDone(err) {
		s.doubt[m.Room] = true
	}
	pause := min(max(asked.Wait, shortestAsk), longestAsk)
	switch {
	case l.asked && asked.Everywhere:
		s.until = now.Add(pause)
	case l.asked:
		l.until = now.Add(pause)
	default:
		if l.backoff == 0 { // one room that fails for ever says nothing about the platform
			s.failures++
		}
		l.backoff = s.waits.next(l.backoff, m.Room)
		l.until = now.Add(l.backoff)
		if s.failures >= tripAfter {
			s.until = now.Add(s.waits.next(0, m.Room))
		}
	}
	if l.failing.IsZero() {
		l.failing = now
	}
	tell := !l.listed && now.Sub(l.failing) >= s.waits.Patience
	l.listed = l.listed || tell
	wait := max(l.until.Sub(now), s.until.Sub(now), 0)
	s.mu.Unlock()
	s.log(m).Warn("not said yet; trying again", "wait", wait.Round(time.Millisecond), "err", err)
	if tell && ctx.Err() == nil {
		s.d.notReached(ctx, s, m.Room, err)
	}
}

func (s *speaker) count(f func(*Stats)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stats)
}
