package commands

import (
	"context"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// downtimeSpecs are the wards' commands.
func downtimeSpecs() []Spec {
	return []Spec{
		{
			Root: "downtime", Verb: "procedure", run: procedure,
			Args: []Arg{{Name: "topic", Kind: Words, Plain: true}, {Name: "department", Kind: Department}, {Name: "part", Kind: Number}},
		},
		{
			Root: "downtime", Verb: "ack", About: Outage, run: acknowledge,
			Args: []Arg{
				{Name: "answer", Kind: Choice, Choices: []string{"paper", "cannot", "seen"}, Plain: true},
				{Name: "text", Kind: Words, Plain: true},
				{Name: "department", Kind: Department},
			},
		},
		{
			Root: "downtime", Verb: "need", About: Outage, run: supply,
			Args: []Arg{
				{Name: "supply", Kind: Choice, Choices: []string{"forms", "people", "runner", "met"}, Plain: true},
				{Name: "n", Kind: Number},
				{Name: "text", Kind: Words, Plain: true},
				{Name: "department", Kind: Department},
			},
		},
		{
			Root: "downtime", Verb: "feedback", About: AnyOutage, run: feedback,
			Args: []Arg{{Name: "text", Kind: Words, Required: true, Plain: true}, {Name: "department", Kind: Department}},
		},
	}
}

// procedure quotes a procedure by id or title, finds one by free words, or lists those of the
// department that fit what is down.
func procedure(_ context.Context, c *Call) (Reply, error) {
	pack := c.h.desk.Pack()
	topic := strings.TrimSpace(c.text("topic"))
	var ids []hospital.ProcedureID
	switch id, near := pack.FindProcedure(topic); {
	case topic == "":
		ids = pack.DownFor(c.here(), c.down())
		if len(ids) == 0 {
			if d, ok := pack.Department(c.here()); ok {
				ids = d.DowntimeSet
			}
		}
	case id != "":
		part := max(c.number("part"), 1)
		text, parts := c.Voice.ProcedurePart(id, part)
		return Reply{Text: text, Actions: c.Voice.ProcedureActions(id, part, parts)}, nil
	default:
		route := c.h.router().Route(answer.Question{Text: topic, Lang: c.Voice.Lang, Department: c.here(), Down: c.down(), Open: true})
		for _, cand := range route.Candidates {
			if cand.Procedure != "" {
				ids = append(ids, cand.Procedure)
			}
		}
		if len(ids) == 0 {
			ids = near
		}
	}
	if len(ids) == 0 {
		return c.refuse("procedure.none", "text", topic), nil
	}
	reply := c.say("procedure.choose")
	for _, id := range ids {
		if p, ok := pack.Procedure(id); ok && len(reply.Actions) < 10 {
			reply.Actions = append(reply.Actions, bot.Action{
				Label: c.Voice.Say("action.procedure", "id", string(id), "title", p.Title), Line: "/downtime procedure " + string(id),
			})
		}
	}
	return reply, nil
}

// down are the systems that do not work now, by all outages.
func (c *Call) down() []incident.SystemID {
	var out []incident.SystemID
	for _, in := range c.h.desk.Ongoing() {
		if !in.Active() {
			continue
		}
		for _, s := range in.With(incident.Down, incident.Degraded) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}
