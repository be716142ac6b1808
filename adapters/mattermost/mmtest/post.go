package mmtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"
)

// createPost takes the lock by itself: while a post is being saved others are served, and the same key
// meets the first one's mark.
func createPost(c *call) (reply, *model.AppError) {
	var p model.Post
	if !c.read(&p) {
		return fail(badBody())
	}
	s, key := c.s, p.PendingPostId
	s.mu.Lock()
	old, err := c.openPost(&p)
	s.mu.Unlock()
	if err != nil {
		return fail(err)
	}
	if old != nil {
		return created(old)
	}
	time.Sleep(s.opt.SaveTime)
	s.mu.Lock()
	saved, err := s.save(&p, c.me(), key)
	s.mu.Unlock()
	if err != nil {
		return fail(err)
	}
	time.Sleep(s.opt.EventLead) // the author's own event overtakes the answer
	return created(saved)
}

// openPost checks who may write what, and looks for a post with the same key: anybody's, anywhere.
func (c *call) openPost(p *model.Post) (old *model.Post, err *model.AppError) {
	s, me := c.s, c.me()
	ch := s.data.channels[p.ChannelId]
	p.UserId, p.DeleteAt, p.Id = me.Id, 0, ""
	if !s.mayPost(me, ch) {
		return nil, forbidden()
	}
	if reserved := p.ContainsIntegrationsReservedProps(); s.opt.Hardened && len(reserved) > 0 && c.sess.personal == nil {
		return nil, badBody()
	}
	if !s.may(me, "manage_system") {
		p.CreateAt = 0
	}
	if err := s.checkPriority(p); err != nil {
		return nil, err
	}
	if strings.HasPrefix(p.Type, model.PostSystemMessagePrefix) {
		return nil, wrong(http.StatusBadRequest, "api.context.invalid_param.app_error")
	}
	if ch.DeleteAt != 0 {
		return nil, wrong(http.StatusBadRequest, "api.post.create_post.can_not_post_to_deleted.error")
	}
	return s.seen(me, p.PendingPostId)
}

func (s *Server) checkPriority(p *model.Post) *model.AppError {
	if p.Metadata == nil || p.Metadata.Priority == nil {
		return nil
	}
	pr := p.Metadata.Priority
	if p.RootId != "" {
		return wrong(http.StatusBadRequest, "api.post.post_priority.priority_post_only_allowed_for_root_post.request_error")
	}
	if pr.RequestedAck != nil && *pr.RequestedAck || pr.PersistentNotifications != nil && *pr.PersistentNotifications {
		id := "license_error.feature_unavailable"
		if s.v9() {
			id = "<untranslated>"
		}
		return wrong(http.StatusNotImplemented, id)
	}
	return nil
}

// seen looks for a key in the window, and marks it when it is new.
func (s *Server) seen(me *user, key string) (*model.Post, *model.AppError) {
	if key == "" {
		return nil, nil
	}
	was, known := s.data.pending[key]
	if !known || time.Now().After(was.until) {
		s.data.pending[key] = pending{until: time.Now().Add(s.opt.PendingWindow)}
		return nil, nil
	}
	p := s.data.posts[was.id]
	switch {
	case was.id == "":
		return nil, wrong(http.StatusInternalServerError, "api.post.deduplicate_create_post.pending")
	case p == nil || p.DeleteAt != 0:
		return nil, wrong(http.StatusInternalServerError, "api.post.deduplicate_create_post.failed_to_get")
	case !s.mayRead(me, s.data.channels[p.ChannelId]):
		return nil, forbidden()
	}
	return s.shown(p), nil
}

// save stores a post by its author and tells everybody. A key that came to nothing is free again.
func (s *Server) save(p *model.Post, by *user, key string) (saved *model.Post, err *model.AppError) {
	defer func() {
		switch {
		case key == "":
		case err != nil:
			delete(s.data.pending, key)
		default:
			s.data.pending[key] = pending{id: saved.Id, until: time.Now().Add(s.opt.PendingWindow)}
		}
	}()
	ch := s.data.channels[p.ChannelId]
	if by.bot != nil {
		p.AddProp(model.PostPropsFromBot, "true")
	}
	if p.RootId != "" {
		root := s.data.posts[p.RootId]
		if root == nil || root.DeleteAt != 0 || root.ChannelId != p.ChannelId || root.RootId != "" {
			return nil, wrong(http.StatusBadRequest, "api.post.create_post.root_id.app_error")
		}
	}
	p.PreSave()
	if err := s.checkPost(p); err != nil {
		return nil, err
	}
	p.FileIds = s.attach(p)
	kept := deep(p)
	kept.PendingPostId = ""
	s.data.posts[kept.Id] = kept
	ch.posts = append(ch.posts, kept)
	ch.heap = append(ch.heap, kept)
	ch.LastPostAt = kept.CreateAt
	ch.TotalMsgCount++
	if root := s.data.posts[kept.RootId]; root != nil {
		s.data.replies[root.Id] = append(s.data.replies[root.Id], kept)
		root.UpdateAt = kept.CreateAt
		s.touch(root)
	}
	delete(s.data.lastSeen, ch.Id)
	saved = s.shown(kept)
	saved.PendingPostId = key
	s.posted(saved, by, ch)
	return saved, nil
}

// checkPost holds a post to the limits of its version.
func (s *Server) checkPost(p *model.Post) *model.AppError {
	err := p.IsValid(model.PostMessageMaxRunesV2)
	if err == nil {
		return nil
	}
	if s.v9() && utf8.RuneCountInString(p.Message) > model.PostMessageMaxRunesV2 {
		return wrong(http.StatusBadRequest, "model.post.is_valid.msg.app_error")
	}
	return wrong(err.StatusCode, err.Id)
}

// touch moves a post to the end of the table, as a database does with a row that is written anew.
func (s *Server) touch(p *model.Post) {
	ch := s.data.channels[p.ChannelId]
	if i := slices.Index(ch.heap, p); i >= 0 {
		ch.heap = append(slices.Delete(ch.heap, i, i+1), p)
	}
	delete(s.data.lastSeen, ch.Id)
}

// shown is a post as clients see it: without what its buttons would call.
func (s *Server) shown(p *model.Post) *model.Post {
	c := deep(p)
	if c.Metadata == nil {
		c.Metadata = &model.PostMetadata{}
	}
	if c.DeleteAt != 0 {
		c.Message, c.Metadata = "", &model.PostMetadata{}
	}
	for _, id := range c.FileIds {
		if f := s.data.files[id]; f != nil && c.DeleteAt == 0 {
			info := f.FileInfo
			c.Metadata.Files = append(c.Metadata.Files, &info)
		}
	}
	for _, other := range s.data.replies[p.Id] {
		if other.DeleteAt == 0 {
			c.ReplyCount++
			c.LastReplyAt = other.CreateAt
		}
	}
	c.StripActionIntegrations()
	return c
}

// posted sends the event of a new post.
func (s *Server) posted(p *model.Post, by *user, ch *channel) {
	text, err := json.Marshal(p)
	if err != nil {
		return
	}
	event := model.NewWebSocketEvent(model.WebsocketEventPosted, "", ch.Id, "", nil, "")
	event.Add("post", string(text))
	event.Add("channel_type", string(ch.Type))
	event.Add("channel_name", ch.Name)
	event.Add("channel_display_name", ch.DisplayName)
	event.Add("sender_name", "@"+by.Username)
	event.Add("team_id", ch.TeamId)
	event.Add("set_online", true)
	if ids := s.mentioned(p, ch); len(ids) > 0 {
		if list, err := json.Marshal(ids); err == nil {
			event.Add("mentions", string(list))
		}
	}
	s.publish(event)
}

// mentioned are the ids of those a message calls: by name, or as the other one in a direct channel.
func (s *Server) mentioned(p *model.Post, ch *channel) (ids []string) {
	names := atNames(p.Message)
	for _, id := range ch.order {
		direct := ch.Type == model.ChannelTypeDirect && id != p.UserId
		if direct || slices.Contains(names, s.data.users[id].Username) {
			ids = append(ids, id)
		}
	}
	return ids
}

// systemPost writes what the server itself says in a channel.
func (s *Server) systemPost(ch *channel, by *user, kind, text string, props map[string]any) {
	p := &model.Post{ChannelId: ch.Id, UserId: by.Id, Type: kind, Message: text, Props: props}
	if _, err := s.save(p, by, ""); err != nil {
		s.tb.Errorf("mmtest: system post %s: %s", kind, err.Id)
	}
}
