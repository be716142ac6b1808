package commands

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/bot/when"
)

// wardSpecs are the commands by which those who coordinate see how the wards stand.
func wardSpecs() []Spec {
	return []Spec{
		{Root: "outage", Verb: "wards", About: AnyOutage, run: wards, Args: []Arg{{Name: "page", Kind: Number, Plain: true}, {Name: "after", Kind: Department}}},
		{
			Root: "outage", Verb: "script", Needs: engineers(), About: Outage, run: script,
			Args: []Arg{{Name: "result", Kind: Choice, Choices: []string{"read"}, Plain: true}, {Name: "at", Kind: Moment, Sense: when.Behind, Plain: true}},
		},
	}
}

// wards shows how far every department is, those people must look at first.
func wards(_ context.Context, c *Call) (Reply, error) {
	if after, ok := c.values["after"].(incident.DepartmentID); ok {
		return c.nextCalls(after), nil
	}
	page := max(c.number("page"), 1)
	text, pages := c.Voice.Wards(c.In, page)
	reply := Reply{Text: text}
	if c.In.Active() && c.h.desk.May(c.Person, c.In, bot.Coordinator, bot.Engineer, bot.Leader) {
		_, deps, more := c.Voice.Calls(c.In, "")
		reply.Actions = c.toldButtons(deps, more)
	}
	if c.In.Active() {
		reply.Actions = append(reply.Actions, c.button("button.visits", "/outage visits incident:"+c.In.ID.String()))
	}
	if page < pages {
		reply.Actions = append(reply.Actions, c.button("button.more", "/outage wards page:"+itoa(page+1)+" incident:"+c.In.ID.String()))
	}
	return reply, nil
}

// nextCalls lists the next departments to be phoned, with a button for each.
func (c *Call) nextCalls(after incident.DepartmentID) Reply {
	if !c.In.Active() {
		return c.refuse("refused.not_open", "id", c.In.ID, "phase", c.In.Phase)
	}
	text, deps, more := c.Voice.Calls(c.In, after)
	if len(deps) == 0 {
		return c.say("calls.none", "id", c.In.ID, "n", len(c.In.WardsStanding(incident.WardSilent)))
	}
	return Reply{Text: text, Actions: c.toldButtons(deps, more)}
}

// toldButtons has a button for each department, for who phones them one after another, and one for the next.
func (c *Call) toldButtons(deps []incident.DepartmentID, more bool) []bot.Action {
	var out []bot.Action
	for _, d := range deps {
		out = append(out, bot.Action{
			Label: c.Voice.Say("button.told", "department", d),
			Line:  "/downtime ack seen department:" + string(d) + " incident:" + c.In.ID.String(),
		})
	}
	if more {
		out = append(out, c.button("button.next_calls", "/outage wards after:"+string(deps[len(deps)-1])+" incident:"+c.In.ID.String()))
	}
	return out
}

// script shows the text for the loudspeaker, or notes that it was read.
func script(ctx context.Context, c *Call) (Reply, error) {
	if c.text("result") == "read" {
		at := c.moment("at")
		if at.IsZero() {
			at = c.Now
		}
		return c.done(ctx, incident.ReadScript{At: at}, "done.script_read", "at", at)
	}
	if c.In.Script.Given.IsZero() {
		return c.refuse("refused.no_script", "id", c.In.ID), nil
	}
	reply := Reply{Text: c.Voice.Script(c.In)}
	if c.In.Script.Waiting() {
		reply.Actions = buttons(bot.Action{
			Label: c.Voice.Say("button.script_read"), Line: "/outage script read incident:" + c.In.ID.String(), Style: bot.Primary,
		})
	}
	return reply, nil
}

// acknowledge gives a department's answer to the call to paper. Words without an answer are asked back:
// "no pumps" must not count as "on paper".
func acknowledge(ctx context.Context, c *Call) (Reply, error) {
	dep := c.here()
	if reply, ok := c.speaksFor(dep); !ok {
		return reply, nil
	}
	word := incident.Word(c.text("answer"))
	if word == "" {
		reply := c.say("ask.ack", "department", dep, "text", c.text("text"))
		reply.Actions = buttons(
			bot.Action{Label: c.Voice.Say("button.paper"), Line: c.again("answer", string(incident.OnPaper)), Style: bot.Primary},
			bot.Action{Label: c.Voice.Say("button.cannot"), Line: c.again("answer", string(incident.Cannot)), Style: bot.Danger},
		)
		return reply, nil
	}
	reply, err := c.done(ctx, incident.Acknowledge{Department: dep, Word: word, Text: c.text("text")}, "done.ack_"+string(word), "department", dep)
	if err != nil {
		return reply, err
	}
	if word != incident.Heard {
		reply.Actions = buttons(
			c.button("button.supply", "/downtime need department:"+string(dep)+" incident:"+c.In.ID.String()),
			c.button("button.procedure", "/downtime procedure"),
		)
	}
	if word == incident.OnPaper {
		err = c.alsoFor(ctx, dep, &reply)
	}
	return reply, err
}

// supply asks for forms, people or a runner, or says that they are there.
func supply(ctx context.Context, c *Call) (Reply, error) {
	if c.text("supply") == "met" {
		return c.supplyMet(ctx)
	}
	dep, what := c.here(), incident.Supply(c.text("supply"))
	if reply, ok := c.speaksFor(dep); !ok {
		return reply, nil
	}
	if what == "" {
		reply := c.say("ask.supply", "department", dep)
		for _, s := range incident.Supplies() {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.supply_one", "what", s), Line: c.again("supply", string(s))})
		}
		reply.Form = c.form()
		return reply, nil
	}
	cmd := incident.RequestSupply{Department: dep, What: what, Text: c.text("text")}
	o, err := c.do(ctx, cmd)
	if err != nil || o.Again {
		return c.say("done.again"), err
	}
	n := o.After.Needs[len(o.After.Needs)-1].N
	reply := c.say("done.supply", "department", dep, "what", what, "n", n)
	reply.Actions = buttons(c.button("button.met", "/downtime need met n:"+itoa(n)+" incident:"+c.In.ID.String()))
	return reply, nil
}

// numbered is how people write the number of a need: N3. A bare number may be how many forms.
var numbered = regexp.MustCompile(`^[nN][0-9]{1,6}$`)

// supplyMet says that what a department asked for is there. What engineers need is theirs to settle.
func (c *Call) supplyMet(ctx context.Context) (Reply, error) {
	open := slices.DeleteFunc(c.In.OpenNeeds(), func(n incident.Need) bool { return n.Department == "" })
	n, how := c.number("n"), c.text("text")
	if first, rest := cut(how); n == 0 && numbered.MatchString(first) {
		n, _ = strconv.Atoi(first[1:]) // digits only
		how = rest
	}
	if mine := slices.DeleteFunc(slices.Clone(open), func(n incident.Need) bool { return n.Department != c.here() }); n == 0 && len(mine) == 1 {
		n = mine[0].N
	}
	for _, need := range c.In.Needs {
		if need.N == n && need.Department != "" {
			return c.done(ctx, incident.MeetNeed{N: n, How: how}, "done.need_met", "n", n)
		}
	}
	if n == 0 && len(open) > 0 {
		reply := c.refuse("usage.which_need")
		for _, need := range open {
			reply.Actions = append(reply.Actions, bot.Action{
				Label: c.Voice.Say("need.of_ward", "n", need.N, "department", need.Department, "what", need.What, "text", need.Text), Line: c.again("n", itoa(need.N)),
			})
		}
		return reply, nil
	}
	if n == 0 {
		return c.nothingOpen("need"), nil
	}
	return c.refuse("refused.no_item", "kind", c.Voice.Say("item.need"), "n", n), nil
}

// feedback keeps what somebody says about how the downtime went.
func feedback(ctx context.Context, c *Call) (Reply, error) {
	return c.done(ctx, incident.GiveFeedback{Department: c.here(), Text: c.text("text")}, "done.feedback")
}

// speaksFor reports whether the speaker may answer for a department: from it, in its room, or by a role
// that looks after all of them.
func (c *Call) speaksFor(dep incident.DepartmentID) (Reply, bool) {
	if dep == "" || dep == c.Room.Department || dep == c.Person.Department ||
		c.h.desk.May(c.Person, c.In, bot.Coordinator, bot.Engineer, bot.Leader) {
		return Reply{}, true
	}
	return c.refuse("refused.not_yours", "department", dep), false
}
