package discord

import (
	"slices"
	"time"
)

// Figures of what may be under way at once. A server that answers at once is kept busy by few; one that is slow
// because it has too much to do must not be given more.
const (
	window    = time.Second
	firstWide = 6
	leastWide = 2
	quick     = 100 * time.Millisecond // an answer this quick, or hardly slower than the fastest, says that more would be borne
	slow      = 2 * time.Second        // and one this slow, or none, that it is too much
)

// slots make sure that no second holds more requests than Discord takes, however long they are under way. A
// request may arrive at any moment between being sent and being answered; so much of that time as every
// request needs makes no difference between two of them and is left out.
//
// They also bound how many are under way at once: one more for each round of quick answers for which all were
// needed, half as many after a slow one.
type slots struct {
	flying  int
	ends    []time.Time // when the slots of those answered are free again
	fastest time.Duration
	seen    int

	wide     int // how many may be under way
	full     int // quick answers for which that many were needed, since it was changed
	narrowed time.Time
}

func newSlots() slots { return slots{wide: firstWide} }

func (s *slots) ready(now time.Time) time.Time {
	for len(s.ends) > 0 && !s.ends[0].After(now) {
		s.ends = s.ends[1:]
	}
	switch {
	case s.flying >= s.wide:
	case s.flying+len(s.ends) < mostPerSecond:
		return now
	case len(s.ends) > 0:
		return s.ends[0]
	}
	return now.Add(time.Hour) // whoever is answered wakes us
}

func (s *slots) take() { s.flying++ }

// free counts a request that was under way since a moment.
func (s *slots) free(now, sent time.Time, answered bool) {
	took := now.Sub(sent)
	s.learn(now, sent, answered)
	s.flying--
	if s.seen++; s.seen%200 == 1 || took < s.fastest { // the way may become longer
		s.fastest = min(took, window/2)
	}
	s.ends = append(s.ends, now.Add(window-s.fastest))
	slices.SortFunc(s.ends, time.Time.Compare)
}

// learn lets more or fewer be under way. Those that were sent before the last change for the worse say nothing
// about it.
func (s *slots) learn(now, sent time.Time, answered bool) {
	switch took := now.Sub(sent); {
	case took >= slow && sent.After(s.narrowed):
		s.wide, s.full, s.narrowed = max(s.wide/2, leastWide), 0, now
	case answered && took <= max(quick, 2*s.fastest) && s.flying >= s.wide:
		if s.full++; s.full >= s.wide {
			s.wide, s.full = min(s.wide+1, mostPerSecond), 0
		}
	}
}
