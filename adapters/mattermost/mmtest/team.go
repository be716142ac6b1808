package mmtest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// team finds the team named in the path.
func (c *call) team() (*team, *model.AppError) {
	if t := c.s.data.teams[c.p["team"]]; t != nil {
		return t, nil
	}
	return nil, wrong(http.StatusNotFound, "app.team.get.find.app_error")
}

// viewedTeam finds the team named in the path, for somebody who may see it.
func (c *call) viewedTeam() (*team, *model.AppError) {
	t, err := c.team()
	if err != nil {
		return nil, err
	}
	if !c.s.mayInTeam(c.me(), t.Id, "view_team") {
		return nil, forbidden()
	}
	return t, nil
}

func (s *Server) teamNamed(name string) *team {
	for _, t := range s.data.teams {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// addTeam makes a team with its two channels that everybody is in.
func (s *Server) addTeam(in model.Team, by *user) *team {
	t := &team{Team: in, members: map[string]*model.TeamMember{}}
	t.Id, t.CreateAt, t.UpdateAt, t.DeleteAt = model.NewId(), now(), now(), 0
	t.Email, t.InviteId = by.Email, model.NewId()
	s.data.teams[t.Id] = t
	s.addChannel(model.Channel{TeamId: t.Id, Type: model.ChannelTypeOpen, Name: model.DefaultChannelName, DisplayName: "Town Square"}, nil)
	s.addChannel(model.Channel{TeamId: t.Id, Type: model.ChannelTypeOpen, Name: "off-topic", DisplayName: "Off-Topic"}, nil)
	s.joinTeam(t, by, by)
	s.setTeamAdmin(t, by)
	return t
}

func (s *Server) setTeamAdmin(t *team, u *user) {
	m := t.members[u.Id]
	m.SchemeAdmin, m.Roles = true, "team_user team_admin"
}

// joinTeam adds somebody to a team and to its two channels.
func (s *Server) joinTeam(t *team, u, by *user) *model.TeamMember {
	if m := t.members[u.Id]; m != nil && m.DeleteAt == 0 {
		return m
	}
	m := &model.TeamMember{TeamId: t.Id, UserId: u.Id, SchemeUser: true, Roles: "team_user", CreateAt: now()}
	t.members[u.Id] = m
	added := model.NewWebSocketEvent(model.WebsocketEventAddedToTeam, "", "", u.Id, nil, "")
	added.Add("team_id", t.Id)
	added.Add("user_id", u.Id)
	s.publish(added)
	for _, ch := range s.data.channels {
		if ch.TeamId != t.Id || (ch.Name != model.DefaultChannelName && ch.Name != "off-topic") || ch.members[u.Id] != nil {
			continue
		}
		s.admit(ch, u, false)
		s.systemPost(ch, by, joinKind(ch.Name, u == by), u.Username+" joined", map[string]any{"username": u.Username})
		event := model.NewWebSocketEvent(model.WebsocketEventUserAdded, "", ch.Id, "", nil, "")
		event.Add("user_id", u.Id)
		event.Add("team_id", t.Id)
		s.publish(event)
	}
	return m
}

func joinKind(name string, self bool) string {
	switch {
	case name == model.DefaultChannelName && self:
		return model.PostTypeJoinTeam
	case name == model.DefaultChannelName:
		return model.PostTypeAddToTeam
	case self:
		return model.PostTypeJoinChannel
	}
	return model.PostTypeAddToChannel
}

func createTeam(c *call) (reply, *model.AppError) {
	var in model.Team
	switch {
	case !c.read(&in):
		return fail(badBody())
	case !c.s.may(c.me(), "create_team"):
		return fail(forbidden())
	case c.s.teamNamed(in.Name) != nil:
		return no(http.StatusBadRequest, "app.team.save.existing.app_error")
	case !model.IsValidTeamName(in.Name):
		return no(http.StatusBadRequest, "model.team.is_valid.characters.app_error")
	}
	return created(c.s.addTeam(in, c.me()).Team)
}

func getTeam(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	return ok(t.Team)
}

func teamByName(c *call) (reply, *model.AppError) {
	t := c.s.teamNamed(c.p["name"])
	if t == nil {
		return no(http.StatusNotFound, "app.team.get_by_name.missing.app_error")
	}
	if !c.s.mayInTeam(c.me(), t.Id, "view_team") {
		return fail(forbidden())
	}
	return ok(t.Team)
}

func (s *Server) teamsWhere(keep func(*team) bool) []model.Team {
	list := []model.Team{}
	for _, t := range s.data.teams {
		if keep(t) {
			list = append(list, t.Team)
		}
	}
	slices.SortFunc(list, func(a, b model.Team) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

func listTeams(c *call) (reply, *model.AppError) {
	page, size := c.page()
	return ok(cut(c.s.teamsWhere(func(t *team) bool {
		return c.s.may(c.me(), "manage_system") || t.members[c.me().Id] != nil || t.AllowOpenInvite
	}), page, size))
}

func teamsOf(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	if u != c.me() && !c.s.may(c.me(), "manage_system") {
		return fail(forbidden())
	}
	return ok(c.s.teamsWhere(func(t *team) bool { return t.members[u.Id] != nil && t.members[u.Id].DeleteAt == 0 }))
}

func teamMembersOf(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	list := []*model.TeamMember{}
	for _, t := range c.s.teamsWhere(func(t *team) bool { return t.members[u.Id] != nil }) {
		list = append(list, c.s.data.teams[t.Id].members[u.Id])
	}
	return ok(list)
}

func addTeamMember(c *call) (reply, *model.AppError) {
	t, err := c.team()
	if err != nil {
		return fail(err)
	}
	var in model.TeamMember
	if !c.read(&in) {
		return fail(badBody())
	}
	u := c.s.data.users[in.UserId]
	switch {
	case !c.s.mayInTeam(c.me(), t.Id, "add_user_to_team"):
		return fail(forbidden())
	case u == nil:
		return no(http.StatusNotFound, "app.user.missing_account.const")
	}
	return created(c.s.joinTeam(t, u, c.me()))
}

func listTeamMembers(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	list := []*model.TeamMember{}
	for _, m := range t.members {
		if m.DeleteAt == 0 {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b *model.TeamMember) int { return cmp.Compare(a.UserId, b.UserId) })
	page, size := c.page()
	return ok(cut(list, page, size))
}

func getTeamMember(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	u, err := c.user()
	if err != nil || t.members[u.Id] == nil {
		return no(http.StatusNotFound, "app.team.get_member.missing.app_error")
	}
	return ok(t.members[u.Id])
}

func teamMembersByIDs(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	var ids []string
	if !c.read(&ids) {
		return fail(badBody())
	}
	list := []*model.TeamMember{}
	for _, id := range ids {
		if m := t.members[id]; m != nil {
			list = append(list, m)
		}
	}
	return ok(list)
}

func setTeamRoles(c *call) (reply, *model.AppError) {
	t, err := c.team()
	if err != nil {
		return fail(err)
	}
	u, err := c.user()
	if err != nil || t.members[u.Id] == nil {
		return no(http.StatusNotFound, "app.team.get_member.missing.app_error")
	}
	var in struct {
		Roles string `json:"roles"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	if !c.s.mayInTeam(c.me(), t.Id, "manage_team_roles") {
		return fail(forbidden())
	}
	m := t.members[u.Id]
	m.Roles, m.SchemeAdmin = in.Roles, strings.Contains(in.Roles, "team_admin")
	return done()
}

func removeTeamMember(c *call) (reply, *model.AppError) {
	t, err := c.team()
	if err != nil {
		return fail(err)
	}
	u, err := c.user()
	if err != nil || t.members[u.Id] == nil {
		return no(http.StatusNotFound, "app.team.get_member.missing.app_error")
	}
	if u != c.me() && !c.s.mayInTeam(c.me(), t.Id, "remove_user_from_team") {
		return fail(forbidden())
	}
	delete(t.members, u.Id)
	for _, ch := range c.s.data.channels {
		if ch.TeamId == t.Id && ch.members[u.Id] != nil {
			c.s.dismiss(ch, u)
		}
	}
	event := model.NewWebSocketEvent(model.WebsocketEventLeaveTeam, "", "", u.Id, nil, "")
	event.Add("user_id", u.Id)
	event.Add("team_id", t.Id)
	c.s.publish(event)
	return done()
}
