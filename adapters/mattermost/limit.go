package mattermost

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"wardline/bot"
)

const (
	reserve   = 10              // with fewer requests left than this they are spread out
	shortWait = 2 * time.Second // a call waits so long by itself; for more the desk is asked for patience
	longWait  = time.Minute     // a header that was misread must not silence the bot
)

// limit obeys the limit that a server may set on requests. It counts all requests of one address, so
// other programs on this machine use it up as well; only the server's own figures are of use.
type limit struct {
	mu     sync.Mutex    // protects what follows
	closed time.Time     // no request before: the server said so
	gap    time.Duration // between two requests while few are left
	next   time.Time     // the earliest time of the next of them
}

// heed reads the figures of an answer.
func (l *limit) heed(status int, h http.Header) {
	most, left := figure(h, "X-Ratelimit-Limit"), figure(h, "X-Ratelimit-Remaining")
	l.mu.Lock()
	defer l.mu.Unlock()
	if status == http.StatusTooManyRequests {
		l.closed = time.Now().Add(retryAfter(h))
	}
	l.gap = 0
	if most > 0 && left >= 0 && left < reserve && left < most {
		// The server says when all of them will be there again; one is there after its share of that.
		whole := time.Duration(max(figure(h, "X-Ratelimit-Reset"), 1)) * time.Second
		l.gap = min(whole/time.Duration(most-left), time.Second)
	}
}

// open returns how long no request should be made, 0 if one can.
func (l *limit) open() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.closed.Sub(time.Now()), 0)
}

// turn waits until a request may be made. If that is long it returns a bot.RetryAfter instead.
func (l *limit) turn(ctx context.Context) error {
	l.mu.Lock()
	now := time.Now()
	at := now
	if l.closed.After(at) {
		at = l.closed
	}
	if l.gap > 0 {
		if l.next.After(at) {
			at = l.next
		}
		if at.Sub(now) <= shortWait {
			l.next = at.Add(l.gap)
		}
	}
	l.mu.Unlock()
	pause := at.Sub(now)
	if pause > shortWait {
		return wait(pause)
	}
	if pause <= 0 {
		return nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for the server's limit: %w: %w", bot.ErrNotSent, context.Cause(ctx))
	case <-timer.C:
		return nil
	}
}

// retryAfter reads how long the server asks to wait.
func retryAfter(h http.Header) time.Duration {
	seconds := cmp.Or(max(figure(h, "Retry-After"), 0), max(figure(h, "X-Ratelimit-Reset"), 0), 1)
	return min(time.Duration(seconds)*time.Second, longWait)
}

// figure reads a number from a header, -1 if there is none.
func figure(h http.Header, name string) int {
	n, err := strconv.Atoi(h.Get(name))
	if err != nil || n < 0 || n > math.MaxInt32 {
		return -1
	}
	return n
}
