package mmtest

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"
)

// patchChannel changes what is named, for members who may, and tells of it in the channel.
func patchChannel(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	var patch model.ChannelPatch
	if !c.read(&patch) {
		return fail(badBody())
	}
	direct := ch.Type == model.ChannelTypeDirect
	switch {
	case direct && ch.members[c.me().Id] == nil:
		return fail(forbidden())
	case !direct && !c.s.mayInChannel(c.me(), ch, byKind(ch, "manage_public_channel_properties", "manage_private_channel_properties")):
		return fail(forbidden())
	case ch.DeleteAt != 0:
		return no(http.StatusBadRequest, "api.channel.update_channel.deleted.app_error")
	case patch.DisplayName != nil && utf8.RuneCountInString(*patch.DisplayName) == 0:
		return fail(badBody())
	}
	old, fresh := ch.Channel, ch.Channel
	fresh.Patch(&patch)
	if err := fresh.IsValid(); err != nil {
		return no(err.StatusCode, err.Id)
	}
	if other := c.s.channelNamed(fresh.TeamId, fresh.Name); other != nil && other != ch {
		return no(http.StatusBadRequest, "store.sql_channel.update.exists.app_error")
	}
	fresh.UpdateAt = now()
	ch.Channel = fresh
	c.s.channelUpdated(ch)
	c.s.tellChange(ch, c.me(), model.PostTypeDisplaynameChange, "displayname", old.DisplayName, fresh.DisplayName)
	c.s.tellChange(ch, c.me(), model.PostTypeHeaderChange, "header", old.Header, fresh.Header)
	c.s.tellChange(ch, c.me(), model.PostTypePurposeChange, "purpose", old.Purpose, fresh.Purpose)
	return ok(ch.Channel)
}

// tellChange writes the system post about a changed property.
func (s *Server) tellChange(ch *channel, by *user, kind, what, from, to string) {
	if from == to {
		return
	}
	s.systemPost(ch, by, kind, by.Username+" updated the channel "+what, map[string]any{
		"username": by.Username, "old_" + what: from, "new_" + what: to,
	})
}

func (s *Server) channelUpdated(ch *channel) {
	text, err := json.Marshal(ch.Channel)
	if err != nil {
		return
	}
	event := model.NewWebSocketEvent(model.WebsocketEventChannelUpdated, "", ch.Id, "", nil, "")
	event.Add("channel", string(text))
	s.publish(event)
}

func setPrivacy(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	var in struct {
		Privacy model.ChannelType `json:"privacy"`
	}
	if !c.read(&in) || (in.Privacy != model.ChannelTypeOpen && in.Privacy != model.ChannelTypePrivate) {
		return fail(badBody())
	}
	permission := "convert_private_channel_to_public"
	if in.Privacy == model.ChannelTypePrivate {
		permission = "convert_public_channel_to_private"
	}
	if !c.s.mayInChannel(c.me(), ch, permission) {
		return fail(forbidden())
	}
	ch.Type, ch.UpdateAt = in.Privacy, now()
	c.s.systemPost(ch, c.me(), model.PostTypeChangeChannelPrivacy, "This channel has been converted.", map[string]any{"username": c.me().Username})
	return ok(ch.Channel)
}

func archiveChannel(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	switch {
	case ch.Type == model.ChannelTypeDirect:
		return no(http.StatusBadRequest, "api.channel.delete_channel.type.invalid")
	case !c.s.mayInChannel(c.me(), ch, byKind(ch, "delete_public_channel", "delete_private_channel")):
		return fail(forbidden())
	case ch.Name == model.DefaultChannelName:
		return no(http.StatusBadRequest, "api.channel.delete_channel.cannot.app_error")
	case ch.DeleteAt != 0:
		return no(http.StatusBadRequest, "api.channel.delete_channel.deleted.app_error")
	}
	c.s.systemPost(ch, c.me(), model.PostTypeChannelDeleted, c.me().Username+" archived the channel.", map[string]any{"username": c.me().Username})
	ch.DeleteAt = now()
	ch.UpdateAt = ch.DeleteAt
	c.s.lifeEvent(model.WebsocketEventChannelDeleted, ch)
	return done()
}

func restoreChannel(c *call) (reply, *model.AppError) {
	ch, err := c.channel()
	if err != nil {
		return fail(err)
	}
	switch {
	case !c.s.mayInTeam(c.me(), ch.TeamId, "manage_team"):
		return fail(forbidden())
	case ch.DeleteAt == 0:
		return no(http.StatusBadRequest, "api.channel.restore_channel.restored.app_error")
	}
	ch.DeleteAt, ch.UpdateAt = 0, now()
	c.s.lifeEvent(model.WebsocketEventChannelRestored, ch)
	c.s.systemPost(ch, c.me(), model.PostTypeChannelRestored, c.me().Username+" unarchived the channel.", map[string]any{"username": c.me().Username})
	return ok(ch.Channel)
}

// lifeEvent tells of an end or a new beginning: a public channel's to the team, a private one's to its
// members.
func (s *Server) lifeEvent(kind model.WebsocketEventType, ch *channel) {
	event := model.NewWebSocketEvent(kind, "", ch.Id, "", nil, "")
	if ch.Type == model.ChannelTypeOpen {
		event = model.NewWebSocketEvent(kind, ch.TeamId, "", "", nil, "")
	}
	event.Add("channel_id", ch.Id)
	if ch.DeleteAt != 0 {
		event.Add("delete_at", ch.DeleteAt)
	}
	s.publish(event)
}
