package discordtest

import "net/http"

// createDM opens the conversation with a person, or gives the one there is.
func (s *Server) createDM(c *call) (answer, *apiError) {
	var form struct {
		Recipient string `json:"recipient_id"`
	}
	if e := c.into(&form); e != nil {
		return no(e)
	}
	m := s.member(form.Recipient)
	if m == nil {
		return no(unknownUser())
	}
	if m == s.bot {
		return no(&apiError{status: http.StatusBadRequest, code: 50007, message: "Cannot send messages to this user"})
	}
	ch := s.dm(m)
	ch.opened = true
	return ok(ch.Channel)
}

// dm is the conversation of the bot and a member.
func (s *Server) dm(m *member) *channel {
	for _, ch := range s.channels {
		if ch.Type == typeDM && ch.Recipients[0].ID == m.User.ID {
			return ch
		}
	}
	ch := &channel{Channel: Channel{ID: s.newID(), Type: typeDM, Recipients: []Person{m.User}}}
	s.channels[ch.ID] = ch
	return ch
}
