package mmtest

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/mattermost/mattermost/server/public/model"
)

// executeCommand calls the bot and shows what it answers, while others are served.
func executeCommand(c *call) (reply, *model.AppError) {
	var args model.CommandArgs
	if !c.read(&args) || !model.IsValidId(args.ChannelId) {
		return fail(badBody())
	}
	if len(args.Command) <= 1 || !strings.HasPrefix(args.Command, "/") {
		return no(http.StatusBadRequest, "api.command.execute_command.start.app_error")
	}
	s := c.s
	s.mu.Lock()
	cmd, form, err := c.prepare(&args)
	s.mu.Unlock()
	if err != nil {
		return fail(err)
	}
	if cmd == nil { // one of the server's own: nothing that concerns a bot
		return ok(model.CommandResponse{})
	}
	answer, err := s.ask(cmd, form)
	if err != nil {
		return fail(err)
	}
	answer.TriggerId = args.TriggerId
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.answerCommand(&args, answer); err != nil {
		return fail(err)
	}
	return ok(deep(answer))
}

// prepare checks who may, finds the command and fills its form. TriggerId becomes the client's.
func (c *call) prepare(args *model.CommandArgs) (*model.Command, url.Values, *model.AppError) {
	s, me := c.s, c.me()
	ch := s.data.channels[args.ChannelId]
	if !s.mayInChannel(me, ch, "create_post") {
		return nil, nil, forbidden()
	}
	if ch.DeleteAt != 0 {
		return nil, nil, wrong(http.StatusBadRequest, "api.command.execute_command.deleted.error")
	}
	if ch.Type != model.ChannelTypeDirect {
		args.TeamId = ch.TeamId
	} else if t := s.data.teams[args.TeamId]; t == nil || t.members[me.Id] == nil {
		return nil, nil, forbidden()
	}
	args.UserId = me.Id
	trigger, text := args.Command, ""
	if i := strings.IndexFunc(args.Command, unicode.IsSpace); i >= 0 {
		// One byte on, not one character: behind a wide space the text starts in the middle of it.
		trigger, text = args.Command[:i], args.Command[i+1:]
	}
	trigger = strings.ToLower(strings.TrimPrefix(trigger, "/"))
	cmd := s.commandNamed(args.TeamId, trigger)
	if cmd == nil {
		if slices.Contains(builtIn, trigger) {
			return nil, nil, nil
		}
		return nil, nil, wrong(http.StatusNotFound, "api.command.execute_command.not_found.app_error")
	}
	client, signed, err := s.trigger(me, ch.Id, args.TeamId)
	if err != nil {
		return nil, nil, err
	}
	args.TriggerId = client
	return cmd, s.form(cmd, args, ch, me, text, signed), nil
}

// trigger makes a trigger id, signed, and remembers where it was given.
func (s *Server) trigger(u *user, channelID, teamID string) (client, signed string, err *model.AppError) {
	client, signed, err = model.GenerateTriggerId(u.Id, s.key)
	s.data.triggers[client] = place{channelID, teamID}
	return client, signed, err
}

func (s *Server) form(cmd *model.Command, args *model.CommandArgs, ch *channel, me *user, text, signed string) url.Values {
	h := &hook{args: *args, command: cmd.Id, created: time.Now()}
	id := model.NewId()
	s.data.hooks[id] = h
	t := s.data.teams[args.TeamId]
	form := url.Values{}
	for key, value := range map[string]string{
		"token": cmd.Token, "team_id": cmd.TeamId, "team_domain": t.Name, "channel_id": ch.Id, "channel_name": ch.Name,
		"user_id": me.Id, "user_name": me.Username, "command": "/" + cmd.Trigger, "text": text, "trigger_id": signed,
		"response_url": s.URL + "/hooks/commands/" + id,
	} {
		form.Set(key, value)
	}
	if !s.v9() {
		form.Set("root_id", args.RootId)
	}
	maps.Copy(form, s.userMentions(text, t).ToURLValues())
	maps.Copy(form, s.channelMentions(text, t).ToURLValues())
	return form
}

// ask calls a command's address and reads what comes back.
func (s *Server) ask(cmd *model.Command, form url.Values) (*model.CommandResponse, *model.AppError) {
	ctx, cancel := context.WithTimeout(s.ctx, s.opt.IntegrationTimeout)
	defer cancel()
	failed := wrong(http.StatusInternalServerError, "api.command.execute_command.failed.app_error")
	failed.Message = "Command with a trigger of '" + cmd.Trigger + "' failed."
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, cmd.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, failed
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cmd.Method == model.CommandMethodGet {
		req, err = http.NewRequestWithContext(ctx, http.MethodGet, cmd.URL, http.NoBody)
		if err != nil {
			return nil, failed
		}
		req.URL.RawQuery = strings.TrimPrefix(req.URL.RawQuery+"&"+form.Encode(), "&")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Token "+cmd.Token)
	req.Header.Set("User-Agent", "Mattermost-Bot/1.1")
	resp, err := s.out.Do(req)
	if err != nil {
		return nil, failed
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	if resp.StatusCode != http.StatusOK {
		refused := wrong(http.StatusInternalServerError, "api.command.execute_command.failed_resp.app_error")
		refused.Message = "Command with a trigger of '" + cmd.Trigger + "' returned response " + resp.Status + "."
		return nil, refused
	}
	answer, err := model.CommandResponseFromHTTPBody(resp.Header.Get("Content-Type"), io.LimitReader(resp.Body, mostReply))
	if err != nil || answer == nil {
		return nil, failed
	}
	return answer, nil
}

// answerCommand shows a reply and its extra replies.
func (s *Server) answerCommand(args *model.CommandArgs, answer *model.CommandResponse) *model.AppError {
	failed := s.answerOne(args, answer)
	for _, extra := range answer.ExtraResponses {
		if extra != nil && s.answerOne(args, extra) {
			failed = true
		}
	}
	if failed {
		return wrong(http.StatusInternalServerError, "api.command.execute_command.create_post_failed.app_error")
	}
	return nil
}

// answerOne shows one reply: to the channel in the name of who asked, or to that person alone. It says
// whether that failed.
func (s *Server) answerOne(args *model.CommandArgs, answer *model.CommandResponse) (failed bool) {
	me := s.data.users[args.UserId]
	p := &model.Post{ChannelId: args.ChannelId, RootId: args.RootId, UserId: args.UserId, Type: answer.Type}
	p.SetProps(answer.Props)
	if answer.ChannelId != "" {
		if ch := s.data.channels[answer.ChannelId]; ch == nil || ch.members[me.Id] == nil {
			return true
		}
		p.ChannelId = answer.ChannelId
	}
	p.AddProp(model.PostPropsFromWebhook, "true")
	p.Message = answer.Text
	if !answer.SkipSlackParsing {
		p.Message = model.ParseSlackLinksToMarkdown(answer.Text)
	}
	if strings.HasPrefix(p.Type, model.PostSystemMessagePrefix) {
		return true
	}
	if answer.Attachments != nil {
		model.ParseMessageAttachment(p, answer.Attachments)
	}
	switch {
	case answer.ResponseType == model.CommandResponseTypeInChannel:
		if s.data.channels[p.ChannelId].DeleteAt != 0 {
			return true
		}
		_, err := s.save(p, me, "")
		return err != nil
	case answer.ResponseType != "" && answer.ResponseType != model.CommandResponseTypeEphemeral:
	case answer.Text != "" || answer.Attachments != nil:
		s.ephemeral(args.UserId, p)
	}
	return false
}

// commandHook takes a delayed reply. Whoever knows the address may give one, a few times and for a
// while; what cannot be read does not count.
func commandHook(c *call) (reply, *model.AppError) {
	answer, err := model.CommandResponseFromHTTPBody(c.r.Header.Get("Content-Type"), strings.NewReader(string(c.body)))
	if err != nil || answer == nil {
		return no(http.StatusBadRequest, "web.command_webhook.parse.app_error")
	}
	h := c.s.data.hooks[c.p["hook"]]
	if h == nil || time.Since(h.created) > c.s.opt.ResponseLife {
		return no(http.StatusNotFound, "app.command_webhook.get.missing")
	}
	if h.uses >= 5 {
		if c.s.v9() {
			return no(http.StatusBadRequest, "app.command_webhook.try_use.invalid")
		}
		return no(http.StatusBadRequest, "web.command_webhook.general.app_error")
	}
	h.uses++
	args := h.args
	if err := c.s.answerCommand(&args, answer); err != nil {
		return fail(err)
	}
	return ok("ok")
}
