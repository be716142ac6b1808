package incident

import (
	"slices"
	"time"
)

// Confidence is how sure the giver of an ETA is.
type Confidence string

// The confidences.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// ETA is when systems are expected to be usable again: a time, not a promise. A zero At takes the
// earlier one back: UNKNOWN.
type ETA struct {
	At         time.Time
	Confidence Confidence
	Giver      string // who gave it, as people call them
	Reason     string
	By         PersonID
	Said       time.Time
	Event      int
}

// ETA returns the time that holds, and whether there is one. A slipped ETA does not hold.
func (in Incident) ETA() (ETA, bool) {
	e, ok := last(in.ETAs)
	return e, ok && !e.At.IsZero() && !in.Slipped
}

// LastETA returns the newest time given, held or slipped, and whether there is one.
func (in Incident) LastETA() (ETA, bool) {
	for _, v := range slices.Backward(in.ETAs) {
		if !v.At.IsZero() {
			return v, true
		}
	}
	return ETA{}, false
}

// SetETA gives a new expected time, or takes the old one back with a zero At.
type SetETA struct {
	At         time.Time
	Confidence Confidence
	Giver      string
	Reason     string
}

// Decide refuses a past time, and a time that is already given when nothing more is said of it.
func (c SetETA) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := active(in); err != nil {
		return nil, err
	}
	old, holds := in.ETA()
	switch {
	case c.At.IsZero() && !holds && !in.Slipped:
		return nil, refuse("refused.same", "field", "eta")
	case c.At.IsZero() && len(in.ETAs) == 0:
		return nil, refuse("refused.same", "field", "eta")
	case !c.At.IsZero() && !c.At.After(now):
		return nil, refuse("refused.past", "field", "eta", "at", c.At)
	case holds && old.At.Equal(c.At) && (c.Confidence == "" || c.Confidence == old.Confidence) && (c.Reason == "" || c.Reason == old.Reason):
		return nil, refuse("refused.same", "field", "eta")
	}
	return bodies(ETASet(c))
}

// ETASet happened when somebody gave or withdrew an expected time.
type ETASet struct {
	At         time.Time  `json:"at,omitzero"`
	Confidence Confidence `json:"confidence,omitempty"`
	Giver      string     `json:"giver,omitempty"`
	Reason     string     `json:"reason,omitempty"`
}

// Kind is eta_set.
func (ETASet) Kind() Kind { return "eta_set" }

func (b ETASet) apply(in *Incident, e Event) {
	if old, holds := in.ETA(); !holds || !old.At.Equal(b.At) {
		in.LastClinical = e.At // a changed ETA is told at once
	}
	in.ETAs = add(in.ETAs, ETA{At: b.At, Confidence: b.Confidence, Giver: b.Giver, Reason: b.Reason, By: e.By, Said: e.At, Event: in.Version})
	in.Slipped = false
	sign(in, e)
}

// ETASlipped happened when an expected time passed and systems were still out of use.
type ETASlipped struct {
	At time.Time `json:"at"`
}

// Kind is eta_slipped.
func (ETASlipped) Kind() Kind { return "eta_slipped" }

func (b ETASlipped) apply(in *Incident, e Event) {
	in.Slipped = true
	in.Slips++
	in.LastClinical = e.At
	in.LastNudge = e.At // the engineers were asked for a new time, and are not asked for progress in the same breath
}

// sign notes that the engineers were heard of.
func sign(in *Incident, e Event) {
	in.LastEngineer = e.At
	in.Nudges, in.LastNudge = 0, time.Time{}
}
