package web

import (
	"sync"
	"time"
)

// How often one person may act: a burst, then a steady pace. Completion runs with every pause in
// typing, so it has a wider allowance of its own.
const (
	postBurst = 20
	postPace  = 500 * time.Millisecond
	typeBurst = 60
	typePace  = 100 * time.Millisecond
)

// A limiter holds back people, or their scripts, who post faster than anybody could read.
type limiter struct {
	mu   sync.Mutex
	free map[string]time.Time // by key: when all of the burst is free again
}

func newLimiter() *limiter { return &limiter{free: make(map[string]time.Time)} }

// wait takes one act from the allowance of a key and returns 0, or how long to wait for one.
func (l *limiter) wait(key string, burst int, pace time.Duration, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	full := l.free[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(pace)
	if over := full.Sub(now) - time.Duration(burst)*pace; over > 0 {
		return over
	}
	l.free[key] = full
	return 0
}

// forget drops keys whose allowance is whole again, once there are many.
func (l *limiter) forget(now time.Time) {
	if len(l.free) < 1000 {
		return
	}
	for key, full := range l.free {
		if full.Before(now) {
			delete(l.free, key)
		}
	}
}
