package incident

import (
	"slices"
	"strconv"
	"time"
)

// FieldVisit is somebody's way to a department to see how its work is affected.
type FieldVisit struct {
	By      PersonID
	Claimed time.Time
	Arrived time.Time
	Seen    time.Time // when the impact was reported
	Overdue bool      // it was brought up because nothing had been reported
}

// Underway reports whether somebody is on the way or there and has not reported yet.
func (v FieldVisit) Underway() bool { return !v.Claimed.IsZero() && v.Seen.IsZero() }

// ClaimVisit says that the speaker goes to a department.
type ClaimVisit struct{ Department DepartmentID }

// Decide refuses a department somebody else is on the way to.
func (c ClaimVisit) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if c.Department == "" {
		return nil, refuse("refused.missing", "field", "department")
	}
	if v := in.Visits[c.Department]; v.Underway() {
		return nil, refuse("refused.claimed", "department", c.Department, "by", v.By, "at", v.Claimed)
	}
	return bodies(VisitClaimed(c))
}

// VisitClaimed happened when somebody took a visit on.
type VisitClaimed struct {
	Department DepartmentID `json:"department"`
}

// Kind is visit_claimed.
func (VisitClaimed) Kind() Kind { return "visit_claimed" }

func (b VisitClaimed) apply(in *Incident, e Event) {
	in.Visits = put(in.Visits, b.Department, FieldVisit{By: e.By, Claimed: e.At})
}

// DropVisit gives a visit back, for others to take.
type DropVisit struct{ Department DepartmentID }

// Decide refuses a visit nobody has taken on.
func (c DropVisit) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if !in.Visits[c.Department].Underway() {
		return nil, refuse("refused.not_claimed", "department", c.Department)
	}
	return bodies(VisitDropped(c))
}

// VisitDropped happened when a visit was given back.
type VisitDropped struct {
	Department DepartmentID `json:"department"`
}

// Kind is visit_dropped.
func (VisitDropped) Kind() Kind { return "visit_dropped" }

func (b VisitDropped) apply(in *Incident, _ Event) {
	in.Visits = put(in.Visits, b.Department, FieldVisit{})
}

// ArriveVisit says that the speaker is in the department. Who just walks in need not have claimed it.
type ArriveVisit struct{ Department DepartmentID }

// Decide refuses a second arrival.
func (c ArriveVisit) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	v := in.Visits[c.Department]
	switch {
	case c.Department == "":
		return nil, refuse("refused.missing", "field", "department")
	case v.Underway() && !v.Arrived.IsZero():
		return nil, refuse("refused.claimed", "department", c.Department, "by", v.By, "at", v.Arrived)
	}
	return bodies(VisitArrived(c))
}

// VisitArrived happened when somebody was in the department.
type VisitArrived struct {
	Department DepartmentID `json:"department"`
}

// Kind is visit_arrived.
func (VisitArrived) Kind() Kind { return "visit_arrived" }

func (b VisitArrived) apply(in *Incident, e Event) {
	v := in.Visits[b.Department]
	if !v.Underway() {
		v = FieldVisit{Claimed: e.At}
	}
	v.By, v.Arrived = e.By, e.At
	in.Visits = put(in.Visits, b.Department, v)
}

// Waiting is how many patients wait: a number up to 9999, or one of the words. It is never a name.
type Waiting string

// The words for how many wait.
const (
	NobodyWaits Waiting = "none"
	FewWait     Waiting = "few"
	ManyWait    Waiting = "many"
	WaitUnknown Waiting = "unknown"
)

// Waitings lists the words.
func Waitings() []Waiting { return []Waiting{NobodyWaits, FewWait, ManyWait, WaitUnknown} }

// Number returns how many wait if it is a number.
func (w Waiting) Number() (int, bool) {
	n, err := strconv.Atoi(string(w))
	return n, err == nil && n >= 0 && n <= 9999 && strconv.Itoa(n) == string(w)
}

func (w Waiting) known() bool {
	if _, ok := w.Number(); ok {
		return true
	}
	return slices.Contains(Waitings(), w)
}

// ReportVisit says what was seen in a department.
type ReportVisit struct {
	Department DepartmentID
	Works      string // what works
	Stuck      string // what is stuck
	Waiting    Waiting
}

// Decide refuses a report that says nothing is stuck nor works, and patients that are no number.
func (c ReportVisit) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if c.Waiting == "" {
		c.Waiting = WaitUnknown
	}
	switch {
	case c.Department == "":
		return nil, refuse("refused.missing", "field", "department")
	case !c.Waiting.known():
		return nil, refuse("refused.waiting")
	}
	if err := wanted("stuck", c.Stuck); err != nil {
		return nil, err
	}
	if c.Works != "" {
		if err := wanted("works", c.Works); err != nil {
			return nil, err
		}
	}
	return bodies(VisitReported(c))
}

// VisitReported happened when somebody said what they saw in a department.
type VisitReported struct {
	Department DepartmentID `json:"department"`
	Works      string       `json:"works,omitempty"`
	Stuck      string       `json:"stuck"`
	Waiting    Waiting      `json:"waiting"`
}

// Kind is visit_reported.
func (VisitReported) Kind() Kind { return "visit_reported" }

func (b VisitReported) apply(in *Incident, e Event) {
	v := in.Visits[b.Department]
	if !v.Underway() {
		v = FieldVisit{Claimed: e.At}
	}
	if v.Arrived.IsZero() {
		v.Arrived = e.At
	}
	v.By, v.Seen = e.By, e.At
	in.Visits = put(in.Visits, b.Department, v)
	in.Impacts = add(in.Impacts, Impact{Department: b.Department, Works: b.Works, Waiting: b.Waiting, Note: note(in, e, b.Stuck)})
	if in.Departments[b.Department] != Affected {
		in.Departments = put(in.Departments, b.Department, Affected)
	}
}

// visitAt is when a visit is brought up because nothing was reported.
func (in Incident) visitAt(d DepartmentID, r Rules) time.Time {
	v := in.Visits[d]
	if in.Phase != Open || r.VisitDue <= 0 || v.Overdue || !v.Underway() {
		return time.Time{}
	}
	return v.Claimed.Add(r.VisitDue)
}

// VisitOverdue happened when nothing was reported of a visit in time.
type VisitOverdue struct {
	Department DepartmentID `json:"department"`
}

// Kind is visit_overdue.
func (VisitOverdue) Kind() Kind { return "visit_overdue" }

func (b VisitOverdue) apply(in *Incident, _ Event) {
	v := in.Visits[b.Department]
	v.Overdue = true
	in.Visits = put(in.Visits, b.Department, v)
}
