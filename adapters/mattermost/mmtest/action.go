package mmtest

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// A press is a button or menu on its way to the integration.
type press struct {
	request model.PostActionIntegrationRequest
	url     string
	client  string // trigger id as the presser sees it
	root    string // of the thread in which an ephemeral answer lands
	retain  map[string]any
	remove  []string
}

// retained are the props that survive when an answer replaces the others. from_bot is not one of them.
var retained = []string{model.PostPropsFromWebhook, model.PostPropsOverrideUsername, model.PostPropsOverrideIconURL}

func integrationError() *model.AppError {
	return wrong(http.StatusBadRequest, "api.post.do_action.action_integration.app_error")
}

// pressAction delivers a button to whatever address its post names: whoever wrote that post.
func pressAction(c *call) (reply, *model.AppError) {
	var in model.DoPostActionRequest
	_ = c.read(&in) // an empty body is a button without a choice
	s := c.s
	s.mu.Lock()
	pr, err := c.aim(in)
	s.mu.Unlock()
	if err != nil {
		return fail(err)
	}
	body, jsonErr := json.Marshal(pr.request)
	if jsonErr != nil {
		return fail(integrationError())
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.IntegrationTimeout)
	defer cancel()
	text, callErr := s.callText(ctx, pr.url, body)
	if callErr != nil {
		return fail(integrationError())
	}
	var answer model.PostActionIntegrationResponse
	if len(text) > 0 && json.Unmarshal(text, &answer) != nil {
		return fail(integrationError())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.answerPress(pr, answer); err != nil {
		return fail(err)
	}
	return ok(model.PostActionAPIResponse{Status: "OK", TriggerId: pr.client})
}

// callText calls an integration that must answer 200, and gives its body.
func (s *Server) callText(ctx context.Context, url string, body []byte) ([]byte, error) {
	resp, err := s.callOut(ctx, url, body)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	if resp.StatusCode != http.StatusOK {
		return nil, integrationError()
	}
	return io.ReadAll(io.LimitReader(resp.Body, mostReply))
}

// aim finds what a press calls: in the stored post, or in the cookie of an ephemeral one.
func (c *call) aim(in model.DoPostActionRequest) (*press, *model.AppError) {
	s, me := c.s, c.me()
	pr := &press{retain: map[string]any{}}
	pr.request.UserId, pr.request.UserName, pr.request.PostId = me.Id, me.Username, c.p["post"]
	p := s.data.posts[c.p["post"]]
	var cookie model.PostActionCookie
	if in.Cookie != "" {
		text, err := model.DecryptPostActionCookie(in.Cookie, s.secret)
		if err != nil || json.Unmarshal([]byte(text), &cookie) != nil {
			return nil, integrationError()
		}
		if !s.mayRead(me, s.data.channels[cookie.ChannelId]) {
			return nil, forbidden()
		}
	} else if p == nil || !s.mayRead(me, s.data.channels[p.ChannelId]) {
		return nil, forbidden()
	}
	var integration *model.PostActionIntegration
	if p != nil && p.DeleteAt == 0 {
		action := p.GetAction(c.p["action"])
		if action == nil || action.Integration == nil {
			return nil, wrong(http.StatusNotFound, "api.post.do_action.action_id.app_error")
		}
		integration, pr.request.Type, pr.request.DataSource = action.Integration, action.Type, action.DataSource
		pr.request.ChannelId, pr.root = p.ChannelId, p.RootId
		if pr.root == "" {
			pr.root = p.Id
		}
		for _, key := range retained {
			if value, has := p.GetProps()[key]; has {
				pr.retain[key] = value
			} else {
				pr.remove = append(pr.remove, key)
			}
		}
	} else {
		if cookie.Integration == nil || cookie.PostId != c.p["post"] {
			return nil, integrationError()
		}
		integration, pr.request.Type, pr.request.DataSource = cookie.Integration, cookie.Type, cookie.DataSource
		pr.request.ChannelId, pr.root = cookie.ChannelId, cookie.RootPostId
		pr.retain, pr.remove = cookie.RetainProps, cookie.RemoveProps
	}
	return pr, c.load(pr, integration, in.SelectedOption)
}

// load fills what the integration is told. The choice of a menu is checked by nobody.
func (c *call) load(pr *press, integration *model.PostActionIntegration, selected string) *model.AppError {
	s := c.s
	ch := s.data.channels[pr.request.ChannelId]
	pr.url = integration.URL
	pr.request.ChannelName, pr.request.TeamId = ch.Name, ch.TeamId
	if t := s.data.teams[ch.TeamId]; t != nil {
		pr.request.TeamName = t.Name
	}
	pr.request.Context = integration.Context
	if pr.request.Type == model.PostActionTypeSelect && selected != "" {
		pr.request.Context = map[string]any{}
		maps.Copy(pr.request.Context, integration.Context)
		pr.request.Context["selected_option"] = selected
	} else {
		pr.request.DataSource = ""
	}
	client, signed, err := s.trigger(c.me(), ch.Id, ch.TeamId)
	pr.client, pr.request.TriggerId = client, signed
	return err
}

// answerPress does what the integration answered.
func (s *Server) answerPress(pr *press, answer model.PostActionIntegrationResponse) *model.AppError {
	if up := answer.Update; up != nil {
		p := s.data.posts[pr.request.PostId]
		if p == nil {
			return wrong(http.StatusNotFound, "app.post.get.app_error")
		}
		up.Id = p.Id
		if up.GetProps() == nil {
			up.SetProps(p.GetProps())
		} else {
			for key, value := range pr.retain {
				up.AddProp(key, value)
			}
			for _, key := range pr.remove {
				up.DelProp(key)
			}
		}
		up.IsPinned, up.HasReactions = p.IsPinned, p.HasReactions
		if _, err := s.revise(up); err != nil {
			return err
		}
	}
	if answer.EphemeralText != "" {
		p := &model.Post{Message: answer.EphemeralText, ChannelId: pr.request.ChannelId, RootId: pr.root, UserId: pr.request.UserId}
		if !answer.SkipSlackParsing {
			p.Message = model.ParseSlackLinksToMarkdown(p.Message)
		}
		for key, value := range pr.retain {
			p.AddProp(key, value)
		}
		s.ephemeral(pr.request.UserId, p)
	}
	return nil
}
