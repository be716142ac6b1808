package mmtest

import (
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// hub knows who is to get which event.
type hub struct {
	links   map[*link]bool // also those that wait for a resume
	sockets map[*socket]bool
}

// A link is one connection as the client means it: it outlives its socket, and may be resumed.
type link struct {
	id     string // connection_id
	user   *user
	send   chan model.WebSocketMessage // written by publish under the lock, read by the socket's writer
	dead   []*model.WebSocketEvent     // what was sent last, oldest first; the writer's while there is one
	next   int64                       // sequence of the next event; the writer's as well
	socket *socket                     // nil while nobody is connected
	deaf   bool                        // its session is over: it stays open, and nothing comes any more
}

func newHub() hub { return hub{links: map[*link]bool{}, sockets: map[*socket]bool{}} }

// drop closes all sockets. Forgotten links cannot be resumed.
func (h *hub) drop(forget bool) {
	for sock := range h.sockets {
		sock.close()
	}
	if forget {
		clear(h.links)
	}
}

// register makes a link known and greets it.
func (s *Server) register(l *link) {
	s.hub.links[l] = true
	l.send <- s.hello(l)
}

func (s *Server) newLink(u *user, sock *socket) *link {
	return &link{id: model.NewId(), user: u, send: make(chan model.WebSocketMessage, s.opt.SendQueue), socket: sock}
}

func (s *Server) hello(l *link) *model.WebSocketEvent {
	event := model.NewWebSocketEvent(model.WebsocketEventHello, "", "", l.user.Id, nil, "")
	event.Add("server_version", s.opt.Version+"..hash.false")
	event.Add("connection_id", l.id)
	event.Add("server_hostname", "mmtest")
	return event
}

// publish hands an event to everybody whom it concerns, and says how many connected sockets that were.
// Whoever reads so slowly that the queue is full is put out.
func (s *Server) publish(event *model.WebSocketEvent) (reached int) {
	event = event.PrecomputeJSON()
	for l := range s.hub.links {
		if l.deaf || !s.concerns(l.user, event.GetBroadcast()) {
			continue
		}
		select {
		case l.send <- event:
			if l.socket != nil {
				reached++
			}
		default:
			delete(s.hub.links, l)
			close(l.send)
		}
	}
	return reached
}

// concerns says who sees an event: only members see what happens in a channel, whatever their roles.
func (s *Server) concerns(u *user, to *model.WebsocketBroadcast) bool {
	switch {
	case to.OmitUsers[u.Id]:
		return false
	case to.UserId != "":
		return to.UserId == u.Id
	case to.ChannelId != "":
		return s.data.channels[to.ChannelId].members[u.Id] != nil
	case to.TeamId != "":
		return s.data.teams[to.TeamId].members[u.Id] != nil
	}
	return true
}

// resume finds what a client that comes back may go on with, and what it must be sent first. Without
// such a link, or when events are missing, it gets a new one, whose hello has another id.
func (s *Server) resume(u *user, id string, want int64, sock *socket) (l *link, backlog []*model.WebSocketEvent) {
	for old := range s.hub.links {
		if old.id == id && old.user == u && old.socket == nil {
			l = old
		}
	}
	if l == nil {
		l = s.newLink(u, sock)
		s.register(l)
		return l, nil
	}
	l.socket = sock
	at := slices.IndexFunc(l.dead, func(e *model.WebSocketEvent) bool { return e.GetSequence() == want })
	switch {
	case at >= 0:
		return l, slices.Clone(l.dead[at:])
	case want == l.next:
		return l, nil
	}
	l.id, l.next, l.dead = model.NewId(), 0, nil
	greeting := s.hello(l).SetSequence(0)
	l.sent(greeting, s.opt.DeadQueue)
	return l, []*model.WebSocketEvent{greeting}
}

// sent remembers an event that was numbered.
func (l *link) sent(event *model.WebSocketEvent, most int) {
	l.dead = append(l.dead, event)
	if len(l.dead) > most {
		l.dead = slices.Delete(l.dead, 0, len(l.dead)-most)
	}
	l.next = event.GetSequence() + 1
}
