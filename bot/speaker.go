package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Figures of the speakers. With 16 rooms at a time a platform that answers in 300 ms is still asked 50
// times a second, which is what Discord takes.
const (
	roomsAtOnce = 16
	tripAfter   = 5               // rooms that began to fail one after the other; from then on one room at a time is tried
	lastWords   = 5 * time.Second // what is being said when the bot stops may still take this long
	shortestAsk = 50 * time.Millisecond
	// A message that was just made lets more urgent ones go first on a platform that has few hands, but not
	// for long: one that hangs must hold up nobody.
	holdBack   = 300 * time.Millisecond
	longestAsk = time.Hour // no platform means more; a header that was misread must not silence it for ever
)

// speaker says on one platform what is stored to be said: in order within a room, the most urgent room
// first, each message until the platform has it or refuses it for good. A failing room waits alone; a
// failing platform is tried by one room at a time.
type speaker struct {
	d      *Desk
	p      Platform
	finder Finder        // nil: the platform itself never shows a message twice
	pace   *rate.Limiter // over all rooms
	wake   chan struct{} // something to look at; written by anybody, read by run
	waits  Backoff

	mu       sync.Mutex // protects what follows
	rooms    map[RoomID]*lane
	refs     map[RoomID]Ref     // the board's post in each room
	tried    map[MessageID]bool // a try is noted durably; true: it may have been said
	doubt    map[RoomID]bool    // a change of the board got no answer
	until    time.Time          // no room is served before
	failures int                // rooms that began to fail since something was last said
	busy     int                // rooms being served
	stats    Stats
}

// lane is one room's queue.
type lane struct {
	queue   []Message
	urgent  Urgency // of the most urgent message in queue: what goes before it is as urgent
	busy    bool
	class   Urgency // of what is being said
	backoff time.Duration
	until   time.Time // not before
	asked   bool      // the platform asked for this wait
	failing time.Time // since when the room is not reached; zero = it is
	listed  bool      // people were told that it is not reached
}

func newSpeaker(ctx context.Context, d *Desk, p Platform) (*speaker, error) {
	s := &speaker{
		d: d, p: p, wake: make(chan struct{}, 1), pace: rate.NewLimiter(rate.Inf, 1), waits: d.opts.Backoff.orDefault(),
		rooms: map[RoomID]*lane{}, refs: map[RoomID]Ref{}, tried: map[MessageID]bool{}, doubt: map[RoomID]bool{},
	}
	s.finder, _ = p.(Finder)
	if pacer, ok := p.(Pacer); ok {
		perSecond, burst := pacer.Pace()
		s.pace = rate.NewLimiter(rate.Limit(perSecond), burst)
	}
	return s, s.load(ctx)
}

// load reads what an earlier run left: what is unsaid, what may have been said, where the boards are.
func (s *speaker) load(ctx context.Context) error {
	unsaid, err := s.d.opts.Store.Unsaid(ctx, s.p.Name())
	if err != nil {
		return fmt.Errorf("read what %s still has to say: %w", s.p.Name(), err)
	}
	for _, m := range unsaid {
		s.queue(m)
		if m.Key != "" { // it was perhaps being changed when we stopped
			s.doubt[m.Room] = true
		}
	}
	marks, err := s.d.opts.Store.Marks(ctx, "")
	if err != nil {
		return fmt.Errorf("read the marks of %s: %w", s.p.Name(), err)
	}
	for _, m := range marks {
		if room, ok := strings.CutPrefix(m.Name, s.refMark("")); ok {
			s.refs[RoomID(room)] = Ref(m.Value)
		}
		if room, ok := strings.CutPrefix(m.Name, s.missedMark("")); ok {
			s.lane(RoomID(room)).listed = true
		}
		if id, ok := strings.CutPrefix(m.Name, s.triedMark("")); ok {
			s.tried[MessageID(id)] = true
		}
	}
	return nil
}

func (s *speaker) refMark(room RoomID) string { return "ref/" + s.p.Name() + "/" + string(room) }

// triedPrefix begins the marks of messages that may have been said: "tried/<platform>/<message>".
const triedPrefix = "tried/"

func (s *speaker) triedMark(id MessageID) string { return triedPrefix + s.p.Name() + "/" + string(id) }

func (s *speaker) missedMark(room RoomID) string {
	return missedPrefix + s.p.Name() + "/" + string(room)
}

func (s *speaker) lane(room RoomID) *lane {
	l := s.rooms[room]
	if l == nil {
		l = &lane{}
		s.rooms[room] = l
	}
	return l
}

func (s *speaker) queue(m Message) {
	l := s.lane(m.Room)
	if len(l.queue) == 0 || m.Urgency < l.urgent {
		l.urgent = m.Urgency
	}
	l.queue = append(l.queue, m)
}

func (l *lane) rank() {
	l.urgent = Sum
	for _, m := range l.queue {
		l.urgent = min(l.urgent, m.Urgency)
	}
}

// add takes what has just become durable.
func (s *speaker) add(changes []Change) {
	s.mu.Lock()
	for _, c := range changes {
		for _, done := range c.Settled { // struck before it was said
			s.drop(done)
		}
		for _, m := range c.Say {
			if m.Platform == s.p.Name() {
				s.queue(m)
			}
		}
	}
	s.mu.Unlock()
	s.nudge()
}

// drop forgets a message that must not be said any more.
func (s *speaker) drop(done Settled) {
	if done.Platform != s.p.Name() {
		return
	}
	for _, l := range s.rooms {
		l.queue = slices.DeleteFunc(l.queue, func(m Message) bool { return m.ID == done.ID })
		l.rank()
	}
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
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for {
			batch, wait := s.next(time.Now())
			if batch == nil {
				timer.Reset(wait)
				break
			}
			wg.Go(func() {
				s.say(ctx, batch)
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

// next picks the room in which the most urgent message waits, and takes its first message; of several
// boards or digests waiting in the room it takes all, to be said as one. With nothing ready it returns
// how long until something may be.
func (s *speaker) next(now time.Time) ([]Message, time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	slots := roomsAtOnce
	if s.failures >= tripAfter {
		slots = 1
	}
	switch {
	case s.busy >= slots:
		return nil, time.Hour // whoever finishes wakes us
	case now.Before(s.until):
		return nil, s.until.Sub(now)
	}
	var best *lane
	wait := time.Hour
	most := s.mostUrgent()
	for _, l := range s.rooms {
		switch {
		case l.busy || len(l.queue) == 0:
		case l.urgent > most && now.Sub(l.queue[0].At) < holdBack && !now.Before(l.queue[0].At):
			wait = min(wait, holdBack-now.Sub(l.queue[0].At))
		case now.Before(l.until):
			wait = min(wait, l.until.Sub(now))
		case best == nil || l.before(best):
			best = l
		}
	}
	if best == nil {
		return nil, wait
	}
	if r := s.pace.ReserveN(now, 1); r.DelayFrom(now) > 0 {
		delay := r.DelayFrom(now)
		r.CancelAt(now)
		return nil, delay
	}
	best.busy, best.class = true, best.urgent
	s.busy++
	return s.together(best.queue), 0
}

// mostUrgent is the class of the most urgent message that is being said.
func (s *speaker) mostUrgent() Urgency {
	most := Sum
	for _, l := range s.rooms {
		if l.busy {
			most = min(most, l.class)
		}
	}
	return most
}

// together returns the first message of a queue and those that are said with it. A digest that may have
// been said is the last of them: as part of a newer one it would be said twice.
func (s *speaker) together(queue []Message) []Message {
	first := queue[0]
	var out []Message
	for _, m := range queue {
		if m.ID == first.ID || first.Key != "" && m.Key == first.Key || first.Kind == Digest && m.Kind == Digest && m.Incident == first.Incident {
			out = append(out, m)
			if m.Key == "" && s.tried[m.ID] {
				break
			}
		}
	}
	return out
}

func (l *lane) before(other *lane) bool {
	if l.urgent != other.urgent {
		return l.urgent < other.urgent
	}
	a, b := l.queue[0], other.queue[0]
	if !a.At.Equal(b.At) {
		return a.At.Before(b.At)
	}
	return a.ID < b.ID
}

// Stats are what a speaker has done since the start, and what waits.
type Stats struct {
	Platform                              string
	Said, Retried, Found, Refused, Merged int
	Waiting                               map[Urgency]int
	Oldest                                time.Time // of what waits; zero = nothing
	Failing                               int       // rooms that are not reached now
}

// Stats returns the figures of every platform.
func (d *Desk) Stats() []Stats {
	var out []Stats
	for _, s := range d.speakers {
		s.mu.Lock()
		st := s.stats
		st.Platform, st.Waiting = s.p.Name(), map[Urgency]int{}
		for _, l := range s.rooms {
			for _, m := range l.queue {
				st.Waiting[m.Urgency]++
				if st.Oldest.IsZero() || m.At.Before(st.Oldest) {
					st.Oldest = m.At
				}
			}
			if !l.failing.IsZero() {
				st.Failing++
			}
		}
		s.mu.Unlock()
		out = append(out, st)
	}
	return out
}

// Unsaid returns how many messages wait to be said on a platform.
func (d *Desk) Unsaid(platform string) int {
	n := 0
	for _, st := range d.Stats() {
		if st.Platform == platform {
			for _, waiting := range st.Waiting {
				n += waiting
			}
		}
	}
	return n
}
