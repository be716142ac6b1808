package mattermost

import (
	"context"
	"crypto/ecdsa"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// Hurry makes the adapter notice sooner that the server hangs, and come back sooner. Tests have no minute.
func (a *Adapter) Hurry(ping, grace, pause time.Duration) {
	a.tempo = tempo{ping: ping, grace: grace, pause: pause, most: 10 * pause, work: a.tempo.work}
}

// Limit changes how long one piece of work may take. It must come before Serve.
func (a *Adapter) Limit(work time.Duration) { a.tempo.work = work }

// Doors returns the addresses at which a server calls the bot of a configuration back.
func Doors(c Config) (command, button, dialog string) {
	d := newDoors(c)
	return d.command(), d.button(), d.dialog()
}

// Sealed returns the context of a button that this bot made.
func Sealed(c Config, line string, room bot.RoomID, forUser string, until time.Time) map[string]any {
	return newButtons(c).attach([]bot.Action{{Label: "x", Line: line, Style: bot.Primary}}, room, forUser, until)[0].Integration.Context
}

// SealedForm returns the dialog that this bot makes of a form for a user, good until a moment.
func SealedForm(c Config, form commands.Form, userID string, until time.Time, multi bool) (model.Dialog, bool) {
	return newDialogs(c).make(form, state{User: userID, Nonce: nonce(), Until: until.Unix()}, multi)
}

// Checker returns what checks triggers against the key of a server whose clock is ahead of ours.
func Checker(key *ecdsa.PublicKey, ahead time.Duration) func(trigger, userID string) error {
	t := newTriggers(func(context.Context) (facts, error) {
		return facts{key: key, at: time.Now().Add(ahead)}, nil
	})
	return func(trigger, userID string) error {
		_, err := t.check(context.Background(), trigger, userID) // it waits for nothing
		return err
	}
}

// Shorten cuts a text to so many bytes.
func Shorten(text string, most int) string { return shorten(text, most) }
