package discord

import (
	"context"
	"errors"
	"net/http"
	"time"

	"wardline/bot"
)

// callback gives the first answer to an interaction.
func (a *answer) callback(ctx context.Context, kind int, data any) error {
	body := map[string]any{"type": kind}
	if data != nil {
		body["data"] = data
	}
	call := func() error {
		err := a.e.rest.webhook(ctx, "POST", "/interactions/"+a.i.ID+"/"+a.i.Token+"/callback", body, nil)
		if refusedWith(err, alreadyAnswered) { // by a try of ours whose outcome was not known
			return nil
		}
		return err
	}
	err := patiently(ctx, call)
	if err != nil && !errors.Is(err, bot.ErrRejected) {
		err = call() // twice does no harm
	}
	return err
}

// alreadyAnswered is Discord's refusal of a second first answer.
const alreadyAnswered = 40060

// unknownInteraction is Discord's refusal of an answer that comes too late.
const unknownInteraction = 10062

// patiently does something again when Discord asks for patience.
func patiently(ctx context.Context, do func() error) error {
	for {
		err := do()
		var asked bot.RetryAfter
		if !errors.As(err, &asked) || asked.Wait > mostPatience {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(asked.Wait):
		}
	}
}

// mostPatience is how long an answer waits for a limit.
const mostPatience = 15 * time.Second

// say gives a message as the first answer. Where a server refuses it for its form, it is said in another one: a
// change of the message with the button as a message of its own, and one for a single person with their name
// above it, without which some servers do not know whose it is.
func (a *answer) say(ctx context.Context, kind int, m letter) error {
	if kind == sayAnswer && a.e.byName.Load() {
		m = a.named(m)
	}
	err := a.callback(ctx, kind, m)
	if kind == updateAnswer && a.otherForm(err) {
		kind, m.Flags = sayAnswer, onlyForThem
		err = a.callback(ctx, kind, m)
	}
	if kind == sayAnswer && a.otherForm(err) && !a.e.byName.Load() {
		if err = a.callback(ctx, kind, a.named(m)); err == nil {
			a.e.byName.Store(true)
		}
	}
	return err
}

// named is a message with the name of whom it is for above it.
func (a *answer) named(m letter) letter {
	m.Content = "<@" + a.s.user + ">\n" + m.Content
	m.Mentions.Users = []string{a.s.user}
	return m
}

// otherForm tells refusals that may be for the form of an answer: not those of one that comes too late.
func (a *answer) otherForm(err error) bool {
	refused, ok := errors.AsType[*refusal](err)
	return ok && refused.status != http.StatusNotFound && refused.status != http.StatusUnauthorized && !refusedWith(err, unknownInteraction)
}
