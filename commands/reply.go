package commands

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// refuse is a reply that says why nothing was done.
func (c *Call) refuse(phrase string, pairs ...any) Reply {
	return Reply{Text: c.Voice.Say(phrase, pairs...), Refused: true}
}

// nothingOpen says that nothing of a kind waits for what was typed.
func (c *Call) nothingOpen(kind string) Reply {
	return c.refuse("usage.nothing_open", "kind", c.Voice.Say("item."+kind))
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
	reply := Reply{Refused: len(c.given) > 0}
	var lines []string
	var missing []string
	for _, t := range c.troubles {
		if t.missing {
			missing = append(missing, c.label(t.arg))
			guesses := c.guesses(t.arg)
			reply.Actions = append(reply.Actions, guesses...)
			if what := []rune(c.given["what"]); t.arg == "systems" && len(what) > 0 && len(guesses) == 0 {
				lines = append(lines, c.Voice.Say("usage.no_system", "text", string(what[:min(len(what), mostRepeated)])))
			}
			continue
		}
		reply.Refused = true
		t.args["arg"] = c.label(t.arg)
		if choices, ok := t.args["choices"].([]string); ok {
			var typed []string
			for _, choice := range choices {
				typed = append(typed, c.typed(choice))
			}
			t.args["choices"] = typed
		}
		if roles, ok := t.args["roles"].([]string); ok {
			var names []string
			for _, id := range roles {
				short, _, _ := strings.Cut(c.roleName(id), "(")
				if c.Voice.Lang != hospital.ZH { // people must be able to type it as one word
					short = id
				}
				names = append(names, short)
			}
			t.args["roles"] = names
		}
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

// lacks says what is still needed, with an example that can be typed as it is shown.
func (c *Call) lacks(missing ...string) Reply {
	return Reply{
		Text: c.Voice.Say("usage.missing", "arg", missing) + "\n" + c.Voice.Say("usage.example", "example", c.Voice.Say(c.Spec.Phrase()+".example")),
		Form: c.form(), Refused: true,
	}
}

// mostRepeated is how much of a sentence is said again, in characters.
const mostRepeated = 30

// mostGuessed is how many systems are offered where a sentence names none for certain.
const mostGuessed = 5

// guesses offers the systems a declaration may mean, from its sentence; a person picks, nothing is
// taken for granted.
func (c *Call) guesses(arg string) []bot.Action {
	what := c.given["what"]
	if arg != "systems" || what == "" {
		return nil
	}
	first, _ := cut(what)
	ids := c.h.desk.Pack().SystemsIn(what)
	for _, part := range parts(first) {
		id, near := c.h.desk.Pack().FindSystem(part)
		if id != "" {
			near = append(near, id)
		}
		for _, id := range near {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		ids = c.h.desk.Pack().SystemsLike(what)
	}
	var out []bot.Action
	for _, id := range ids[:min(len(ids), mostGuessed)] {
		out = append(out, bot.Action{Label: c.Voice.System(id), Line: c.again(arg, string(id))})
	}
	return out
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
		maps.Copy(args, refusal.Args)
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
		c.broken = true
		return c.refuse("failed.full")
	}
	c.broken = true
	c.h.desk.Logger().Error("a command failed", "command", c.Spec.Name(), "person", c.Person.ID, "err", err)
	return c.refuse("failed.internal")
}
