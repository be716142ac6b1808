package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

func itoa(n int) string { return strconv.Itoa(n) }

// restore says that systems may be used again. A wrong word here can hurt somebody, so it always shows
// what the departments will read and asks once more.
func restore(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.Restore{
		Systems: c.systems("systems"), Watch: c.h.desk.Settings().Watch, CutOver: c.moment("cutover"), BackEntryBy: c.moment("backentry"), Override: c.text("override"),
	}
	if cmd.BackEntryBy.IsZero() {
		if p1, ok := c.h.desk.Pack().Priority("P1"); ok {
			cmd.BackEntryBy = p1.Target.From(c.Now)
		}
	}
	if _, err := cmd.Decide(c.In, c.Now); err != nil {
		return Reply{}, err
	}
	what := cmd.Systems
	if len(what) == 0 {
		what = c.In.With(incident.Down, incident.Degraded)
	}
	left := slices.DeleteFunc(c.In.With(incident.Down, incident.Degraded), func(s incident.SystemID) bool { return slices.Contains(what, s) })
	if !c.confirmed() {
		reports, where := c.since(restoreLook)
		kept := c.Voice.KeptOut(c.In, what)
		return c.ask("ask.restore", bot.Danger, "systems", what, "n", len(c.In.Told)-len(kept), "out", len(kept), "kept", kept, "mended", c.In.Mended, "tests", c.In.TestsSince(c.In.LastReopen),
			"open", len(c.In.OpenTests()) > 0, "override", cmd.Override, "by", cmd.BackEntryBy, "left", left, "part", len(left) > 0,
			"reports", reports, "where", where, "for", restoreLook), nil
	}
	return c.done(ctx, cmd, "done.restore", "systems", what, "left", left, "all", len(left) == 0, "watch", c.h.desk.Settings().Watch, "told", len(c.In.Told))
}

// restoreLook is how far back a release looks for reports that it does not work.
const restoreLook = 30 * time.Minute

// since counts the symptoms of late, and says where: whoever releases must have read them. What was
// reported before the engineers called it mended is what they mended.
func (c *Call) since(look time.Duration) (int, []incident.DepartmentID) {
	from := c.Now.Add(-look)
	if n := len(c.In.Progress); c.In.Mended && c.In.Progress[n-1].At.After(from) {
		from = c.In.Progress[n-1].At
	}
	n := 0
	var where []incident.DepartmentID
	for _, s := range c.In.Symptoms {
		if s.At.Before(from) {
			continue
		}
		n++
		if s.Department != "" && !slices.Contains(where, s.Department) {
			where = append(where, s.Department)
		}
	}
	return n, where
}

// onlyDepartments explains, to whoever would release a system for some departments, how the ward that is
// still out stays out: as an outage of its own, before the rest is released.
func (c *Call) onlyDepartments() *Reply {
	if c.Spec.Name() != "outage restore" {
		return nil
	}
	for _, part := range parts(c.given["systems"]) {
		if id, _ := c.h.desk.Pack().FindSystem(part); id != "" {
			continue
		}
		dep, _ := c.h.desk.Pack().FindDepartment(part)
		down := c.In.With(incident.Down, incident.Degraded)
		if dep == "" || len(down) == 0 {
			continue
		}
		ward := dep
		for _, d := range c.In.Told {
			if d != dep {
				ward = d
				break
			}
		}
		system, out := string(down[0]), string(ward) // what can be typed as one word
		if c.Voice.Lang == hospital.ZH {
			system, out = c.Voice.System(down[0]), c.Voice.Department(ward)
		}
		reply := c.refuse("refused.restore_ward", "department", dep, "ward", out, "system", system, "id", c.In.ID)
		return &reply
	}
	return nil
}

// reopen says that it failed again.
func reopen(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.Reopen{Reason: c.text("reason"), Systems: c.systems("systems")}
	if len(cmd.Systems) == 0 {
		cmd.Systems = c.In.With(incident.Up)
	}
	reach := c.h.desk.Pack().Reach(cmd.Systems)
	cmd.Stops, cmd.Degrades = reach.Stops, reach.Degrades
	return c.done(ctx, cmd, "done.reopen", "told", len(c.In.Told))
}

// closeOutage ends an outage in which nothing is owed.
func closeOutage(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.Close{Note: c.text("note"), Override: c.text("override")}
	if _, err := cmd.Decide(c.In, c.Now); err != nil {
		return Reply{}, err
	}
	if !c.confirmed() {
		return c.ask("ask.close", bot.Danger, "id", c.In.ID, "override", cmd.Override), nil
	}
	return c.done(ctx, cmd, "done.close")
}

// cancel ends a false alarm.
func cancel(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.Cancel{Reason: c.text("reason")}
	if _, err := cmd.Decide(c.In, c.Now); err != nil {
		return Reply{}, err
	}
	if same, ok := c.sameAs(cmd.Reason); ok {
		reply := c.refuse("refused.cancel_same", "id", c.In.ID, "into", same)
		reply.Actions = buttons(bot.Action{Label: c.Voice.Say("button.merge", "into", same), Line: "/outage merge " + same.String() + " incident:" + c.In.ID.String(), Style: bot.Primary})
		return reply, nil
	}
	if !c.confirmed() {
		return c.ask("ask.cancel", bot.Danger, "id", c.In.ID, "n", len(c.In.Told), "reason", cmd.Reason), nil
	}
	return c.done(ctx, cmd, "done.cancel")
}

// timeline shows what happened, one numbered line per event; the numbers are what strike takes.
func timeline(ctx context.Context, c *Call) (Reply, error) {
	events, err := c.h.desk.Events(ctx, c.In.ID)
	if err != nil {
		return Reply{}, err
	}
	var lines []string
	for i, e := range events {
		if line := c.Voice.Event(i+1, e); line != "" {
			lines = append(lines, line)
		}
	}
	return Reply{Text: strings.Join(lines, "\n")}, nil
}

// report sums an outage up: the figures that can be counted from its log, then the timeline.
func report(ctx context.Context, c *Call) (Reply, error) {
	events, err := c.h.desk.Events(ctx, c.In.ID)
	if err != nil {
		return Reply{}, err
	}
	lines, err := timeline(ctx, c)
	if err != nil {
		return Reply{}, err
	}
	return Reply{Text: c.Voice.Report(c.In, events) + "\n\n" + lines.Text}, nil
}

// strike hides the text of an event that should not have been written.
func strike(ctx context.Context, c *Call) (Reply, error) {
	events, err := c.h.desk.Events(ctx, c.In.ID)
	if err != nil {
		return Reply{}, err
	}
	n := c.number("n")
	if n > len(events) {
		return c.refuse("refused.no_item", "kind", c.Voice.Say("item.event"), "n", n), nil
	}
	cmd := incident.Strike{Number: n, Of: events[n-1].Body.Kind(), Reason: c.text("reason")}
	if _, err := cmd.Decide(c.In, c.Now); err != nil {
		return Reply{}, err
	}
	if !c.confirmed() {
		return c.ask("ask.strike", bot.Danger, "n", n), nil
	}
	return c.done(ctx, cmd, "done.strike", "n", n)
}
