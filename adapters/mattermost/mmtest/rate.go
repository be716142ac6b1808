package mmtest

import (
	"math"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A Rate is a limit of requests. It counts by address: all tokens of one machine together.
type Rate struct {
	PerSecond int // 0 is no limit
	Burst     int
}

// limits is the limiter of a real server: a request moves a theoretical time forward, and is refused
// when that time is further ahead than the burst allows.
type limits struct {
	rate Rate

	mu  sync.Mutex // protects tat
	tat map[string]time.Time
}

// let writes the headers of a limit, and the refusal when there is one.
func (l *limits) let(w http.ResponseWriter, r *http.Request) bool {
	if l.rate.PerSecond == 0 {
		return true
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	step := time.Second / time.Duration(l.rate.PerSecond)
	most := step * time.Duration(l.rate.Burst+1)
	l.mu.Lock()
	if l.tat == nil {
		l.tat = map[string]time.Time{}
	}
	at := time.Now()
	next := l.tat[host]
	if next.Before(at) {
		next = at
	}
	next = next.Add(step)
	let := next.Sub(at) <= most
	if let {
		l.tat[host] = next
	} else {
		next = next.Add(-step)
	}
	l.mu.Unlock()
	h := w.Header()
	h.Set("X-Ratelimit-Limit", strconv.Itoa(l.rate.Burst+1))
	h.Set("X-Ratelimit-Remaining", strconv.Itoa(int((most-next.Sub(at))/step)))
	h.Set("X-Ratelimit-Reset", strconv.Itoa(int(math.Ceil(next.Sub(at).Seconds()))))
	if !let {
		h.Set("Retry-After", "1")
		http.Error(w, "limit exceeded", http.StatusTooManyRequests)
	}
	return let
}
