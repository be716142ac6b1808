package commands

import (
	"context"
	"slices"

	"wardline/bot"
	"wardline/bot/incident"
)

// answersAll takes "on paper" that names no outage for one of several that wait for it; alsoFor counts it for
// the others. Who cannot work on paper, or was only told, must say of which.
func (c *Call) answersAll(among []incident.Incident) bool {
	if incident.Word(c.text("answer")) != incident.OnPaper {
		return false
	}
	mine := slices.DeleteFunc(slices.Clone(among), func(in incident.Incident) bool {
		return !in.Active() || !slices.Contains(in.Told, c.here())
	})
	if len(mine) == 0 {
		return false
	}
	c.In = mine[max(0, slices.IndexFunc(mine, c.waitsForUs))]
	return true
}

// waitsForUs reports whether an outage still wants an answer of the department spoken for.
func (c *Call) waitsForUs(in incident.Incident) bool {
	_, answered := in.Wards[c.here()].Answer()
	return in.Active() && slices.Contains(in.Told, c.here()) && !answered
}

// alsoFor counts "on paper" for every other outage that concerns the department and that it has not answered,
// says so, and offers to take it back where it does not hold.
func (c *Call) alsoFor(ctx context.Context, dep incident.DepartmentID, reply *Reply) error {
	for _, in := range c.h.desk.Ongoing() {
		if in.ID == c.In.ID || !c.waitsForUs(in) {
			continue
		}
		act := bot.Act{Incident: in.ID, Command: incident.Acknowledge{Department: dep, Word: incident.OnPaper}, By: c.Person} // the line itself was acted on
		if o, err := c.h.desk.Do(ctx, act); err != nil {
			return err
		} else if len(o.Events) == 0 {
			continue
		}
		title, _ := in.Fact(incident.Headline)
		reply.Text += "\n" + c.Voice.Say("done.ack_also", "id", in.ID, "title", title.Value)
		reply.Actions = append(reply.Actions, bot.Action{
			Label: c.Voice.Say("button.cannot_there", "id", in.ID),
			Line:  "/downtime ack cannot department:" + string(dep) + " incident:" + in.ID.String(),
		})
	}
	return nil
}
