package discordtest

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// Operations of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// Close codes of the gateway.
const (
	closeUnknownOp     = 4001
	closeDecode        = 4002
	closeNotSignedIn   = 4003
	closeToken         = 4004
	closeTwice         = 4005
	closeSequence      = 4007
	closeTooMany       = 4008
	closeTimeout       = 4009
	closeBadIntents    = 4013
	closeIntentRefused = 4014
)

// gateway is the state of the websocket side.
type gateway struct {
	conns      []*conn
	sessions   []*session
	identified int
	lastSignIn time.Time
	log        []Frame
	faults     gatewayFaults
}

// A conn is one websocket. Its queue is guarded by the server's lock; one goroutine reads the socket and
// one writes to it.
type conn struct {
	s       *Server
	ws      *websocket.Conn
	queue   []outgoing
	wake    chan struct{} // of room one: there is something in the queue
	gone    chan struct{} // closed by the reader at its end
	session *session
	closing bool // the server closes, so that the client's code says nothing
	frames  []time.Time
}

// An outgoing is a frame to write, or the code to close with.
type outgoing struct {
	frame []byte
	code  int
}

// A frame is what a client sends.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
}

// serveGateway takes over a connection and stays until it ends.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	if v := r.URL.Query().Get("v"); v != "9" && v != "10" || r.URL.Query().Get("encoding") != "json" || r.URL.Query().Has("compress") {
		s.noteAnswer("GET /gateway", "", "the gateway wants ?v=10&encoding=json, and no compression here; got ?"+r.URL.RawQuery)
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &conn{s: s, ws: ws, wake: make(chan struct{}, 1), gone: make(chan struct{})}
	s.mu.Lock()
	select {
	case <-s.done:
		s.mu.Unlock()
		_ = ws.Close()
		return
	default:
	}
	s.gateway.conns = append(s.gateway.conns, c)
	s.work.Go(c.write)
	s.work.Add(1)
	s.hello(c)
	s.mu.Unlock()
	c.read()
	s.work.Done()
}

// send queues a frame. The lock is held, as for all methods that queue.
func (c *conn) send(op int, data any) {
	c.put(outgoing{frame: marshal(map[string]any{"op": op, "d": data, "s": nil, "t": nil})})
}

func (c *conn) close(code int) {
	c.closing = true
	c.put(outgoing{code: code})
}

func (c *conn) put(o outgoing) {
	c.queue = append(c.queue, o)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// cut ends the connection with a reset, as a cable that is pulled does in the end.
func (c *conn) cut() {
	c.closing = true
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.ws.NetConn().Close()
}

// write sends what is queued, in order.
func (c *conn) write() {
	for {
		c.s.mu.Lock()
		queue := c.queue
		c.queue = nil
		c.s.mu.Unlock()
		for _, o := range queue {
			_ = c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
			if o.code != 0 {
				_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, ""), time.Now().Add(time.Second))
				_ = c.ws.SetReadDeadline(time.Now().Add(time.Second)) // for the client's own close frame
				return
			}
			if c.ws.WriteMessage(websocket.TextMessage, o.frame) != nil {
				_ = c.ws.Close()
				return
			}
		}
		select {
		case <-c.wake:
		case <-c.gone:
			return
		}
	}
}

// read hears the client until the connection ends.
func (c *conn) read() {
	patience := 2*c.s.options.Heartbeat + 2*time.Second
	for {
		c.s.mu.Lock()
		if !c.closing {
			_ = c.ws.SetReadDeadline(time.Now().Add(patience))
		}
		c.s.mu.Unlock()
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			c.end(err)
			return
		}
		c.s.mu.Lock()
		c.hear(raw)
		c.s.mu.Unlock()
	}
}

// end takes the connection off. A client that closes with 1000 or 1001 ends its session.
func (c *conn) end(err error) {
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout() && !c.closed():
		_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeTimeout, ""), time.Now().Add(time.Second))
	case errors.As(err, &closed) && !c.closed() && (closed.Code == websocket.CloseNormalClosure || closed.Code == websocket.CloseGoingAway):
		c.s.mu.Lock()
		if c.session != nil {
			c.session.dead = true
		}
		c.s.mu.Unlock()
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if closed != nil {
		c.s.gateway.log = append(c.s.gateway.log, Frame{Op: -1, Code: closed.Code, At: time.Now()})
	}
	if c.session != nil && c.session.conn == c {
		c.session.conn = nil
	}
	c.s.gateway.conns = slices.DeleteFunc(c.s.gateway.conns, func(other *conn) bool { return other == c })
	close(c.gone)
	_ = c.ws.Close()
	c.s.tell()
}

func (c *conn) closed() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.closing
}

// hear does what a frame asks.
func (c *conn) hear(raw []byte) {
	var f frame
	if c.closing {
		return
	}
	if len(raw) > 4096 || json.Unmarshal(raw, &f) != nil {
		c.close(closeDecode)
		return
	}
	now := time.Now()
	c.frames = slices.DeleteFunc(c.frames, func(at time.Time) bool { return now.Sub(at) > time.Minute })
	if f.Op != opHeartbeat { // a test's heartbeats are faster than any client's
		c.frames = append(c.frames, now)
	}
	c.s.gateway.log = append(c.s.gateway.log, Frame{Op: f.Op, At: now})
	defer c.s.tell()
	if len(c.frames) > 120 {
		c.close(closeTooMany)
		return
	}
	switch f.Op {
	case opHeartbeat:
		if !c.s.gateway.faults.deaf {
			c.send(opAck, nil)
		}
	case opIdentify:
		c.identify(f.Data)
	case opResume:
		c.resume(f.Data)
	case opPresence:
		if c.session == nil {
			c.close(closeNotSignedIn)
		}
	default:
		c.close(closeUnknownOp)
	}
}
