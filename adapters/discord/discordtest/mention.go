package discordtest

import (
	"regexp"
	"slices"
	"strings"
)

// allowedMentions say who may be notified by a message.
type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users"`
	Roles       []string `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

var (
	userMention = regexp.MustCompile(`<@!?(\d+)>`)
	roleMention = regexp.MustCompile(`<@&(\d+)>`)
	everyone    = regexp.MustCompile(`@(everyone|here)\b`)
)

// lets says whether a mention of a kind may notify one id.
func (a *allowedMentions) lets(kind, id string, byDefault ...string) bool {
	if a == nil {
		return slices.Contains(byDefault, kind)
	}
	if slices.Contains(a.Parse, kind) {
		return true
	}
	list := a.Users
	if kind == "roles" {
		list = a.Roles
	}
	return id != "" && slices.Contains(list, id)
}

// mention works out whom a message mentions, and whom it notifies when it is new. Messages notify by
// default whomever they name, answers to interactions only users.
func (s *Server) mention(ch *channel, m *Message, author *member, allowed *allowedMentions, isNew bool, byDefault ...string) {
	m.Mentions, m.MentionRoles, m.MentionEveryone = []Person{}, []string{}, false
	text := mentionText(m)
	pinged := make(map[string]bool)
	for _, found := range userMention.FindAllStringSubmatch(text, -1) {
		if other := s.member(found[1]); other != nil && allowed.lets("users", found[1], byDefault...) && !pinged[found[1]] {
			m.Mentions = append(m.Mentions, other.User)
			pinged[found[1]] = true
		}
	}
	wide := s.inChannel(author, ch).Has(MentionEveryone)
	for _, found := range roleMention.FindAllStringSubmatch(text, -1) {
		r := s.role(found[1])
		if r == nil || !allowed.lets("roles", found[1], byDefault...) || slices.Contains(m.MentionRoles, r.ID) {
			continue
		}
		m.MentionRoles = append(m.MentionRoles, r.ID)
		for _, other := range s.members {
			if (r.Mentionable || wide) && other.has(r.ID) {
				pinged[other.User.ID] = true
			}
		}
	}
	if everyone.MatchString(text) && allowed.lets("everyone", "", byDefault...) && wide {
		m.MentionEveryone = true
		for _, other := range s.members {
			pinged[other.User.ID] = true
		}
	}
	if m.Reference != nil && allowed != nil && allowed.RepliedUser {
		if replied := ch.find(m.Reference.MessageID); replied != nil {
			m.Mentions = append(m.Mentions, replied.Author)
			pinged[replied.Author.ID] = true
		}
	}
	if isNew {
		m.Pinged = s.notified(ch, author, pinged)
	}
}

// notified leaves out the author and those who cannot see the channel.
func (s *Server) notified(ch *channel, author *member, pinged map[string]bool) (ids []string) {
	for id := range pinged {
		if other := s.member(id); other != nil && other != author && s.inChannel(other, ch).Has(ViewChannel) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// mentionText is the text of a message in which mentions count: the content, and the texts of components of
// the second kind, but never embeds.
func mentionText(m *Message) string {
	parts := []string{m.Content}
	walkComponents(m.Components, func(c map[string]any) {
		if kindOf(c) == kindText {
			text, _ := c["content"].(string)
			parts = append(parts, text)
		}
	})
	return strings.Join(parts, "\n")
}
