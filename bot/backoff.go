package bot

import (
	"cmp"
	"math"
	"time"
)

// Backoff says how patient the speakers are with a platform. A zero field takes its default.
type Backoff struct {
	First    time.Duration // wait after a room's first failure; each further one doubles it. Default: 1 second
	Last     time.Duration // the longest wait. Default: 1 minute
	Say      time.Duration // how long saying one message may take. Default: 15 seconds
	Patience time.Duration // how long a room may fail before people are told to phone. Default: 2 minutes
}

func (b Backoff) orDefault() Backoff {
	return Backoff{
		First: cmp.Or(b.First, time.Second), Last: cmp.Or(b.Last, time.Minute), Say: cmp.Or(b.Say, 15*time.Second),
		Patience: cmp.Or(b.Patience, 2*time.Minute),
	}
}

// next doubles the last wait up to the cap and spreads by a quarter, so that rooms do not come back all
// at once. The spread follows from the room's name: nothing here is random.
func (b Backoff) next(last time.Duration, room RoomID) time.Duration {
	next := min(max(2*last, b.First), b.Last)
	spread := 0.0
	for _, c := range []byte(room) {
		spread = math.Mod(spread*31+float64(c), 97)
	}
	return next - time.Duration(spread/97*float64(next)/4)
}
