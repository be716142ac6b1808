package incident

import (
	"slices"
	"time"
)

// Visit is how far the engineer has come.
type Visit struct {
	Name      string
	Contacted time.Time
	Due       time.Time // expected on site
	OnWay     time.Time
	Arrived   time.Time
}

// Step is a stage of an engineer's visit.
type Step string

// The steps of a visit.
const (
	Contacted Step = "contacted"
	OnWay     Step = "onway"
	Arrived   Step = "arrived"
)

// MoveEngineer records a step of the engineer's visit. An empty Name keeps the one known.
type MoveEngineer struct {
	Step Step
	Name string
	Due  time.Time
}

// Decide refuses a step that is already recorded for the same engineer, and an arrival in the past.
func (c MoveEngineer) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if !c.Due.IsZero() && !c.Due.After(now) {
		return nil, refuse("refused.past", "field", "due", "at", c.Due)
	}
	if c.Name == "" {
		c.Name = in.Engineer.Name
	}
	if c.Name == "" {
		return nil, refuse("refused.missing", "field", "engineer")
	}
	v := in.Engineer
	if v.Name == c.Name && v.at(c.Step) && (c.Due.IsZero() || c.Due.Equal(v.Due)) {
		return nil, refuse("refused.same", "field", string(c.Step))
	}
	return bodies(EngineerMoved(c))
}

func (v Visit) at(s Step) bool {
	switch s {
	case Contacted:
		return !v.Contacted.IsZero()
	case OnWay:
		return !v.OnWay.IsZero()
	case Arrived:
		return !v.Arrived.IsZero()
	}
	return false
}

// EngineerMoved happened when an engineer was contacted, set out or arrived.
type EngineerMoved struct {
	Step Step      `json:"step"`
	Name string    `json:"name"`
	Due  time.Time `json:"due,omitzero"`
}

// Kind is engineer_moved.
func (EngineerMoved) Kind() Kind { return "engineer_moved" }

func (b EngineerMoved) apply(in *Incident, e Event) {
	v := in.Engineer
	if v.Name != b.Name {
		v = Visit{Name: b.Name}
	}
	if !b.Due.IsZero() {
		v.Due = b.Due
	}
	switch b.Step {
	case Contacted:
		v.Contacted = e.At
	case OnWay:
		v.OnWay = e.At
	case Arrived:
		v.Arrived = e.At
	}
	in.Engineer = v
	sign(in, e)
}

// AddProgress records what the engineers have done or found.
type AddProgress struct {
	Text string
	Done bool // the engineers say it is mended; the wards are not told yet
}

// Decide refuses an empty text.
func (c AddProgress) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if c.Done && in.Phase != Open {
		return nil, refuse("refused.not_open", "id", in.ID, "phase", in.Phase)
	}
	if err := wanted("text", c.Text); err != nil {
		return nil, err
	}
	return bodies(Progressed(c))
}

// Progressed happened when the engineers reported a milestone.
type Progressed struct {
	Text string `json:"text"`
	Done bool   `json:"done,omitempty"`
}

// Kind is progressed.
func (Progressed) Kind() Kind { return "progressed" }

func (b Progressed) apply(in *Incident, e Event) {
	in.Progress = add(in.Progress, note(in, e, b.Text))
	in.Mended = b.Done
	sign(in, e)
}

// AddChange records what was changed on the systems lately: an update, a repair, a configuration.
type AddChange struct {
	Text string
}

// Decide refuses an empty text.
func (c AddChange) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("text", c.Text)); err != nil {
		return nil, err
	}
	return bodies(ChangeNoted(c))
}

// ChangeNoted happened when somebody named a recent change.
type ChangeNoted struct {
	Text string `json:"text"`
}

// Kind is change_noted.
func (ChangeNoted) Kind() Kind { return "change_noted" }

func (b ChangeNoted) apply(in *Incident, e Event) {
	in.Changes = add(in.Changes, note(in, e, b.Text))
}

// GiveRole makes somebody the holder of a role, or takes it back.
type GiveRole struct {
	Role   string
	Person PersonID
	Take   bool
}

// Decide refuses what is already so.
func (c GiveRole) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if in.Holds(c.Person, c.Role) != c.Take {
		return nil, refuse("refused.same", "field", "role")
	}
	return bodies(RoleGiven(c))
}

// Holds reports whether the person holds the role in this incident.
func (in Incident) Holds(p PersonID, role string) bool {
	return slices.Contains(in.Roles[role], p)
}

// RoleGiven happened when a role was given or taken back.
type RoleGiven struct {
	Role   string   `json:"role"`
	Person PersonID `json:"person"`
	Take   bool     `json:"take,omitempty"`
}

// Kind is role_given.
func (RoleGiven) Kind() Kind { return "role_given" }

func (b RoleGiven) apply(in *Incident, _ Event) {
	var holders []PersonID
	for _, h := range in.Roles[b.Role] {
		if h != b.Person {
			holders = append(holders, h)
		}
	}
	if !b.Take {
		holders = append(holders, b.Person)
	}
	in.Roles = put(in.Roles, b.Role, holders)
}

// GiveUpdate tells the wards something in the coordinator's own words.
type GiveUpdate struct {
	Text string
}

// Decide refuses an empty text.
func (c GiveUpdate) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("text", c.Text)); err != nil {
		return nil, err
	}
	return bodies(UpdateGiven(c))
}

// UpdateGiven happened when the coordinator told the wards something.
type UpdateGiven struct {
	Text string `json:"text"`
}

// Kind is update_given.
func (UpdateGiven) Kind() Kind { return "update_given" }

func (b UpdateGiven) apply(in *Incident, e Event) {
	in.Updates = add(in.Updates, note(in, e, b.Text))
	in.LastClinical = e.At
}
