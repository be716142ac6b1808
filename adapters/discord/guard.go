package discord

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Figures of the guard. Discord shuts an address out after 10,000 such requests in ten minutes, and with it
// everything of the hospital behind the same address.
const (
	mostInvalid   = 1000
	invalidWindow = 10 * time.Minute
	invalidPause  = time.Minute
)

// A guard stops all requests long before Discord counts us among those who attack it.
type guard struct {
	log *slog.Logger

	mu      sync.Mutex // protects what follows
	invalid []time.Time
	until   time.Time
}

func newGuard(log *slog.Logger) *guard { return &guard{log: log} }

// wait says how long no request may be made.
func (g *guard) wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until)
}

// count notes an answer. What others used up does not count, nor does what succeeds.
func (g *guard) count(ctx context.Context, status int, scope string) {
	if status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusTooManyRequests || scope == "shared" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	g.invalid = append(slices.DeleteFunc(g.invalid, func(at time.Time) bool { return now.Sub(at) > invalidWindow }), now)
	if len(g.invalid) < mostInvalid || now.Before(g.until) {
		return
	}
	// One request a minute may find out whether it is mended.
	g.until = now.Add(invalidPause)
	g.log.ErrorContext(ctx, "too many requests were refused; nothing is sent to discord for now",
		"refused", len(g.invalid), "within", invalidWindow, "wait", invalidPause, "remedy", "look above for the refusals: a token, a permission or a limit")
}
