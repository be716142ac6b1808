package discordtest

import (
	"slices"
	"time"
)

// A Frame is something a client sent to the gateway. Op -1 is a close frame, and Code what it closed with.
type Frame struct {
	Op   int
	Code int
	At   time.Time
}

// gatewayFaults are the faults still to come.
type gatewayFaults struct {
	noHello, reconnectFirst, refuseResume, double, swap int
	refuse, refuseCode                                  int
	deaf                                                bool
}

// A Gateway does harm to the websocket side of a Server, and tells what came over it.
type Gateway struct{ s *Server }

// Gateway is the websocket side of the server.
func (s *Server) Gateway() Gateway { return Gateway{s} }

// with changes the faults.
func (g Gateway) with(do func(*gatewayFaults)) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	do(&g.s.gateway.faults)
}

// each does something to every connection and gives their number.
func (g Gateway) each(do func(*conn)) int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	for _, c := range g.s.gateway.conns {
		do(c)
	}
	return len(g.s.gateway.conns)
}

// WithholdHello leaves the next n connections without a greeting; nothing else is sent either.
func (g Gateway) WithholdHello(n int) { g.with(func(f *gatewayFaults) { f.noHello = n }) }

// ReconnectFirst answers the next n sign-ins and resumes with the request to reconnect.
func (g Gateway) ReconnectFirst(n int) { g.with(func(f *gatewayFaults) { f.reconnectFirst = n }) }

// RefuseResume answers the next n resumes with an invalid session, which has to sign in anew.
func (g Gateway) RefuseResume(n int) { g.with(func(f *gatewayFaults) { f.refuseResume = n }) }

// RefuseIdentify answers the next n sign-ins by closing with a code, or with an invalid session for code 0.
func (g Gateway) RefuseIdentify(n, code int) {
	g.with(func(f *gatewayFaults) { f.refuse, f.refuseCode = n, code })
}

// StopAcks leaves heartbeats without an answer, or answers them again.
func (g Gateway) StopAcks(stop bool) { g.with(func(f *gatewayFaults) { f.deaf = stop }) }

// Double sends each of the next n events twice, with a number of its own each time.
func (g Gateway) Double(n int) { g.with(func(f *gatewayFaults) { f.double = n }) }

// Swap holds the next event back until the one after it has gone, n times.
func (g Gateway) Swap(n int) { g.with(func(f *gatewayFaults) { f.swap = n }) }

// Close closes all connections with a code and gives their number.
func (g Gateway) Close(code int) int { return g.each(func(c *conn) { c.close(code) }) }

// Cut resets all connections and gives their number.
func (g Gateway) Cut() int { return g.each((*conn).cut) }

// AskReconnect asks all clients to connect anew and to resume.
func (g Gateway) AskReconnect() int {
	return g.each(func(c *conn) { c.send(opReconnect, nil) })
}

// Invalidate ends all sessions; clients have to sign in anew, or to resume when that is said.
func (g Gateway) Invalidate(resumable bool) int {
	return g.each(func(c *conn) {
		if c.session != nil && !resumable {
			c.session.dead = true
			c.session.conn = nil
			c.session = nil
		}
		c.send(opInvalidSession, resumable)
	})
}

// Ready is the number of connections with a session now.
func (g Gateway) Ready() int {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.ready()
}

func (s *Server) ready() (n int) {
	for _, c := range s.gateway.conns {
		if c.session != nil && c.session.conn == c && !c.closing {
			n++
		}
	}
	return n
}

// AwaitReady waits until some connection has a session.
func (g Gateway) AwaitReady(limit time.Duration) bool {
	return g.s.await(limit, func() bool { return g.s.ready() > 0 })
}

// AwaitGone waits until no connection has a session.
func (g Gateway) AwaitGone(limit time.Duration) bool {
	return g.s.await(limit, func() bool { return g.s.ready() == 0 })
}

// Frames is what clients have sent so far, of all connections; with operations, only those.
func (g Gateway) Frames(ops ...int) []Frame {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(g.s.gateway.log), func(f Frame) bool { return len(ops) > 0 && !slices.Contains(ops, f.Op) })
}

// AwaitFrames waits until n frames of an operation have come.
func (g Gateway) AwaitFrames(limit time.Duration, op, n int) bool {
	return g.s.await(limit, func() bool {
		count := 0
		for _, f := range g.s.gateway.log {
			if f.Op == op {
				count++
			}
		}
		return count >= n
	})
}
