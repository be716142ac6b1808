package commands

import (
	"context"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// askLeaders puts a decision to the leaders.
func askLeaders(ctx context.Context, c *Call) (Reply, error) {
	var options []string
	for _, o := range parts(c.text("options")) {
		options = append(options, strings.TrimSpace(o))
	}
	cmd := incident.AskLeaders{Text: c.text("text"), Options: options, By: c.moment("by"), Default: c.text("default")}
	return c.done(ctx, cmd, "done.ask_leaders", "n", len(c.In.Decisions)+1, "by", c.moment("by"), "has_by", !c.moment("by").IsZero())
}

// decide answers a decision. With one open it need not be named.
func decide(ctx context.Context, c *Call) (Reply, error) {
	n := c.number("n")
	open := c.In.OpenDecisions()
	if n == 0 && len(open) == 1 {
		n = open[0].N
	}
	if n == 0 && len(open) == 0 {
		return c.nothingOpen("decision"), nil
	}
	if n == 0 {
		reply := c.refuse("usage.which_decision", "n", len(open))
		for _, d := range open {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("decision.open", "n", d.N, "text", c.Voice.Decision(c.In, d)), Line: c.again("n", itoa(d.N))})
		}
		return reply, nil
	}
	for _, d := range c.In.Decisions {
		if d.N == n && d.Answer != "" && d.Answer != c.text("answer") && !c.confirmed() {
			return c.ask("ask.decide_again", bot.Danger, "n", n, "at", d.Decided, "by", d.Decider, "old", d.Answer, "answer", c.text("answer")), nil
		}
	}
	return c.done(ctx, incident.Decided{N: n, Answer: c.text("answer")}, "done.decide", "n", n, "answer", c.text("answer"))
}
