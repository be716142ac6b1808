package mattermost

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// private shows a reply to one user only, outside of a callback: below the channel where that is
// permitted, else in the user's direct channel with the bot; in the thread where they asked. Its buttons
// are those of the room.
func (a *Adapter) private(ctx context.Context, to asker, reply commands.Reply) error {
	_, direct := to.room.PersonOf()
	if !direct && to.channelID != "" && !a.silent.Load() {
		post := a.answer(reply, to)[0]
		post.ChannelId, post.RootId = to.channelID, to.thread
		_, err := call(ctx, a.api, "answer below the channel", func(ctx context.Context, c *model.Client4) (*model.Post, *model.Response, error) {
			return c.CreatePostEphemeral(ctx, &model.PostEphemeral{UserID: to.userID, Post: post})
		})
		if err == nil || !unseen(err) {
			return err
		}
		a.silent.Store(true)
		a.log.Info("the bot may not answer below a channel, so it answers in direct messages", "err", err)
	}
	h, _ := a.rooms.at()
	c, err := call(ctx, a.api, "open a direct channel", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.CreateDirectChannel(ctx, h.bot.Id, to.userID)
	})
	if err != nil {
		return err
	}
	for _, post := range a.answer(reply, to) {
		post.ChannelId = c.Id
		if c.Id == to.channelID {
			post.RootId = to.thread
		}
		if _, err := call(ctx, a.api, "answer in private", func(ctx context.Context, cl *model.Client4) (*model.Post, *model.Response, error) {
			return cl.CreatePost(ctx, post)
		}); err != nil {
			return err
		}
	}
	return nil
}

// buttonsFor is how long the buttons of an answer work.
const buttonsFor = time.Hour

// answer makes the posts of a reply; all but the last hold text alone.
func (a *Adapter) answer(reply commands.Reply, to asker) []*model.Post {
	actions := reply.Actions
	if reply.Form != nil {
		actions = append(slices.Clip(actions), bot.Action{Label: reply.Form.Title, Line: "/" + reply.Form.Command, Style: bot.Primary})
	}
	var out []*model.Post
	for _, part := range split(strings.TrimSpace(escape(reply.Text)), partSize) {
		out = append(out, &model.Post{Message: part, Props: model.StringInterface{botProp: "true"}})
	}
	if len(actions) > 0 {
		out[len(out)-1].Props[cardProp] = []*model.MessageAttachment{{
			Actions: a.buttons.withFiles(a.buttons.attach(actions, to.room, to.userID, time.Now().Add(buttonsFor)), to.files),
		}}
	}
	return out
}
