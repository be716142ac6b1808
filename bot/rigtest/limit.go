package rigtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Limit is how many requests are taken in how long. The zero value takes all.
type Limit struct {
	Requests int
	Per      time.Duration
}

// bucket counts requests in a window that begins with the first of them.
type bucket struct {
	used  int
	until time.Time
}

// admit counts a request, tells in the headers what is left for a room, and returns how long to wait if it is one
// too many. Its caller holds mu.
func (c *Chat) admit(w http.ResponseWriter, name string, l Limit) time.Duration {
	if l.Requests == 0 {
		return 0
	}
	now := time.Now()
	b := c.limits[name]
	if b == nil || !now.Before(b.until) {
		b = &bucket{until: now.Add(l.Per)}
		c.limits[name] = b
	}
	left := b.until.Sub(now)
	if b.used >= l.Requests {
		return left
	}
	b.used++
	if name == "" {
		return 0
	}
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(l.Requests))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(l.Requests-b.used))
	w.Header().Set("X-RateLimit-Reset-After", decimal(left))
	return 0
}

func decimal(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }

// askToWait answers 429 in one of the ways in use. Real systems round whole seconds up; a scaled one
// has to write fractions where they do.
func (c *Chat) askToWait(w http.ResponseWriter, f Fault, d time.Duration) {
	c.mu.Lock()
	c.limit++
	c.mu.Unlock()
	body := fmt.Sprintf(`{"message":"You are being rate limited.","retry_after":%s,"global":%t}`, decimal(d), f == GlobalLimit)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	switch f {
	case GlobalLimit:
		h.Set("X-RateLimit-Global", "true")
	case ResetLimit:
		h.Set("X-RateLimit-Reset-After", decimal(d))
		body = `{"message":"You are being rate limited."}`
	case TextLimit:
		h.Set("Content-Type", "text/plain")
		h.Set("Retry-After", decimal(d))
		body = "limit exceeded"
	default:
		h.Set("Retry-After", decimal(d))
		h.Set("X-RateLimit-Scope", "user")
	}
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = fmt.Fprint(w, body) // the caller may be dead
}
