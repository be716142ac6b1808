package mmtest

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

func addReaction(c *call) (reply, *model.AppError) {
	var in model.Reaction
	if !c.read(&in) || in.EmojiName == "" {
		return fail(badBody())
	}
	p := c.s.data.posts[in.PostId]
	if in.UserId != c.me().Id || p == nil || !c.s.mayInChannel(c.me(), c.s.data.channels[p.ChannelId], "add_reaction") {
		return fail(forbidden())
	}
	in.ChannelId, in.CreateAt, in.UpdateAt = p.ChannelId, now(), now()
	if p.Metadata == nil {
		p.Metadata = &model.PostMetadata{}
	}
	if !slices.ContainsFunc(p.Metadata.Reactions, func(r *model.Reaction) bool { return r.UserId == in.UserId && r.EmojiName == in.EmojiName }) {
		p.Metadata.Reactions = append(p.Metadata.Reactions, &in)
	}
	c.s.reacted(model.WebsocketEventReactionAdded, p, &in)
	return created(in)
}

// reacted tells of a reaction, which counts as a change of its post.
func (s *Server) reacted(kind model.WebsocketEventType, p *model.Post, r *model.Reaction) {
	p.HasReactions, p.UpdateAt = len(p.Metadata.Reactions) > 0, now()
	s.touch(p)
	text, err := json.Marshal(r)
	if err != nil {
		return
	}
	event := model.NewWebSocketEvent(kind, "", p.ChannelId, "", nil, "")
	event.Add("reaction", string(text))
	s.publish(event)
}

func listReactions(c *call) (reply, *model.AppError) {
	p, err := c.post()
	if err != nil {
		return fail(err)
	}
	if p.Metadata == nil || p.Metadata.Reactions == nil {
		return ok([]*model.Reaction{})
	}
	return ok(p.Metadata.Reactions)
}

func removeReaction(c *call) (reply, *model.AppError) {
	p, err := c.post()
	if err != nil {
		return fail(err)
	}
	u, err := c.user()
	if err != nil || u != c.me() {
		return fail(forbidden())
	}
	r := model.Reaction{UserId: u.Id, PostId: p.Id, EmojiName: c.p["emoji"], ChannelId: p.ChannelId}
	same := func(other *model.Reaction) bool { return other.UserId == r.UserId && other.EmojiName == r.EmojiName }
	if p.Metadata == nil || !slices.ContainsFunc(p.Metadata.Reactions, same) {
		return no(http.StatusNotFound, "app.reaction.delete.app_error")
	}
	p.Metadata.Reactions = slices.DeleteFunc(p.Metadata.Reactions, same)
	c.s.reacted(model.WebsocketEventReactionRemoved, p, &r)
	return done()
}
