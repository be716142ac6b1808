package commands

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"wardline/bot"
	"wardline/bot/incident"
)

// join makes one outage of two. The other one takes over the systems and departments first, so that at no
// moment anybody may think that something works again.
func join(ctx context.Context, c *Call) (Reply, error) {
	id, _ := c.values["into"].(incident.ID)
	into, ok, err := c.h.desk.Incident(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	if !ok || !into.Active() {
		return c.refuse("refused.join_over", "id", c.In.ID, "into", id), nil
	}
	cmd := incident.Join{Into: id}
	if _, err := cmd.Decide(c.In, c.Now); err != nil {
		return Reply{}, err
	}
	if into.Level < c.In.Level {
		reply := c.refuse("refused.join_level", "id", c.In.ID, "into", id, "level", c.In.Level, "low", into.Level)
		reply.Actions = buttons(
			bot.Action{Label: c.Voice.Say("button.merge_back", "id", id, "into", c.In.ID), Line: "/outage merge " + c.In.ID.String() + " incident:" + id.String(), Style: bot.Primary},
			bot.Action{Label: c.Voice.Say("button.level", "level", c.In.Level), Line: "/outage level " + c.In.Level.String() + " incident:" + id.String()})
		return reply, nil
	}
	if !c.confirmed() {
		return c.ask("ask.join", bot.Primary, "id", c.In.ID, "into", id, "systems", c.In.With(incident.Down, incident.Degraded), "n", len(c.In.Told)), nil
	}
	if err := c.takeOver(ctx, into); err != nil {
		return Reply{}, err
	}
	return c.done(ctx, cmd, "done.join", "id", c.In.ID, "into", id, "n", len(c.In.Told))
}

// takeOver tells the other outage what it did not know, and counts "on paper" there as well.
func (c *Call) takeOver(ctx context.Context, into incident.Incident) error {
	var known *incident.Refusal
	scope := c.h.desk.ExpandScope(c.In.Taken(into))
	if _, err := c.h.desk.Do(ctx, bot.Act{Incident: into.ID, Command: scope, By: c.Person}); err != nil && !errors.As(err, &known) {
		return err // it may know all of it already
	}
	for _, d := range c.In.Told {
		if said, _ := c.In.Wards[d].Answer(); said.Word != incident.OnPaper {
			continue
		}
		paper := incident.Acknowledge{Department: d, Word: incident.OnPaper}
		if _, err := c.h.desk.Do(ctx, bot.Act{Incident: into.ID, Command: paper, By: c.Person}); err != nil && !errors.As(err, &known) {
			return err
		}
	}
	return nil
}

var incidentName = regexp.MustCompile(`(?i)\binc-?(\d+)`)

// sameAs finds the other outage this one is, to somebody who is about to call it a false alarm: the one
// they name in their reason, or one that has all its systems down.
func (c *Call) sameAs(why string) (incident.ID, bool) {
	down := c.In.With(incident.Down, incident.Degraded)
	named, _ := strconv.Atoi(append(incidentName.FindStringSubmatch(why), "", "")[1])
	for _, in := range c.h.desk.Ongoing() {
		if in.ID == c.In.ID || !in.Active() {
			continue
		}
		there := in.With(incident.Down, incident.Degraded)
		all := !slices.ContainsFunc(down, func(s incident.SystemID) bool { return !slices.Contains(there, s) })
		if int(in.ID) == named || all && len(down) > 0 {
			return in.ID, true
		}
	}
	return 0, false
}
