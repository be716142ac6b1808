package commands

import (
	"errors"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// refuse is a reply that says why nothing was done.
func (c *Call) refuse(phrase string, pairs ...any) Reply {
	return Reply{Text: c.Voice.Say(phrase, pairs...), Refused: true}
}

// say is a reply in words.
func (c *Call) say(phrase string, pairs ...any) Reply {
	return Reply{Text: c.Voice.Say(phrase, pairs...)}
}

// notAllowed says who may, and what to do instead.
func (c *Call) notAllowed() Reply {
	holders := c.h.desk.Holders(c.In, c.Spec.Needs...)
	if len(holders) > 3 {
		holders = holders[:3]
	}
	var roles []string
	for _, r := range c.Spec.Needs {
		roles = append(roles, c.Voice.Word(r))
	}
	return Reply{
		Text:    c.Voice.Say("refused.role", "command", "/"+c.Spec.Name(), "roles", roles, "holders", holders),
		Refused: true,
		Actions: []bot.Action{
			{Label: c.Voice.Say("button.symptom"), Line: "/outage symptom"}, {Label: c.Voice.Say("button.ask"), Line: "/ask"},
		},
	}
}

// explain says what could not be understood, offers the readings there are, and opens the form for the
// rest. A command given without any word just opens its form.
func (c *Call) explain() Reply {
	reply := Reply{Refused: true}
	var lines []string
	var missing []string
	for _, t := range c.troubles {
		if t.missing {
			missing = append(missing, c.label(t.arg))
			continue
		}
		t.args["arg"] = c.label(t.arg)
		lines = append(lines, c.Voice.SayMap(t.phrase, t.args))
		for _, o := range t.offer {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.offerLabel(t.arg, o), Line: c.again(t.arg, o)})
		}
	}
	if len(missing) > 0 {
		lines = append(lines, c.Voice.Say("usage.missing", "arg", missing))
	}
	lines = append(lines, c.Voice.Say("usage.example", "example", c.Voice.Say(c.Spec.Phrase()+".example")))
	reply.Text = strings.Join(lines, "\n")
	reply.Form = c.form()
	return reply
}

func (c *Call) offerLabel(arg, value string) string {
	if id, near := c.h.desk.Pack().FindSystem(value); (arg == "systems" || arg == "system") && len(near) == 0 {
		return c.Voice.System(id)
	}
	if id, near := c.h.desk.Pack().FindDepartment(value); (arg == "departments" || arg == "department") && len(near) == 0 {
		return c.Voice.Department(id)
	}
	if at, err := time.ParseInLocation("2006-01-02 15:04", value, c.h.desk.Zone()); err == nil {
		return c.Voice.Clock(at)
	}
	return c.choiceLabel(value)
}

// failed puts an error into words: a refusal says why, anything else is our fault and is logged.
func (c *Call) failed(err error) Reply {
	var refusal *incident.Refusal
	switch {
	case errors.As(err, &refusal):
		args := map[string]any{"command": "/" + c.Spec.Name()}
		for k, v := range refusal.Args {
			args[k] = v
		}
		if name, ok := args["field"].(string); ok {
			args["field"] = c.label(name)
		}
		if kind, ok := args["kind"].(string); ok {
			args["kind"] = c.Voice.Say("item." + kind)
		}
		return Reply{Text: c.Voice.SayMap(refusal.Phrase, args), Refused: true}
	case errors.Is(err, bot.ErrUnknownIncident):
		return c.refuse("refused.no_incident", "id", c.In.ID)
	case errors.Is(err, bot.ErrFull):
		return c.refuse("failed.full")
	}
	c.h.desk.Logger().Error("a command failed", "command", c.Spec.Name(), "person", c.Person.ID, "err", err)
	return c.refuse("failed.internal")
}
