package mattermost

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// Say implements bot.Platform.
func (a *Adapter) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	if m.Room == "" || m.ID == "" {
		return "", fmt.Errorf("say a message without room or id: %w", bot.ErrRejected)
	}
	if !a.ready.Load() {
		return "", fmt.Errorf("say on mattermost: not connected yet: %w", bot.ErrNotSent)
	}
	if d := a.api.limit.open(); d > 0 { // here the desk still chooses what is the most urgent then
		return "", wait(d)
	}
	switch m.Kind {
	case bot.OpenRoom:
		return "", a.rooms.openRoom(ctx, m)
	case bot.CloseRoom:
		return "", a.rooms.closeRoom(ctx, m.Room)
	case bot.Invite:
		return "", a.invite(ctx, m)
	default:
		return a.show(ctx, m, old)
	}
}

// show posts a message, or changes a board.
func (a *Adapter) show(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	room := a.where(m)
	if room == "" { // the board of an outage that is over, in its archived channel: it says so since then
		return old, nil
	}
	if room != m.Room && m.Title == "" {
		_, desk := a.rooms.at()
		about, _ := desk.Room(m.Room)
		m.Title = about.Name.In(m.Lang)
	}
	c, err := a.rooms.place(ctx, room, true, "")
	if err != nil {
		return "", err
	}
	var ref bot.Ref
	if old != "" {
		ref, err = a.change(ctx, room, c, m, old)
	} else {
		ref, err = a.postAll(ctx, room, &c, m)
	}
	if err == nil && c.made && c.Earlier != "" {
		a.follow(ctx, room, c)
	}
	switch {
	case err != nil:
	case m.Kind != bot.Board:
		a.rooms.state(ctx, room, a.rooms.late(room, c.ID))
	case old == "" && a.rooms.later(room, c.ID, m.Brief):
	default:
		a.rooms.late(room, c.ID)
		a.rooms.state(ctx, room, m.Brief)
	}
	return ref, err
}

// where returns the room a message is said in: its own, or that of the IT duty if its own belongs to an
// outage that is over and is archived; "" if it need not be said any more.
func (a *Adapter) where(m bot.Message) bot.RoomID {
	c, known := a.rooms.known(m.Room)
	switch {
	case !known || !c.Archived || !a.rooms.over(m.Room):
		return m.Room
	case m.Kind == bot.Board:
		return ""
	}
	return bot.IT
}

// postAll posts all parts of a message that are not there yet. The message's Ref is its first part.
func (a *Adapter) postAll(ctx context.Context, room bot.RoomID, c *channel, m bot.Message) (bot.Ref, error) {
	users, without, err := a.people.all(ctx, m.Mention)
	if err != nil {
		return "", fmt.Errorf("find who is called: %w", err)
	}
	if len(without) > 0 {
		a.log.Debug("people without an account are not called", "people", without)
	}
	var call []string
	if _, direct := room.PersonOf(); !direct { // who is alone with the bot hears it anyway
		for _, u := range users {
			call = append(call, u.Username)
		}
	}
	sheets := render(m, a.buttons, room, call)
	sheets[len(sheets)-1].files = a.carry(ctx, m, c.ID)
	there := a.parts.take(m.EffectKey())
	ref := bot.Ref(there[sheets[0].key])
	for i, s := range sheets {
		if there[s.key] != "" {
			continue
		}
		id, err := a.post(ctx, room, c, s)
		if err != nil && i > 0 {
			return "", unknown(fmt.Sprintf("post part %d", i+1), err)
		}
		if err != nil {
			return "", err
		}
		if i == 0 {
			ref = bot.Ref(id)
		}
	}
	return ref, nil
}

// post makes one post. If the channel turns out to be archived, or the bot was put out of it, the room's
// next channel is tried once.
func (a *Adapter) post(ctx context.Context, room bot.RoomID, c *channel, s sheet) (string, error) {
	made, err := a.create(ctx, c.ID, s)
	if cannotSpeak(err) {
		if lost := a.rooms.lost(ctx, room, *c); lost != nil {
			return "", errors.Join(err, lost)
		}
		if *c, err = a.rooms.place(ctx, room, true, ""); err == nil {
			made, err = a.create(ctx, c.ID, s)
		}
	}
	if err != nil {
		return "", err
	}
	if s.board && !made.IsPinned {
		if err := a.pin(ctx, made.Id); err != nil {
			return "", unknown("pin the board", err) // it is there: it will be found, and pinned then
		}
	}
	return made.Id, nil
}

// cannotSpeak tells that a channel is of no use any more.
func cannotSpeak(err error) bool {
	return names(err, "to_deleted") || names(err, "in_deleted") || unseen(err)
}

func (a *Adapter) create(ctx context.Context, channelID string, s sheet) (*model.Post, error) {
	if s.board {
		a.rooms.boardTried(channelID)
	}
	h, _ := a.rooms.at()
	p := &model.Post{
		ChannelId: channelID, Message: s.text, Props: s.props(),
		IsPinned: s.board, // heeded by all servers tried, though no page of theirs says so: one call less before a room is of use
		// The server takes a second post of the same name for the first, also in another channel and by
		// another account. Two bots may name their messages alike.
		FileIds:       s.files,
		PendingPostId: s.key + "." + h.bot.Id + "." + channelID + a.worn.suffix(s.key),
	}
	if s.loud {
		urgent := model.PostPriorityUrgent
		p.Metadata = &model.PostMetadata{Priority: &model.PostPriority{Priority: &urgent}}
	}
	made, err := call(ctx, a.api, "post", func(ctx context.Context, c *model.Client4) (*model.Post, *model.Response, error) {
		return c.CreatePost(ctx, p)
	})
	if names(err, "priority") { // switched off on this server; the words are what counts
		s.loud = false
		return a.create(ctx, channelID, s)
	}
	if names(err, "failed_to_get") {
		// The post of this name was deleted, and the server remembers the name for half a minute. The
		// desk looks for the post before it says it again; then another name is used.
		a.worn.wear(s.key)
	}
	if err == nil && made.ChannelId != channelID {
		return nil, fmt.Errorf("post: the server showed it in channel %s instead of %s", made.ChannelId, channelID)
	}
	return made, err
}

func (a *Adapter) pin(ctx context.Context, post string) error {
	return done(ctx, a.api, "pin", func(ctx context.Context, c *model.Client4) (*model.Response, error) {
		return c.PinPost(ctx, post)
	})
}

// change shows a board anew in its post, with all its properties: what is left out of a change is lost.
func (a *Adapter) change(ctx context.Context, room bot.RoomID, c channel, m bot.Message, old bot.Ref) (bot.Ref, error) {
	s := render(m, a.buttons, room, nil)[0]
	props := s.props()
	changed, err := call(ctx, a.api, "change the board", func(ctx context.Context, cl *model.Client4) (*model.Post, *model.Response, error) {
		return cl.PatchPost(ctx, string(old), &model.PostPatch{Message: &s.text, Props: &props})
	})
	switch {
	case err == nil && changed.ChannelId != c.ID: // the room has moved to another channel
		return "", fmt.Errorf("%w: it is in a channel the room had before", bot.ErrGone)
	case err == nil:
	case names(err, "deleted.error"), unseen(err):
		return a.gone(ctx, room, c, m, old, err)
	default:
		return "", err
	}
	if !changed.IsPinned {
		if err := a.pin(ctx, changed.Id); err != nil {
			return "", unknown("pin the board", err)
		}
	}
	return old, nil
}

// gone finds out why a board could not be changed. The server says "forbidden" for many reasons.
func (a *Adapter) gone(ctx context.Context, room bot.RoomID, c channel, m bot.Message, old bot.Ref, why error) (bot.Ref, error) {
	gone := fmt.Errorf("%w: %s", bot.ErrGone, why.Error())
	p, err := a.get(ctx, string(old))
	switch {
	case unseen(err), err == nil && (p.DeleteAt != 0 || p.ChannelId != c.ID):
		return "", gone
	case err != nil:
		return "", err
	case !names(why, "deleted.error"):
		return "", why
	}
	if err := a.rooms.lost(ctx, room, c); err != nil {
		return "", err
	}
	if a.where(m) == "" {
		return old, nil
	}
	return "", gone
}

func (a *Adapter) get(ctx context.Context, post string) (*model.Post, error) {
	return call(ctx, a.api, "read a post", func(ctx context.Context, c *model.Client4) (*model.Post, *model.Response, error) {
		return c.GetPost(ctx, post, "")
	})
}

// ours reports whether a post is there and the bot wrote it.
func (a *Adapter) ours(ctx context.Context, postID string) (bool, error) {
	if own, known := a.posts.get(postID); known {
		return own, nil
	}
	p, err := a.get(ctx, postID)
	if err != nil && !unseen(err) {
		return false, err
	}
	h, _ := a.rooms.at()
	own := err == nil && p.UserId == h.bot.Id && p.DeleteAt == 0
	a.posts.put(postID, own)
	return own, nil
}

// listed writes names for a log line.
func listed(users []*model.User) string {
	out := make([]string, len(users))
	for i, u := range users {
		out[i] = u.Username
	}
	return strings.Join(out, " ")
}
