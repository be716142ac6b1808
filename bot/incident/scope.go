package incident

import (
	"maps"
	"slices"
	"time"
)

// SetScope says what is and is not affected. What a person says outranks the dependency map.
type SetScope struct {
	Systems     map[SystemID]Standing
	Stops       []SystemID // expansion of newly named systems
	Degrades    []SystemID
	Departments map[DepartmentID]Standing
	MayReach    []DepartmentID
	Extent      Extent // "" leaves it
}

// Decide refuses a scope that says nothing new.
func (c SetScope) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if in.Phase != Open && len(ScopeSet(c).Said(Down, Degraded)) > 0 { // the wards would read "also down" beside "open again"
		return nil, refuse("refused.scope_released", "id", in.ID, "systems", ScopeSet(c).Said(Down, Degraded))
	}
	same := c.Extent == "" || c.Extent == in.Extent
	for id, s := range c.Systems {
		same = same && in.Systems[id] == s
	}
	for id, s := range c.Departments {
		same = same && in.Departments[id] == s
	}
	if same {
		return nil, refuse("refused.same", "field", "scope")
	}
	return bodies(ScopeSet(c))
}

// ScopeSet happened when somebody said what is affected.
type ScopeSet struct {
	Systems     map[SystemID]Standing     `json:"systems,omitempty"`
	Stops       []SystemID                `json:"stops,omitempty"`
	Degrades    []SystemID                `json:"degrades,omitempty"`
	Departments map[DepartmentID]Standing `json:"departments,omitempty"`
	MayReach    []DepartmentID            `json:"may_reach,omitempty"`
	Extent      Extent                    `json:"extent,omitempty"`
}

// Said returns the systems of which it was said that they stand so, in order of id.
func (b ScopeSet) Said(standings ...Standing) []SystemID {
	return Incident{Systems: b.Systems}.With(standings...)
}

// Reaches returns the departments that were named.
func (b ScopeSet) Reaches() []DepartmentID {
	return Incident{Departments: b.Departments}.DepartmentsWith(Affected)
}

// Kind is scope_set.
func (ScopeSet) Kind() Kind { return "scope_set" }

func (b ScopeSet) apply(in *Incident, e Event) {
	before := in.With(Down, Degraded)
	b.mark(in)
	if !slices.Equal(before, in.With(Down, Degraded)) {
		in.ScopeEvent = in.Version
		in.LastClinical = e.At // the wards are told at once what else is down, or works
	}
}

func (b ScopeSet) mark(in *Incident) {
	for id, s := range b.Systems {
		in.Systems = put(in.Systems, id, s)
	}
	if len(b.Stops)+len(b.Degrades) > 0 {
		systems := maps.Clone(in.Systems)
		guessNew(systems, b.Degrades, PossiblyDegraded)
		guess(systems, b.Stops, Possible)
		in.Systems = systems
	}
	for id, s := range b.Departments {
		in.Departments = put(in.Departments, id, s)
	}
	if len(b.MayReach) > 0 {
		departments := maps.Clone(in.Departments)
		guessNew(departments, b.MayReach, Possible)
		in.Departments = departments
	}
	if b.Extent == "" {
		return
	}
	in.Extent = b.Extent
	from, to := Down, Degraded
	if b.Extent == Total {
		from, to = Degraded, Down
	}
	for id, s := range in.Systems {
		if _, named := b.Systems[id]; s == from && !named {
			in.Systems = put(in.Systems, id, to)
		}
	}
}

// guessNew marks only what was not known at all.
func guessNew[K comparable](m map[K]Standing, ids []K, s Standing) {
	for _, id := range ids {
		if _, known := m[id]; !known {
			m[id] = s
		}
	}
}

// AddImpact records how a department's work is affected, as seen on the spot.
type AddImpact struct {
	Department DepartmentID
	Text       string
}

// Decide refuses an empty impact.
func (c AddImpact) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("impact", c.Text)); err != nil {
		return nil, err
	}
	return bodies(ImpactSeen(c))
}

// ImpactSeen happened when somebody said how a department's work is affected.
type ImpactSeen struct {
	Department DepartmentID `json:"department,omitempty"`
	Text       string       `json:"text"`
}

// Kind is impact_seen.
func (ImpactSeen) Kind() Kind { return "impact_seen" }

// Impact is how a department's work is affected.
type Impact struct {
	Department DepartmentID
	Works      string  // what works, if somebody went there and saw
	Waiting    Waiting // how many patients wait; "" = nobody went there
	Note
}

func (b ImpactSeen) apply(in *Incident, e Event) {
	in.Impacts = add(in.Impacts, Impact{Department: b.Department, Note: note(in, e, b.Text)})
	if b.Department != "" && in.Departments[b.Department] != Affected {
		in.Departments = put(in.Departments, b.Department, Affected)
	}
}
