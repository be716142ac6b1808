package mmtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

const mostMembers = 1000 // in one call

// admit makes somebody a member, without a word.
func (s *Server) admit(ch *channel, u *user, admin bool) *model.ChannelMember {
	m := &model.ChannelMember{
		ChannelId: ch.Id, UserId: u.Id, SchemeUser: true, SchemeAdmin: admin, Roles: "channel_user",
		NotifyProps: model.GetDefaultChannelNotifyProps(), LastUpdateAt: now(),
	}
	if admin {
		m.Roles += " channel_admin"
	}
	ch.members[u.Id] = m
	ch.order = append(ch.order, u.Id)
	return m
}

// dismiss ends a membership.
func (s *Server) dismiss(ch *channel, u *user) {
	delete(ch.members, u.Id)
	ch.order = slices.DeleteFunc(ch.order, func(id string) bool { return id == u.Id })
}

// join adds somebody for somebody else, with the post and the events this makes.
func (s *Server) join(ch *channel, u, by *user) (*model.ChannelMember, *model.AppError) {
	if m := ch.members[u.Id]; m != nil {
		return m, nil
	}
	if m := s.data.teams[ch.TeamId].members[u.Id]; m == nil || m.DeleteAt != 0 {
		return nil, wrong(http.StatusNotFound, "app.team.get_member.missing.app_error")
	}
	m := s.admit(ch, u, false)
	for _, event := range []*model.WebSocketEvent{
		model.NewWebSocketEvent(model.WebsocketEventUserAdded, "", ch.Id, "", map[string]bool{u.Id: true}, ""),
		model.NewWebSocketEvent(model.WebsocketEventUserAdded, "", ch.Id, u.Id, nil, ""),
	} {
		event.Add("user_id", u.Id)
		event.Add("team_id", ch.TeamId)
		s.publish(event)
	}
	if u == by {
		s.systemPost(ch, by, model.PostTypeJoinChannel, u.Username+" joined the channel.", map[string]any{"username": u.Username})
		return m, nil
	}
	s.systemPost(ch, by, model.PostTypeAddToChannel, u.Username+" added to the channel by "+by.Username+".", map[string]any{
		"userId": by.Id, "username": by.Username, model.PostPropsAddedUserId: u.Id, "addedUsername": u.Username,
	})
	return m, nil
}

// mayJoin says whether somebody may bring a member in.
func (s *Server) mayJoin(by *user, ch *channel, id string) bool {
	if ch.Type == model.ChannelTypeOpen && id == by.Id {
		return s.mayInTeam(by, ch.TeamId, "join_public_channels")
	}
	if id == by.Id && ch.members[id] != nil {
		return true
	}
	return s.mayInChannel(by, ch, byKind(ch, "manage_public_channel_members", "manage_private_channel_members"))
}

// addMembers adds one, or on 11.x many: then only those for whom it worked are in the answer.
func addMembers(c *call) (reply, *model.AppError) {
	var in struct {
		UserID  string   `json:"user_id"`
		UserIDs []string `json:"user_ids"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	many := len(in.UserIDs) > 0 && !c.s.v9()
	if !many && !model.IsValidId(in.UserID) || len(in.UserIDs) > mostMembers {
		return fail(badBody())
	}
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	if ch.Type == model.ChannelTypeDirect {
		return no(http.StatusBadRequest, "api.channel.add_user_to_channel.type.app_error")
	}
	if !many {
		return c.addOne(ch, in.UserID)
	}
	list := []*model.ChannelMember{}
	for _, id := range in.UserIDs {
		if !c.s.mayJoin(c.me(), ch, id) {
			return fail(forbidden())
		}
		u := c.s.data.users[id]
		if u == nil {
			continue
		}
		if m, err := c.s.join(ch, u, c.me()); err == nil {
			list = append(list, m)
		}
	}
	return created(list)
}

func (c *call) addOne(ch *channel, id string) (reply, *model.AppError) {
	if !c.s.mayJoin(c.me(), ch, id) {
		return fail(forbidden())
	}
	u := c.s.data.users[id]
	if u == nil {
		return no(http.StatusNotFound, "app.user.missing_account.const")
	}
	if ch.DeleteAt != 0 {
		return no(http.StatusBadRequest, "api.channel.add_user.to.channel.failed.deleted.app_error")
	}
	m, err := c.s.join(ch, u, c.me())
	if err != nil {
		return fail(err)
	}
	return created(m)
}

func listMembers(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	if !c.s.seenBy(c.me(), ch) {
		return fail(forbidden())
	}
	page, size := c.page()
	list := []*model.ChannelMember{}
	for _, id := range cut(ch.order, page, size) {
		list = append(list, ch.members[id])
	}
	return ok(list)
}

func membersByIDs(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	var ids []string
	if !c.read(&ids) {
		return fail(badBody())
	}
	if !c.s.seenBy(c.me(), ch) {
		return fail(forbidden())
	}
	list := []*model.ChannelMember{}
	for _, id := range ids {
		if m := ch.members[id]; m != nil {
			list = append(list, m)
		}
	}
	return ok(list)
}

// member finds the member named in the path.
func (c *call) member() (*channel, *user, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return nil, nil, err
	}
	u, err := c.user()
	if err != nil {
		return nil, nil, err
	}
	if ch.members[u.Id] == nil {
		return nil, nil, wrong(http.StatusNotFound, "app.channel.get_member.missing.app_error")
	}
	return ch, u, nil
}

func getMember(c *call) (reply, *model.AppError) {
	ch, u, err := c.member()
	if err != nil {
		return fail(err)
	}
	if !c.s.seenBy(c.me(), ch) {
		return fail(forbidden())
	}
	return ok(ch.members[u.Id])
}

func removeMember(c *call) (reply, *model.AppError) {
	ch, u, err := c.member()
	if err != nil {
		return fail(err)
	}
	switch {
	case ch.Name == model.DefaultChannelName:
		return no(http.StatusBadRequest, "api.channel.remove.default.app_error")
	case ch.Type == model.ChannelTypeDirect:
		return no(http.StatusBadRequest, "api.channel.remove_channel_member.type.app_error")
	case u != c.me() && !c.s.mayInChannel(c.me(), ch, byKind(ch, "manage_public_channel_members", "manage_private_channel_members")):
		return fail(forbidden())
	}
	c.s.dismiss(ch, u)
	toAll := model.NewWebSocketEvent(model.WebsocketEventUserRemoved, "", ch.Id, "", nil, "")
	toAll.Add("user_id", u.Id)
	toAll.Add("remover_id", c.me().Id)
	c.s.publish(toAll)
	toOne := model.NewWebSocketEvent(model.WebsocketEventUserRemoved, "", "", u.Id, nil, "")
	toOne.Add("channel_id", ch.Id)
	toOne.Add("remover_id", c.me().Id)
	c.s.publish(toOne)
	kind, text := model.PostTypeRemoveFromChannel, u.Username+" was removed from the channel."
	if u == c.me() {
		kind, text = model.PostTypeLeaveChannel, u.Username+" left the channel."
	}
	c.s.systemPost(ch, c.me(), kind, text, map[string]any{"removedUserId": u.Id, "removedUsername": u.Username, "username": c.me().Username})
	return done()
}

func setMemberRoles(c *call) (reply, *model.AppError) {
	ch, u, err := c.member()
	if err != nil {
		return fail(err)
	}
	var in struct {
		Roles string `json:"roles"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	if !c.s.mayInChannel(c.me(), ch, "manage_channel_roles") {
		return fail(forbidden())
	}
	m := ch.members[u.Id]
	m.Roles, m.SchemeAdmin = in.Roles, strings.Contains(in.Roles, "channel_admin")
	return done()
}
