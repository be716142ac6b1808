package mmtest

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// channel finds the channel named in the path.
func (c *call) channel() (*channel, *model.AppError) {
	if ch := c.s.data.channels[c.p["channel"]]; ch != nil {
		return ch, nil
	}
	return nil, wrong(http.StatusNotFound, "app.channel.get.existing.app_error")
}

// addChannel makes a channel that has passed all checks. A creator becomes its admin.
func (s *Server) addChannel(in model.Channel, creator *user) *channel {
	ch := &channel{Channel: in, members: map[string]*model.ChannelMember{}}
	if ch.Id == "" {
		ch.Id, ch.CreateAt = model.NewId(), now()
	}
	ch.UpdateAt, ch.DeleteAt = ch.CreateAt, 0
	s.data.channels[ch.Id] = ch
	if creator != nil {
		ch.CreatorId = creator.Id
		s.admit(ch, creator, true)
	}
	return ch
}

func createChannel(c *call) (reply, *model.AppError) {
	var in model.Channel
	if !c.read(&in) || in.DisplayName == "" {
		return fail(badBody())
	}
	if in.Type != model.ChannelTypeOpen && in.Type != model.ChannelTypePrivate {
		return no(http.StatusBadRequest, "api.channel.create_channel.direct_channel.app_error")
	}
	permission := "create_public_channel"
	if in.Type == model.ChannelTypePrivate {
		permission = "create_private_channel"
	}
	if !c.s.mayInTeam(c.me(), in.TeamId, permission) {
		return fail(forbidden())
	}
	in.Id, in.CreateAt, in.UpdateAt = model.NewId(), now(), now()
	if err := in.IsValid(); err != nil {
		return no(err.StatusCode, err.Id)
	}
	if len(in.Name) > model.ChannelNameMaxLength { // what only the database refuses
		return no(http.StatusInternalServerError, "app.channel.create_channel.internal_error")
	}
	if c.s.channelNamed(in.TeamId, in.Name) != nil {
		return no(http.StatusBadRequest, "store.sql_channel.save_channel.exists.app_error")
	}
	ch := c.s.addChannel(in, c.me())
	c.s.systemPost(ch, c.me(), model.PostTypeJoinChannel, c.me().Username+" joined the channel.", map[string]any{"username": c.me().Username})
	event := model.NewWebSocketEvent(model.WebsocketEventChannelCreated, "", "", c.me().Id, nil, "")
	event.Add("channel_id", ch.Id)
	event.Add("team_id", ch.TeamId)
	c.s.publish(event)
	return created(ch.Channel)
}

// channelNamed finds a channel, archived ones too: their names stay taken.
func (s *Server) channelNamed(teamID, name string) *channel {
	for _, ch := range s.data.channels {
		if ch.TeamId == teamID && ch.Name == name {
			return ch
		}
	}
	return nil
}

// directChannel opens the channel of two people, or finds it.
func directChannel(c *call) (reply, *model.AppError) {
	var ids []string
	if !c.read(&ids) || len(ids) != 2 {
		return fail(badBody())
	}
	a, b := c.s.data.users[ids[0]], c.s.data.users[ids[1]]
	switch {
	case a == nil || b == nil:
		return no(http.StatusNotFound, "app.user.missing_account.const")
	case !c.s.may(c.me(), "create_direct_channel"):
		return fail(forbidden())
	case a != c.me() && b != c.me() && !c.s.may(c.me(), "manage_system"):
		return fail(forbidden())
	}
	return created(c.s.direct(a, b, c.me()).Channel)
}

func (s *Server) direct(a, b, by *user) *channel {
	name := model.GetDMNameFromIds(a.Id, b.Id)
	if ch := s.channelNamed("", name); ch != nil {
		return ch
	}
	ch := s.addChannel(model.Channel{Type: model.ChannelTypeDirect, Name: name, CreatorId: by.Id}, nil)
	s.admit(ch, a, false)
	if a != b {
		s.admit(ch, b, false)
	}
	event := model.NewWebSocketEvent(model.WebsocketEventDirectAdded, "", ch.Id, "", nil, "")
	event.Add("creator_id", by.Id)
	event.Add("teammate_id", b.Id)
	s.publish(event)
	return ch
}

// seenBy says whether somebody may know of a channel.
func (s *Server) seenBy(u *user, ch *channel) bool {
	if s.mayInChannel(u, ch, "read_channel") {
		return true
	}
	return ch.Type == model.ChannelTypeOpen && s.mayInTeam(u, ch.TeamId, "read_public_channel")
}

func getChannel(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	if !c.s.seenBy(c.me(), ch) {
		return fail(forbidden())
	}
	return ok(ch.Channel)
}

func channelByName(c *call) (reply, *model.AppError) {
	ch := c.s.channelNamed(c.p["team"], c.p["name"])
	if ch == nil || (ch.DeleteAt != 0 && c.query("include_deleted") != "true") {
		return no(http.StatusNotFound, "app.channel.get_by_name.missing.app_error")
	}
	if !c.s.seenBy(c.me(), ch) {
		if ch.Type == model.ChannelTypeOpen {
			return fail(forbidden())
		}
		return no(http.StatusNotFound, "app.channel.get_by_name.missing.app_error")
	}
	return ok(ch.Channel)
}

func (s *Server) channelsWhere(keep func(*channel) bool) []model.Channel {
	list := []model.Channel{}
	for _, ch := range s.data.channels {
		if keep(ch) {
			list = append(list, ch.Channel)
		}
	}
	slices.SortFunc(list, func(a, b model.Channel) int { return cmp.Compare(a.DisplayName+a.Id, b.DisplayName+b.Id) })
	return list
}

func publicChannels(c *call) (reply, *model.AppError) {
	t, err := c.team()
	if err != nil {
		return fail(err)
	}
	if !c.s.mayInTeam(c.me(), t.Id, "list_team_channels") {
		return fail(forbidden())
	}
	page, size := c.page()
	return ok(cut(c.s.channelsWhere(func(ch *channel) bool {
		return ch.TeamId == t.Id && ch.Type == model.ChannelTypeOpen && ch.DeleteAt == 0
	}), page, size))
}

func channelsOfInTeam(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	return c.channelsOf(func(ch *channel) bool { return ch.TeamId == t.Id || ch.TeamId == "" })
}

func channelsOf(c *call) (reply, *model.AppError) {
	return c.channelsOf(func(*channel) bool { return true })
}

func (c *call) channelsOf(keep func(*channel) bool) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	if u != c.me() && !c.s.may(c.me(), "edit_other_users") {
		return fail(forbidden())
	}
	gone := c.query("include_deleted") == "true"
	return ok(c.s.channelsWhere(func(ch *channel) bool {
		return ch.members[u.Id] != nil && (gone || ch.DeleteAt == 0) && keep(ch)
	}))
}

func channelStats(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	if !c.s.seenBy(c.me(), ch) {
		return fail(forbidden())
	}
	stats := model.ChannelStats{ChannelId: ch.Id, MemberCount: int64(len(ch.members))}
	for _, p := range ch.posts {
		if p.IsPinned && p.DeleteAt == 0 {
			stats.PinnedPostCount++
		}
	}
	return ok(stats)
}
