package mattermost

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// hearButton hears the press of a button.
func (e *ears) hearButton(ctx context.Context, _ *http.Request, body []byte) any {
	var r model.PostActionIntegrationRequest
	if !decode(body, &r) {
		e.forged.tell("unreadable", "")
		return empty{}
	}
	return promptly(ctx, e, func(ctx context.Context) said {
		return e.press(ctx, r)
	}, func() said {
		return said{answer: empty{}} // the card stays; the answer follows
	}, func(ctx context.Context, made said) {
		if made.asker.userID != "" {
			e.send(ctx, made.asker, made.reply)
		}
	}).answer
}

// press proves a press and has its line carried out.
func (e *ears) press(ctx context.Context, r model.PostActionIntegrationRequest) said {
	id, err := e.triggers.check(ctx, r.TriggerId, r.UserId)
	if err != nil {
		return e.refusePress("button: "+err.Error(), r.UserId, "mattermost.unproved")
	}
	p, err := e.buttons.read(r.Context)
	if err != nil {
		return e.refusePress("button: "+err.Error(), r.UserId, "mattermost.unproved")
	}
	a := asker{userID: r.UserId, channelID: r.ChannelId, room: p.room, trigger: r.TriggerId, files: p.files}
	if refusal, ok := e.mayPress(ctx, r, p); !ok {
		return refusal
	}
	if p.forUser != "" {
		p.changes, _ = e.ours(ctx, r.PostId) // then the answer is a post of its own
	}
	if !e.presses.first(r.UserId + "\x00" + r.PostId + "\x00" + p.mark) {
		return said{answer: empty{}}
	}
	line, reply, ok := e.offeredForm(a, p.line)
	if !ok {
		l := e.line(ctx, r.UserId, r.UserName, p.room)
		l.ID, l.Text = id, line
		if p.forUser != "" { // a question is answered once, however often its button is pressed
			l.ID = p.mark
		}
		l.Files = e.filesOf(ctx, p.files)
		reply = e.handle(ctx, l)
	}
	return said{asker: a, reply: reply, answer: e.answered(ctx, a, p, reply)}
}

// offeredForm reads the line of a button that opens a form, and returns the form if it is still known;
// else the bare command, which asks for an empty one.
func (e *ears) offeredForm(a asker, line string) (bare string, reply commands.Reply, known bool) {
	named, is := strings.CutPrefix(line, openForm)
	if !is {
		return line, commands.Reply{}, false
	}
	name, bare, _ := strings.Cut(named, " ")
	form, known := e.forms.take(a.userID, name)
	return bare, commands.Reply{Form: &form}, known
}

// mayPress reports whether a button of ours may be pressed here and now by this user, or what to answer.
func (e *ears) mayPress(ctx context.Context, r model.PostActionIntegrationRequest, p pressed) (said, bool) {
	switch {
	case p.forUser != "" && p.forUser != r.UserId:
		return e.refusePress("button: another user's", r.UserId, "mattermost.not_yours"), false
	case p.forUser == "" && e.roomOf(ctx, r.ChannelId) != p.room:
		return e.refusePress("button: in another room", r.UserId, "mattermost.unproved"), false
	case p.forUser == "":
		mine, err := e.ours(ctx, r.PostId)
		if err != nil {
			e.log.Warn("a button could not be checked", "err", err)
			return e.sayPress(ctx, r.UserId, "mattermost.retry", p.line), false
		}
		if !mine {
			return e.refusePress("button: on somebody's own post", r.UserId, "mattermost.unproved"), false
		}
	}
	if !p.until.IsZero() && time.Now().After(p.until) {
		line := p.line
		if named, is := strings.CutPrefix(line, openForm); is {
			_, line, _ = strings.Cut(named, " ")
		}
		return e.sayPress(ctx, r.UserId, "mattermost.expired", line), false
	}
	return said{}, true
}

func (e *ears) sayPress(ctx context.Context, userID, phrase, line string) said {
	return said{answer: overCard(e.voiceOf(ctx, userID), phrase, "line", line)}
}

func (e *ears) refusePress(class, userID, phrase string) said {
	e.forged.tell(class, userID)
	return said{answer: overCard(e.desk.Voice(e.config.Lang), phrase)}
}

// overCard is a sentence that only who pressed sees.
func overCard(v bot.Voice, phrase string, pairs ...any) *model.PostActionIntegrationResponse {
	return &model.PostActionIntegrationResponse{EphemeralText: v.Say(phrase, pairs...), SkipSlackParsing: true}
}
