package discordtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path"
	"time"
)

// A Fault is something that goes wrong with a request.
type Fault struct {
	kind   faultKind
	status int
	length time.Duration
}

type faultKind int

const (
	faultStatus faultKind = iota
	faultReset
	faultLost
	faultSlow
	faultHole
	faultShared
	faultBan
)

// Status answers with a status such as 500, 502 or 503, and does nothing.
func Status(status int) Fault { return Fault{kind: faultStatus, status: status} }

// Reset cuts the connection before anything is done.
func Reset() Fault { return Fault{kind: faultReset} }

// Lost does what was asked and cuts the connection instead of answering. Where a method may be repeated
// safely, Go's own HTTP client may repeat it unasked.
func Lost() Fault { return Fault{kind: faultLost} }

// Slow does what was asked and answers late.
func Slow(d time.Duration) Fault { return Fault{kind: faultSlow, length: d} }

// BlackHole does nothing and never answers; the connection stays open until the caller gives up.
func BlackHole() Fault { return Fault{kind: faultHole} }

// Shared answers 429 for a limit that others used up; it does not count as an invalid request.
func Shared(after time.Duration) Fault { return Fault{kind: faultShared, length: after} }

// Cloudflare answers 429 with a page of HTML, as the guard in front of Discord does during a ban.
func Cloudflare() Fault { return Fault{kind: faultBan} }

// A plannedFault waits for the requests it is for.
type plannedFault struct {
	pattern string
	left    int
	fault   Fault
}

// FailNext lets the next n requests that fit the pattern suffer the fault. A pattern is a method and a
// route or path, such as "POST /channels/{channel_id}/messages", where * stands for anything within a
// part; "*" alone fits everything.
func (s *Server) FailNext(pattern string, n int, fault Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &plannedFault{pattern, n, fault})
}

// Heal takes back all faults that are still planned.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// fits says whether a pattern is for a request.
func fits(pattern, method, route, where string) bool {
	if pattern == "*" || pattern == "" {
		return true
	}
	for _, name := range []string{method + " " + route, method + " " + where} {
		if pattern == name {
			return true
		}
		if ok, err := path.Match(pattern, name); err == nil && ok {
			return true
		}
	}
	return false
}

// suffering gives the fault planned for a request, if any. The lock is held.
func (s *Server) suffering(c *call) *Fault {
	for _, planned := range s.faults {
		if planned.left > 0 && fits(planned.pattern, c.r.Method, c.route, c.path) {
			planned.left--
			return &planned.fault
		}
	}
	return nil
}

// pause waits, unless the caller gives up or the test ends first.
func (s *Server) pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.done:
	}
}

// cutOff ends the connection under a request with a reset.
func cutOff(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic("discordtest: the connection cannot be taken over")
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		return // it is gone already
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // so that closing resets
	}
	_ = conn.Close()
}

// htmlBan is the body of a ban; it is not JSON, and clients have to survive that.
const htmlBan = `<!DOCTYPE html><html><head><title>Access denied | error 1015</title></head><body>You are being rate limited</body></html>`

// ban answers as Cloudflare does.
func ban(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.Header().Set("Retry-After", fmt.Sprint(int(after.Seconds())+1))
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte(htmlBan))
}
