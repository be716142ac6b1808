package hospital

import (
	"maps"
	"slices"

	"wardline/bot/incident"
)

// Reach is how far an outage carries. It is what the pack says and so only probable.
type Reach struct {
	Stops, Degrades []incident.SystemID     // by tier, then restore order; without those given
	Departments     []incident.DepartmentID // every unit that uses what is down or stops, in visit order
}

// Reach follows the dependencies from the systems that are down. Hard edges carry a stop from system
// to system. A soft edge from anything that is off degrades, and whatever depends, hard or soft, on
// something degraded may be degraded too; but a degraded system never stops another.
func (p *Pack) Reach(down []incident.SystemID) Reach {
	off := map[incident.SystemID]bool{}
	for _, id := range down {
		off[id] = true
	}
	p.spread(off, func(s System) bool { return s.needs(off, Hard) })
	ill := maps.Clone(off)
	p.spread(ill, func(s System) bool { return s.needs(ill, Hard) || s.needs(ill, Soft) })

	var r Reach
	var all []incident.SystemID
	for _, s := range p.systems {
		switch {
		case off[s.ID]:
			all = append(all, s.ID)
			if !slices.Contains(down, s.ID) {
				r.Stops = append(r.Stops, s.ID)
			}
		case ill[s.ID]:
			r.Degrades = append(r.Degrades, s.ID)
		}
	}
	r.Departments = p.Users(all)
	return r
}

// spread adds to set every system that is hit, until no more are.
func (p *Pack) spread(set map[incident.SystemID]bool, hit func(System) bool) {
	for grown := true; grown; {
		grown = false
		for _, s := range p.systems {
			if !set[s.ID] && hit(s) {
				set[s.ID], grown = true, true
			}
		}
	}
}

// needs reports whether the system has an edge of the kind to anything that is off.
func (s System) needs(off map[incident.SystemID]bool, k DependencyKind) bool {
	return slices.ContainsFunc(s.DependsOn, func(d Dependency) bool { return d.Kind == k && off[d.ID] })
}

// Users returns the departments that use any of the systems, in visit order.
func (p *Pack) Users(systems []incident.SystemID) []incident.DepartmentID {
	var out []incident.DepartmentID
	for _, d := range p.byVisit() {
		if slices.ContainsFunc(systems, func(s incident.SystemID) bool { return p.Uses(d.ID, s) }) {
			out = append(out, d.ID)
		}
	}
	return out
}

// Uses reports whether a department or one above it uses the system.
func (p *Pack) Uses(dept incident.DepartmentID, system incident.SystemID) bool {
	return slices.ContainsFunc(p.line(dept), func(d Department) bool { return slices.Contains(d.Uses, system) })
}

// line returns a department and those it inherits from, itself first.
func (p *Pack) line(dept incident.DepartmentID) []Department {
	var out []Department
	for d, ok := p.Department(dept); ok; d, ok = p.Department(d.Parent) {
		out = append(out, d)
	}
	return out
}
