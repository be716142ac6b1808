package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// People may act over the interface and the gateway as well, as their own programs do, so that a story can be
// played from another process. Discord does not describe that side; it is kept as small as the stories need.

// Token is what the person signs in with.
func (u *User) Token() string { return "person-" + u.m.User.ID }

// signedIn is the person of a token; nil if it is nobody's.
func (s *Server) signedIn(token string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[strings.TrimPrefix(token, "person-")]
}

// servePerson answers what a person's program asks.
func (s *Server) servePerson(w http.ResponseWriter, r *http.Request, u *User) {
	c := &call{r: r, query: r.URL.Query()}
	if err := c.read(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/"), "/")
	parts := strings.Split(path, "/")
	s.mu.Lock()
	status, out := s.personAsks(u, c, parts)
	body := marshal(out)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// personAsks does one request of a person. The lock is held.
func (s *Server) personAsks(u *User, c *call, parts []string) (int, any) {
	var ch *channel
	if parts[0] == "channels" && len(parts) > 1 {
		if ch = s.channels[parts[1]]; ch == nil || !s.inChannel(u.m, ch).Has(ViewChannel) {
			return http.StatusForbidden, missingAccess().body()
		}
	}
	switch name := c.r.Method + " " + strings.Join(parts, "/"); {
	case name == "GET users/@me":
		return http.StatusOK, u.m.User
	case name == "GET gateway":
		return http.StatusOK, map[string]any{"url": s.gatewayURL()}
	case name == "POST users/@me/channels":
		return http.StatusOK, s.dm(u.m).Channel
	case name == "POST interactions":
		return s.personActs(u, c)
	case ch != nil && len(parts) == 3 && parts[2] == "messages" && c.r.Method == http.MethodGet:
		return http.StatusOK, s.readBy(u, ch)
	case ch != nil && len(parts) == 3 && parts[2] == "messages" && c.r.Method == http.MethodPost:
		return s.saidBy(u, ch, c)
	}
	return http.StatusNotFound, map[string]any{"message": "404: Not Found", "code": 0}
}

// readBy lists what a person reads in a channel, the newest first.
func (s *Server) readBy(u *User, ch *channel) []Message {
	list := []Message{}
	for _, m := range slices.Backward(ch.messages) {
		if (m.OnlyFor == "" || m.OnlyFor == u.m.User.ID) && len(list) < 100 {
			list = append(list, *m)
		}
	}
	return list
}

// saidBy posts a person's message.
func (s *Server) saidBy(u *User, ch *channel, c *call) (int, any) {
	var said struct {
		Content string `json:"content"`
	}
	if e := c.into(&said); e != nil {
		return e.status, e.body()
	}
	if !s.inChannel(u.m, ch).Has(SendMessages) {
		return http.StatusForbidden, missingRight().body()
	}
	m := s.blank(ch, u.m.User)
	m.Content = said.Content
	for _, file := range c.files {
		a, e := s.keep(m, file, attachmentRef{})
		if e != nil {
			return e.status, e.body()
		}
		m.Attachments = append(m.Attachments, a)
	}
	s.mention(ch, m, u.m, nil, true, "users", "roles", "everyone")
	s.post(ch, m)
	return http.StatusOK, *m
}

// personActs takes a command, a press of a button or a form that was sent.
func (s *Server) personActs(u *User, c *call) (int, any) {
	var did struct {
		Type    int            `json:"type"`
		Channel string         `json:"channel_id"`
		Message string         `json:"message_id"`
		Nonce   string         `json:"nonce"`
		Data    map[string]any `json:"data"`
	}
	if e := c.into(&did); e != nil {
		return e.status, e.body()
	}
	ch := s.channels[did.Channel]
	if ch == nil || !s.inChannel(u.m, ch).Has(ViewChannel) {
		return http.StatusForbidden, missingAccess().body()
	}
	var on *Message
	for _, m := range ch.messages {
		if m.ID == did.Message && (m.OnlyFor == "" || m.OnlyFor == u.m.User.ID) {
			on = m
		}
	}
	if did.Type == interactPress && on == nil {
		return http.StatusNotFound, unknownMessage().body()
	}
	i := s.interact(u, did.Type, ch, on, did.Data)
	i.nonce = did.Nonce
	s.tellPerson(u.m.User.ID, "INTERACTION_CREATE", map[string]any{"id": i.ID, "nonce": did.Nonce})
	return http.StatusOK, map[string]any{}
}

// tellPerson sends an event to a person's own programs.
func (s *Server) tellPerson(id, name string, data any) {
	for _, ses := range s.gateway.sessions {
		if ses.person == id && !ses.dead {
			s.push(ses, name, data)
		}
	}
}

// showPeople tells the people who see a message of it.
func (s *Server) showPeople(name string, ch *channel, m *Message) {
	for _, ses := range s.gateway.sessions {
		who := s.member(ses.person)
		if who == nil || ses.dead || !s.inChannel(who, ch).Has(ViewChannel) || m.OnlyFor != "" && m.OnlyFor != ses.person {
			continue
		}
		s.push(ses, name, *m)
	}
}

// enter signs a person's program in at the gateway.
func (s *Server) enter(c *conn, id string) {
	ses := &session{id: "person-" + id, person: id, conn: c}
	c.session = ses
	s.gateway.sessions = append(s.gateway.sessions, ses)
	s.push(ses, "READY", map[string]any{"v": 10, "session_id": ses.id, "user": json.RawMessage(marshal(s.member(id).User))})
}
