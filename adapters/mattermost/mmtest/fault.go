package mmtest

import (
	"net"
	"net/http"
	"path"
	"slices"
	"sync"
	"time"
)

// A Request is one request that the server has got.
type Request struct {
	Method string
	Path   string // without the query
	Query  string
	User   string // the name of who asked; empty for a stranger
	Status int    // of the answer; 0 while there is none, and for a websocket
	At     time.Time
}

// A Fault is what goes wrong with a request. Exactly one of Status, Reset, LoseAnswer and Delay is
// usual, Delay may come with the others.
type Fault struct {
	Status     int           // answered with this status and a text, without being executed
	Reset      bool          // the connection is reset, without being executed
	LoseAnswer bool          // executed, then the connection is closed without an answer
	Delay      time.Duration // waits so long before anything else
	RetryAfter string        // header of a Status; empty is none
}

// before does what happens before the request would be executed, and says whether that was all.
func (f Fault) before(w http.ResponseWriter, end <-chan struct{}) bool {
	select {
	case <-time.After(f.Delay):
	case <-end:
	}
	switch {
	case f.Reset:
		hangUp(w, true)
		return true
	case f.Status != 0:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		text := "mmtest: fault"
		if f.Status == http.StatusTooManyRequests {
			text = "limit exceeded"
		}
		http.Error(w, text, f.Status)
		return true
	}
	return false
}

// hangUp takes the connection away from its request.
func hangUp(w http.ResponseWriter, reset bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, yes := conn.(*net.TCPConn); yes && reset {
		_ = tcp.SetLinger(0) // it is closed either way
	}
	_ = conn.Close() // it is gone either way
}

// A rule is a fault that waits for requests.
type rule struct {
	method, path string
	left         int // how many times more; negative is without end
	fault        Fault
}

type faults struct {
	mu    sync.Mutex // protects what follows
	rules []*rule
	hook  func(Request) (Fault, bool)
	log   []*Request
	gate  chan struct{} // closed by Thaw; nil when nothing is frozen
}

// FailNext makes the next n requests of a method ("" is any) to a path go wrong; n below zero is all
// of them. In the path, * stands for one part: /api/v4/posts/*/actions/*.
func (s *Server) FailNext(method, path string, n int, f Fault) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules = append(s.faults.rules, &rule{method, path, n, f})
}

// Hook is asked about every request that no FailNext has claimed; nil takes it away.
func (s *Server) Hook(f func(Request) (Fault, bool)) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.hook = f
}

// Heal ends all faults of FailNext and Hook.
func (s *Server) Heal() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rules, s.faults.hook = nil, nil
}

// Freeze makes the server hang: it takes connections and requests and answers nothing, and sockets are
// silent. Requests are executed after Thaw, also those whose sender has given up.
func (s *Server) Freeze() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.gate == nil {
		s.faults.gate = make(chan struct{})
	}
}

// Thaw ends Freeze.
func (s *Server) Thaw() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.gate != nil {
		close(s.faults.gate)
		s.faults.gate = nil
	}
}

// Requests are all requests so far, in the order they came in.
func (s *Server) Requests() []Request {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	var all []Request
	for _, r := range s.faults.log {
		all = append(all, *r)
	}
	return all
}

// Count says how many requests of a method ("" is any) to a path, as in FailNext, came in.
func (s *Server) Count(method, path string) (n int) {
	for _, r := range s.Requests() {
		if fits(method, path, &r) {
			n++
		}
	}
	return n
}

// pass waits while the server is frozen.
func (f *faults) pass() {
	f.mu.Lock()
	gate := f.gate
	f.mu.Unlock()
	if gate != nil {
		<-gate
	}
}

// note writes a request down.
func (f *faults) note(c *call) *Request {
	r := &Request{Method: c.r.Method, Path: c.r.URL.Path, Query: c.r.URL.RawQuery, At: time.Now()}
	if c.sess != nil {
		r.User = c.me().Username
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, r)
	return r
}

func (f *faults) answered(r *Request, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Status = status
}

// next gives the fault that a request meets.
func (f *faults) next(r *Request) (Fault, bool) {
	f.mu.Lock()
	i := slices.IndexFunc(f.rules, func(u *rule) bool { return u.left != 0 && fits(u.method, u.path, r) })
	if i >= 0 {
		defer f.mu.Unlock()
		f.rules[i].left--
		return f.rules[i].fault, true
	}
	hook, known := f.hook, *r
	f.mu.Unlock() // a hook may well ask for the log
	if hook == nil {
		return Fault{}, false
	}
	return hook(known)
}

func fits(method, pattern string, r *Request) bool {
	match, err := path.Match(pattern, r.Path)
	return err == nil && match && (method == "" || method == r.Method)
}

// passOr waits while the server is frozen, and says whether that ended before quit did.
func (f *faults) passOr(quit <-chan struct{}) bool {
	f.mu.Lock()
	gate := f.gate
	f.mu.Unlock()
	if gate == nil {
		return true
	}
	select {
	case <-gate:
		return true
	case <-quit:
		return false
	}
}
