package mmtest

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// A Dialog is a form that somebody was shown, as the page gets it: with its address and state in clear.
type Dialog struct {
	model.OpenDialogRequest
	ChannelID string // where the person was
	TeamID    string
	Sockets   int // how many of the person's connections it went to; 0 is nobody saw it
}

// openDialog needs no session: the trigger id is the authority, as often as its holder likes until it
// is too old. That the dialog breaks rules is only logged.
func openDialog(c *call) (reply, *model.AppError) {
	var in model.OpenDialogRequest
	if !c.read(&in) || in.URL == "" {
		return fail(badBody())
	}
	client, userID, err := in.DecodeAndVerifyTriggerId(c.s.key, c.s.opt.IntegrationTimeout)
	if err != nil {
		return no(err.StatusCode, err.Id)
	}
	in.TriggerId = client
	c.s.forget(&in.Dialog)
	text, jsonErr := json.Marshal(in)
	if jsonErr != nil {
		return fail(badBody())
	}
	event := model.NewWebSocketEvent(model.WebsocketEventOpenDialog, "", "", userID, nil, "")
	event.Add("dialog", string(text))
	at := c.s.data.triggers[client]
	c.s.data.dialogs[userID] = append(c.s.data.dialogs[userID], Dialog{in, at.channel, at.team, c.s.publish(event)})
	return done()
}

// forget drops the fields a version does not know, since it writes the dialog anew.
func (s *Server) forget(d *model.Dialog) {
	for i := range d.Elements {
		e := &d.Elements[i]
		if s.v9() {
			e.MultiSelect, e.Refresh, e.DataSourceURL, e.DateTimeConfig = false, false, "", nil
			e.MinDate, e.MaxDate, e.TimeInterval = "", "", 0 //nolint:staticcheck // the old fields are what the old server does not know
		} else if e.DateTimeConfig != nil {
			e.DateTimeConfig.ManualTimeEntry = false
			e.DateTimeConfig.MinDate, e.DateTimeConfig.MaxDate = "", ""
		}
	}
	if s.v9() {
		d.SourceURL = ""
	}
}

// sender checks who sends a form from where. Nothing says that the form was ever opened.
func (c *call) sender() (in model.SubmitDialogRequest, err *model.AppError) {
	if !c.read(&in) || in.URL == "" {
		return in, badBody()
	}
	in.UserId = c.me().Id
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if !c.s.mayRead(c.me(), c.s.data.channels[in.ChannelId]) || !c.s.mayInTeam(c.me(), in.TeamId, "view_team") {
		return in, forbidden()
	}
	return in, nil
}

// deliver sends a form to the bot.
func (c *call) deliver(in model.SubmitDialogRequest) ([]byte, *model.AppError) {
	url := in.URL
	in.URL = ""
	body, err := json.Marshal(in)
	if err != nil {
		return nil, badBody()
	}
	ctx, cancel := context.WithTimeout(c.s.ctx, c.s.opt.IntegrationTimeout)
	defer cancel()
	text, err := c.s.callText(ctx, url, body)
	if err != nil {
		return nil, integrationError()
	}
	return text, nil
}

func submitDialog(c *call) (reply, *model.AppError) {
	in, err := c.sender()
	if err != nil {
		return fail(err)
	}
	if in.Type != "refresh" || c.s.v9() {
		in.Type = "dialog_submission"
	}
	text, err := c.deliver(in)
	if err != nil {
		return fail(err)
	}
	var answer model.SubmitDialogResponse
	jsonErr := json.Unmarshal(text, &answer)
	if c.s.v9() { // takes what it understands
		return ok(model.SubmitDialogResponse{Error: answer.Error, Errors: answer.Errors})
	}
	switch {
	case len(text) > 0 && jsonErr != nil:
		return no(http.StatusInternalServerError, "app.submit_interactive_dialog.decode_json_error")
	case answer.IsValid() != nil:
		return no(http.StatusBadRequest, "app.submit_interactive_dialog.invalid_response")
	}
	return ok(answer)
}

// lookupDialog asks the bot for the options of a dynamic menu. 9.10 has no such route.
func lookupDialog(c *call) (reply, *model.AppError) {
	in, err := c.sender()
	if err != nil {
		return fail(err)
	}
	in.Type = "dialog_lookup"
	text, err := c.deliver(in)
	if err != nil {
		return fail(err)
	}
	answer := model.LookupDialogResponse{Items: []model.DialogSelectOption{}}
	if len(text) > 0 && json.Unmarshal(text, &answer) != nil {
		return fail(integrationError())
	}
	return ok(answer)
}
