package discord_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wardline/adapters/discord"
)

// crowd sends n requests to a server and tells how many it had at once, from request to request, and how long all
// took. How long an answer takes depends on how many there are.
func crowd(t *testing.T, n int, takes func(at int) time.Duration) (crowds []int, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		there, begin := 0, time.Now()
		flood(t, discord.NewLimiter(), n, func(leave func(http.Header)) {
			mu.Lock()
			there++
			crowds = append(crowds, there)
			way := takes(there)
			mu.Unlock()
			time.Sleep(way) // what the server needs
			mu.Lock()
			there--
			mu.Unlock()
			leave(http.Header{})
		})
		took = time.Since(begin)
	})
	return crowds, took
}

func most(crowds []int) int {
	out := 0
	for _, n := range crowds {
		out = max(out, n)
	}
	return out
}

// A server whose database bears ten at once, and of which each one more hangs for ten seconds, is never given
// eleven: forty wards are told in the time that it needs.
func TestABroadcastDoesNotOverrunASmallServer(t *testing.T) {
	t.Parallel()
	crowds, took := crowd(t, 40, func(at int) time.Duration {
		if at > 10 {
			return 10 * time.Second
		}
		return time.Duration(at) * 80 * time.Millisecond
	})
	if most(crowds) > 10 || took > 4*time.Second {
		t.Errorf("it had %d at once, and all took %s", most(crowds), took)
	}
}

// One that is slow already is asked less, not more.
func TestASlowServerIsAskedLess(t *testing.T) {
	t.Parallel()
	crowds, _ := crowd(t, 60, func(int) time.Duration { return 5 * time.Second })
	if first, last := most(crowds[:10]), most(crowds[40:]); first > 6 || last > 2 {
		t.Errorf("it had %d at once at first and %d later", first, last)
	}
}

// A server that is far away and bears much is kept busy: as many are under way as its limit needs.
func TestAFarServerIsKeptBusy(t *testing.T) {
	t.Parallel()
	crowds, took := crowd(t, 500, func(int) time.Duration { return 300 * time.Millisecond })
	if most(crowds) < 14 || took > 13*time.Second {
		t.Errorf("it had %d at once, and all took %s", most(crowds), took)
	}
}
