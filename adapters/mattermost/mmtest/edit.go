package mmtest

import (
	"encoding/json"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// post finds the post named in the path, unless it was deleted, and whether the caller may read it.
func (c *call) post() (*model.Post, *model.AppError) {
	p := c.s.data.posts[c.p["post"]]
	if p == nil || p.DeleteAt != 0 {
		return nil, wrong(http.StatusNotFound, "app.post.get.app_error")
	}
	if !c.s.mayRead(c.me(), c.s.data.channels[p.ChannelId]) {
		return nil, forbidden()
	}
	return p, nil
}

// editable finds the post named in the path for somebody who may change it.
func (c *call) editable() (*model.Post, *model.AppError) {
	p := c.s.data.posts[c.p["post"]]
	if p == nil || p.DeleteAt != 0 {
		return nil, forbidden()
	}
	ch := c.s.data.channels[p.ChannelId]
	if !c.s.mayInChannel(c.me(), ch, "edit_post") || (p.UserId != c.me().Id && !c.s.mayInChannel(c.me(), ch, "edit_others_posts")) {
		return nil, forbidden()
	}
	return p, nil
}

// updatePost replaces message, props and pin. Who sends back what GetPost gave loses all buttons: what
// they call was not in it.
func updatePost(c *call) (reply, *model.AppError) {
	var in model.Post
	if !c.read(&in) || in.Id != c.p["post"] {
		return fail(badBody())
	}
	if reserved := in.ContainsIntegrationsReservedProps(); c.s.opt.Hardened && len(reserved) > 0 && c.sess.personal == nil {
		return fail(badBody())
	}
	p, err := c.editable()
	if err != nil {
		return fail(err)
	}
	in.FileIds = p.FileIds
	in.HasReactions = p.HasReactions
	return c.revised(&in)
}

// patchPost changes what is named. Props are replaced as a whole.
func patchPost(c *call) (reply, *model.AppError) {
	var patch model.PostPatch
	if !c.read(&patch) {
		return fail(badBody())
	}
	if reserved := patch.ContainsIntegrationsReservedProps(); c.s.opt.Hardened && len(reserved) > 0 && c.sess.personal == nil {
		return fail(badBody())
	}
	p, err := c.editable()
	if err != nil {
		return fail(err)
	}
	patch.FileIds = nil
	fresh := deep(p)
	fresh.Patch(&patch)
	return c.revised(fresh)
}

func (c *call) revised(fresh *model.Post) (reply, *model.AppError) {
	p, err := c.s.revise(fresh)
	if err != nil {
		return fail(err)
	}
	return ok(p)
}

// revise writes a changed post. The old version stays as a post of its own that counts as deleted.
func (s *Server) revise(in *model.Post) (*model.Post, *model.AppError) {
	p := s.data.posts[in.Id]
	switch {
	case p == nil:
		return nil, wrong(http.StatusNotFound, "app.post.get.app_error")
	case p.DeleteAt != 0:
		return nil, wrong(http.StatusBadRequest, "api.post.update_post.permissions_details.app_error")
	case p.IsSystemMessage():
		return nil, wrong(http.StatusBadRequest, "api.post.update_post.system_message.app_error")
	case s.data.channels[p.ChannelId].DeleteAt != 0:
		return nil, wrong(http.StatusBadRequest, "api.post.update_post.can_not_update_post_in_deleted.error")
	}
	in.SanitizeProps()
	fresh := deep(p)
	fresh.Message, fresh.IsPinned, fresh.HasReactions, fresh.FileIds = in.Message, in.IsPinned, in.HasReactions, in.FileIds
	fresh.SetProps(in.GetProps())
	fresh.UpdateAt = now()
	fresh.PreCommit()
	if err := s.checkPost(fresh); err != nil {
		return nil, err
	}
	if fresh.Message != p.Message || !fresh.AttachmentsEqual(p) {
		fresh.EditAt = fresh.UpdateAt
	}
	old := deep(p)
	old.Id, old.OriginalId, old.DeleteAt, old.UpdateAt = model.NewId(), p.Id, fresh.UpdateAt, fresh.UpdateAt
	ch := s.data.channels[p.ChannelId]
	s.data.posts[old.Id] = old
	ch.heap = append(ch.heap, old)
	s.overwrite(p, fresh)
	s.postEvent(model.WebsocketEventPostEdited, p)
	return s.shown(p), nil
}

// overwrite puts a new version in the place of a stored post.
func (s *Server) overwrite(p, fresh *model.Post) {
	if err := deep(fresh).ShallowCopy(p); err != nil {
		s.tb.Errorf("mmtest: copy a post: %v", err)
	}
	s.touch(p)
}

// postEvent tells the members of a channel about a post that was there before.
func (s *Server) postEvent(kind model.WebsocketEventType, p *model.Post) {
	text, err := json.Marshal(s.shown(p))
	if err != nil {
		return
	}
	event := model.NewWebSocketEvent(kind, "", p.ChannelId, "", nil, "")
	event.Add("post", string(text))
	s.publish(event)
}

func deletePost(c *call) (reply, *model.AppError) {
	p := c.s.data.posts[c.p["post"]]
	if p == nil || p.DeleteAt != 0 {
		return fail(forbidden())
	}
	permission := "delete_post"
	if p.UserId != c.me().Id {
		permission = "delete_others_posts"
	}
	if !c.s.mayInChannel(c.me(), c.s.data.channels[p.ChannelId], permission) {
		return fail(forbidden())
	}
	c.s.postEvent(model.WebsocketEventPostDeleted, p)
	at := now()
	for _, gone := range append([]*model.Post{p}, c.s.data.replies[p.Id]...) {
		gone.DeleteAt, gone.UpdateAt = at, at
		gone.AddProp(model.PostPropsDeleteBy, c.me().Id)
		c.s.touch(gone)
	}
	return done()
}

// setPin pins or unpins: any member may do either, whoever wrote the post.
func setPin(pin bool) handler {
	return func(c *call) (reply, *model.AppError) {
		p, err := c.post()
		if err != nil {
			return fail(err)
		}
		if p.IsPinned == pin {
			return done()
		}
		fresh := deep(p)
		fresh.IsPinned = pin
		if _, err := c.s.revise(fresh); err != nil {
			return fail(err)
		}
		return done()
	}
}
