package discord

import (
	"context"
	"errors"
	"net/http"
	"time"

	"wardline/bot"
	"wardline/commands"
)

// callback gives the first answer to an interaction.
func (a *answer) callback(ctx context.Context, kind int, data any) error {
	return a.respond(ctx, firstAnswer{Type: kind, Data: data})
}

// respond is callback. What is to be tried in another form is not repeated after an error of the server's.
func (a *answer) respond(ctx context.Context, what firstAnswer) error {
	call := func(within time.Duration) error {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		err := a.e.rest.webhook(ctx, "POST", "/interactions/"+a.i.ID+"/"+a.i.Token+"/callback", what, nil)
		if refusedWith(err, alreadyAnswered) { // by a try of ours whose outcome was not known
			return nil
		}
		return err
	}
	err := patiently(ctx, func() error { return call(quickAnswer) })
	if err != nil && !errors.Is(err, bot.ErrRejected) && !(what.otherwise && a.otherForm(err)) {
		what.otherwise = false
		err = call(slowAnswer)
	}
	return err
}

// How long a first answer may be under way. One that hangs is given once more while it still counts; a server that
// is only slow has taken the first by then and says so.
const (
	quickAnswer = answerWithin * 2 / 5
	slowAnswer  = 2 * answerWithin
)

// A firstAnswer is the first answer to an interaction.
type firstAnswer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`

	otherwise bool // there is another form to try
}

// recognised implements once: a second first answer is refused and does no harm.
func (f firstAnswer) recognised() bool { return !f.otherwise }

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
	err := a.respond(ctx, firstAnswer{Type: kind, Data: m, otherwise: kind == sayAnswer && !a.e.byName.Load()})
	if kind == updateAnswer && a.otherForm(err) {
		kind, m.Flags = sayAnswer, onlyForThem
		err = a.callback(ctx, kind, m)
	}
	if kind == sayAnswer && a.otherForm(err) && !a.e.byName.Load() {
		if err = a.callback(ctx, kind, a.named(m)); err == nil && a.e.unnamed.Add(1) >= enoughRefused {
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

// form makes the form that is an answer; nil if none is, or none can be opened any more.
func (a *answer) form(ctx context.Context, reply commands.Reply) *modal {
	a.mu.Lock()
	first := a.first
	a.mu.Unlock()
	if reply.Form == nil || first || a.e.formless.Load() || a.i.Type == formInteraction || !opensAtOnce(reply, a.i) {
		return nil
	}
	if a.open != nil {
		m := a.e.show(a.s, *a.open)
		return &m
	}
	m, err := a.e.modal(ctx, a.s, reply.Form, 0)
	if err != nil {
		a.e.log.WarnContext(ctx, "a form could not be opened", "form", reply.Form.Command, "error", err)
		return nil
	}
	return &m
}

// showForm opens a form as the first answer and reports whether it did.
func (a *answer) showForm(ctx context.Context, m modal, command string) bool {
	err := a.callback(ctx, formAnswer, m)
	if err == nil {
		a.e.formed.Store(true)
		return true
	}
	a.e.log.WarnContext(ctx, "a form could not be opened", "form", command, "error", err)
	if a.otherForm(err) { // what to type is said instead
		a.s.typed, a.open = true, nil
		if a.e.unformed.Add(1) >= enoughRefused && !a.e.formed.Load() {
			a.e.formless.Store(true)
		}
	}
	return false
}

// enoughRefused is how many forms in a row a server that never opened one refuses until none is tried any more.
const enoughRefused = 2

// opensAtOnce tells replies that are a form and nothing else. A person who typed something that was not
// understood must read why before a form covers it.
func opensAtOnce(reply commands.Reply, i interaction) bool {
	return !reply.Refused || i.Type == pressInteraction && len(reply.Actions) == 0
}
