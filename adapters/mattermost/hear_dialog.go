package mattermost

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// hearDialog hears the submission of a form.
func (e *ears) hearDialog(ctx context.Context, _ *http.Request, body []byte) any {
	var r model.SubmitDialogRequest
	if !decode(body, &r) {
		e.forged.tell("unreadable", "")
		return empty{}
	}
	if r.Cancelled {
		return empty{}
	}
	return promptly(ctx, e, func(ctx context.Context) said {
		return e.submit(ctx, r)
	}, func() said {
		return said{answer: empty{}} // the form closes; what became of it follows
	}, func(ctx context.Context, made said) {
		if made.asker.userID != "" && made.reply.Refused { // what was accepted has been said
			e.send(ctx, made.asker, made.reply)
		}
	}).answer
}

// submit proves a submission and has its command carried out. Nobody has checked the fields before.
func (e *ears) submit(ctx context.Context, r model.SubmitDialogRequest) said {
	s, err := e.dialogs.unpack(r.State, r.UserId, time.Now())
	switch {
	case errors.Is(err, errDialogLate):
		return above(e.voiceOf(ctx, r.UserId).Say("mattermost.form_expired"))
	case err != nil:
		e.forged.tell("form: "+err.Error(), r.UserId)
		return above(e.desk.Voice(e.config.Lang).Say("mattermost.unproved"))
	}
	free, err := e.nonces.claim(ctx, s.Nonce)
	if err != nil {
		e.log.Error("a form could not be checked", "err", err)
		return above(e.voiceOf(ctx, r.UserId).Say("failed.internal"))
	}
	if !free {
		return above(e.voiceOf(ctx, r.UserId).Say("mattermost.form_sent"))
	}
	a := asker{userID: r.UserId, channelID: s.Channel, room: s.Room}
	l := e.line(ctx, r.UserId, "", s.Room)
	l.ID, l.Command, l.Args = s.Nonce, s.Command, s.args(r.Submission)
	reply := e.handle(ctx, l)
	if reply.Refused { // it stays open, and may be sent again
		e.nonces.release(s.Nonce)
		return said{asker: a, reply: reply, answer: blame(reply)}
	}
	if err := e.nonces.spend(context.WithoutCancel(ctx), s.Nonce, s.Until); err != nil {
		e.log.Error("a form could not be noted as submitted", "err", err) // the desk acts on its line once
	}
	e.work.Go(func() {
		ctx, cancel := e.workTime(ctx)
		defer cancel()
		e.send(ctx, a, reply)
	})
	return said{asker: a, reply: reply, answer: empty{}}
}

// above is a sentence above the fields of a form that stays open.
func above(text string) said { return said{answer: &model.SubmitDialogResponse{Error: text}} }
