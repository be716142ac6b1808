package discordtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// createMessage posts a message of the bot. With enforce_nonce a repeat gives the earlier message, or says
// that it is unknown when it was deleted meanwhile.
func (s *Server) createMessage(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, SendMessages)
	if e != nil {
		return no(e)
	}
	d, e := draftOf(c, c.object())
	if e != nil {
		return no(e)
	}
	if d.Embeds != nil && len(*d.Embeds) > 0 {
		e = s.botMay(ch, EmbedLinks)
	}
	if e == nil && len(c.files) > 0 {
		e = s.botMay(ch, AttachFiles)
	}
	if e != nil {
		return no(e)
	}
	if e := s.mayReach(ch); e != nil {
		return no(e)
	}
	if ch.Type == TypeCategory {
		return no(&apiError{status: http.StatusBadRequest, code: 50008, message: "Cannot send messages in a non-text channel"})
	}
	key := ""
	if d.EnforceNonce && d.Nonce != nil {
		key = s.bot.User.ID + " " + fmt.Sprint(d.Nonce)
		if m, used, e := s.byNonce(key); used {
			if e != nil {
				return no(e)
			}
			return ok(m)
		}
	}
	m := s.blank(ch, s.bot.User)
	m.Nonce = d.Nonce
	if d.Reference != nil {
		if ch.find(d.Reference.MessageID) == nil {
			return no(badFormState("/message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"))
		}
		m.Reference = &Reference{ChannelID: ch.ID, MessageID: d.Reference.MessageID, GuildID: ch.GuildID}
		m.Type = 19
	}
	if e := s.fill(m, d); e != nil {
		return no(e)
	}
	m.Flags &^= Ephemeral // only answers to interactions are for one person
	s.mention(ch, m, s.bot, d.AllowedMentions, true, "users", "roles", "everyone")
	if key != "" {
		s.nonces[key] = nonceUse{ch.ID, m.ID, s.options.Now()}
	}
	s.post(ch, m)
	return ok(m)
}

// byNonce gives the message that was made with a nonce not long ago.
func (s *Server) byNonce(key string) (m *Message, used bool, e *apiError) {
	use, known := s.nonces[key]
	if !known || s.options.Now().Sub(use.at) >= s.options.NonceFor {
		return nil, false, nil
	}
	if ch := s.channels[use.channel]; ch != nil {
		m = ch.find(use.message)
	}
	if m == nil {
		return nil, true, unknownMessage()
	}
	return m, true, nil
}

// mayReach says why a direct message does not arrive, or nil.
func (s *Server) mayReach(ch *channel) *apiError {
	for _, r := range ch.Recipients {
		if m := s.member(r.ID); m == nil || m.closedDMs {
			return &apiError{status: http.StatusForbidden, code: 50007, message: "Cannot send messages to this user"}
		}
	}
	return nil
}

// messageOf gives the message of the path.
func (s *Server) messageOf(c *call, asked Permission) (*channel, *Message, *apiError) {
	ch, e := s.channelOf(c, asked)
	if e != nil {
		return nil, nil, e
	}
	m := ch.find(c.vars["message_id"])
	if m == nil {
		return nil, nil, unknownMessage()
	}
	return ch, m, nil
}

func (s *Server) getMessage(c *call) (answer, *apiError) {
	ch, m, e := s.messageOf(c, ReadHistory)
	if e != nil {
		return no(e)
	}
	return ok(s.shown(ch, m, s.options.MessageContent))
}

// getMessages lists messages, the newest first. Who may not read history gets none.
func (s *Server) getMessages(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, 0)
	if e != nil {
		return no(e)
	}
	limit := 50
	if text := c.query.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return no(badForm("/limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100"))
		}
		limit = n
	}
	list := []any{}
	if s.botMay(ch, ReadHistory) != nil {
		return ok(list)
	}
	for _, m := range window(ch, c.query.Get("before"), c.query.Get("after"), c.query.Get("around"), limit) {
		list = append(list, s.shown(ch, m, s.options.MessageContent))
	}
	return ok(list)
}

// window cuts a piece out of a channel's messages, the newest first.
func window(ch *channel, before, after, around string, limit int) (found []*Message) {
	var seen []*Message
	for _, m := range ch.messages {
		if m.OnlyFor == "" {
			seen = append(seen, m)
		}
	}
	first := func(id uint64) int {
		for i, m := range seen {
			if numeric(m.ID) >= id {
				return i
			}
		}
		return len(seen)
	}
	from, to := len(seen)-limit, len(seen)
	switch {
	case before != "":
		to = first(numeric(before))
		from = to - limit
	case after != "":
		from = first(numeric(after) + 1)
		to = from + limit
	case around != "":
		from = first(numeric(around)) - limit/2
		to = from + limit
	}
	for i := min(to, len(seen)) - 1; i >= max(from, 0); i-- {
		found = append(found, seen[i])
	}
	return found
}

// updateMessage edits a message of the bot. Edits of old messages are few.
func (s *Server) updateMessage(c *call) (answer, *apiError) {
	ch, m, e := s.messageOf(c, 0)
	if e != nil {
		return no(e)
	}
	if m.Author.ID != s.bot.User.ID {
		return no(&apiError{status: http.StatusForbidden, code: 50005, message: "Cannot edit a message authored by another user"})
	}
	now := s.options.Now()
	if now.Sub(m.Timestamp) >= s.options.OldAfter {
		if m.Edits >= s.options.OldEdits {
			// How long Discord asks to wait is not documented.
			return no(&apiError{wait: time.Minute, code: 30046, message: "Maximum number of edits to messages older than 1 hour reached. Try again later."})
		}
		m.Edits++
	}
	if e := s.edit(c, ch, m, c.object(), s.bot); e != nil {
		return no(e)
	}
	return ok(m)
}

// edit changes a message as a body says, or leaves it as it is.
func (s *Server) edit(c *call, ch *channel, m *Message, data map[string]any, author *member) *apiError {
	d, e := draftOf(c, data)
	if e != nil {
		return e
	}
	next := *m
	if e := s.fill(&next, d); e != nil {
		return e
	}
	if d.given["content"] {
		s.mention(ch, &next, author, d.AllowedMentions, false, "users")
	}
	now := s.options.Now()
	next.Edited = &now
	next.Flags = next.Flags&^(Loading|Ephemeral) | m.Flags&Ephemeral // for whose eyes it is, is said once
	*m = next
	if m.OnlyFor == "" {
		s.dispatchMessage("MESSAGE_UPDATE", ch, m)
	}
	s.showPeople("MESSAGE_UPDATE", ch, m)
	s.tell()
	return nil
}

func (s *Server) deleteMessage(c *call) (answer, *apiError) {
	ch, m, e := s.messageOf(c, 0)
	if e != nil {
		return no(e)
	}
	if m.Author.ID != s.bot.User.ID {
		if e := s.botMay(ch, ManageMessages); e != nil {
			return no(e)
		}
	}
	s.remove(ch, m)
	return nothing()
}

func (s *Server) deleteMessages(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, ManageMessages)
	if e != nil {
		return no(e)
	}
	var form struct {
		Messages []string `json:"messages"`
	}
	if e := c.into(&form); e != nil {
		return no(e)
	}
	for _, id := range form.Messages {
		if m := ch.find(id); m != nil {
			s.remove(ch, m)
		}
	}
	return nothing()
}

func (s *Server) typing(c *call) (answer, *apiError) {
	if _, e := s.channelOf(c, SendMessages); e != nil {
		return no(e)
	}
	return nothing()
}
