package discord_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestAGatewayThatIsHardToReachIsReached puts obstacles on the way to the gateway when the bot has lost its session
// and looks for it anew.
func TestAGatewayThatIsHardToReachIsReached(t *testing.T) {
	t.Parallel()
	pages := map[string]reply{
		"an error": {500, "", `{"message":"500: Internal Server Error","code":0}`}, "a page of an error": {502, "", "<html>"}, "a page": {200, "", "<html>"},
		"nothing": {200, "", ``}, "no address": {200, "", `{}`}, "an empty address": {200, "", `{"url":""}`}, "a false address": {200, "", `{"url":"ws://127.0.0.1:1"}`},
		"patience": {429, "Retry-After: 1", `{"retry_after":0.2,"global":false}`}, "a refusal": {403, "", `{"code":50001}`},
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newFronted(t, func(_ int, said frame) [][]byte { return said.as() })
			r.ready()
			r.ask("before")
			r.hears(enough, "before")
			var left atomic.Int32
			left.Store(3)
			r.front.answers(func(w http.ResponseWriter, q *http.Request, _ string) bool {
				if !strings.HasSuffix(q.URL.Path, "/gateway") || left.Add(-1) < 0 {
					return false
				}
				page.ServeHTTP(w, q)
				return true
			})
			r.discord.Gateway().Close(4009)
			r.ask("during")
			r.hears(enough, "before", "during")
			if left.Load() >= 0 {
				t.Errorf("the bot did not ask where the gateway is: %d answers are left", left.Load())
			}
		})
	}
}

// TestAServerThatIsBackIsHeardSoon has a server away for so many tries that each doubling of the wait would have made
// hours of them. A server that is there again is soon listened to, for people talk to it at once.
func TestAServerThatIsBackIsHeardSoon(t *testing.T) {
	t.Parallel()
	r := newFronted(t, func(_ int, said frame) [][]byte { return said.as() })
	r.ready()
	var left atomic.Int32
	left.Store(16)
	r.front.answers(func(w http.ResponseWriter, q *http.Request, _ string) bool {
		away := strings.HasSuffix(q.URL.Path, "/gateway") && left.Add(-1) >= 0
		if away {
			panic(http.ErrAbortHandler) // as if nobody was there
		}
		return false
	})
	r.discord.Gateway().Close(4009)
	r.ask("are you there?")
	r.hears(enough, "are you there?")
	if said := r.log.String(); left.Load() >= 0 || strings.Contains(said, "discord.com") {
		t.Errorf("%d tries are left, or the log names an address that was not asked:\n%s", left.Load(), said)
	}
}

// TestASlowOrSilentConnectionIsNotTheEnd hangs at each step of the second connection, and then lets the third pass.
func TestASlowOrSilentConnectionIsNotTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		greet  func(r *rig, n int)
		change func(n int, said frame) [][]byte
	}{
		"a slow handshake": {greet: func(r *rig, n int) {
			if n == 2 {
				r.front.wait(time.Second)
			}
		}},
		"no handshake": {greet: func(r *rig, n int) {
			if n == 2 {
				r.front.wait(time.Hour)
			}
		}},
		"no greeting":   {change: silent(func(frame) bool { return true })},
		"no sign-in":    {change: silent(func(said frame) bool { return said.Op != 10 })},
		"no more words": {change: silent(func(said frame) bool { return said.Op != 10 && said.Event != "RESUMED" })},
		"asked to reconnect at once": {change: func(n int, said frame) [][]byte {
			if n == 2 {
				return [][]byte{[]byte(`{"op":7,"d":null}`)}
			}
			return said.as()
		}},
		"asked to reconnect before the sign-in": {change: func(n int, said frame) [][]byte {
			if n == 2 && said.Op != 10 {
				return [][]byte{[]byte(`{"op":7,"d":null}`)}
			}
			return said.as()
		}},
		"refused at once": {change: func(n int, said frame) [][]byte {
			if n == 2 {
				return [][]byte{[]byte(`{"op":9,"d":false}`)}
			}
			return said.as()
		}},
		"a sign-in that comes late": {change: silentFirst()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change := c.change
			if change == nil {
				change = func(_ int, said frame) [][]byte { return said.as() }
			}
			r := newFronted(t, change)
			r.ready()
			r.ask("before")
			r.hears(enough, "before")
			if c.greet != nil {
				r.front.greets(func(n int) { c.greet(r, n) })
			}
			r.discord.Gateway().Cut()
			r.ask("during")
			r.hears(enough, "before", "during")
			r.ask("after")
			r.hears(enough, "before", "during", "after")
		})
	}
}

// silent keeps some words of the second connection back.
func silent(which func(said frame) bool) func(n int, said frame) [][]byte {
	return func(n int, said frame) [][]byte {
		if n == 2 && which(said) {
			return nil
		}
		return said.as()
	}
}

// silentFirst answers heartbeats and wishes of the second connection before it says that the session goes on.
func silentFirst() func(n int, said frame) [][]byte {
	var held [][]byte
	return func(n int, said frame) [][]byte {
		switch {
		case n != 2 || said.Op == 10:
			return said.as()
		case said.Op == 0 && held == nil:
			held = [][]byte{said.raw}
			return [][]byte{[]byte(`{"op":1,"d":null}`)} // the answer to the heartbeat brings the rest
		case said.Op == 0 && held != nil && len(held) > 0:
			held = append(held, said.raw)
			return nil
		case said.Op == 11 && len(held) > 0:
			out := append([][]byte{said.raw}, held...)
			held = [][]byte{}
			return out
		}
		return said.as()
	}
}
