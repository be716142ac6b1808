package discord

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"wardline/commands"
)

// epoch is when Discord's ids begin to count milliseconds.
const epoch = 1420070400000

// interaction takes what somebody did with a command, a button or a form. What is incomplete or unknown
// is left alone: nothing is known by which it could be answered.
func (e *ears) interaction(ctx context.Context, i interaction) {
	if i.Channel == "" && i.Message != nil {
		i.Channel = i.Message.Channel
	}
	if i.Guild == "" && (i.Member != nil || e.public(i.Channel)) { // what is answered in private must not be said there
		i.Guild = e.config.Guild
	}
	if !i.whole() || i.Guild != "" && i.Guild != e.config.Guild || !e.done.add("i"+i.ID) {
		return
	}
	switch i.Type {
	case completeInteraction:
		e.chores.Go(func() {
			if err := guarded("complete a command", func() error { return e.complete(ctx, i) }); err != nil {
				e.log.InfoContext(ctx, "a command could not be completed", "error", err)
			}
		})
	case commandInteraction, pressInteraction, formInteraction:
		u, nick := i.who()
		s := e.speaker(u, nick, i.Locale, i.Channel)
		a := e.answerTo(ctx, i, s)
		e.lanes.put(ctx, i.Channel, task{do: func(ctx context.Context) {
			ctx, cancel := e.work(ctx)
			defer cancel()
			a.give(ctx)
		}})
	}
}

// tooLate reports whether an interaction was on its way for so long that Discord may have given up.
func (i interaction) tooLate(now time.Time) bool {
	id, err := strconv.ParseInt(i.ID, 10, 64)
	age := now.Sub(time.UnixMilli(id>>22 + epoch))
	return err == nil && age > answerWithin-time.Second/2 && age < tokenLasts // what is older was numbered otherwise
}

// tokenLasts is how long an interaction can be answered at all.
const tokenLasts = 15 * time.Minute

// give does what an interaction asks for and answers it. What comes so late that its author was told by
// Discord that it failed is not done: they are told so, and will have done it again.
func (a *answer) give(ctx context.Context) {
	answered := false
	defer func() {
		if !answered { // a panic: the person still hears something
			a.finish(ctx, commands.Reply{Text: a.e.desk.Voice(a.s.person.Lang).Say("failed.internal"), Refused: true})
		}
	}()
	if a.i.tooLate(time.Now()) && !a.putOff(ctx) {
		answered = true
		a.finish(ctx, commands.Reply{Text: a.e.desk.Voice(a.s.person.Lang).Say("discord.late"), Refused: true})
		return
	}
	reply, extra := a.act(ctx)
	answered = true
	a.extra = extra
	ctx, cancel := a.e.work(ctx)
	defer cancel()
	a.finish(ctx, reply)
}

// act does what an interaction asks for.
func (a *answer) act(ctx context.Context) (commands.Reply, []component) {
	switch a.i.Type {
	case commandInteraction:
		return a.e.hearer.Handle(ctx, a.e.commandLine(a.i, a.s)), nil
	case formInteraction:
		p, ok, err := a.e.page(ctx, a.i.Data.CustomID, a.s.user)
		if !ok || p.head != formHead {
			return a.stale(ctx, err), nil
		}
		reply, extra, err := a.e.submit(ctx, a.i, a.s, p)
		if err != nil {
			a.e.log.ErrorContext(ctx, "a form could not be kept", "form", p.form.Command, "error", err)
			return commands.Reply{Text: a.e.desk.Voice(a.s.person.Lang).Say("failed.internal"), Refused: true}, nil
		}
		return reply, extra
	}
	if p, ok, err := a.e.page(ctx, a.i.Data.CustomID, a.s.user); ok && p.head == openHead {
		a.s.line.Room = p.room
		a.open = &p
		return commands.Reply{Form: &p.form, Lang: a.s.person.Lang}, nil
	} else if ok && p.head == sendHead {
		a.s.line.Room = p.room
		return a.once(ctx, func() commands.Reply { return a.e.sendForm(ctx, a.i, a.s, p) }), nil
	} else if err != nil {
		return a.stale(ctx, err), nil
	}
	p, ok, err := a.e.buttons.read(ctx, a.i.Data.CustomID, a.s.line.Room, a.s.user, time.Now())
	if !ok {
		return a.stale(ctx, err), nil
	}
	a.s.line.Room = p.room
	l := a.s.line
	l.ID, l.Text = a.i.ID, p.line
	if p.spent {
		return a.once(ctx, func() commands.Reply { return a.e.hearer.Handle(ctx, l) }), nil
	}
	return a.e.hearer.Handle(ctx, l), nil
}

// once does what a button stands for that is used up by it. Somebody who pressed twice, because the answer was slow
// to come, has said it once. All presses of one message come one after another.
func (a *answer) once(ctx context.Context, do func() commands.Reply) commands.Reply {
	if a.e.spent.has(a.i.Data.CustomID) {
		return a.stale(ctx, nil)
	}
	reply := do()
	if !reply.Refused && reply.Form == nil {
		a.e.spent.add(a.i.Data.CustomID)
	}
	return reply
}

// stale answers a button or form that is over, or was never ours.
func (a *answer) stale(ctx context.Context, err error) commands.Reply {
	if err != nil {
		a.e.log.ErrorContext(ctx, "what stands behind a button cannot be read", "error", err)
	} else {
		a.e.log.InfoContext(ctx, "a button or form was not made here or is over", "person", a.s.person.ID)
	}
	return commands.Reply{Text: a.e.desk.Voice(a.s.person.Lang).Say("discord.stale"), Refused: true}
}

// commandLine is what a command with its options says.
func (e *ears) commandLine(i interaction, s speaker) commands.Line {
	l := s.line
	name, options := i.Data.path()
	if bare, ok := e.commands[name]; ok {
		name = bare
	}
	l.ID, l.Command, l.Args, l.Files = i.ID, name, map[string]string{}, i.files()
	for _, o := range options {
		if o.Type == textOption {
			l.Args[o.Name] = o.text()
		}
	}
	return l
}

// path is the whole name of a command, and its arguments. Groups are a level of the menu only.
func (d interactionData) path() (string, []option) {
	name, options := d.Name, d.Options
	for len(options) == 1 && (options[0].Type == subcommand || options[0].Type == groupOption) {
		if options[0].Type == subcommand {
			name += " " + options[0].Name
		}
		options = options[0].Options
	}
	return name, options
}

// bareNames maps what a root by itself is called in the menu to the root.
func bareNames(menu []commands.Entry) map[string]string {
	out := map[string]string{}
	for _, e := range menu {
		if e.Verb == "" {
			out[e.Root+" "+bare(e)] = e.Root
		}
	}
	return out
}

// complete offers values for the argument that is being typed.
func (e *ears) complete(ctx context.Context, i interaction) error {
	u, nick := i.who()
	s := e.speaker(u, nick, i.Locale, i.Channel)
	name, options := i.Data.path()
	if bare, ok := e.commands[name]; ok {
		name = bare
	}
	list := []menuChoice{}
	for _, o := range options {
		if !o.Focused {
			continue
		}
		l := s.line
		l.Command = name
		for _, offer := range e.hearer.Offer(ctx, l, o.Name, o.text()) {
			if len(list) < mostChoices && offer.Value != "" && length(offer.Value) <= valueLimit {
				list = append(list, menuChoice{Name: cut(cmp.Or(offer.Label, offer.Value), valueLimit), Value: offer.Value})
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return e.rest.webhook(ctx, "POST", "/interactions/"+i.ID+"/"+i.Token+"/callback",
		firstAnswer{Type: completeAnswer, Data: map[string]any{"choices": list}}, nil)
}
