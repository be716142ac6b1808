package discordtest

import (
	"net/http"
	"slices"
)

// hookOf gives the interaction of a token that still lives and has been answered.
func (s *Server) hookOf(c *call) (*Interaction, *apiError) {
	i := s.interactions[c.vars["webhook_token"]]
	switch {
	case i == nil, c.vars["webhook_id"] != s.appID, i.answered == 0, i.answered == AnswerChoices:
		return nil, unknownHook()
	case s.options.Now().Sub(i.at) >= s.options.TokenLife:
		return nil, &apiError{status: http.StatusUnauthorized, code: 50027, message: "Invalid Webhook Token"}
	}
	return i, nil
}

// followUp adds a message. After a deferred answer the first one becomes that answer, and the flag for one
// person's eyes stays as it was then.
func (s *Server) followUp(c *call) (answer, *apiError) {
	i, e := s.hookOf(c)
	if e != nil {
		return no(e)
	}
	if i.original != nil && i.original.Flags&Loading != 0 {
		if e := s.edit(c, i.channel, i.original, c.object(), s.bot); e != nil {
			return no(e)
		}
		return ok(i.original)
	}
	m, e := s.hookMessage(c, i, c.object())
	if e != nil {
		return no(e)
	}
	i.followUps = append(i.followUps, m)
	s.post(i.channel, m)
	return ok(m)
}

// hooked gives the message of the path: the original, or one that followed.
func (s *Server) hooked(c *call) (*Interaction, *Message, *apiError) {
	i, e := s.hookOf(c)
	if e != nil {
		return nil, nil, e
	}
	id, named := c.vars["message_id"]
	found := i.original
	if named && (found == nil || found.ID != id) {
		found = nil
		if at := slices.IndexFunc(i.followUps, func(m *Message) bool { return m.ID == id }); at >= 0 {
			found = i.followUps[at]
		}
	}
	if found == nil || !slices.Contains(i.channel.messages, found) {
		return nil, nil, unknownMessage()
	}
	return i, found, nil
}

func (s *Server) getHooked(c *call) (answer, *apiError) {
	_, m, e := s.hooked(c)
	if e != nil {
		return no(e)
	}
	return ok(m)
}

func (s *Server) updateHooked(c *call) (answer, *apiError) {
	i, m, e := s.hooked(c)
	if e != nil {
		return no(e)
	}
	first := m.Flags&Loading != 0
	if e := s.edit(c, i.channel, m, c.object(), s.bot); e != nil {
		return no(e)
	}
	if first && m.OnlyFor == "" {
		// A deferred answer is new to its readers only now, so it notifies now.
		d, e := draftOf(c, c.object())
		if e != nil {
			return no(e)
		}
		s.mention(i.channel, m, s.bot, d.AllowedMentions, true, "users")
	}
	if i.answered == AnswerLater {
		i.answered = AnswerUpdate // what was promised has come
		s.tell()
	}
	return ok(m)
}

func (s *Server) deleteHooked(c *call) (answer, *apiError) {
	i, m, e := s.hooked(c)
	if e != nil {
		return no(e)
	}
	s.remove(i.channel, m)
	return nothing()
}
