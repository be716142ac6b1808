package mmtest

import (
	"regexp"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

var atName = regexp.MustCompile(`\B@([a-zA-Z0-9._-]+)`)

// atNames are the names that a text may call: as written, and without the punctuation at the end.
func atNames(text string) (names []string) {
	for _, m := range atName.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		names = append(names, name)
		for strings.TrimRight(name, "._-") != name {
			name = name[:len(name)-1]
			names = append(names, name)
		}
	}
	return names
}

// userMentions are those of a team whom a text calls.
func (s *Server) userMentions(text string, t *team) model.UserMentionMap {
	found := model.UserMentionMap{}
	for _, name := range atNames(text) {
		if u := s.named(name); u != nil && t.members[u.Id] != nil {
			found[name] = u.Id
		}
	}
	return found
}

// channelMentions are the public channels of a team that a text names.
func (s *Server) channelMentions(text string, t *team) model.ChannelMentionMap {
	found := model.ChannelMentionMap{}
	for _, name := range model.ChannelMentions(text) {
		if ch := s.channelNamed(t.Id, name); ch != nil && ch.Type == model.ChannelTypeOpen && ch.DeleteAt == 0 {
			found[name] = ch.Id
		}
	}
	return found
}
