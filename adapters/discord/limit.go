package discord

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"wardline/bot"
)

// Figures of the limiter. Discord takes 50 requests a second from a bot. We stay a little below, and
// well below for a while after it said that this was too much.
const (
	mostPerSecond = 50
	usualPace     = 49
	carefulPace   = 45
	paceBurst     = 2
	carefulFor    = 10 * time.Minute
	manyBuckets   = 2000 // from then on those nobody needs any more are forgotten
)

// A limiter lets requests pass one by one, the most urgent first, and never more than Discord takes: over
// all requests, and for each bucket as Discord's answers describe it. Who waits can give up.
type limiter struct {
	mu      sync.Mutex // protects what follows
	pace    *rate.Limiter
	slots   slots
	paused  time.Time // nobody before, as an answer said
	careful time.Time // the pace is the careful one until then
	names   map[string]string
	buckets map[string]*bucket
	waiting []*turn // the most urgent first, of those the oldest
	timer   *time.Timer
}

// A turn is one request that waits to be sent, or is under way.
type turn struct {
	class  bot.Urgency
	route  route
	bucket *bucket
	sent   time.Time
	may    chan struct{} // closed when it may be sent
}

func newLimiter() *limiter {
	l := &limiter{pace: rate.NewLimiter(usualPace, paceBurst), slots: newSlots(), names: map[string]string{}, buckets: map[string]*bucket{}}
	l.timer = time.AfterFunc(time.Hour, l.tick)
	return l
}

// enter waits for a request's turn. Where the wait is known to be longer than patience it does not wait, but
// says how long. Every turn must leave.
func (l *limiter) enter(ctx context.Context, class bot.Urgency, r route, patience time.Duration) (*turn, error) {
	l.mu.Lock()
	now := time.Now()
	t := &turn{class: class, route: r, bucket: l.bucketOf(r, now), may: make(chan struct{})}
	if wait := l.paused.Sub(now); wait > patience && !r.apart {
		l.mu.Unlock()
		return nil, bot.RetryAfter{Wait: wait, Everywhere: true}
	}
	if wait := t.bucket.wait(now); wait > patience {
		l.mu.Unlock()
		return nil, bot.RetryAfter{Wait: wait}
	}
	at, _ := slices.BinarySearchFunc(l.waiting, class, func(other *turn, class bot.Urgency) int {
		if other.class <= class {
			return -1
		}
		return 1
	})
	l.waiting = slices.Insert(l.waiting, at, t)
	l.pump(now)
	l.mu.Unlock()
	select {
	case <-t.may:
		return t, nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := slices.Index(l.waiting, t); at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
	} else { // it was let pass at the same moment
		l.left(t, time.Now(), false)
		l.pump(time.Now())
	}
	return nil, ctx.Err()
}

// leave tells how a request ended. header is nil when there was no answer.
func (l *limiter) leave(t *turn, header http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	defer func() { l.pump(now) }()
	l.left(t, now, header != nil)
	if header == nil {
		return
	}
	if name := header.Get("X-RateLimit-Bucket"); name != "" {
		l.names[t.route.name] = name
		key := name + "/" + t.route.major
		if known, ok := l.buckets[key]; ok {
			known.read(header, now)
		} else {
			l.buckets[key] = t.bucket
		}
	}
	t.bucket.read(header, now)
}

// close lets nothing pass of what a request belongs to, as its answer asked.
func (l *limiter) close(t *turn, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.bucket.close(time.Now().Add(wait))
}

// pause stops everything for a time: Discord said that the bot as a whole asks too much.
func (l *limiter) pause(wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.careful = now.Add(carefulFor)
	l.pace.SetLimitAt(now, carefulPace)
	if until := now.Add(wait); until.After(l.paused) {
		l.paused = until
	}
	l.pump(now)
}

// left frees what a turn held.
func (l *limiter) left(t *turn, now time.Time, answered bool) {
	t.bucket.flying--
	if !t.route.apart {
		l.slots.free(now, t.sent, answered)
	}
}

func (l *limiter) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pump(time.Now())
}

// pump lets pass who may, and sets the timer for when somebody else may.
func (l *limiter) pump(now time.Time) {
	if !l.careful.IsZero() && now.After(l.careful) {
		l.careful = time.Time{}
		l.pace.SetLimitAt(now, usualPace)
	}
	next := now.Add(time.Hour)
	for i := 0; i < len(l.waiting); {
		t := l.waiting[i]
		at := l.ready(t, now)
		if at.After(now) {
			if at.Before(next) {
				next = at
			}
			i++
			continue
		}
		l.waiting = slices.Delete(l.waiting, i, i+1)
		t.sent = now
		t.bucket.flying++
		close(t.may)
	}
	if len(l.waiting) > 0 {
		l.timer.Reset(max(next.Sub(now), 0))
	}
}

// ready says when a turn may pass, and takes what it needs if that is now.
func (l *limiter) ready(t *turn, now time.Time) time.Time {
	if now.Before(l.paused) && !t.route.apart {
		return l.paused
	}
	if at := t.bucket.ready(now); at.After(now) || t.route.apart {
		return at
	}
	if at := l.slots.ready(now); at.After(now) {
		return at
	}
	r := l.pace.ReserveN(now, 1)
	if delay := r.DelayFrom(now); delay > 0 {
		r.CancelAt(now)
		return now.Add(delay)
	}
	l.slots.take()
	return now
}

// waitOf reads how long an answer asks to wait: from its body, which is exact, or from its headers.
func waitOf(h http.Header, body *refusal) time.Duration {
	seconds := 0.0
	if body != nil {
		seconds = body.RetryAfter
	}
	for _, name := range []string{"X-RateLimit-Reset-After", "Retry-After"} {
		if seconds <= 0 {
			seconds = number(h.Get(name))
		}
	}
	if seconds <= 0 {
		seconds = 1
	}
	seconds = min(seconds, longestNumber)
	return time.Duration(seconds*float64(time.Second)) + 20*time.Millisecond // clocks differ in a second, too
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 || math.IsNaN(n) {
		return 0
	}
	return min(n, longestNumber)
}

// longestNumber bounds what an answer can say: a day in seconds. What is misread must not silence the bot for ever.
const longestNumber = 24 * 60 * 60
