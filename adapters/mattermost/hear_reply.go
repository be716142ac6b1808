package mattermost

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

const (
	// confirmLife is how long a question that was asked in private can be answered by its button: what
	// it would do was true when it was asked.
	confirmLife = 30 * time.Minute
	choiceLife  = 24 * time.Hour
	// openForm begins the line of a button that opens a form: its name follows, and the bare command.
	openForm = "form:"
)

// Multi-select lists are there from this version on.
const multiMajor = 11

// open shows a form to whoever holds a trigger, and reports whether it could.
func (e *ears) open(ctx context.Context, a asker, form commands.Form) bool {
	if a.trigger == "" {
		return false
	}
	s := state{
		User: a.userID, Room: a.room, Channel: a.channelID, Nonce: nonce(), Until: time.Now().Add(dialogLife).Unix(),
	}
	v, _ := parseVersion(e.triggers.known(ctx).version)
	dialog, fits := e.dialogs.make(form, s, !v.before(multiMajor))
	if !fits {
		return false
	}
	err := e.api.openDialog(ctx, model.OpenDialogRequest{TriggerId: a.trigger, URL: e.doors.dialog(), Dialog: dialog})
	if err != nil {
		e.log.Warn("a form could not be opened, and is asked for in words", "command", form.Command, "err", err)
	}
	return err == nil
}

// offer puts a button below a reply that opens its form, where the form itself cannot be shown.
func (e *ears) offer(userID string, reply commands.Reply) commands.Reply {
	if reply.Form == nil {
		return reply
	}
	bare := []string{"/" + reply.Form.Command}
	for _, name := range slices.Sorted(maps.Keys(reply.Form.Hidden)) {
		bare = append(bare, name+":"+reply.Form.Hidden[name])
	}
	label := e.desk.Voice(reply.Lang).Say("mattermost.open_form")
	line := openForm + e.forms.keep(userID, *reply.Form) + " " + strings.Join(bare, " ")
	reply.Actions = append(slices.Clip(reply.Actions), bot.Action{Label: label, Line: line, Style: bot.Plain})
	if !strings.Contains(reply.Text, "/"+reply.Form.Command) { // nobody is left without an example
		reply.Text = strings.TrimSpace(reply.Text + "\n" + reply.Form.Intro)
	}
	reply.Form = nil
	return reply
}

// sealed are the buttons of a reply to one user.
func (e *ears) sealed(a asker, actions []bot.Action) []*model.MessageAttachment {
	if len(actions) == 0 {
		return nil
	}
	life := choiceLife
	if slices.ContainsFunc(actions, func(a bot.Action) bool { return a.Style != bot.Plain }) {
		life = confirmLife
	}
	return []*model.MessageAttachment{{
		Actions: e.buttons.withFiles(e.buttons.attach(actions, a.room, a.userID, time.Now().Add(life)), a.files),
	}}
}

// told is a reply in words below a slash command; it opens the form of a command given bare.
func (e *ears) told(ctx context.Context, a asker, reply commands.Reply) any {
	if reply.Form != nil && !reply.Refused && e.open(ctx, a, *reply.Form) {
		return empty{}
	}
	reply = e.offer(a.userID, reply)
	if reply.Text == "" && len(reply.Actions) == 0 {
		return empty{}
	}
	return &model.CommandResponse{
		ResponseType: model.CommandResponseTypeEphemeral, Text: e.shown(reply.Text), Attachments: e.sealed(a, reply.Actions), SkipSlackParsing: true,
	}
}

// answered is the reply to a press. A question that was asked in a direct message is replaced by its answer;
// a card that all see stays as it is, and what only one person sees below a channel cannot be changed.
func (e *ears) answered(ctx context.Context, a asker, p pressed, reply commands.Reply) any {
	if reply.Form != nil {
		form := *reply.Form
		if reply.Refused { // what was wrong stands above the fields
			form.Intro = reply.Text
		}
		if e.open(ctx, a, form) {
			return empty{}
		}
	}
	reply = e.offer(a.userID, reply)
	switch {
	case reply.Text == "" && len(reply.Actions) == 0:
		return empty{}
	case p.changes && (p.once && !reply.Refused || len(reply.Actions) > 0) && utf8.RuneCountInString(reply.Text) <= partSize:
		post := &model.Post{UserId: e.me.Id, ChannelId: a.channelID, Message: e.shown(reply.Text)}
		post.AddProp(model.PostPropsFromBot, "true") // props replace those there were
		attachments := e.sealed(a, reply.Actions)
		if attachments == nil {
			attachments = []*model.MessageAttachment{}
		}
		post.AddProp(model.PostPropsAttachments, attachments)
		return &model.PostActionIntegrationResponse{Update: post, SkipSlackParsing: true}
	case len(reply.Actions) > 0:
		err := e.private(ctx, a, reply)
		if _, direct := a.room.PersonOf(); err == nil && !direct && !e.whispers() {
			return &model.PostActionIntegrationResponse{EphemeralText: e.desk.Voice(reply.Lang).Say("mattermost.in_direct"), SkipSlackParsing: true}
		}
		if err == nil {
			return empty{}
		}
		e.log.Warn("a private answer could not be sent, and is shown without its buttons", "user", a.userID, "err", err)
		reply.Text += "\n" + e.typed(reply)
	}
	return &model.PostActionIntegrationResponse{EphemeralText: e.shown(reply.Text), SkipSlackParsing: true}
}

// typed lists what may be typed instead of pressing the buttons of a reply.
func (e *ears) typed(reply commands.Reply) string {
	v := e.desk.Voice(reply.Lang)
	var lines []string
	for _, a := range reply.Actions {
		if !strings.HasPrefix(a.Line, openForm) {
			lines = append(lines, v.Say("mattermost.type_instead", "label", a.Label, "line", a.Line))
		}
	}
	return strings.Join(lines, "\n")
}

// send tells one user a reply outside a callback, with a button in place of a form.
func (e *ears) send(ctx context.Context, a asker, reply commands.Reply) {
	reply = e.offer(a.userID, reply)
	if reply.Text == "" && len(reply.Actions) == 0 {
		return
	}
	if err := e.private(ctx, a, reply); err != nil {
		e.log.Error("a private answer was lost", "user", a.userID, "err", err)
	}
}
