package discordtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"
)

// limits remember how many requests came when.
type limits struct {
	buckets     map[string]*bucket
	global      bucket
	invalid     []time.Time // the requests answered 401, 403 or 429 of the last ten minutes
	bannedUntil time.Time
}

// A bucket is a number of requests per window, which starts with the first request.
type bucket struct {
	left  int
	reset time.Time
}

// A quota is what a bucket is filled with.
type quota struct {
	size   int
	window time.Duration
}

// A refusal is a 429.
type refusal struct {
	scope string // user, shared or global
	after time.Duration
}

// take counts a request, or says how long to wait.
func (b *bucket) take(now time.Time, q quota) (wait time.Duration) {
	if !now.Before(b.reset) {
		b.left, b.reset = q.size, now.Add(q.window)
	}
	if b.left == 0 {
		return b.reset.Sub(now)
	}
	b.left--
	return 0
}

// quotaOf says what limits a route, and for which part of the world. Only those of messages, edits and
// channels are known from outside; the others are large enough never to come before the global limit.
func (s *Server) quotaOf(c *call) (key string, q quota) {
	r := s.options.Rates
	major := c.vars["channel_id"] + c.vars["guild_id"]
	name := c.r.Method + " " + c.route
	switch {
	case strings.HasPrefix(c.route, "/webhooks/"), strings.HasPrefix(c.route, "/interactions/"):
		major = c.vars["webhook_token"] + c.vars["interaction_token"]
		return c.route[:9] + major, quota{r.Hook, 2 * time.Second}
	case name == "POST /channels/{channel_id}/messages", name == "PATCH /channels/{channel_id}/messages/{message_id}":
		return name + major, quota{r.Channel, r.Window}
	case name == "PATCH /channels/{channel_id}":
		return name + major, quota{10, 15 * time.Second}
	default:
		return name + major, quota{50, time.Second}
	}
}

// outside says whether a route is outside the global limit.
func outside(route string) bool {
	return strings.HasPrefix(route, "/interactions/") || strings.HasPrefix(route, "/webhooks/")
}

// admit counts a request against its limits and writes the headers of its bucket. The lock is held.
func (s *Server) admit(c *call, h http.Header) *refusal {
	if s.options.Rates.Off {
		return nil
	}
	now := time.Now()
	if !outside(c.route) {
		if wait := s.limits.global.take(now, quota{s.options.Rates.Global, s.options.Rates.GlobalWindow}); wait > 0 {
			return &refusal{"global", wait}
		}
	}
	key, q := s.quotaOf(c)
	b := s.limits.buckets[key]
	if b == nil {
		b = &bucket{}
		s.limits.buckets[key] = b
	}
	wait := b.take(now, q)
	hash := sha256.Sum256([]byte(c.r.Method + " " + c.route))
	h.Set("X-RateLimit-Limit", fmt.Sprint(q.size))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(b.left))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", max(b.reset.Sub(now).Seconds(), 0)))
	h.Set("X-RateLimit-Bucket", hex.EncodeToString(hash[:16]))
	if wait > 0 {
		return &refusal{"user", wait}
	}
	return nil
}

// answer words a 429 as Discord documents it: a global one has two headers and no others.
func (r *refusal) answer(h http.Header) answer {
	h.Set("Retry-After", fmt.Sprint(int(math.Ceil(r.after.Seconds()))))
	if r.scope == "global" {
		h.Set("X-RateLimit-Global", "true")
	} else {
		h.Set("X-RateLimit-Scope", r.scope)
	}
	return answer{status: http.StatusTooManyRequests, body: map[string]any{
		"message":     "You are being rate limited.",
		"retry_after": math.Ceil(r.after.Seconds()*1000) / 1000,
		"global":      r.scope == "global",
	}}
}

// countInvalid notes an answer that counts against the ban. The lock is held.
func (s *Server) countInvalid(status int, scope string) {
	if status != 401 && status != 403 && (status != 429 || scope == "shared") {
		return
	}
	now := time.Now()
	l := &s.limits
	for len(l.invalid) > 0 && now.Sub(l.invalid[0]) > 10*time.Minute {
		l.invalid = l.invalid[1:]
	}
	l.invalid = append(l.invalid, now)
	if len(l.invalid) >= s.options.BanAfter {
		l.bannedUntil = now.Add(10 * time.Minute)
	}
}

// InvalidRequests is the number of requests of the last ten minutes that were answered 401, 403 or 429,
// without those of a shared limit. At 10,000 Discord's guard bans the address.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.limits.invalid)
}

// Ban bans the caller's address for a time; nothing shortens it.
func (s *Server) Ban(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits.bannedUntil = time.Now().Add(d)
}
