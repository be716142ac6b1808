package mattermost

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// said is what became of something that somebody typed, pressed or submitted: the desk's reply, and what
// is answered to the server.
type said struct {
	asker  asker
	reply  commands.Reply
	answer any
}

// hearCommand hears a slash command.
func (e *ears) hearCommand(ctx context.Context, r *http.Request, body []byte) any {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		e.forged.tell("unreadable", "")
		return empty{}
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Token ")
	var voice atomic.Pointer[bot.Voice]
	return promptly(ctx, e, func(ctx context.Context) said {
		return e.command(ctx, form, token, &voice)
	}, func() said {
		v := e.desk.Voice(e.config.Lang)
		if known := voice.Load(); known != nil {
			v = *known
		}
		return said{answer: whisper(v.Say("mattermost.working"))}
	}, func(ctx context.Context, made said) {
		e.answerLater(ctx, form.Get("response_url"), made)
	}).answer
}

// command proves a slash command and has it carried out.
func (e *ears) command(ctx context.Context, form url.Values, token string, voice *atomic.Pointer[bot.Voice]) said {
	userID, trigger := form.Get("user_id"), form.Get("command")
	teams := []string{form.Get("team_id"), form.Get("team_domain")}
	if !e.tokens.hold(trigger, teams, token, form.Get("token")) {
		return e.refuse("command: "+errToken.Error(), userID)
	}
	id, err := e.triggers.check(ctx, form.Get("trigger_id"), userID)
	if err != nil {
		return e.refuse("command: "+err.Error(), userID)
	}
	a := asker{
		userID: userID, channelID: form.Get("channel_id"), room: e.roomOf(ctx, form.Get("channel_id")), trigger: form.Get("trigger_id"),
		thread: form.Get("root_id"),
	}
	l := e.line(ctx, userID, form.Get("user_name"), a.room)
	l.ID, l.Text = id, tidy(trigger+" "+tidy(form.Get("text")))
	v := e.desk.Voice(e.desk.PersonFor(l.Platform, l.User, l.Name, l.Locale).Lang)
	voice.Store(&v)
	reply := e.handle(ctx, l)
	return said{asker: a, reply: reply, answer: e.told(ctx, a, reply)}
}

// refuse answers what has no proof: nothing was done.
func (e *ears) refuse(class, userID string) said {
	e.forged.tell(class, userID)
	return said{answer: whisper(e.desk.Voice(e.config.Lang).Say("mattermost.unproved"))}
}

// whisper is a sentence that only the asker sees, below a slash command.
func whisper(text string) *model.CommandResponse {
	return &model.CommandResponse{ResponseType: model.CommandResponseTypeEphemeral, Text: text, SkipSlackParsing: true}
}

// answerLater answers a command that was told to wait: by the address the server gave for it, else in
// any other private way.
func (e *ears) answerLater(ctx context.Context, address string, made said) {
	response, ok := made.answer.(*model.CommandResponse)
	if !ok {
		return
	}
	id := path.Base(address)
	if model.IsValidId(id) {
		err := e.api.respond(ctx, id, response)
		if err == nil {
			return
		}
		e.log.Warn("a late answer could not be given where it was asked for", "err", err)
	}
	if made.asker.userID != "" {
		e.send(ctx, made.asker, made.reply)
	}
}
