package commands

import (
	"context"
	"slices"

	"wardline/bot/incident"
	"wardline/bot/when"
)

// fixSpecs are the engineers' commands.
func fixSpecs() []Spec {
	visit := []Arg{{Name: "name", Kind: Words, Plain: true}, {Name: "due", Kind: Moment, Sense: when.Ahead}}
	return []Spec{
		{Root: "fix", Verb: "contacted", Needs: engineers(), About: Outage, Args: visit, run: visited(incident.Contacted)},
		{Root: "fix", Verb: "onway", Needs: engineers(), About: Outage, Args: visit, run: visited(incident.OnWay)},
		{Root: "fix", Verb: "arrived", Needs: engineers(), About: Outage, Args: visit[:1], run: visited(incident.Arrived)},
		{
			Root: "fix", Verb: "eta", Needs: engineers(), About: Outage, run: eta,
			Args: []Arg{
				{Name: "eta", Kind: Moment, Sense: when.Ahead, Required: true, Plain: true},
				{Name: "confidence", Kind: Choice, Choices: []string{"high", "medium", "low"}, Plain: true},
				{Name: "reason", Kind: Words, Plain: true},
				{Name: "giver", Kind: Words},
			},
		},
		{
			Root: "fix", Verb: "progress", Needs: engineers(), About: Outage, run: progress(false),
			Args: []Arg{{Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "fix", Verb: "need", Needs: engineers(), About: Outage, run: need,
			Args: []Arg{
				{Name: "result", Kind: Choice, Choices: []string{"raise", "met"}, Plain: true}, {Name: "n", Kind: Number}, {Name: "text", Kind: Words, Plain: true},
			},
		},
		{
			Root: "fix", Verb: "test", About: Outage, run: test,
			Args: []Arg{
				{Name: "result", Kind: Choice, Choices: []string{"try", "pass", "fail"}, Plain: true},
				{Name: "n", Kind: Number},
				{Name: "departments", Kind: Departments, Plain: true},
				{Name: "text", Kind: Words, Plain: true},
			},
		},
		{
			Root: "fix", Verb: "change", Needs: engineers(), About: Outage, run: noteChange,
			Args: []Arg{{Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "fix", Verb: "done", Needs: engineers(), About: Outage, run: progress(true),
			Args: []Arg{{Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{Root: "fix", Verb: "pack", About: AnyOutage, run: pack},
	}
}

// visited records a step of the engineer's visit; without a name it is the speaker's own.
func visited(step incident.Step) func(context.Context, *Call) (Reply, error) {
	return func(ctx context.Context, c *Call) (Reply, error) {
		cmd := incident.MoveEngineer{Step: step, Name: c.text("name"), Due: c.moment("due")}
		if cmd.Name == "" && c.In.Engineer.Name == "" || c.h.grammar.is(cmd.Name, "self") {
			cmd.Name = c.Person.Name
		}
		name := cmd.Name
		if name == "" {
			name = c.In.Engineer.Name
		}
		return c.done(ctx, cmd, "done.engineer", "name", name, "step", step, "due", c.moment("due"), "has_due", !c.moment("due").IsZero())
	}
}

// eta gives the expected time of recovery; "unknown" takes it back.
func eta(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.SetETA{At: c.moment("eta"), Confidence: incident.Confidence(c.text("confidence")), Giver: c.text("giver"), Reason: c.text("reason")}
	if cmd.Giver == "" {
		cmd.Giver = c.Person.Name
	}
	phrase := "done.eta"
	if old, holds := c.In.ETA(); holds && old.At.Equal(cmd.At) {
		phrase = "done.eta_same"
	}
	return c.done(ctx, cmd, phrase, "at", cmd.At, "known", !cmd.At.IsZero(), "confidence", cmd.Confidence, "told", len(c.In.Told))
}

// progress records a milestone; with done, that it is mended and wants testing.
func progress(done bool) func(context.Context, *Call) (Reply, error) {
	return func(ctx context.Context, c *Call) (Reply, error) {
		phrase := "done.progress"
		if done {
			phrase = "done.mended"
		}
		return c.done(ctx, incident.AddProgress{Text: c.text("text"), Done: done}, phrase)
	}
}

// need asks for something, or says it is met.
func need(ctx context.Context, c *Call) (Reply, error) {
	if c.text("result") == "met" {
		n := c.number("n")
		// What the wards wait for has its own buttons: without a number the engineers mean their own.
		open := slices.DeleteFunc(c.In.OpenNeeds(), func(n incident.Need) bool { return n.Department != "" })
		switch {
		case n == 0 && len(open) == 1:
			n = open[0].N
		case n == 0 && len(open) == 0:
			return c.nothingOpen("need"), nil
		}
		return c.done(ctx, incident.MeetNeed{N: n, How: c.text("text")}, "done.need_met", "n", n)
	}
	if c.text("text") == "" {
		return c.lacks(c.label("text")), nil
	}
	return c.done(ctx, incident.RaiseNeed{Text: c.text("text")}, "done.need", "n", len(c.In.Needs)+1)
}

// test asks departments to try something, or gives a department's result. Asking is the engineers' and
// the coordinator's; answering is everybody's.
func test(ctx context.Context, c *Call) (Reply, error) {
	if result := c.text("result"); result == "pass" || result == "fail" {
		n, dep := c.number("n"), c.tester()
		if n == 0 {
			n = c.In.TestFor(dep)
		}
		if n == 0 && len(c.In.Tests) == 0 {
			return c.nothingOpen("test"), nil
		}
		if n == 0 { // the refusal names the newest
			n = c.In.Tests[len(c.In.Tests)-1].N
		}
		return c.done(ctx, incident.AnswerTest{N: n, Department: dep, Pass: result == "pass", Text: c.text("text")}, "done.test_answer", "n", n, "pass", result == "pass")
	}
	if !c.h.desk.May(c.Person, c.In, engineers()...) {
		c.Spec.Needs = engineers()
		return c.notAllowed(), nil
	}
	deps := c.departments()
	if len(deps) == 0 || c.text("text") == "" {
		var missing []string
		if len(deps) == 0 {
			missing = append(missing, c.label("departments"))
		}
		if c.text("text") == "" {
			missing = append(missing, c.label("text"))
		}
		return c.lacks(missing...), nil
	}
	return c.done(ctx, incident.AskTest{Text: c.text("text"), Departments: deps}, "done.test", "n", len(c.In.Tests)+1, "departments", deps)
}

// tester is the department a test's answer is for: the one named, else the speaker's own. Who enters what
// a ward said on the telephone need not name the only one that was asked.
func (c *Call) tester() incident.DepartmentID {
	if deps := c.departments(); len(deps) > 0 {
		return deps[0]
	}
	dep := c.here()
	for _, t := range c.In.Tests {
		if t.N == c.number("n") && !slices.Contains(t.Departments, dep) && len(t.Departments) == 1 && c.h.desk.May(c.Person, c.In, engineers()...) {
			return t.Departments[0]
		}
	}
	return dep
}

// answersTest takes a test's answer that names no outage for the one that asked the department.
func (c *Call) answersTest(among []incident.Incident) bool {
	if result := c.text("result"); c.Spec.Name() != "fix test" || result != "pass" && result != "fail" {
		return false
	}
	var asked []incident.Incident
	for _, in := range among {
		if n := in.TestFor(c.tester()); n > 0 && (c.number("n") == 0 || n == c.number("n")) {
			asked = append(asked, in)
		}
	}
	if len(asked) != 1 {
		return false
	}
	c.In = asked[0]
	return true
}

// noteChange records what was changed on the systems lately.
func noteChange(ctx context.Context, c *Call) (Reply, error) {
	return c.done(ctx, incident.AddChange{Text: c.text("text")}, "done.change")
}

// pack shows the engineers' picture.
func pack(_ context.Context, c *Call) (Reply, error) {
	return Reply{Text: c.Voice.EngineerPack(c.In)}, nil
}
