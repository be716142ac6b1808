package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Figures of the speakers. A platform that answers in 80 ms and takes 50 messages a second is kept
// busy by 8 rooms at a time.
const (
	roomsAtOnce  = 8
	sayTimeout   = 15 * time.Second
	firstBackoff = time.Second
	lastBackoff  = time.Minute
)

// speaker says on one platform what is stored to be said: in order within a room, the most urgent room
// first, each message until the platform has it or refuses it for good. A failing room waits alone.
type speaker struct {
	d    *Desk
	p    Platform
	wake chan struct{} // something to look at; written by anybody, read by run

	mu    sync.Mutex // protects what follows
	rooms map[RoomID]*lane
	refs  map[RoomID]Ref // the board's post in each room
}

// lane is one room's queue.
type lane struct {
	queue   []Message
	busy    bool
	backoff time.Duration
	until   time.Time // not before
}

func newSpeaker(ctx context.Context, d *Desk, p Platform) (*speaker, error) {
	s := &speaker{d: d, p: p, wake: make(chan struct{}, 1), rooms: map[RoomID]*lane{}, refs: map[RoomID]Ref{}}
	unsaid, err := d.opts.Store.Unsaid(ctx, p.Name())
	if err != nil {
		return nil, fmt.Errorf("read what %s still has to say: %w", p.Name(), err)
	}
	for _, m := range unsaid {
		s.queue(m)
	}
	prefix := s.refMark("")
	marks, err := d.opts.Store.Marks(ctx, prefix)
	if err != nil {
		return nil, fmt.Errorf("read the boards of %s: %w", p.Name(), err)
	}
	for _, m := range marks {
		s.refs[RoomID(strings.TrimPrefix(m.Name, prefix))] = Ref(m.Value)
	}
	return s, nil
}

func (s *speaker) refMark(room RoomID) string { return "ref/" + s.p.Name() + "/" + string(room) }

func (s *speaker) queue(m Message) {
	l := s.rooms[m.Room]
	if l == nil {
		l = &lane{}
		s.rooms[m.Room] = l
	}
	l.queue = append(l.queue, m)
}

// add takes what has just become durable.
func (s *speaker) add(changes []Change) {
	s.mu.Lock()
	for _, c := range changes {
		for _, m := range c.Say {
			if m.Platform == s.p.Name() {
				s.queue(m)
			}
		}
	}
	s.mu.Unlock()
	s.nudge()
}

func (s *speaker) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run speaks until ctx ends; what is being said then is finished or given up within its time-out.
func (s *speaker) run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan struct{}, roomsAtOnce)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for len(slots) < cap(slots) {
			room, batch, wait := s.next(time.Now())
			if batch == nil {
				timer.Reset(wait)
				break
			}
			slots <- struct{}{}
			wg.Go(func() {
				s.say(ctx, room, batch)
				<-slots
				s.nudge()
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-timer.C:
		}
	}
}

// next picks the room whose first message is the most urgent, and takes that message; of several
// boards waiting in the room it takes all, to be said as one. With nothing ready it returns how long
// until something may be.
func (s *speaker) next(now time.Time) (RoomID, []Message, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var best *lane
	wait := time.Hour
	for _, l := range s.rooms {
		switch {
		case l.busy || len(l.queue) == 0:
		case now.Before(l.until):
			wait = min(wait, l.until.Sub(now))
		case best == nil || before(l.queue[0], best.queue[0]):
			best = l
		}
	}
	if best == nil {
		return "", nil, wait
	}
	best.busy = true
	first := best.queue[0]
	if first.Key == "" {
		return first.Room, []Message{first}, 0
	}
	var same []Message
	for _, m := range best.queue {
		if m.Key == first.Key {
			same = append(same, m)
		}
	}
	return first.Room, same, 0
}

func before(a, b Message) bool {
	if a.Urgency != b.Urgency {
		return a.Urgency < b.Urgency
	}
	if !a.At.Equal(b.At) {
		return a.At.Before(b.At)
	}
	return a.ID < b.ID
}

// say says one message (or several boards as one) and settles it.
func (s *speaker) say(ctx context.Context, room RoomID, batch []Message) {
	m := s.d.Render(batch[len(batch)-1])
	s.mu.Lock()
	old := Ref("")
	if m.Key != "" {
		old = s.refs[room]
	}
	s.mu.Unlock()
	sayCtx, cancel := context.WithTimeout(ctx, sayTimeout)
	ref, err := s.p.Say(sayCtx, m, old)
	cancel()
	rejected := ""
	if err != nil {
		if !errors.Is(err, ErrRejected) {
			s.later(room, err)
			return
		}
		rejected = err.Error()
		s.d.opts.Log.Error("a message will not be said", "platform", s.p.Name(), "room", room, "message", m.ID, "key", m.EffectKey(), "err", err)
	}
	var c Change
	for _, b := range batch {
		c.Settled = append(c.Settled, Settled{Platform: s.p.Name(), ID: b.ID, Rejected: rejected})
	}
	if m.Key != "" && err == nil && ref != old {
		c.Marks = append(c.Marks, Mark{Name: s.refMark(room), Value: string(ref)})
	}
	// The platform has it: settling is not tied to ctx, or the message would be said again.
	if err := s.d.opts.Store.Commit(context.WithoutCancel(ctx), c); err != nil {
		s.later(room, fmt.Errorf("settle %s: %w", m.ID, err))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.rooms[room]
	l.queue = slices.DeleteFunc(l.queue, func(q Message) bool {
		return slices.ContainsFunc(batch, func(b Message) bool { return b.ID == q.ID })
	})
	if m.Key != "" && rejected == "" {
		s.refs[room] = ref
	}
	l.busy, l.backoff, l.until = false, 0, time.Time{}
	if len(l.queue) == 0 {
		delete(s.rooms, room)
	}
}

// later lets a room wait: as long as the platform asks, or twice as long as the last time.
func (s *speaker) later(room RoomID, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.rooms[room]
	l.busy = false
	l.backoff = min(max(2*l.backoff, firstBackoff), lastBackoff)
	wait := l.backoff
	var asked RetryAfter
	if errors.As(err, &asked) {
		wait = asked.Wait
	}
	l.until = time.Now().Add(wait)
	s.d.opts.Log.Warn("a room is not reached; trying again", "platform", s.p.Name(), "room", room, "wait", wait, "err", err)
}

// Unsaid returns how many messages wait to be said on a platform.
func (d *Desk) Unsaid(platform string) int {
	n := 0
	for _, s := range d.speakers {
		if s.p.Name() == platform {
			s.mu.Lock()
			for _, l := range s.rooms {
				n += len(l.queue)
			}
			s.mu.Unlock()
		}
	}
	return n
}
