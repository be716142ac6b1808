package incident

import (
	"maps"
	"slices"
	"time"
)

// Incident is the fold of its events. Its zero value is an incident that was not declared yet.
// It is a value: apply never changes what an earlier copy can see.
type Incident struct {
	ID         ID
	Version    int // number of events folded
	Phase      Phase
	DeclaredAt time.Time
	DeclaredBy PersonID
	Since      time.Time // when the failure began
	Ended      time.Time // when it was closed or cancelled
	EndReason  string
	Override   string // why it was closed although something was still open

	Level          Level
	LevelReason    string
	Proposed       Level // raised by rule and not yet decided on; 0 = none
	ProposedReason string
	Declined       Level // the highest level that was proposed or held and that the coordinator decided against

	Extent      Extent
	Systems     map[SystemID]Standing
	Departments map[DepartmentID]Standing
	Told        []DepartmentID        // departments that were sent the clinical broadcast, in order
	Wards       map[DepartmentID]Ward // of those that were told
	Script      Script
	Visits      map[DepartmentID]FieldVisit
	Feedback    []Feedback
	Facts       map[Key][]Fact // every value a fact had; the last one holds
	Causes      []Cause        // the last one holds
	ETAs        []ETA          // the last one holds
	Slipped     bool           // the last ETA has passed without restoring
	Slips       int            // how many ETAs have passed so
	Engineer    Visit
	Progress    []Note
	Mended      bool // the newest progress is the engineers' word that it is repaired
	Symptoms    []Symptom
	Impacts     []Impact
	Changes     []Note // what was changed on the systems lately
	Needs       []Need
	Tests       []Test
	Decisions   []Decision
	Questions   []Question
	Roles       map[string][]PersonID // policy role -> who holds it
	Numbers     map[Kind]int          // the last number given to a need, test, decision or question

	Updates       []Note    // what the coordinator told the wards in own words
	LastClinical  time.Time // when the wards last heard
	LastEngineer  time.Time // when the engineers last gave a sign
	Nudges        int       // how often the engineers were asked for progress since
	LastNudge     time.Time // when they were asked last, for that or for a new time
	RestoredAt    time.Time
	RestoredUntil time.Time // when the watch ends
	CutOver       time.Time // work after this goes into the system, work before it is on paper
	BackEntryBy   time.Time
	Relapses      []Relapse
	InUse         time.Duration // released, and not yet failed again: all such spans together
	PartOf        ID            // the outage this one was joined to
	LevelEvent    int           // numbers of the newest events of these kinds, for "what changed since"
	LastRestore   int
	LastReleased  []SystemID
	ScopeEvent    int // other systems are down since
	LastReopen    int
}

// Apply folds one more event. It cannot fail: an event is past.
func (in Incident) Apply(e Event) Incident {
	in.Version++
	e.Body.apply(&in, e)
	return in
}

// Fold replays a whole log. What a later event struck out is treated as blank from the start, so
// that the text is in no state any more.
func Fold(id ID, events []Event) Incident {
	return Incident{ID: id}.Resume(events)
}

// Resume folds the events that follow a snapshot. The snapshot must be younger than any strike of
// an event it contains.
func (in Incident) Resume(events []Event) Incident {
	struck := map[int]bool{}
	for _, e := range events {
		if s, ok := e.Body.(Struck); ok {
			struck[s.Number] = true
		}
	}
	for _, e := range events {
		if struck[in.Version+1] {
			e.Body = Blanked{Was: e.Body.Kind()}
		}
		in = in.Apply(e)
	}
	return in
}

// Declared reports whether the incident exists.
func (in Incident) Declared() bool { return in.Phase != "" }

// Active reports whether systems are out of use: open and not yet restored.
func (in Incident) Active() bool { return in.Phase == Open }

// Ongoing reports whether something is still owed.
func (in Incident) Ongoing() bool { return in.Declared() && !in.Phase.Ended() }

// Standing is how a system or department stands in an incident.
type Standing string

// The standings. What a person said outranks what the dependency map guesses.
const (
	Down             Standing = "down"              // a person said it does not work
	Degraded         Standing = "degraded"          // a person said it works badly or in part
	Possible         Standing = "possible"          // it depends on something down; nobody confirmed
	PossiblyDegraded Standing = "possibly_degraded" // it leans on something down; nobody confirmed
	Affected         Standing = "affected"          // a department a person named
	Fine             Standing = "fine"              // a person said it works, or is not concerned
	Up               Standing = "up"                // was down and is restored
)

// Guess reports whether the standing comes from the dependency map only.
func (s Standing) Guess() bool { return s == Possible || s == PossiblyDegraded }

// Extent tells whether the systems fail in part or as a whole.
type Extent string

// The extents. "" is not known.
const (
	Partial Extent = "partial"
	Total   Extent = "total"
)

// With returns the systems of any of the standings, in order of id.
func (in Incident) With(standings ...Standing) []SystemID {
	var out []SystemID
	for id, s := range in.Systems {
		if slices.Contains(standings, s) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// DepartmentsWith returns the departments of any of the standings, in order of id.
func (in Incident) DepartmentsWith(standings ...Standing) []DepartmentID {
	var out []DepartmentID
	for id, s := range in.Departments {
		if slices.Contains(standings, s) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// DownSince is since when systems are out of use now: after a relapse that is when they failed again.
func (in Incident) DownSince() time.Time {
	if n := len(in.Relapses); n > 0 {
		return in.Relapses[n-1].At
	}
	return in.Since
}

// OutOfUse is how long systems were out of use until then: what lay between a release and a relapse does
// not count.
func (in Incident) OutOfUse(until time.Time) time.Duration {
	return max(until.Sub(in.Since)-in.InUse, 0)
}

// Duration is how long the failure has lasted, up to its end or to restoring while restored.
func (in Incident) Duration(now time.Time) time.Duration {
	end := now
	switch {
	case in.Phase == Restored || in.Phase == Recovering || in.Phase == Closed:
		if !in.RestoredAt.IsZero() {
			end = in.RestoredAt
		}
	case in.Phase == Cancelled, in.Phase == Merged:
		end = in.Ended
	}
	return max(end.Sub(in.Since), 0)
}

// put returns a copy of m with one more entry, leaving m to whoever still holds it.
func put[K comparable, V any](m map[K]V, k K, v V) map[K]V {
	out := maps.Clone(m)
	if out == nil {
		out = map[K]V{}
	}
	out[k] = v
	return out
}

// add returns a copy of s with one more item.
func add[T any](s []T, v T) []T { return append(slices.Clip(s), v) }

// number returns the next number for a need, test, decision or question. A number is given once, even
// if its holder was struck: a button under an old message must not reach another question.
func (in Incident) number(k Kind) int { return in.Numbers[k] + 1 }

// change returns a copy of s in which f changed the item found by is; s itself if there is none.
func change[T any](s []T, is func(T) bool, f func(*T)) []T {
	i := slices.IndexFunc(s, is)
	if i < 0 {
		return s
	}
	out := slices.Clone(s)
	f(&out[i])
	return out
}

// changeAll returns a copy of s in which f changed every item found by is.
func changeAll[T any](s []T, is func(T) bool, f func(*T)) []T {
	s = slices.Clone(s)
	for i := range s {
		if is(s[i]) {
			f(&s[i])
		}
	}
	return s
}

// last returns the last item and whether there is one.
func last[T any](s []T) (v T, ok bool) {
	if len(s) == 0 {
		return v, false
	}
	return s[len(s)-1], true
}
