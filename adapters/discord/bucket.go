package discord

import (
	"net/http"
	"regexp"
	"strings"
	"time"
)

// A route is what Discord limits together, as far as can be told before it has answered.
type route struct {
	name  string // method and path without ids
	major string // the channel, server or token that has a limit of its own
	apart bool   // outside the limit over all requests: what belongs to an interaction
}

var snowflakes = regexp.MustCompile(`/[0-9]{5,20}`)

// routeOf tells the route of a request. The name holds nothing that is secret.
func routeOf(method, path string) route {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	r := route{}
	if len(parts) > 1 {
		switch parts[0] {
		case "channels", "guilds":
			r.major = parts[1]
		case "webhooks", "interactions":
			r.apart = true
			if len(parts) > 2 {
				r.major = parts[2]
				path = strings.Replace(path, "/"+parts[2], "/{token}", 1)
			}
		}
	}
	r.name = method + " " + snowflakes.ReplaceAllString(path, "/{id}")
	return r
}

// A bucket is how many requests of a kind are left until a moment. Until Discord has told, one request at a
// time finds out.
type bucket struct {
	known  bool
	free   bool // the answers name no limit
	size   int
	left   int
	reset  time.Time
	closed time.Time // nothing before
	flying int
}

// bucketOf finds the bucket of a route, or makes one.
func (l *limiter) bucketOf(r route, now time.Time) *bucket {
	key := r.name + "/" + r.major
	if name, ok := l.names[r.name]; ok {
		key = name + "/" + r.major
	}
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= manyBuckets {
			l.sweep(now)
		}
		b = &bucket{}
		l.buckets[key] = b
	}
	return b
}

// sweep forgets buckets that are full again.
func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if b.flying == 0 && now.After(b.reset) && now.After(b.closed) {
			delete(l.buckets, key)
		}
	}
}

// wait says how long nothing can pass, as far as that is known.
func (b *bucket) wait(now time.Time) time.Duration {
	if at := b.ready(now); at.Before(now.Add(time.Hour)) {
		return at.Sub(now)
	}
	return 0
}

// ready says when the next request may pass; in an hour means when one of those under way is answered.
func (b *bucket) ready(now time.Time) time.Time {
	if now.Before(b.closed) {
		return b.closed
	}
	left := 1
	switch {
	case b.free:
		return now
	case b.known && !now.Before(b.reset):
		left = b.size
	case b.known:
		left = b.left
	}
	switch {
	case left > b.flying:
		return now
	case b.known && now.Before(b.reset):
		return b.reset
	}
	return now.Add(time.Hour)
}

// read learns from the headers of an answer. Answers overtake each other: within one window the least counts.
func (b *bucket) read(h http.Header, now time.Time) {
	if h.Get("X-RateLimit-Limit") == "" {
		b.free = !b.known
		return
	}
	left, size := int(number(h.Get("X-RateLimit-Remaining"))), int(number(h.Get("X-RateLimit-Limit")))
	reset := now.Add(time.Duration(number(h.Get("X-RateLimit-Reset-After")) * float64(time.Second)))
	const same = 250 * time.Millisecond
	if b.known && reset.Before(b.reset.Add(same)) && now.Before(b.reset) {
		left = min(left, b.left)
	}
	if b.reset.After(reset) {
		reset = b.reset
	}
	b.known, b.free, b.size, b.left, b.reset = true, false, max(size, 1), left, reset
}

// close lets nothing pass before a moment.
func (b *bucket) close(until time.Time) {
	if until.After(b.closed) {
		b.closed = until
	}
}
