package mmtest

import (
	"github.com/mattermost/mattermost/server/public/model"
)

// An Ephemeral is a post that one person alone was shown, with the cookies of its buttons. It is
// stored nowhere on a real server.
type Ephemeral struct {
	Post    *model.Post
	Sockets int // how many of the person's connections it went to; 0 is nobody saw it
}

// ephemeral shows somebody a post.
func (s *Server) ephemeral(userID string, p *model.Post) *model.Post {
	p = deep(p)
	p.Type = model.PostTypeEphemeral
	if p.Id == "" {
		p.Id = model.NewId()
	}
	if p.CreateAt == 0 {
		p.CreateAt = now()
	}
	p.UpdateAt = p.CreateAt
	p.MakeNonNil()
	p.GenerateActionIds()
	p = model.AddPostActionCookies(p, s.secret)
	text, err := p.ToJSON()
	if err != nil {
		s.tb.Errorf("mmtest: ephemeral: %v", err)
		return p
	}
	event := model.NewWebSocketEvent(model.WebsocketEventEphemeralMessage, "", p.ChannelId, userID, nil, "")
	event.Add("post", text)
	p = deep(p) // ToJSON has taken the integrations off
	s.data.eph[userID] = append(s.data.eph[userID], Ephemeral{p, s.publish(event)})
	return p
}

// createEphemeral needs a permission that plain bots do not have.
func createEphemeral(c *call) (reply, *model.AppError) {
	var in model.PostEphemeral
	switch {
	case !c.read(&in) || in.UserID == "" || in.Post == nil:
		return fail(badBody())
	case !c.s.may(c.me(), "create_post_ephemeral"):
		return fail(forbidden())
	}
	in.Post.UserId, in.Post.CreateAt, in.Post.Id = c.me().Id, now(), ""
	return created(c.s.ephemeral(in.UserID, in.Post))
}
