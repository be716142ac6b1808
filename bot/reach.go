package bot

import (
	"math"
	"slices"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// audience returns the departments that must hear of an incident, in visit order: at L1 those a person
// named (or, if nobody named any, those that use the systems), from L2 also those that may be reached,
// from L3 every department. What a person called fine is left out below L3.
func (d *Desk) audience(in incident.Incident) []incident.DepartmentID {
	affected := in.DepartmentsWith(incident.Affected)
	possible := in.DepartmentsWith(incident.Possible)
	var out []incident.DepartmentID
	for _, dep := range d.order.visit {
		switch {
		case dep.Kind == "leaders" || dep.ID == "leaders" || dep.ID == "it":
		case in.Level >= incident.L3,
			slices.Contains(affected, dep.ID),
			(in.Level >= incident.L2 || len(affected) == 0) && slices.Contains(possible, dep.ID):
			out = append(out, dep.ID)
		}
	}
	return out
}

// order is how the hospital's systems and departments are listed, worked out once.
type order struct {
	visit       []hospital.Department
	systems     map[incident.SystemID]int
	departments map[incident.DepartmentID]int
}

func orderOf(p *hospital.Pack) order {
	o := order{visit: p.Departments(), systems: map[incident.SystemID]int{}, departments: map[incident.DepartmentID]int{}}
	slices.SortStableFunc(o.visit, func(a, b hospital.Department) int { return visitedAs(a) - visitedAs(b) })
	for i, s := range p.Systems() {
		o.systems[s.ID] = i
	}
	for _, d := range o.visit {
		o.departments[d.ID] = visitedAs(d)
	}
	return o
}

// visitedAs orders departments as they are visited; those nobody visits come last.
func visitedAs(d hospital.Department) int {
	if d.VisitOrder == 0 {
		return math.MaxInt32
	}
	return d.VisitOrder
}

// Audience tells how many departments a declaration would tell, before it is made.
func (d *Desk) Audience(c incident.Declare, now time.Time) ([]incident.DepartmentID, error) {
	bodies, err := c.Decide(incident.Incident{}, now)
	if err != nil {
		return nil, err
	}
	var o Outcome
	o.fold(now, incident.Desk, bodies)
	return d.audience(o.After), nil
}

// consequences returns what follows from an incident's new state by the desk's own rules: departments
// that have not been told are told, and a level that is too low is proposed to be raised.
func (d *Desk) consequences(in incident.Incident, now time.Time) []incident.Body {
	if in.Phase != incident.Open {
		return nil
	}
	var out []incident.Body
	var untold []incident.DepartmentID
	for _, dep := range d.audience(in) {
		if !slices.Contains(in.Told, dep) {
			untold = append(untold, dep)
		}
	}
	if len(untold) > 0 {
		out = append(out, incident.Told{Departments: untold})
	}
	level, why := incident.Propose(d.Grounds(in, now), d.rules.Limits)
	if level > max(in.Level, in.Proposed, in.Declined) {
		out = append(out, incident.LevelProposed{Level: level, Reason: why})
	}
	return out
}

// sensitive are the systems whose loss policy.yaml counts as hitting medicines, laboratory or blood.
func sensitive(id incident.SystemID) bool {
	switch id {
	case "cpoe", "emar", "pharm", "pivas", "adc", "lis", "critval", "bb", "path":
		return true
	}
	return false
}

// Grounds counts what a level is proposed from.
func (d *Desk) Grounds(in incident.Incident, now time.Time) incident.Grounds {
	g := incident.Grounds{
		Partial:     in.Extent == incident.Partial,
		Departments: len(in.DepartmentsWith(incident.Affected)),
		Lasted:      in.OutOfUse(now),
	}
	for _, id := range in.With(incident.Down, incident.Degraded) {
		g.Systems++
		s, _ := d.opts.Pack.System(id)
		if s.Tier <= 1 {
			g.Critical++
		}
		g.Network = g.Network || id == "core_net"
		g.Sensitive = g.Sensitive || sensitive(id)
	}
	for _, dep := range in.DepartmentsWith(incident.Affected) {
		g.Sensitive = g.Sensitive || dep == "ed"
	}
	if c, ok := in.Cause(); ok {
		g.Attack = c.Class == incident.Attack
	}
	if eta, ok := in.ETA(); ok {
		g.Expected = in.OutOfUse(eta.At)
	}
	return g
}

// Expand fills in what a declaration reaches through the hospital's dependencies, and the level the
// rules propose, where the declarer left them open.
func (d *Desk) Expand(c incident.Declare, now time.Time) incident.Declare {
	reach := d.opts.Pack.Reach(c.Systems)
	c.Stops, c.Degrades = reach.Stops, reach.Degrades
	c.MayReach = nil
	for _, dep := range reach.Departments {
		if !slices.Contains(c.Departments, dep) {
			c.MayReach = append(c.MayReach, dep)
		}
	}
	if c.Since.IsZero() {
		c.Since = now
	}
	if c.Level == 0 {
		bodies, err := c.Decide(incident.Incident{}, now)
		if err == nil {
			var o Outcome
			o.fold(now, incident.Desk, bodies)
			c.Level, c.Reason = incident.Propose(d.Grounds(o.After, now), d.rules.Limits)
		}
	}
	return c
}

// ExpandScope does the same for systems that are named later.
func (d *Desk) ExpandScope(c incident.SetScope) incident.SetScope {
	var down []incident.SystemID
	for id, s := range c.Systems {
		if s == incident.Down || s == incident.Degraded {
			down = append(down, id)
		}
	}
	if len(down) == 0 {
		return c
	}
	slices.Sort(down)
	reach := d.opts.Pack.Reach(down)
	c.Stops, c.Degrades, c.MayReach = reach.Stops, reach.Degrades, reach.Departments
	return c
}

// Reached returns the departments that must hear of an incident as it is.
func (d *Desk) Reached(in incident.Incident) []incident.DepartmentID { return d.audience(in) }
