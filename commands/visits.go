package commands

import (
	"context"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// visitSpecs are the commands of those who go to departments and see how the work is affected.
func visitSpecs() []Spec {
	who := []bot.Role{bot.Engineer, bot.Coordinator, bot.Leader}
	return []Spec{
		{Root: "outage", Verb: "visits", About: Outage, run: visits, Args: []Arg{{Name: "page", Kind: Number, Plain: true}}},
		{
			Root: "outage", Verb: "visit", Needs: who, About: Outage, run: visit,
			Args: []Arg{
				{Name: "result", Kind: Choice, Choices: []string{"claim", "arrived", "report", "drop"}, Required: true, Plain: true},
				{Name: "department", Kind: Department, Required: true, Plain: true},
				{Name: "stuck", Kind: Words, Plain: true},
				{Name: "works", Kind: Words},
				{Name: "waiting", Kind: OneWord},
			},
		},
	}
}

// mostOffered is how many visits are offered as buttons at once.
const mostOffered = 5

// visits shows which departments to visit, in what order, and who is on the way.
func visits(_ context.Context, c *Call) (Reply, error) {
	page := max(c.number("page"), 1)
	text, free, pages := c.Voice.Visits(c.In, page)
	reply := Reply{Text: text}
	tail := " incident:" + c.In.ID.String()
	for _, d := range free[:min(len(free), mostOffered)] {
		reply.Actions = append(reply.Actions, bot.Action{
			Label: c.Voice.Say("button.visit_one", "department", d), Line: "/outage visit claim department:" + string(d) + tail,
		})
	}
	if page < pages {
		reply.Actions = append(reply.Actions, c.button("button.more", "/outage visits page:"+itoa(page+1)+tail))
	}
	return reply, nil
}

// visit takes a visit on, gives it back, says that somebody is there, or what they see.
func visit(ctx context.Context, c *Call) (Reply, error) {
	dep := c.here()
	tail := " department:" + string(dep) + " incident:" + c.In.ID.String()
	switch c.text("result") {
	case "claim":
		reply, err := c.done(ctx, incident.ClaimVisit{Department: dep}, "done.visit_claimed", "department", dep, "due", c.h.desk.Rules().VisitDue)
		if err == nil {
			reply.Actions = buttons(c.button("button.visit_arrived", "/outage visit arrived"+tail), c.button("button.visit_drop", "/outage visit drop"+tail))
		}
		return reply, err
	case "drop":
		return c.done(ctx, incident.DropVisit{Department: dep}, "done.visit_dropped", "department", dep)
	case "arrived":
		reply, err := c.done(ctx, incident.ArriveVisit{Department: dep}, "done.visit_arrived", "department", dep)
		if err == nil {
			reply.Actions = buttons(c.button("button.visit_report", "/outage visit report"+tail))
		}
		return reply, err
	}
	if c.text("stuck") == "" {
		return c.lacks(c.label("stuck")), nil
	}
	cmd := incident.ReportVisit{Department: dep, Stuck: c.text("stuck"), Works: c.text("works"), Waiting: c.h.grammar.waiting(c.text("waiting"))}
	return c.done(ctx, cmd, "done.visit_reported", "department", dep)
}

// waiting reads how many patients wait: a number, with or without what is counted, or one of the words.
// Anything else comes back as it is and is refused.
func (g *grammar) waiting(text string) incident.Waiting {
	var words []string
	for _, w := range incident.Waitings() {
		words = append(words, string(w))
	}
	if w := g.pick(text, words); w != "" {
		return incident.Waiting(w)
	}
	n := strings.Trim(fold(text), " ~")
	for _, w := range g.words["counted"] {
		n = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(n, w), w))
	}
	return incident.Waiting(n)
}
