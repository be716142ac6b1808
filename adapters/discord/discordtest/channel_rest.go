package discordtest

import (
	"net/http"
	"slices"
	"time"
	"unicode/utf8"
)

// channelOf gives the channel of the path when the bot may see it and do there what is asked.
func (s *Server) channelOf(c *call, asked Permission) (*channel, *apiError) {
	ch := s.channels[c.vars["channel_id"]]
	if ch == nil {
		return nil, unknownChannel()
	}
	return ch, s.botMay(ch, asked)
}

func (s *Server) getChannel(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, 0)
	if e != nil {
		return no(e)
	}
	return ok(ch.Channel)
}

// getChannels lists all channels, also those the bot may not see: Discord hides what is in them only.
func (s *Server) getChannels(c *call) (answer, *apiError) {
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	list := []Channel{}
	for _, ch := range s.guildChannels() {
		list = append(list, ch.Channel)
	}
	return ok(list)
}

// A channelForm is the body that makes or changes a channel.
type channelForm struct {
	Name       *string      `json:"name"`
	Type       *int         `json:"type"`
	Topic      *string      `json:"topic"`
	Position   *int         `json:"position"`
	ParentID   *string      `json:"parent_id"`
	NSFW       *bool        `json:"nsfw"`
	SlowMode   *int         `json:"rate_limit_per_user"`
	Overwrites *[]Overwrite `json:"permission_overwrites"`
}

func (s *Server) createChannel(c *call) (answer, *apiError) {
	var form channelForm
	if e := c.into(&form); e != nil {
		return no(e)
	}
	if e := s.guildOf(c); e != nil {
		return no(e)
	}
	if !s.inGuild(s.bot).Has(ManageChannels) {
		return no(missingRight())
	}
	if len(s.guildChannels()) >= s.options.MaxChannels {
		return no(&apiError{status: http.StatusBadRequest, code: 30013, message: "Maximum number of guild channels reached (500)"})
	}
	ch := &channel{Channel: Channel{GuildID: s.guildID, Overwrites: []Overwrite{}}}
	if form.Type != nil {
		ch.Type = *form.Type
	}
	if ch.Type != TypeText && ch.Type != TypeCategory {
		return no(badForm("/type", "BASE_TYPE_CHOICES", "discordtest has text channels and categories only"))
	}
	ch.Position = len(s.guildChannels())
	if e := s.change(c, ch, form); e != nil {
		return no(e)
	}
	ch.ID = s.newID()
	s.channels[ch.ID] = ch
	s.dispatch("CHANNEL_CREATE", intentGuilds, ch.Channel)
	s.tell()
	return answer{status: http.StatusCreated, body: ch.Channel}, nil
}

// change puts the form into the channel, or leaves it as it is and says why.
func (s *Server) change(c *call, ch *channel, form channelForm) *apiError {
	next := ch.Channel
	if form.Name != nil {
		next.Name = *form.Name
		if next.Type == TypeText {
			next.Name = normalise(*form.Name)
		}
		if next.Name == "" {
			return badForm("/name", "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
	if c.has("topic") {
		if form.Topic != nil && utf8.RuneCountInString(*form.Topic) > 1024 {
			return badForm("/topic", "BASE_TYPE_MAX_LENGTH", "Must be 1024 or fewer in length.")
		}
		next.Topic = form.Topic
	}
	if c.has("parent_id") {
		if e := s.mayMove(ch, form.ParentID); e != nil {
			return e
		}
		next.ParentID = form.ParentID
	}
	if form.Overwrites != nil {
		if e := s.mayOverwrite(ch, *form.Overwrites); e != nil {
			return e
		}
		next.Overwrites = *form.Overwrites
	}
	if form.Position != nil {
		next.Position = *form.Position
	}
	if form.NSFW != nil {
		next.NSFW = *form.NSFW
	}
	if form.SlowMode != nil {
		next.SlowMode = *form.SlowMode
	}
	ch.Channel = next
	return nil
}

// mayMove says why a channel may not go into a category, or nil.
func (s *Server) mayMove(ch *channel, to *string) *apiError {
	if to == nil || *to == ch.parent() {
		return nil
	}
	parent := s.channels[*to]
	switch {
	case parent == nil || parent.Type != TypeCategory:
		return badForm("/parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
	case ch.Type == TypeCategory:
		return badForm("/parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
	case len(s.children(*to)) >= s.options.MaxChildren:
		return badFormState("/parent_id", "CHANNEL_PARENT_MAX_CHANNELS", "Maximum number of channels in category reached (50)")
	}
	return s.botMay(parent, ManageChannels)
}

// mayOverwrite says why the bot may not set these overwrites, or nil: it gives and takes only rights that it
// has itself, and the right to manage roles only as an administrator.
func (s *Server) mayOverwrite(ch *channel, list []Overwrite) *apiError {
	own := s.inGuild(s.bot)
	if ch.ID != "" {
		own |= s.inChannel(s.bot, ch)
	}
	if len(list) > 100 {
		return badForm("/permission_overwrites", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	}
	for _, o := range list {
		if old := slices.IndexFunc(ch.Overwrites, func(was Overwrite) bool { return was == o }); old >= 0 {
			continue
		}
		touched := o.Allow | o.Deny
		if !own.Has(ManageRoles) || touched&^own != 0 || touched&ManageRoles != 0 && own != all {
			return missingRight()
		}
		if o.Type == OverwriteRole && s.role(o.ID) == nil {
			return unknownRole()
		}
		if o.Type == OverwriteMember && s.member(o.ID) == nil {
			return unknownUser()
		}
	}
	return nil
}

func (s *Server) updateChannel(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, ManageChannels)
	if e != nil {
		return no(e)
	}
	var form channelForm
	if e := c.into(&form); e != nil {
		return no(e)
	}
	if form.Name != nil || c.has("topic") {
		if wait := ch.renameWait(s.options.Now(), s.options.RenameWindow); wait > 0 {
			return no(&apiError{wait: wait})
		}
	}
	if e := s.change(c, ch, form); e != nil {
		return no(e)
	}
	s.dispatch("CHANNEL_UPDATE", intentGuilds, ch.Channel)
	s.tell()
	return ok(ch.Channel)
}

// renameWait counts a change of name or topic, of which there are two per window, or says how long the next
// has to wait. A change to the same name counts too.
func (ch *channel) renameWait(now time.Time, window time.Duration) time.Duration {
	ch.renamed = slices.DeleteFunc(ch.renamed, func(at time.Time) bool { return now.Sub(at) >= window })
	if len(ch.renamed) >= 2 {
		return window - now.Sub(ch.renamed[0])
	}
	ch.renamed = append(ch.renamed, now)
	return 0
}

func (s *Server) deleteChannel(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, ManageChannels)
	if e != nil {
		return no(e)
	}
	if ch.GuildID != "" {
		s.drop(ch)
	}
	return ok(ch.Channel)
}

// moveChannels sets positions and categories of several channels.
func (s *Server) moveChannels(c *call) (answer, *apiError) {
	var moves []struct {
		ID       string  `json:"id"`
		Position *int    `json:"position"`
		ParentID *string `json:"parent_id"`
	}
	if e := c.into(&moves); e != nil {
		return no(e)
	}
	if !s.inGuild(s.bot).Has(ManageChannels) {
		return no(missingRight())
	}
	for _, move := range moves {
		ch := s.channels[move.ID]
		if ch == nil {
			return no(unknownChannel())
		}
		if move.ParentID != nil {
			if e := s.mayMove(ch, move.ParentID); e != nil {
				return no(e)
			}
			ch.ParentID = move.ParentID
		}
		if move.Position != nil {
			ch.Position = *move.Position
		}
		s.dispatch("CHANNEL_UPDATE", intentGuilds, ch.Channel)
	}
	s.tell()
	return nothing()
}

func (s *Server) putOverwrite(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, ManageRoles)
	if e != nil {
		return no(e)
	}
	o := Overwrite{}
	if e := c.into(&o); e != nil {
		return no(e)
	}
	o.ID = c.vars["overwrite_id"]
	if e := s.mayOverwrite(ch, []Overwrite{o}); e != nil {
		return no(e)
	}
	ch.Overwrites = append(without(ch.Overwrites, o.ID), o)
	s.dispatch("CHANNEL_UPDATE", intentGuilds, ch.Channel)
	s.tell()
	return nothing()
}

func (s *Server) deleteOverwrite(c *call) (answer, *apiError) {
	ch, e := s.channelOf(c, ManageRoles)
	if e != nil {
		return no(e)
	}
	ch.Overwrites = without(ch.Overwrites, c.vars["overwrite_id"])
	s.dispatch("CHANNEL_UPDATE", intentGuilds, ch.Channel)
	s.tell()
	return nothing()
}

func without(list []Overwrite, id string) []Overwrite {
	return slices.DeleteFunc(slices.Clone(list), func(o Overwrite) bool { return o.ID == id })
}
