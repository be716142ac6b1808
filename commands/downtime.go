package commands

import (
	"context"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/answer"
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
	var ids []string
	switch id, near := pack.FindText(topic); {
	case topic == "":
		own := pack.DownFor(c.here(), c.down())
		if d, ok := pack.Department(c.here()); ok && len(own) == 0 {
			own = d.DowntimeSet
		}
		for _, p := range own {
			ids = append(ids, string(p))
		}
	case id != "":
		return c.quoted(id, max(c.number("part"), 1)), nil
	default:
		route := c.h.router().Route(answer.Question{Text: topic, Lang: c.Voice.Lang, Department: c.here(), Down: c.down(), Open: true})
		for _, cand := range route.Candidates {
			if cand.Score >= plausible && route.Why != answer.OffTopic {
				ids = append(ids, cand.ID())
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
	for _, id := range ids[:min(len(ids), 10)] {
		reply.Actions = append(reply.Actions, c.toText(id)...)
	}
	return reply, nil
}

// plausible is how likely a text must be, from 0 to 1, to be offered to who looks for one.
const plausible = 0.1

// quoted is one part of a procedure or back-entry sheet, with the button to the next.
func (c *Call) quoted(id string, part int) Reply {
	text, parts := c.Voice.QuotePart(id, part)
	return Reply{Text: text, Actions: c.Voice.QuoteActions(id, part, parts)}
}

// toText is the button that shows a procedure or back-entry sheet; none if there is no such text.
func (c *Call) toText(id string) []bot.Action {
	if action, ok := c.Voice.TextAction(id); ok {
		return buttons(action)
	}
	return nil
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
