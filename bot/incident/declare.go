package incident

import (
	"slices"
	"time"
)

// Declare opens an incident. The caller has resolved names and expanded the dependencies.
type Declare struct {
	What        string // what is wrong, in one sentence
	Since       time.Time
	Systems     []SystemID
	Extent      Extent
	Stops       []SystemID // depend on Systems
	Degrades    []SystemID // lean on Systems
	Departments []DepartmentID
	MayReach    []DepartmentID // use one of the systems; nobody confirmed
	Level       Level
	Reason      string
	Works       string // what still works
	Symptoms    []Reported
}

// Decide opens the incident once.
func (c Declare) Decide(in Incident, now time.Time) ([]Body, error) {
	if in.Declared() {
		return nil, refuse("refused.declared", "id", in.ID)
	}
	if len(c.Systems) == 0 {
		return nil, refuse("refused.missing", "field", "systems")
	}
	if err := wanted("what", c.What); err != nil {
		return nil, err
	}
	if c.Since.IsZero() {
		c.Since = now
	}
	if c.Since.After(now) {
		return nil, refuse("refused.future", "field", "since", "at", c.Since)
	}
	if c.Level == 0 {
		c.Level = L1
	}
	out := []Body{
		Declared{
			Since: c.Since, Systems: c.Systems, Extent: c.Extent, Stops: c.Stops, Degrades: c.Degrades,
			Departments: c.Departments, MayReach: c.MayReach, Level: c.Level, Reason: c.Reason,
		},
		FactSet{Key: Headline, Value: c.What, Status: Confirmed},
	}
	if c.Works != "" {
		out = append(out, FactSet{Key: StillWorks, Value: c.Works, Status: Confirmed})
	}
	for _, s := range c.Symptoms {
		out = append(out, s)
	}
	return out, nil
}

// Declared happened when an incident was opened.
type Declared struct {
	Since       time.Time      `json:"since"`
	Systems     []SystemID     `json:"systems"`
	Extent      Extent         `json:"extent,omitempty"`
	Stops       []SystemID     `json:"stops,omitempty"`
	Degrades    []SystemID     `json:"degrades,omitempty"`
	Departments []DepartmentID `json:"departments,omitempty"`
	MayReach    []DepartmentID `json:"may_reach,omitempty"`
	Level       Level          `json:"level"`
	Reason      string         `json:"reason,omitempty"`
}

// Kind is declared.
func (Declared) Kind() Kind { return "declared" }

func (b Declared) apply(in *Incident, e Event) {
	in.Phase = Open
	in.DeclaredAt, in.DeclaredBy, in.Since = e.At, e.By, b.Since
	in.Level, in.LevelReason, in.Extent = b.Level, b.Reason, b.Extent
	in.LastClinical, in.LastEngineer = e.At, e.At
	said := Down
	if b.Extent == Partial {
		said = Degraded
	}
	in.Systems = map[SystemID]Standing{}
	guess(in.Systems, b.Degrades, PossiblyDegraded)
	guess(in.Systems, b.Stops, Possible)
	for _, s := range b.Systems {
		in.Systems[s] = said
	}
	in.Departments = map[DepartmentID]Standing{}
	guess(in.Departments, b.MayReach, Possible)
	for _, d := range b.Departments {
		in.Departments[d] = Affected
	}
	if b.Level >= L2 {
		in.giveScript(e.At)
	}
}

// guess marks what nobody said anything about.
func guess[K comparable](m map[K]Standing, ids []K, s Standing) {
	for _, id := range ids {
		if old, known := m[id]; !known || old.Guess() {
			m[id] = s
		}
	}
}

// Told happened when the clinical broadcast was put on its way to departments that had not had it.
type Told struct {
	Departments []DepartmentID `json:"departments"`
}

// Kind is told.
func (Told) Kind() Kind { return "told" }

func (b Told) apply(in *Incident, e Event) {
	in.Told = append(slices.Clip(in.Told), b.Departments...)
	in.tellWards(b.Departments, e.At)
	in.LastClinical = e.At
}
