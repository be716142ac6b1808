package rigtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Fault is one way of misbehaving towards one request.
type Fault int

// The faults. Those that say so have carried the request out.
const (
	None        Fault = iota
	Status500         // an error, nothing done
	Done500           // an error although it was done
	Status502         // a page of HTML, nothing done
	Done502           // a page of HTML although it was done
	Status503         // with Retry-After, nothing done
	BlackHole         // never an answer, nothing done
	DoneHole          // never an answer although it was done
	Slow              // done late, but answered in time
	Drip              // done, and the answer comes too slowly to be read to its end
	Cut               // done, and the answer ends in the middle
	Lost              // done, and the connection is cut before the answer
	Dropped           // the connection is cut, nothing done
	Frozen            // no answer, and done long after the caller gave up
	Unknown401        // who are you? Nothing done
	BadJSON           // done, and the answer cannot be read
	RoomLimit         // 429 with Retry-After in seconds and a body of JSON
	GlobalLimit       // 429 with X-Ratelimit-Global and retry_after in the body
	ResetLimit        // 429 with X-RateLimit-Reset-After as a decimal number
	TextLimit         // 429 with Retry-After and a body of plain text
	lastFault
)

// String names the fault.
func (f Fault) String() string {
	names := [...]string{
		"none", "500", "500 after it was done", "502", "502 after it was done", "503", "black hole", "black hole after it was done", "slow",
		"a byte at a time", "cut mid-body", "answer lost", "connection cut", "executed late", "401", "malformed JSON", "429 of a room", "429 of all",
		"429 with reset-after", "429 as text",
	}
	if f < 0 || int(f) >= len(names) {
		return fmt.Sprintf("fault %d", int(f))
	}
	return names[f]
}

// Faults returns all there are, but None.
func Faults() []Fault {
	var out []Fault
	for f := None + 1; f < lastFault; f++ {
		out = append(out, f)
	}
	return out
}

// Plan says what goes wrong with the next request. The calls are named list, room, create, change,
// find, post and edit.
type Plan func(call string) Fault

// Faultless is the plan of a system that does nothing wrong.
func Faultless(string) Fault { return None }

// Always lets one fault happen to every request of one call, or of all with "".
func Always(call string, f Fault) Plan {
	return func(c string) Fault {
		if call == "" || c == call {
			return f
		}
		return None
	}
}

// Storm lets one of some faults happen to a share of all requests, the same for the same seed.
func Storm(seed uint64, share float64, faults ...Fault) Plan {
	var mu sync.Mutex // protects chance
	chance := rand.New(rand.NewPCG(seed, 1))
	return func(string) Fault {
		mu.Lock()
		defer mu.Unlock()
		if chance.Float64() >= share {
			return None
		}
		return faults[chance.IntN(len(faults))]
	}
}

// answer is what a request is answered with if nothing goes wrong.
type answer struct {
	status int
	body   []byte
}

// suffer carries a request out or not and answers it or not, as the fault says.
func (c *Chat) suffer(life context.Context, w http.ResponseWriter, r *http.Request, f Fault, do func() answer) {
	switch f {
	case None:
		write(w, do())
	case Status500, Done500, Status502, Done502, Status503, Unknown401:
		if f == Done500 || f == Done502 {
			do()
		}
		failed(w, f)
	case BlackHole, DoneHole:
		if f == DoneHole {
			do()
		}
		wait(r.Context(), life, time.Hour)
		panic(http.ErrAbortHandler)
	case Slow:
		if wait(context.Background(), life, c.settings.Window/4) {
			write(w, do())
		}
	case Drip:
		drip(w, r, do())
	case Cut, BadJSON:
		a := do()
		torn(w, a, f == Cut)
	case Lost, Dropped:
		if f == Lost {
			do()
		}
		panic(http.ErrAbortHandler)
	case Frozen:
		c.late.Go(func() {
			if wait(context.Background(), life, c.settings.Frozen) {
				do()
			}
		})
		wait(r.Context(), life, time.Hour)
		panic(http.ErrAbortHandler)
	case RoomLimit, GlobalLimit, ResetLimit, TextLimit, lastFault:
		c.askToWait(w, f, 20*time.Millisecond)
	}
}

// wait returns true after d, false if the request or the system ended first.
func wait(request, life context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-request.Done():
	case <-life.Done():
	}
	return false
}

func write(w http.ResponseWriter, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may be dead
}

func failed(w http.ResponseWriter, f Fault) {
	switch f {
	case Status502, Done502:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = fmt.Fprint(w, "<html><h1>502 Bad Gateway</h1></html>")
	case Status503:
		w.Header().Set("Retry-After", "0.05")
		w.WriteHeader(http.StatusServiceUnavailable)
	case Unknown401:
		write(w, refusal(http.StatusUnauthorized, "api.context.session_expired.app_error"))
	default:
		write(w, refusal(http.StatusInternalServerError, "app.post.save.app_error"))
	}
}

// torn announces the whole answer and sends half of it, or sends what is no JSON.
func torn(w http.ResponseWriter, a answer, cut bool) {
	if !cut {
		write(w, answer{status: a.status, body: []byte(`{"id":17,"na`)})
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func drip(w http.ResponseWriter, r *http.Request, a answer) {
	w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	w.WriteHeader(a.status)
	for i := range a.body {
		if _, err := w.Write(a.body[i : i+1]); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush()
		if !wait(r.Context(), context.Background(), 5*time.Millisecond) {
			return
		}
	}
}
