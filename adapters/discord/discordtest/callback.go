package discordtest

import (
	"net/http"
	"slices"
	"strconv"
)

// answers are the types of first answers by type of interaction.
var answers = map[int][]int{
	interactCommand:  {AnswerMessage, AnswerDeferred, AnswerForm},
	interactPress:    {AnswerMessage, AnswerDeferred, AnswerLater, AnswerUpdate, AnswerForm},
	interactComplete: {AnswerChoices},
	interactForm:     {AnswerMessage, AnswerDeferred, AnswerLater, AnswerUpdate},
}

// callback is the first answer to an interaction: once, and in time.
func (s *Server) callback(c *call) (answer, *apiError) {
	i := s.interactions[c.vars["interaction_token"]]
	switch {
	case i == nil, i.ID != c.vars["interaction_id"]:
		return no(unknownAction())
	case i.answered != 0:
		return no(&apiError{status: http.StatusBadRequest, code: 40060, message: "Interaction has already been acknowledged."})
	case i.late():
		return no(unknownAction())
	}
	kind := whole(c.object()["type"])
	data := object(c.object()["data"])
	if !slices.Contains(answers[i.kind], kind) || i.message == nil && (kind == AnswerLater || kind == AnswerUpdate) {
		return no(badForm("/type", "INTERACTION_RESPONSE_TYPE_INVALID", "answer "+strconv.Itoa(kind)+" does not fit an interaction of type "+strconv.Itoa(i.kind)))
	}
	if e := s.firstAnswer(c, i, kind, data); e != nil {
		for n := range e.fields {
			e.fields[n].path = "/data" + e.fields[n].path
		}
		return no(e)
	}
	i.answered = kind
	s.tell()
	if c.query.Get("with_response") != "true" {
		return nothing()
	}
	return ok(i.response(kind))
}

// firstAnswer does what an answer says.
func (s *Server) firstAnswer(c *call, i *Interaction, kind int, data map[string]any) *apiError {
	switch kind {
	case AnswerMessage:
		m, e := s.hookMessage(c, i, data)
		if e == nil {
			i.original = m
			s.post(i.channel, m)
		}
		return e
	case AnswerDeferred:
		flags := whole(data["flags"])
		if flags&^Ephemeral != 0 {
			return badForm("/flags", "INTERACTION_DEFERRED_FLAGS", "a deferred answer takes no flag but EPHEMERAL")
		}
		m := s.answering(i, flags)
		m.Flags |= Loading
		i.original = m
		s.post(i.channel, m)
	case AnswerLater:
		i.original = i.message
	case AnswerUpdate:
		i.original = i.message
		return s.edit(c, i.channel, i.message, data, s.bot)
	case AnswerChoices:
		list := components(data["choices"])
		if e := strictChoiceList("/choices", list); e != nil {
			return e
		}
		i.choices = list
	case AnswerForm:
		if e := strictModal(data); e != nil {
			return e
		}
		i.form = data
		s.tellPerson(i.user.User.ID, "INTERACTION_MODAL_CREATE", map[string]any{
			"id": i.ID, "nonce": i.nonce, "custom_id": data["custom_id"], "title": data["title"], "components": data["components"],
		})
	}
	return nil
}

// answering is a blank message that answers an interaction.
func (s *Server) answering(i *Interaction, flags int) *Message {
	m := s.blank(i.channel, s.bot.User)
	m.ApplicationID, m.WebhookID, m.Interaction = s.appID, s.appID, i.meta()
	if i.kind == interactCommand {
		m.Type = 20
	}
	if flags&Ephemeral != 0 {
		m.Flags |= Ephemeral
		m.OnlyFor = i.user.User.ID
	}
	return m
}

// hookMessage is a message that answers an interaction, filled from a body.
func (s *Server) hookMessage(c *call, i *Interaction, data map[string]any) (*Message, *apiError) {
	d, e := draftOf(c, data)
	if e != nil {
		return nil, e
	}
	m := s.answering(i, whole(data["flags"]))
	if e := s.fill(m, d); e != nil {
		return nil, e
	}
	s.mention(i.channel, m, s.bot, d.AllowedMentions, true, "users")
	if m.OnlyFor != "" {
		m.Pinged = nil // nobody else sees it
	}
	return m, nil
}

// response is what with_response=true asks for.
func (i *Interaction) response(kind int) map[string]any {
	body := map[string]any{"id": i.ID, "type": i.kind, "channel_id": i.channel.ID}
	if i.channel.GuildID != "" {
		body["guild_id"] = i.channel.GuildID
	}
	whole := map[string]any{"interaction": body}
	if i.original == nil {
		return whole
	}
	body["response_message_id"] = i.original.ID
	body["response_message_loading"] = i.original.Flags&Loading != 0
	body["response_message_ephemeral"] = i.original.OnlyFor != ""
	if kind == AnswerMessage || kind == AnswerUpdate {
		whole["resource"] = map[string]any{"type": kind, "message": i.original}
	}
	return whole
}
