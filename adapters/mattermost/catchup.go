package mattermost

import (
	"context"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// mostLooks bounds a look back into a channel whose place is gone.
const mostLooks = 100

// catchUp reads what was written while nobody heard, in all channels the bot is in, and puts it in the
// queue of what is heard. What was heard already is put there again at times, and known by its id.
func (e *ears) catchUp(ctx context.Context) error {
	list, err := e.api.channels(ctx, e.me.Id)
	if err != nil {
		return err
	}
	direct, ids := map[string]bool{}, e.rooms.watched()
	written := map[string]int64{}
	for _, c := range list {
		direct[c.Id] = c.Type == model.ChannelTypeDirect
		written[c.Id] = c.LastPostAt
		if !slices.Contains(ids, c.Id) {
			ids = append(ids, c.Id)
		}
	}
	for _, id := range ids {
		err := e.catchUpChannel(ctx, id, written[id], direct[id])
		if is(err, http.StatusForbidden) || is(err, http.StatusNotFound) {
			e.log.Warn("a channel cannot be read any more: what was written there is not heard", "channel", id, "err", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// catchUpChannel reads one channel from its place on. Asking for what is newer than a time loses posts on
// these servers; asking for what follows a post loses those of the same millisecond as a page's last. So
// the next page begins a millisecond before the last one ended, and what comes twice is known by its id.
func (e *ears) catchUpChannel(ctx context.Context, channelID string, written int64, direct bool) error {
	from, since := e.posts.places.missed(channelID)
	if from.Post == "" {
		return e.lookBack(ctx, channelID, since, direct)
	}
	cursor, page, any := from.Post, 0, false
	for {
		list, err := e.api.postsAfter(ctx, channelID, cursor, page)
		if err != nil {
			return err
		}
		for _, p := range list {
			any = true
			if !e.posts.put(ctx, p, direct) {
				return ctx.Err()
			}
		}
		if len(list) < pagePosts {
			break
		}
		if next := beforeLast(list); next != "" {
			cursor, page = next, 0
		} else {
			page++ // a whole page of one millisecond
		}
	}
	if !any && written > from.At { // the post that is our place may have been taken away for good
		return e.lookBack(ctx, channelID, from.At, direct)
	}
	return nil
}

// beforeLast returns the newest post that is older than the last millisecond of a page, "" if none is.
func beforeLast(list []*model.Post) string {
	last := list[len(list)-1].CreateAt
	for _, p := range slices.Backward(list) {
		if p.CreateAt < last {
			return p.Id
		}
	}
	return ""
}

// lookBack reads a channel backwards until a time, and hears what it found in the order it was written.
func (e *ears) lookBack(ctx context.Context, channelID string, since int64, direct bool) error {
	found := map[string]*model.Post{}
	cursor, page := "", 0
	for range mostLooks {
		list, err := e.api.postsBefore(ctx, channelID, cursor, page)
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.CreateAt > since {
				found[p.Id] = p
			}
		}
		if len(list) < pagePosts || list[0].CreateAt <= since {
			break
		}
		next := ""
		for _, p := range list {
			if p.CreateAt > list[0].CreateAt {
				next = p.Id
				break
			}
		}
		if next != "" {
			cursor, page = next, 0
		} else {
			page++
		}
	}
	all := make([]*model.Post, 0, len(found))
	for _, p := range found {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *model.Post) int { return int(a.CreateAt - b.CreateAt) })
	for _, p := range all {
		if !e.posts.put(ctx, p, direct) {
			return ctx.Err()
		}
	}
	return nil
}
