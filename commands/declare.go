package commands

import (
	"context"
	"slices"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// carryOver is how old a symptom in the desk's log may be to become part of a declared outage.
const carryOver = 2 * time.Hour

// declare opens an outage. Where it would tell many departments it first says how many.
func declare(ctx context.Context, c *Call) (Reply, error) {
	d := c.h.desk
	cmd := incident.Declare{
		What: c.text("what"), Since: c.moment("since"), Systems: c.systems("systems"), Extent: incident.Extent(c.text("extent")),
		Departments: c.departments(), Works: c.text("works"),
	}
	cmd.Level, _ = c.values["level"].(incident.Level)
	cmd.Symptoms = c.reportsFor(cmd.Systems)
	for _, s := range cmd.Symptoms {
		if s.Department != "" && !slices.Contains(cmd.Departments, s.Department) {
			cmd.Departments = append(cmd.Departments, s.Department)
		}
	}
	proposed := cmd.Level == 0
	cmd = d.Expand(cmd, c.Now)
	told, err := d.Audience(cmd, c.Now)
	if err != nil {
		return Reply{}, err
	}
	twin := c.twin(cmd.Systems)
	if !c.confirmed() && (len(told) > d.Settings().ConfirmAbove || twin != 0) {
		return c.preview(cmd, told, twin, proposed), nil
	}
	o, err := c.do(ctx, cmd)
	if err != nil {
		return Reply{}, err
	}
	if o.Again {
		return c.say("done.again"), nil
	}
	return Reply{
		Text: c.Voice.Say("done.declare", "id", o.After.ID, "systems", cmd.Systems, "since", cmd.Since, "level", cmd.Level,
			"why", c.why(cmd.Reason), "told", len(told)),
		Actions: buttons(c.button("button.cause", "/outage cause incident:"+o.After.ID.String()),
			c.button("button.eta", "/fix eta incident:"+o.After.ID.String()),
			c.button("button.status", "/outage status incident:"+o.After.ID.String())),
	}, nil
}

func (c *Call) why(phrase string) string {
	if c.h.desk.Book().Has(c.Voice.Lang, phrase) {
		return c.Voice.Say(phrase)
	}
	return phrase
}

func (c *Call) preview(cmd incident.Declare, told []incident.DepartmentID, twin incident.ID, proposed bool) Reply {
	source := ""
	if proposed {
		source = c.why(cmd.Reason)
	}
	c.given["since"] = c.written(cmd.Since) // it began now, not when the button is pressed
	twinID := ""
	if twin != 0 {
		twinID = twin.String()
	}
	reply := c.ask("ask.declare", bot.Danger, "what", cmd.What, "systems", cmd.Systems, "since", cmd.Since, "extent", cmd.Extent,
		"stops", len(cmd.Stops), "slows", len(cmd.Degrades), "level", cmd.Level, "why", source, "n", len(told),
		"departments", c.Voice.Departments(told, 8), "twin", twinID)
	for l := incident.L1; l <= incident.L4; l++ {
		if l != cmd.Level {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.as_level", "level", l), Line: c.again("level", l.String())})
		}
	}
	return reply
}

// twin returns an outage that is open for one of the same systems already.
func (c *Call) twin(systems []incident.SystemID) incident.ID {
	for _, in := range c.h.desk.Ongoing() {
		for _, s := range in.With(incident.Down, incident.Degraded) {
			if slices.Contains(systems, s) {
				return in.ID
			}
		}
	}
	return 0
}

// reportsFor returns the symptoms that were reported to the desk lately: they are why it is declared.
func (c *Call) reportsFor(systems []incident.SystemID) []incident.Reported {
	var out []incident.Reported
	for _, s := range c.h.desk.Log().Symptoms {
		if c.Now.Sub(s.At) > carryOver || s.Same > 0 || s.System != "" && !slices.Contains(systems, s.System) || c.carried(s) {
			continue
		}
		r := s.Reported
		r.Reporter, r.Seen = s.By, s.At
		out = append(out, r)
	}
	return out
}

// carried reports whether an outage took a symptom over before.
func (c *Call) carried(s incident.Symptom) bool {
	for _, in := range c.h.desk.Ongoing() {
		for _, t := range in.Symptoms {
			if t.Seen.Equal(s.At) && t.Text == s.Text {
				return true
			}
		}
	}
	return false
}
