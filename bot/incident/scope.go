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

// Kind is scope_set.
func (ScopeSet) Kind() Kind { return "scope_set" }

func (b ScopeSet) apply(in *Incident, _ Event) {
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

// Report records a symptom, word for word.
type Report Reported

// Decide refuses a symptom without words or picture; the text is kept as it came. A symptom may be reported before
// anything is declared (to the desk's own log) and after restoring, but not once all is over.
func (c Report) Decide(in Incident, _ time.Time) ([]Body, error) {
	if in.Phase.Ended() {
		return nil, refuse("refused.ended", "id", in.ID, "phase", in.Phase)
	}
	if err := wanted("symptom", c.Text); err != nil && len(c.Files) == 0 { // a picture of it says enough
		return nil, err
	}
	if c.Same > 0 && !slices.ContainsFunc(in.Symptoms, func(s Symptom) bool { return s.Event == c.Same }) {
		return nil, refuse("refused.no_item", "kind", "symptom", "n", c.Same)
	}
	return bodies(Reported(c))
}

// Reported happened when somebody described what they see. Text is byte for byte what they gave.
type Reported struct {
	Text       string       `json:"text"`
	System     SystemID     `json:"system,omitempty"`
	Department DepartmentID `json:"department,omitempty"`
	Place      string       `json:"place,omitempty"`
	Since      time.Time    `json:"since,omitzero"`
	Extent     Extent       `json:"extent,omitempty"`
	Works      string       `json:"works,omitempty"`
	Same       int          `json:"same,omitempty"` // "me too": event number of the symptom meant
	Reporter   PersonID     `json:"reporter,omitempty"`
	Seen       time.Time    `json:"seen,omitzero"` // when it was first reported, if before this event
	Files      []File       `json:"files,omitempty"`
}

// File is a picture or document somebody attached. It stays where it was posted; the incident keeps its
// name and the address at which the people of that room can open it.
type File struct {
	Name string `json:"name"`
	Link string `json:"link,omitempty"`
}

// Kind is reported.
func (Reported) Kind() Kind { return "reported" }

// Symptom is what somebody sees.
type Symptom struct {
	Reported
	By    PersonID
	At    time.Time
	Event int
}

func (b Reported) apply(in *Incident, e Event) {
	s := Symptom{Reported: b, By: e.By, At: e.At, Event: in.Version}
	if b.Reporter != "" {
		s.By = b.Reporter
	}
	if !b.Seen.IsZero() {
		s.At = b.Seen
	}
	in.Symptoms = add(in.Symptoms, s)
	if in.Declared() && b.Department != "" && in.Departments[b.Department] != Affected {
		in.Departments = put(in.Departments, b.Department, Affected)
	}
}

// Group is one symptom and how often it was reported in the same words or by "me too".
type Group struct {
	Text        string
	Count       int
	First       int // event number of the first report
	Departments []DepartmentID
}

// SymptomGroups returns the reports grouped by exact text, the most frequent first, then the oldest.
func (in Incident) SymptomGroups() []Group {
	var out []Group
	at := map[string]int{}
	texts := map[int]string{}
	for _, s := range in.Symptoms {
		text := s.Text
		if s.Same > 0 && texts[s.Same] != "" {
			text = texts[s.Same]
		}
		texts[s.Event] = text
		i, ok := at[text]
		if !ok {
			i = len(out)
			at[text] = i
			out = append(out, Group{Text: text, First: s.Event})
		}
		out[i].Count++
		if s.Department != "" && !slices.Contains(out[i].Departments, s.Department) {
			out[i].Departments = append(out[i].Departments, s.Department)
		}
	}
	slices.SortStableFunc(out, func(a, b Group) int { return b.Count - a.Count })
	return out
}
