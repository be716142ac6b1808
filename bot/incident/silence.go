package incident

import (
	"slices"
	"time"
)

// Chase is how far a department's silence was followed up.
type Chase int

// The steps: its own room and charge nurse, then the supervisor, then the phone list.
const (
	Reminded  Chase = 1 + iota // who has not answered is asked once more in its own room
	Escalated                  // who has given no sign is named to the supervisor
	Listed                     // who has still given none is to be phoned, or a runner sent
)

// chases lists the steps in order.
func chases() []Chase { return []Chase{Reminded, Escalated, Listed} }

// Follow is when each step is taken, counted from the word to the department; 0 leaves a step out.
type Follow map[Chase]time.Duration

// chaseAt is when a department's next step is due; zero when none is. Whoever gave a sign is only
// reminded to answer.
func (in Incident) chaseAt(d DepartmentID, step Chase, f Follow) time.Time {
	w := in.Wards[d]
	_, answered := w.Answer()
	switch {
	case in.Phase != Open, w.Told.IsZero(), f[step] <= 0, w.Chased >= step, answered:
		return time.Time{}
	case step > Reminded && !w.Seen.IsZero(), in.Departments[d] == Fine, len(in.WardNeeds(d)) > 0:
		return time.Time{}
	}
	return w.Told.Add(f[step])
}

// silenceAt is when the next step is due in any department.
func (in Incident) silenceAt(f Follow) time.Time {
	var next time.Time
	for d := range in.Wards {
		for _, step := range chases() {
			if at := in.chaseAt(d, step, f); !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}

// chase returns the steps that are due.
func (in Incident) chase(f Follow, now time.Time) []Body {
	var out []Body
	for _, step := range chases() {
		var silent []DepartmentID
		for _, d := range in.Told {
			if at := in.chaseAt(d, step, f); !at.IsZero() && !now.Before(at) && !slices.Contains(silent, d) {
				silent = append(silent, d)
			}
		}
		if len(silent) > 0 {
			out = append(out, SilenceChased{Step: step, Departments: silent})
		}
	}
	return out
}

// SilenceChased happened when departments that had not answered were followed up.
type SilenceChased struct {
	Step        Chase          `json:"step"`
	Departments []DepartmentID `json:"departments"`
}

// Kind is silence_chased.
func (SilenceChased) Kind() Kind { return "silence_chased" }

func (b SilenceChased) apply(in *Incident, _ Event) {
	for _, d := range b.Departments {
		in.ward(d, func(w *Ward) { w.Chased = max(w.Chased, b.Step) })
	}
}

// Script is the text for the loudspeaker: the bot cannot play it, so a person reads it and says so.
type Script struct {
	Given    time.Time // when the text was handed out; zero = never
	Read     time.Time // when it was read aloud; zero = not yet
	Reader   PersonID
	Reminded bool
}

// giveScript hands the text out anew.
func (in *Incident) giveScript(at time.Time) { in.Script = Script{Given: at} }

// Waiting reports whether the text was handed out and nobody has said it was read.
func (s Script) Waiting() bool { return !s.Given.IsZero() && s.Read.IsZero() }

// scriptAt is when the reading is asked for again.
func (in Incident) scriptAt(r Rules) time.Time {
	if in.Phase != Open || !in.Script.Waiting() || in.Script.Reminded || r.ScriptRemind <= 0 {
		return time.Time{}
	}
	return in.Script.Given.Add(r.ScriptRemind)
}

// ReadScript says that the text was read aloud; a zero At is now.
type ReadScript struct{ At time.Time }

// Decide refuses where no text was handed out or it was read already.
func (c ReadScript) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := active(in); err != nil {
		return nil, err
	}
	switch {
	case in.Script.Given.IsZero():
		return nil, refuse("refused.no_script", "id", in.ID)
	case !in.Script.Read.IsZero():
		return nil, refuse("refused.script_read", "at", in.Script.Read, "by", in.Script.Reader)
	case c.At.After(now):
		return nil, refuse("refused.future", "field", "at", "at", c.At)
	}
	if c.At.IsZero() {
		c.At = now
	}
	return bodies(ScriptRead(c))
}

// ScriptRead happened when a person said that the text was read aloud, and when.
type ScriptRead struct {
	At time.Time `json:"at"`
}

// Kind is script_read.
func (ScriptRead) Kind() Kind { return "script_read" }

func (b ScriptRead) apply(in *Incident, e Event) { in.Script.Read, in.Script.Reader = b.At, e.By }

// ScriptWaits happened when nobody had said in time that the text was read.
type ScriptWaits struct{}

// Kind is script_waits.
func (ScriptWaits) Kind() Kind { return "script_waits" }

func (ScriptWaits) apply(in *Incident, _ Event) { in.Script.Reminded = true }
