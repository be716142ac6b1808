package commands

import (
	"context"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// status shows an outage as it stands.
func status(_ context.Context, c *Call) (Reply, error) {
	return Reply{Text: c.Voice.Status(c.In)}, nil
}

// over sorts what goes on before what has ended.
func over(p incident.Phase) int {
	if p.Ended() {
		return 1
	}
	return 0
}

// list shows the outages there are: those going on, then the newest first.
func list(_ context.Context, c *Call) (Reply, error) {
	var lines []string
	heads := slices.Clone(c.h.desk.Heads())
	slices.SortStableFunc(heads, func(a, b bot.Head) int { return over(a.Phase) - over(b.Phase) })
	for _, h := range heads {
		if len(lines) < 20 {
			lines = append(lines, c.Voice.Say("list.one", "id", h.ID, "level", h.Level, "phase", h.Phase, "title", h.Title, "since", h.Since))
		}
	}
	if len(lines) == 0 {
		return c.say("list.none"), nil
	}
	return Reply{Text: strings.Join(lines, "\n")}, nil
}

// update states a fact; "unknown" takes it back.
func update(ctx context.Context, c *Call) (Reply, error) {
	key, value := incident.Key(c.text("key")), c.text("value")
	if c.h.grammar.is(value, "unknown") {
		value = ""
	}
	return c.done(ctx, incident.SetFact{Key: key, Value: value, Status: incident.Status(c.text("sure"))}, "done.update", "key", key, "value", c.Voice.Or(value))
}

// tell speaks to the departments in the coordinator's own words, after showing what they will read.
func tell(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.GiveUpdate{Text: c.text("text")}
	if _, err := cmd.Decide(c.In, c.Now); err != nil { // before they read 10,000 characters of it
		return Reply{}, err
	}
	if reply := c.tooSoon(cmd.Text); reply != nil {
		return *reply, nil
	}
	if n := len(c.In.Told); !c.confirmed() && n > c.h.desk.Settings().ConfirmAbove {
		return c.ask("ask.tell", bot.Primary, "n", n, "text", cmd.Text), nil
	}
	return c.done(ctx, cmd, "done.tell", "n", len(c.In.Told))
}

// level sets the level; a higher one may tell more departments, which is shown first.
func level(ctx context.Context, c *Call) (Reply, error) {
	to, _ := c.values["level"].(incident.Level)
	raised := c.In
	raised.Level = to
	if n := len(c.h.desk.Reached(raised)); !c.confirmed() && to > c.In.Level && n > len(c.In.Told)+c.h.desk.Settings().ConfirmAbove {
		return c.ask("ask.level", bot.Danger, "level", to, "old", c.In.Level, "n", n, "told", len(c.In.Told)), nil
	}
	phrase := "done.level"
	if to == c.In.Level {
		phrase = "done.level_kept"
	}
	return c.done(ctx, incident.SetLevel{Level: to, Reason: c.text("reason")}, phrase, "level", to, "old", c.In.Level)
}

// cause states the cause, suspected unless said otherwise.
func cause(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.SetCause{Class: incident.Class(c.text("class")), Text: c.text("text"), Status: incident.Status(c.text("sure"))}
	if cmd.Status == "" {
		cmd.Status = incident.Suspected
	}
	return c.done(ctx, cmd, "done.cause", "class", cmd.Class, "status", cmd.Status, "text", cmd.Text)
}

// scope says what is and is not affected, and since when. Each part is an act of its own.
func scope(ctx context.Context, c *Call) (Reply, error) {
	cmd := c.scoped()
	if reply := c.fine(&cmd); reply != nil {
		return *reply, nil
	}
	if reply := c.mistaken(cmd); reply != nil {
		return *reply, nil
	}
	var said Reply
	if works := c.text("works"); works != "" {
		if _, err := c.do(ctx, incident.SetFact{Key: incident.StillWorks, Value: works}); err != nil {
			return Reply{}, err
		}
		c.Line.ID = "" // what follows is a second act of the same line
		said = c.say("done.update", "key", incident.StillWorks, "value", works)
	}
	if since := c.moment("since"); !since.IsZero() {
		if _, err := c.do(ctx, incident.CorrectStart{Since: since}); err != nil {
			return Reply{}, err
		}
		c.Line.ID = ""
		said = c.say("done.began", "since", since, "old", c.In.Since)
	}
	if len(cmd.Systems)+len(cmd.Departments) == 0 && cmd.Extent == "" {
		if said.Text == "" {
			said = c.refuse("usage.scope_empty")
			said.Form = c.form()
		}
		return said, nil
	}
	o, err := c.do(ctx, c.h.desk.ExpandScope(cmd))
	if err != nil {
		return Reply{}, err
	}
	if o.Again {
		return c.say("done.again"), nil
	}
	return c.say("done.scope", "untold", c.untold(o.After), "higher", incident.L2,
		"systems", o.After.With(incident.Down, incident.Degraded), "extent", o.After.Extent,
		"departments", o.After.DepartmentsWith(incident.Affected), "fine", o.After.With(incident.Fine)), nil
}

// scoped are the systems and departments named; in an outage in part they are degraded, else down.
func (c *Call) scoped() incident.SetScope {
	cmd := incident.SetScope{Systems: map[incident.SystemID]incident.Standing{}, Departments: map[incident.DepartmentID]incident.Standing{}, Extent: incident.Extent(c.text("extent"))}
	said := incident.Down
	if cmd.Extent == incident.Partial || cmd.Extent == "" && c.In.Extent == incident.Partial {
		said = incident.Degraded
	}
	for _, s := range c.systems("systems") {
		cmd.Systems[s] = said
	}
	for _, d := range c.departments() {
		cmd.Departments[d] = incident.Affected
	}
	return cmd
}

// untold counts the departments that systems just named may reach and the level keeps from being told.
func (c *Call) untold(in incident.Incident) int {
	n := 0
	for _, d := range in.DepartmentsWith(incident.Possible) {
		if !slices.Contains(in.Told, d) {
			n++
		}
	}
	if len(c.systems("systems")) == 0 {
		return 0
	}
	return n
}

// symptom keeps what somebody sees, word for word.
func symptom(ctx context.Context, c *Call) (Reply, error) {
	cmd := incident.Report{
		Text: c.text("text"), Department: c.here(), Place: c.text("place"), Since: c.moment("since"),
		Extent: incident.Extent(c.text("extent")), Works: c.text("works"), Same: c.number("same"), Files: c.Line.Files,
	}
	if c.given["department"] == "" && c.Room.Department == "" && (c.Person.Has(bot.Coordinator) || c.Person.Has(bot.Engineer)) {
		cmd.Department = "" // said for somebody else: their own department is not what is affected
	}
	if s := c.systems("system"); len(s) > 0 {
		cmd.System = s[0]
	} else if s := c.h.desk.Pack().SystemsIn(byPhone.ReplaceAllString(cmd.Text, " ")); len(s) > 0 {
		cmd.System = s[0]
	}
	if cmd.Text == "" && cmd.Same == 0 && len(cmd.Files) == 0 {
		reply := Reply{Form: c.form(), Text: c.Voice.Say("usage.missing", "arg", c.label("text"))}
		return reply, nil
	}
	o, err := c.do(ctx, cmd)
	switch {
	case err != nil:
		return Reply{}, err
	case o.Again:
		return c.say("done.again"), nil
	case c.In.ID == 0:
		return c.say("done.symptom_desk"), nil
	}
	alike, _ := o.After.Alike(o.After.Symptoms[len(o.After.Symptoms)-1].Event)
	return c.say("done.symptom", "n", alike.Count), nil
}

// impact records how a department's work is affected.
func impact(ctx context.Context, c *Call) (Reply, error) {
	dep := c.here()
	return c.done(ctx, incident.AddImpact{Department: dep, Text: c.text("text")}, "done.impact", "department", dep)
}

// role gives somebody a role, or takes it back.
func role(ctx context.Context, c *Call) (Reply, error) {
	who, _ := c.values["person"].(incident.PersonID)
	cmd := incident.GiveRole{Role: c.text("role"), Person: who, Take: c.values["take"] == true}
	return c.done(ctx, cmd, "done.role", "person", who, "role", c.roleName(cmd.Role), "take", cmd.Take)
}

func (c *Call) roleName(id string) string {
	return c.Voice.RoleName(id)
}
