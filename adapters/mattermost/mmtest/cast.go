package mmtest

import (
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// password is what everybody of the cast signs in with.
const password = "Only-for-tests-1"

// addAdmin adds the person who may do everything.
func (s *Server) addAdmin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.enrol(model.User{Username: "admin", Email: "admin@localhost"}, password)
	u.Roles = "system_user system_admin"
}

// Admin is the person who may do everything.
func (s *Server) Admin() *model.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.named("admin").shown()
}

// Team makes a team, whose first member and admin is Admin.
func (s *Server) Team(name string) *model.Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.addTeam(model.Team{Name: name, DisplayName: name, Type: model.TeamOpen}, s.named("admin"))
	return deep(&t.Team)
}

// User makes a person of some teams, who speaks a language ("" is English).
func (s *Server) User(name, locale string, teams ...*model.Team) *model.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.enrol(model.User{Username: name, Email: name + "@localhost", Locale: locale}, password)
	s.joinAll(u, teams)
	return u.shown()
}

// Bot makes a plain bot of some teams, and its token.
func (s *Server) Bot(name string, teams ...*model.Team) (bot *model.User, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.makeBot(model.Bot{Username: name, DisplayName: name}, s.named("admin"))
	s.joinAll(u, teams)
	return u.shown(), s.personalToken(u, "of the cast").secret
}

func (s *Server) joinAll(u *user, teams []*model.Team) {
	for _, t := range teams {
		s.joinTeam(s.data.teams[t.Id], u, s.named("admin"))
	}
}

// Empower gives an account the two rights beyond a plain bot's, as an administrator would: by a spare
// role that holds nothing else.
func (s *Server) Empower(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data.roles[model.SystemPostAllPublicRoleId].Permissions = []string{"create_post_ephemeral", s.manageCommands()}
	s.data.users[userID].Roles = "system_user " + model.SystemPostAllPublicRoleId
}

// Token signs somebody in.
func (s *Server) Token(userID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grant(s.data.users[userID])
}

// Client is a client of somebody who has signed in.
func (s *Server) Client(u *model.User) *model.Client4 { return s.ClientWith(s.Token(u.Id)) }

// ClientWith is a client with a token of its own choice. Its connections end with the test.
func (s *Server) ClientWith(token string) *model.Client4 {
	c := model.NewAPIv4Client(s.URL)
	c.HTTPClient = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	s.tb.Cleanup(c.HTTPClient.CloseIdleConnections)
	c.SetToken(token)
	return c
}

// Say writes a post as somebody, through the front door.
func (s *Server) Say(u *model.User, channelID, text string) *model.Post {
	s.tb.Helper()
	p, _, err := s.Client(u).CreatePost(s.tb.Context(), &model.Post{ChannelId: channelID, Message: text})
	if err != nil {
		s.tb.Fatalf("mmtest: %s says %q: %v", u.Username, text, err)
	}
	return p
}

// Channel finds a channel by name, archived or not; nil is none.
func (s *Server) Channel(t *model.Team, name string) *model.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channelNamed(t.Id, name); ch != nil {
		return deep(&ch.Channel)
	}
	return nil
}

// Direct finds the channel of two people; nil is none.
func (s *Server) Direct(a, b *model.User) *model.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch := s.channelNamed("", model.GetDMNameFromIds(a.Id, b.Id)); ch != nil {
		return deep(&ch.Channel)
	}
	return nil
}

// Members are the names of a channel's members in the order they came.
func (s *Server) Members(channelID string) (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range s.data.channels[channelID].order {
		names = append(names, s.data.users[id].Username)
	}
	return names
}

// Posts are the posts of a channel in the order they were written, as stored: with what their buttons
// call, with system posts, and with those deleted since.
func (s *Server) Posts(channelID string) (all []*model.Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.data.channels[channelID]
	if ch == nil {
		return nil
	}
	for _, p := range ch.posts {
		all = append(all, deep(p))
	}
	return all
}

// Texts are the messages of a channel's posts that people and bots wrote and nobody deleted.
func (s *Server) Texts(channelID string) (texts []string) {
	for _, p := range s.Posts(channelID) {
		if p.DeleteAt == 0 && !p.IsSystemMessage() {
			texts = append(texts, p.Message)
		}
	}
	return texts
}

// Ephemerals are the posts that were shown to one person alone.
func (s *Server) Ephemerals(userID string) []Ephemeral {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Ephemeral(nil), s.data.eph[userID]...)
}

// Dialogs are the forms that somebody was shown.
func (s *Server) Dialogs(userID string) []Dialog {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Dialog(nil), s.data.dialogs[userID]...)
}

// Commands are the slash commands of a team, with their tokens.
func (s *Server) Commands(t *model.Team) []*model.Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commandsWhere(func(cmd *model.Command) bool { return cmd.TeamId == t.Id })
}
