package commands

import (
	"context"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Call is one command being carried out.
type Call struct {
	h      *Handler
	Line   Line
	Spec   Spec
	Person bot.Person
	Room   bot.Room
	Voice  bot.Voice
	Now    time.Time
	In     incident.Incident // of commands that are about one
	broken bool              // it failed through no fault of the speaker's
	binding
}

// do has a command of the incident carried out, once per line heard.
func (c *Call) do(ctx context.Context, cmd incident.Command) (bot.Outcome, error) {
	return c.h.desk.Do(ctx, bot.Act{Incident: c.In.ID, Command: cmd, By: c.Person, Heard: c.heard()})
}

// heard names the line as the input that is acted on once; "" if its platform gave it no id.
func (c *Call) heard() string {
	if c.Line.ID == "" {
		return ""
	}
	return c.Line.Platform + "/" + c.Line.ID
}

// done is do for commands whose success is one sentence: the phrase of the command, or that the same
// input was acted on before.
func (c *Call) done(ctx context.Context, cmd incident.Command, phrase string, pairs ...any) (Reply, error) {
	o, err := c.do(ctx, cmd)
	if err != nil {
		return Reply{}, err
	}
	if o.Again {
		return c.say("done.again"), nil
	}
	return c.say(phrase, append(pairs, "id", o.After.ID)...), nil
}

// ask shows what a wide or final act will do, and asks once.
func (c *Call) ask(phrase string, style bot.ActionStyle, pairs ...any) Reply {
	c.pin()
	return Reply{
		Text:    c.Voice.Say(phrase, pairs...),
		Actions: []bot.Action{{Label: c.Voice.Say("button.yes"), Line: c.again("confirm", "yes"), Style: style}},
	}
}

// pin writes out the times that were understood: "half an hour ago" is another time when the button is
// pressed than it was in the preview.
func (c *Call) pin() {
	for _, a := range c.Spec.Args {
		if at := c.moment(a.Name); a.Kind == Moment && !at.IsZero() {
			c.given[a.Name] = c.written(at)
		}
	}
}

// written is a time as it is read again without a question.
func (c *Call) written(at time.Time) string { return at.In(c.h.desk.Zone()).Format("2006-01-02 15:04") }

func (c *Call) confirmed() bool { return c.values["confirm"] == true }

// The arguments, by kind. Missing ones are the zero value.
func (c *Call) text(name string) string { s, _ := c.values[name].(string); return s }
func (c *Call) number(name string) int  { n, _ := c.values[name].(int); return n }
func (c *Call) moment(name string) time.Time {
	t, _ := c.values[name].(time.Time)
	return t
}

func (c *Call) systems(name string) []incident.SystemID {
	s, _ := c.values[name].([]incident.SystemID)
	return s
}

func (c *Call) departments() []incident.DepartmentID {
	s, _ := c.values["departments"].([]incident.DepartmentID)
	return s
}

// here is the department the speaker is in: named, the room's, or their own.
func (c *Call) here() incident.DepartmentID {
	if id, ok := c.values["department"].(incident.DepartmentID); ok {
		return id
	}
	if c.Room.Department != "" {
		return c.Room.Department
	}
	return c.Person.Department
}

// has reports whether an argument was given.
func (c *Call) has(name string) bool { _, ok := c.values[name]; return ok }

// lang returns the language a word names, "" if none.
func (g *grammar) lang(text string) hospital.Lang {
	return hospital.Lang(g.pick(text, []string{"zh", "en"}))
}
