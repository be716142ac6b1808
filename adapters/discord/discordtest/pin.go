package discordtest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A pin is a message kept in sight.
type pin struct {
	message *Message
	at      time.Time
}

// maxPins is the most pins of a channel.
const maxPins = 250

func (s *Server) putPin(c *call) (answer, *apiError) {
	ch, m, e := s.messageOf(c, PinMessages)
	if e != nil {
		return no(e)
	}
	if m.Pinned {
		return nothing()
	}
	if len(ch.pins) >= maxPins {
		return no(&apiError{status: http.StatusBadRequest, code: 30003, message: "Maximum number of pins reached for the channel (250)"})
	}
	m.Pinned = true
	now := s.options.Now()
	ch.LastPin = &now
	ch.pins = append([]pin{{m, now}}, ch.pins...)
	s.pinsChanged(ch)
	notice := s.blank(ch, s.bot.User)
	notice.Type = 6 // Discord says in the channel that somebody pinned
	notice.Reference = &Reference{ChannelID: ch.ID, MessageID: m.ID, GuildID: ch.GuildID}
	s.post(ch, notice)
	return nothing()
}

func (s *Server) deletePin(c *call) (answer, *apiError) {
	ch, m, e := s.messageOf(c, PinMessages)
	if e != nil {
		return no(e)
	}
	m.Pinned = false
	ch.pins = slices.DeleteFunc(slices.Clone(ch.pins), func(p pin) bool { return p.message == m })
	s.pinsChanged(ch)
	return nothing()
}

func (s *Server) pinsChanged(ch *channel) {
	body := map[string]any{"channel_id": ch.ID, "last_pin_timestamp": ch.LastPin}
	if ch.GuildID != "" {
		body["guild_id"] = ch.GuildID
	}
	s.dispatch("CHANNEL_PINS_UPDATE", intentGuilds, body)
	s.tell()
}

// getPins is the route of today: pages of up to 50, going back from a time.
func (s *Server) getPins(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, 0)
	if e != nil {
		return no(e)
	}
	limit := 50
	if n, err := strconv.Atoi(c.query.Get("limit")); err == nil && n >= 1 && n <= 50 {
		limit = n
	}
	before, err := time.Parse(time.RFC3339Nano, c.query.Get("before"))
	items := []any{}
	more := false
	for _, p := range ch.pins {
		if err == nil && !p.at.Before(before) {
			continue
		}
		if len(items) == limit {
			more = true
			break
		}
		items = append(items, map[string]any{"pinned_at": p.at, "message": s.shown(ch, p.message, s.options.MessageContent)})
	}
	return ok(map[string]any{"items": items, "has_more": more})
}

// getOldPins is the route of yesterday, which lists the first 50 only.
func (s *Server) getOldPins(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, 0)
	if e != nil {
		return no(e)
	}
	list := []any{}
	for _, p := range ch.pins[:min(len(ch.pins), 50)] {
		list = append(list, s.shown(ch, p.message, s.options.MessageContent))
	}
	return ok(list)
}
