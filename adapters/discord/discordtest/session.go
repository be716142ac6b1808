package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Intents say which events a session wants.
const (
	intentNone     = 0 // events that come unasked
	intentGuilds   = 1 << 0
	intentMembers  = 1 << 1
	intentPresence = 1 << 8
	intentMessages = 1 << 9
	intentDMs      = 1 << 12
	intentContent  = 1 << 15
	intentsKnown   = 1<<26 - 1
)

// A session is what a client has signed in to; it outlives its connection, so that it can be resumed.
type session struct {
	id      string
	intents int
	seq     int
	events  []event // the last ones, for a resume
	conn    *conn
	dead    bool
	person  string // whose it is; "" for the bot's
	held    *event // one that is to come after the next
}

// An event is a dispatch as it goes out.
type event struct {
	seq  int
	name string
	data json.RawMessage
}

// hello greets a client, unless a fault says otherwise.
func (s *Server) hello(c *conn) {
	f := &s.gateway.faults
	if f.noHello > 0 {
		f.noHello--
		return
	}
	c.send(opHello, map[string]any{"heartbeat_interval": s.options.Heartbeat.Milliseconds()})
}

// identify signs a client in.
func (c *conn) identify(raw json.RawMessage) {
	var asked struct {
		Token      string         `json:"token"`
		Intents    *int           `json:"intents"`
		Properties map[string]any `json:"properties"`
	}
	s, f := c.s, &c.s.gateway.faults
	if err := json.Unmarshal(raw, &asked); err != nil || asked.Properties == nil || asked.Intents == nil {
		c.close(closeDecode)
		return
	}
	if u := s.users[strings.TrimPrefix(asked.Token, "person-")]; u != nil && c.session == nil {
		s.enter(c, u.m.User.ID)
		return
	}
	now := time.Now()
	early := now.Sub(s.gateway.lastSignIn) < s.options.IdentifyEvery
	s.gateway.lastSignIn = now
	s.gateway.identified++
	switch {
	case f.refuse > 0:
		f.refuse--
		if f.refuseCode == 0 {
			c.send(opInvalidSession, false)
		} else {
			c.close(f.refuseCode)
		}
	case strings.TrimPrefix(asked.Token, "Bot ") != s.options.Token:
		c.close(closeToken)
	case c.session != nil:
		c.close(closeTwice)
	case *asked.Intents&^intentsKnown != 0:
		c.close(closeBadIntents)
	case !s.mayIntend(*asked.Intents):
		c.close(closeIntentRefused)
	case early:
		c.send(opInvalidSession, false)
	case f.reconnectFirst > 0:
		f.reconnectFirst--
		c.send(opReconnect, nil)
	default:
		s.start(c, *asked.Intents)
	}
}

// mayIntend says whether the privileged intents asked for are switched on.
func (s *Server) mayIntend(intents int) bool {
	return (intents&intentMembers == 0 || s.options.GuildMembers) &&
		(intents&intentContent == 0 || s.options.MessageContent) &&
		intents&intentPresence == 0
}

// start makes a session and sends what a client gets first.
func (s *Server) start(c *conn, intents int) {
	ses := &session{id: fmt.Sprintf("%032x", len(s.gateway.sessions)+1), intents: intents, conn: c}
	c.session = ses
	s.gateway.sessions = append(s.gateway.sessions, ses)
	s.push(ses, "READY", map[string]any{
		"v": 10, "user": s.bot.User, "session_id": ses.id, "session_type": "normal", "resume_gateway_url": s.gatewayURL() + "/resume",
		"guilds":      []any{map[string]any{"id": s.guildID, "unavailable": true}},
		"application": map[string]any{"id": s.appID, "flags": s.appFlags()}, "shard": []int{0, 1}, "private_channels": []any{},
	})
	if intents&intentGuilds == 0 {
		return
	}
	guild := s.guildBody()
	guild["channels"] = channelsOf(s.guildChannels())
	guild["joined_at"], guild["large"], guild["unavailable"], guild["member_count"] = s.bot.JoinedAt, false, false, len(s.members)
	guild["members"], guild["threads"], guild["presences"], guild["voice_states"] = s.membersFor(intents), []any{}, []any{}, []any{}
	s.push(ses, "GUILD_CREATE", guild)
}

func channelsOf(list []*channel) []Channel {
	found := []Channel{}
	for _, ch := range list {
		found = append(found, ch.Channel)
	}
	return found
}

// membersFor are the members a client hears of: only itself, without the intent for members.
func (s *Server) membersFor(intents int) []*member {
	if intents&intentMembers != 0 {
		return s.members
	}
	return []*member{s.bot}
}

// resume goes on with a session, or says that it is over.
func (c *conn) resume(raw json.RawMessage) {
	var asked struct {
		Token   string `json:"token"`
		Session string `json:"session_id"`
		Seq     int    `json:"seq"`
	}
	s, f := c.s, &c.s.gateway.faults
	if err := json.Unmarshal(raw, &asked); err != nil {
		c.close(closeDecode)
		return
	}
	i := slices.IndexFunc(s.gateway.sessions, func(ses *session) bool { return ses.id == asked.Session })
	switch {
	case strings.TrimPrefix(asked.Token, "Bot ") != s.options.Token:
		c.close(closeToken)
		return
	case c.session != nil:
		c.close(closeTwice)
		return
	case f.reconnectFirst > 0:
		f.reconnectFirst--
		c.send(opReconnect, nil)
		return
	}
	refuse := i < 0 || s.gateway.sessions[i].dead
	if f.refuseResume > 0 {
		f.refuseResume--
		refuse = true
	}
	if refuse {
		if i >= 0 {
			s.gateway.sessions[i].dead = true
		}
		c.send(opInvalidSession, false)
		return
	}
	ses := s.gateway.sessions[i]
	switch {
	case asked.Seq > ses.seq:
		c.close(closeSequence)
	case len(ses.events) > 0 && asked.Seq < ses.events[0].seq-1:
		ses.dead = true
		c.send(opInvalidSession, false)
	default:
		if ses.conn != nil {
			ses.conn.close(closeTimeout)
		}
		c.session, ses.conn = ses, c
		for _, e := range ses.events {
			if e.seq > asked.Seq {
				c.dispatch(e)
			}
		}
		s.push(ses, "RESUMED", map[string]any{})
	}
}

// dispatch queues an event.
func (c *conn) dispatch(e event) {
	c.put(outgoing{frame: marshal(map[string]any{"op": opDispatch, "t": e.name, "s": e.seq, "d": e.data})})
}

// push gives an event the next number of a session and sends it, now or after a resume.
func (s *Server) push(ses *session, name string, data any) {
	ses.seq++
	e := event{ses.seq, name, marshal(data)}
	ses.events = append(ses.events, e)
	if extra := len(ses.events) - s.options.Replay; extra > 0 {
		ses.events = slices.Clone(ses.events[extra:])
	}
	if ses.conn != nil {
		ses.conn.dispatch(e)
	}
}

// emit is push with the faults of events: doubled, or sent after the one that follows.
func (s *Server) emit(ses *session, name string, data any) {
	f := &s.gateway.faults
	raw := json.RawMessage(marshal(data))
	switch {
	case ses.held != nil:
		held := ses.held
		ses.held = nil
		s.push(ses, name, raw)
		s.push(ses, held.name, held.data)
	case f.swap > 0:
		f.swap--
		ses.held = &event{name: name, data: raw}
	default:
		s.push(ses, name, raw)
		if f.double > 0 {
			f.double--
			s.push(ses, name, raw)
		}
	}
}

// dispatch tells every session that asked for a kind of event.
func (s *Server) dispatch(name string, intent int, data any) {
	for _, ses := range s.gateway.sessions {
		if !ses.dead && ses.person == "" && (intent == intentNone || ses.intents&intent != 0) {
			s.emit(ses, name, data)
		}
	}
}

// dispatchIn is dispatch for what happens in a channel, when the bot may see it.
func (s *Server) dispatchIn(name string, ch *channel, data any) {
	if s.inChannel(s.bot, ch).Has(ViewChannel) {
		s.dispatch(name, ch.intent(), data)
	}
}

func (ch *channel) intent() int {
	if ch.Type == typeDM {
		return intentDMs
	}
	return intentMessages
}

// dispatchMessage tells of a message, with what each session may read of it.
func (s *Server) dispatchMessage(name string, ch *channel, m *Message) {
	if !s.inChannel(s.bot, ch).Has(ViewChannel) || s.options.OnlyOpened && ch.Type == typeDM && !ch.opened {
		return
	}
	for _, ses := range s.gateway.sessions {
		if ses.dead || ses.intents&ch.intent() == 0 {
			continue
		}
		body := struct {
			Message
			GuildID string  `json:"guild_id,omitempty"`
			Member  *member `json:"member,omitempty"`
		}{s.shown(ch, m, ses.intents&intentContent != 0), ch.GuildID, nil}
		if author := s.member(m.Author.ID); author != nil && ch.GuildID != "" {
			body.Member = author
		}
		s.emit(ses, name, body)
	}
}

// shown is a message as far as a bot may read it: without the intent for content, only what it said itself,
// what was said to it directly, and what mentions it.
func (s *Server) shown(ch *channel, m *Message, content bool) Message {
	mentioned := slices.ContainsFunc(m.Mentions, func(p Person) bool { return p.ID == s.bot.User.ID })
	seen := *m
	if content || ch.Type == typeDM || m.Author.ID == s.bot.User.ID || mentioned {
		return seen
	}
	seen.Content = ""
	seen.Embeds, seen.Attachments, seen.Components = []map[string]any{}, []Attachment{}, []map[string]any{}
	return seen
}
