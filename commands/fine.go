package commands

import (
	"maps"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// fine reads which systems or departments work.
func (c *Call) fine(cmd *incident.SetScope) *Reply {
	for _, part := range parts(c.text("fine")) {
		part = strings.TrimSpace(part)
		if id, _ := c.h.desk.Pack().FindSystem(part); id != "" {
			cmd.Systems[id] = incident.Fine
		} else if id, _ := c.h.desk.Pack().FindDepartment(part); id != "" {
			cmd.Departments[id] = incident.Fine
		} else {
			reply := c.refuse("usage.fine", "text", part)
			return &reply
		}
	}
	return nil
}

// mistaken stands between a word and a system that a person said is down: what is repaired is released
// with its checklist, and what was never down is taken back by a coordinator who has seen what the wards
// will read. What is only possibly affected needs neither.
func (c *Call) mistaken(cmd incident.SetScope) *Reply {
	var fine []incident.SystemID
	down := c.In.With(incident.Down, incident.Degraded)
	for _, s := range slices.Sorted(maps.Keys(cmd.Systems)) {
		if cmd.Systems[s] != incident.Fine {
			down = append(down, s)
		} else if slices.Contains(down, s) {
			fine = append(fine, s)
		}
	}
	if len(fine) == 0 || !c.In.Active() {
		return nil
	}
	left := slices.DeleteFunc(down, func(s incident.SystemID) bool { return slices.Contains(fine, s) })
	var reply Reply
	switch {
	case !c.h.desk.May(c.Person, c.In, bot.Coordinator):
		reply = c.refuse("refused.fine_down", "systems", fine, "holders", c.h.desk.Holders(c.In, bot.Coordinator))
		reply.Actions = buttons(c.button("cmd.fix.done", "/fix done incident:"+c.In.ID.String()))
	case len(left) == 0:
		reply = c.refuse("refused.fine_all", "systems", fine)
		reply.Actions = buttons(c.button("button.restore", "/outage restore incident:"+c.In.ID.String()), c.button("cmd.outage.cancel", "/outage cancel incident:"+c.In.ID.String()))
	case !c.confirmed():
		reply = c.ask("ask.fine", bot.Danger, "systems", fine, "left", slices.Compact(slices.Sorted(slices.Values(left))), "n", len(c.In.Told), "id", c.In.ID)
	default:
		return nil
	}
	return &reply
}
