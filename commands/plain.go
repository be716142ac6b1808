package commands

import (
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// plain answers what needs neither a text nor a person: thanks, the number of IT, what the asker's own
// department does now. It reports false for everything else.
func (c *Call) plain(route answer.Route) (Reply, bool) {
	switch {
	case route.Why == answer.Courtesy:
		reply := c.say("answer.courtesy", "told", c.toldHere())
		if c.toldHere() {
			reply.Actions = buttons(
				bot.Action{Label: c.Voice.Say("button.paper"), Line: "/downtime ack paper", Style: bot.Primary},
				bot.Action{Label: c.Voice.Say("button.cannot"), Line: "/downtime ack cannot", Style: bot.Danger})
		}
		return reply, true
	case route.Topic == answer.Phone:
		return Reply{Text: c.Voice.ITPhone(c.h.desk.Holders(c.In, bot.Coordinator))}, true
	case route.Topic == answer.Todo:
		return c.todo()
	}
	return Reply{}, false
}

// toldHere reports whether the department spoken for was told of an outage that is not over.
func (c *Call) toldHere() bool {
	return slices.ContainsFunc(c.h.desk.Ongoing(), func(in incident.Incident) bool {
		return in.Active() && slices.Contains(in.Told, c.here())
	})
}

func (c *Call) todo() (Reply, bool) {
	var lines []string
	var offered []hospital.ProcedureID
	for _, in := range c.h.desk.Ongoing() {
		line, ids := c.Voice.Todo(in, c.here())
		if line != "" {
			lines = append(lines, line)
		}
		for _, id := range ids {
			if !slices.Contains(offered, id) {
				offered = append(offered, id)
			}
		}
	}
	reply := Reply{Text: strings.Join(lines, "\n")}
	for _, id := range offered {
		reply.Actions = append(reply.Actions, c.toText(string(id))...)
	}
	return reply, len(lines) > 0
}
