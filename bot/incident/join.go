package incident

import "time"

// Join ends an outage that turned out to be part of another one. Nothing works again by that: the other
// one has its systems, and keeps the departments on paper.
type Join struct {
	Into ID
}

// Decide refuses once systems were released, and an outage that would be part of itself.
func (c Join) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := active(in); err != nil {
		return nil, err
	}
	if c.Into == in.ID || c.Into == 0 {
		return nil, refuse("refused.join_itself", "id", in.ID)
	}
	return bodies(Joined(c))
}

// Taken returns what the outage into must know of this one before it takes it over. Departments nobody
// confirmed follow from the systems and the level, as they do in every outage.
func (in Incident) Taken(into Incident) SetScope {
	scope := SetScope{Systems: map[SystemID]Standing{}, Departments: map[DepartmentID]Standing{}}
	for _, s := range in.With(Down, Degraded) {
		if have := into.Systems[s]; have != Down && have != Degraded {
			scope.Systems[s] = in.Systems[s]
		}
	}
	for _, d := range in.DepartmentsWith(Affected) {
		if into.Departments[d] != Affected {
			scope.Departments[d] = Affected
		}
	}
	return scope
}

// Joined happened when an outage became part of another one.
type Joined struct {
	Into ID `json:"into"`
}

// Kind is joined.
func (Joined) Kind() Kind { return "joined" }

func (b Joined) apply(in *Incident, e Event) {
	in.Phase, in.Ended, in.PartOf = Merged, e.At, b.Into
	in.LastClinical = e.At
}
