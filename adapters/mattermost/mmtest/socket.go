package mmtest

import (
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

const (
	pingEvery = time.Minute
	writeWait = 30 * time.Second
)

// A socket is one TCP connection.
type socket struct {
	ws   *websocket.Conn
	once sync.Once
	quit chan struct{} // closed by close
	done chan struct{} // closed when nothing of it is left
}

// close breaks the connection without a word.
func (k *socket) close() {
	k.once.Do(func() {
		close(k.quit)
		_ = k.ws.NetConn().Close() // it is gone either way
	})
}

// websocketRoute serves a socket until it breaks. A stranger is let in and must say its token first.
func websocketRoute(c *call) (reply, *model.AppError) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(c.w, c.r, nil)
	if err != nil {
		return reply{}, nil //nolint:nilerr // the upgrader has answered
	}
	ws.SetReadLimit(model.SocketMaxMessageSizeKb)
	sock := &socket{ws: ws, quit: make(chan struct{}), done: make(chan struct{})}
	s := c.s
	if tcp, yes := ws.NetConn().(*net.TCPConn); yes && s.opt.SendQueue < usualQueue {
		_ = tcp.SetWriteBuffer(1 << 16) // a test that needs it sees that nobody is put out
	}
	s.mu.Lock()
	if s.ctx.Err() != nil { // nobody would close it any more
		sock.close()
	}
	s.hub.sockets[sock] = true
	var l *link
	var backlog []*model.WebSocketEvent
	if c.sess != nil {
		l, backlog = c.greet(sock)
	}
	s.mu.Unlock()
	var writer sync.WaitGroup
	write := func(l *link, backlog []*model.WebSocketEvent) {
		writer.Go(func() { s.write(sock, l, backlog) })
	}
	if l != nil {
		write(l, backlog)
	}
	l = s.listen(sock, l, write)
	sock.close()
	writer.Wait()
	s.mu.Lock()
	delete(s.hub.sockets, sock)
	if l != nil {
		l.socket = nil
	}
	s.mu.Unlock()
	close(sock.done)
	return reply{}, nil
}

// greet makes the link of somebody who is known by the header, or takes up an old one.
func (c *call) greet(sock *socket) (*link, []*model.WebSocketEvent) {
	id := c.query("connection_id")
	want, err := strconv.ParseInt(c.query("sequence_number"), 10, 64)
	if model.IsValidId(id) && err == nil {
		return c.s.resume(c.me(), id, want, sock)
	}
	l := c.s.newLink(c.me(), sock)
	c.s.register(l)
	return l, nil
}

// listen reads what the client says until the connection breaks. It gives the link that the socket has
// in the end.
func (s *Server) listen(sock *socket, l *link, write func(*link, []*model.WebSocketEvent)) *link {
	for {
		var in model.WebSocketRequest
		if err := sock.ws.ReadJSON(&in); err != nil {
			return l
		}
		if !s.faults.passOr(sock.quit) {
			return l
		}
		s.mu.Lock()
		switch {
		case in.Action == string(model.WebsocketAuthenticationChallenge) && l == nil:
			token, _ := in.Data["token"].(string)
			sess := s.sessionOf(token)
			if sess == nil {
				s.mu.Unlock()
				return nil
			}
			l = s.newLink(sess.user, sock)
			s.register(l)
			s.respond(l, model.NewWebSocketResponse(model.StatusOk, in.Seq, nil))
			write(l, nil)
		case in.Action == string(model.WebsocketAuthenticationChallenge):
		case l == nil:
			s.mu.Unlock()
			return nil
		case l.deaf:
			s.respond(l, model.NewWebSocketError(in.Seq, wrong(http.StatusUnauthorized, "api.web_socket_router.not_authenticated.app_error")))
		case in.Action == "ping":
			s.respond(l, model.NewWebSocketResponse(model.StatusOk, in.Seq, map[string]any{
				"text": "pong", "version": s.opt.Version, "server_time": now(), "node_id": "",
			}))
		default:
			s.respond(l, model.NewWebSocketResponse(model.StatusOk, in.Seq, nil))
		}
		s.mu.Unlock()
	}
}

// respond queues an answer; a link that was put out gets none.
func (s *Server) respond(l *link, m model.WebSocketMessage) {
	if !s.hub.links[l] {
		return
	}
	select {
	case l.send <- m:
	default:
		delete(s.hub.links, l)
		close(l.send)
	}
}

// write numbers the events of a link and sends them until the connection breaks or the link is put out.
func (s *Server) write(sock *socket, l *link, backlog []*model.WebSocketEvent) {
	defer sock.close()
	for _, event := range backlog {
		if !s.send(sock, event) {
			return
		}
	}
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case m, more := <-l.send:
			if !more {
				_ = sock.ws.WriteControl(websocket.CloseMessage, nil, time.Now().Add(writeWait)) // it is over either way
				return
			}
			if event, yes := m.(*model.WebSocketEvent); yes {
				event = event.SetSequence(l.next)
				l.sent(event, s.opt.DeadQueue)
				m = event
			}
			if !s.send(sock, m) {
				return
			}
		case <-ticker.C:
			if !s.faults.passOr(sock.quit) || sock.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case <-sock.quit:
			return
		}
	}
}

// send writes one message, and says whether the connection holds.
func (s *Server) send(sock *socket, m model.WebSocketMessage) bool {
	if !s.faults.passOr(sock.quit) {
		return false
	}
	text, err := m.ToJSON()
	if err != nil {
		return true
	}
	if err := sock.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return false
	}
	return sock.ws.WriteMessage(websocket.TextMessage, text) == nil
}
