package mmtest

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/mattermost/mattermost/server/public/model"
)

const mostSince = 1000 // posts that since= gives, whichever they are

func getPost(c *call) (reply, *model.AppError) {
	p, err := c.post()
	if err != nil {
		return fail(err)
	}
	return ok(c.s.shown(p))
}

func postsByIDs(c *call) (reply, *model.AppError) {
	var ids []string
	if !c.read(&ids) || len(ids) == 0 {
		return fail(badBody())
	}
	list := []*model.Post{}
	for _, id := range ids {
		if p := c.s.data.posts[id]; p != nil && p.DeleteAt == 0 && c.s.mayRead(c.me(), c.s.data.channels[p.ChannelId]) {
			list = append(list, c.s.shown(p))
		}
	}
	return ok(list)
}

// list gives posts in an order, newest first, with the roots of what is a reply.
func (s *Server) list(posts []*model.Post) *model.PostList {
	l := model.NewPostList()
	for _, p := range posts {
		l.AddPost(s.shown(p))
		l.AddOrder(p.Id)
	}
	for _, p := range posts {
		if root := s.data.posts[p.RootId]; root != nil && l.Posts[root.Id] == nil {
			l.AddPost(s.shown(root))
		}
	}
	return l
}

func postThread(c *call) (reply, *model.AppError) {
	p, err := c.post()
	if err != nil {
		return fail(err)
	}
	root := p
	if p.RootId != "" {
		root = c.s.data.posts[p.RootId]
	}
	thread := []*model.Post{root}
	for _, other := range c.s.data.replies[root.Id] {
		if other.DeleteAt == 0 {
			thread = append(thread, other)
		}
	}
	return ok(c.s.list(thread))
}

func pinnedPosts(c *call) (reply, *model.AppError) {
	ch := c.s.data.channels[c.p["channel"]]
	if !c.s.mayRead(c.me(), ch) {
		return fail(forbidden())
	}
	var pinned []*model.Post
	for _, p := range ch.posts {
		if p.IsPinned && p.DeleteAt == 0 {
			pinned = append(pinned, p)
		}
	}
	return ok(c.s.list(pinned))
}

func channelPosts(c *call) (reply, *model.AppError) {
	for _, id := range []string{c.query("after"), c.query("before")} {
		if id != "" && !model.IsValidId(id) {
			return fail(badBody())
		}
	}
	ch := c.s.data.channels[c.p["channel"]]
	if c.query("include_deleted") == "true" && !c.s.may(c.me(), "manage_system") {
		return fail(forbidden())
	}
	if !c.s.mayRead(c.me(), ch) {
		return fail(forbidden())
	}
	if at := c.query("since"); at != "" {
		since, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return fail(badBody())
		}
		return ok(c.s.since(ch, since))
	}
	return c.pageOf(ch)
}

// since gives what was written or changed after a time, as the real query does: without an order, at
// most a thousand, and with a cache of the newest time given out that answers "nothing" from then on.
func (s *Server) since(ch *channel, at int64) *model.PostList {
	if last, cached := s.data.lastSeen[ch.Id]; cached && last <= at {
		return model.NewPostList()
	}
	var found []*model.Post
	for _, p := range ch.heap {
		if p.UpdateAt > at && len(found) < mostSince {
			found = append(found, p)
		}
	}
	newest := at
	for _, p := range found {
		newest = max(newest, p.UpdateAt)
	}
	s.data.lastSeen[ch.Id] = newest
	slices.SortStableFunc(found, func(a, b *model.Post) int { return int(b.CreateAt - a.CreateAt) })
	return s.list(found)
}

// pageOf gives a page of what is not deleted: around a post, or from the newest.
func (c *call) pageOf(ch *channel) (reply, *model.AppError) {
	gone := c.query("include_deleted") == "true"
	var all []*model.Post // oldest first
	for _, p := range ch.posts {
		if p.DeleteAt == 0 || gone {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b *model.Post) int { return int(a.CreateAt - b.CreateAt) })
	after, before := c.query("after"), c.query("before")
	page, size := c.page()
	part, err := c.s.around(all, after, before)
	if err != nil {
		return fail(err)
	}
	if after != "" {
		part = slices.Clone(cut(part, page, size))
		slices.Reverse(part)
	} else {
		slices.Reverse(part)
		part = cut(part, page, size)
	}
	l := c.s.list(part)
	if len(part) > 0 {
		first, last := slices.Index(all, part[0]), slices.Index(all, part[len(part)-1])
		if first+1 < len(all) {
			l.NextPostId = all[first+1].Id
		}
		if last > 0 {
			l.PrevPostId = all[last-1].Id
		}
	}
	return ok(l)
}

// around keeps what is strictly newer than one post, or strictly older, by the millisecond: posts of
// the same one are in neither part.
func (s *Server) around(all []*model.Post, after, before string) ([]*model.Post, *model.AppError) {
	all = slices.Clone(all)
	if after == "" && before == "" {
		return all, nil
	}
	edge := s.data.posts[after+before]
	if edge == nil {
		return nil, wrong(http.StatusNotFound, "app.post.get.app_error")
	}
	return slices.DeleteFunc(all, func(p *model.Post) bool {
		return after != "" && p.CreateAt <= edge.CreateAt || before != "" && p.CreateAt >= edge.CreateAt
	}), nil
}
