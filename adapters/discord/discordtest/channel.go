package discordtest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The types of channels there are here.
const (
	TypeText     = 0
	typeDM       = 1
	TypeCategory = 4
)

// The types of overwrites.
const (
	OverwriteRole   = 0
	OverwriteMember = 1
)

// An Overwrite gives or takes rights in one channel to a role or a member.
type Overwrite struct {
	ID    string     `json:"id"`
	Type  int        `json:"type"`
	Allow Permission `json:"allow"`
	Deny  Permission `json:"deny"`
}

// A Channel is a channel as the API shows one.
type Channel struct {
	ID            string      `json:"id"`
	Type          int         `json:"type"`
	GuildID       string      `json:"guild_id,omitempty"`
	Name          string      `json:"name,omitempty"`
	Topic         *string     `json:"topic"`
	Position      int         `json:"position"`
	ParentID      *string     `json:"parent_id"`
	NSFW          bool        `json:"nsfw"`
	Overwrites    []Overwrite `json:"permission_overwrites"`
	LastMessageID *string     `json:"last_message_id"`
	LastPin       *time.Time  `json:"last_pin_timestamp,omitempty"`
	Flags         int         `json:"flags"`
	SlowMode      int         `json:"rate_limit_per_user"`
	Recipients    []Person    `json:"recipients,omitempty"`
}

// A channel is a channel with what was said in it.
type channel struct {
	Channel
	messages []*Message // in order of their ids
	pins     []pin      // the newest first
	renamed  []time.Time
	opened   bool // by the bot itself, of a private one
}

// parent is the id of the category, or "".
func (c Channel) parent() string {
	if c.ParentID == nil {
		return ""
	}
	return *c.ParentID
}

var (
	spaces      = regexp.MustCompile(`\s+`)
	dashes      = regexp.MustCompile(`-{2,}`)
	punctuation = regexp.MustCompile("[!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^`{|}~]")
)

// normalise makes of a wished name what a text channel is called: lower case, dashes for spaces, no
// punctuation of ASCII. Which signs go is not documented, so a bot takes the name from the answer.
func normalise(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	name = punctuation.ReplaceAllString(name, "")
	name = spaces.ReplaceAllString(name, "-")
	return strings.Trim(dashes.ReplaceAllString(name, "-"), "-")
}

// children are the channels of a category, "" for those outside of any.
func (s *Server) children(parent string) (found []*channel) {
	for _, ch := range s.inOrder() {
		if ch.GuildID != "" && ch.parent() == parent {
			found = append(found, ch)
		}
	}
	return found
}

// inOrder gives all channels by position, then age.
func (s *Server) inOrder() []*channel {
	found := make([]*channel, 0, len(s.channels))
	for _, ch := range s.channels {
		found = append(found, ch)
	}
	slices.SortFunc(found, func(a, b *channel) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(numeric(a.ID), numeric(b.ID)))
	})
	return found
}

// guildChannels are those of the guild, in order.
func (s *Server) guildChannels() (found []*channel) {
	return slices.DeleteFunc(s.inOrder(), func(ch *channel) bool { return ch.GuildID == "" })
}

// AddChannel makes a channel without the bot's doing, as an administrator of the guild may.
func (s *Server) AddChannel(name string, kind int, parent string, overwrites ...Overwrite) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := &channel{Channel: Channel{ID: s.newID(), Type: kind, GuildID: s.guildID, Name: name, Position: len(s.channels), Overwrites: append([]Overwrite{}, overwrites...)}}
	if parent != "" {
		ch.ParentID = &parent
	}
	s.channels[ch.ID] = ch
	s.dispatch("CHANNEL_CREATE", intentGuilds, ch.Channel)
	return ch.ID
}

// DropChannel deletes a channel without the bot's doing.
func (s *Server) DropChannel(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[id]; ch != nil {
		s.drop(ch)
	}
}

// drop removes a channel; a category leaves its children behind.
func (s *Server) drop(ch *channel) {
	delete(s.channels, ch.ID)
	for _, child := range s.children(ch.ID) {
		child.ParentID = nil
		s.dispatch("CHANNEL_UPDATE", intentGuilds, child.Channel)
	}
	s.dispatch("CHANNEL_DELETE", intentGuilds, ch.Channel)
	s.tell()
}

// Channels are the channels of the guild, in order.
func (s *Server) Channels() (found []Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.guildChannels() {
		found = append(found, ch.Channel)
	}
	return found
}

// Channel gives a channel by id or, where only one is called so, by name.
func (s *Server) Channel(idOrName string) (Channel, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channels[idOrName]; ch != nil {
		return ch.Channel, true
	}
	var found []*channel
	for _, ch := range s.guildChannels() {
		if ch.Name == idOrName {
			found = append(found, ch)
		}
	}
	if len(found) != 1 {
		return Channel{}, false
	}
	return found[0].Channel, true
}
