package answer

import (
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Question is what somebody asked, and the situation it was asked in.
type Question struct {
	Text       string
	Lang       hospital.Lang // of the asker; the router itself reads both languages at once
	Department incident.DepartmentID
	Down       []incident.SystemID // down or degraded now
	Open       bool                // an outage is open
	After      bool                // systems were released, and what was done on paper is being entered
}

// Kind says who or what answers.
type Kind string

// The kinds of route.
const (
	Live      Kind = "live"      // only the state of the incident can answer
	Procedure Kind = "procedure" // one of the candidates answers
	Person    Kind = "person"    // a person must answer
)

// Topic is what a live question is about.
type Topic string

// The topics of live questions.
const (
	WhenBack   Topic = "when-back"   // the ETA
	StillDown  Topic = "still-down"  // is a system down, is it back, may we use it
	Scope      Topic = "scope"       // which units, which systems, the whole hospital or only us
	Cause      Topic = "cause"       // why, and of which kind
	Level      Topic = "level"       // how severe
	Engineer   Topic = "engineer"    // who repairs it, there or when
	Since      Topic = "since"       // how long already
	WhoRuns    Topic = "who-runs"    // who coordinates
	Latest     Topic = "latest"      // the news
	NextUpdate Topic = "next-update" // when the next news comes
	Progress   Topic = "progress"    // how far the repair is
	StillWorks Topic = "still-works" // what can be used meanwhile
	Capacity   Topic = "capacity"    // how much is left of something; a fact may know
	Decision   Topic = "decision"    // whether something was decided
	Phone      Topic = "phone"       // the number of IT; by rule only
	EnterBy    Topic = "enter-by"    // until when to enter what is on paper; by rule only
	Todo       Topic = "todo"        // what the asker's department does now; by rule only
)

// Topics returns all topics that questions were asked about; those by rule only are not learnt.
func Topics() []Topic {
	return []Topic{
		WhenBack, StillDown, Scope, Cause, Level, Engineer, Since, WhoRuns, Latest, NextUpdate,
		Progress, StillWorks, Capacity, Decision,
	}
}

// Why says why a question goes to a person.
type Why string

// The reasons to hand a question to a person.
const (
	Clinical    Why = "clinical"     // what is right for a patient
	PatientData Why = "patient-data" // a patient's results or particulars
	Password    Why = "password"     // a secret
	Order       Why = "order"        // the bot is told to do what only a role may do, or to forget its rules
	Opinion     Why = "opinion"      // blame, guesses, judgement of people
	OffTopic    Why = "off-topic"    // nothing to do with an outage
	Courtesy    Why = "courtesy"     // thanks, a greeting, "we are on paper": nobody need answer; by rule only
	Unknown     Why = "unknown"      // nothing known fits well enough
)

// Reasons returns all reasons to hand a question to a person.
func Reasons() []Why {
	return []Why{Clinical, PatientData, Password, Order, Opinion, OffTopic, Unknown}
}

// Route is where a question goes.
type Route struct {
	Kind        Kind
	Topic       Topic                   // for Live
	Systems     []incident.SystemID     // named in the question
	Departments []incident.DepartmentID // named in the question
	Candidates  []Candidate             // best first, at most three; for Live and Unknown they are only suggestions
	Sure        bool                    // the first candidate may be shown alone
	Text        float64                 // how likely a text answers at all, from 0 to 1; 0 where a rule decided alone
	Why         Why                     // for Person
	Thing       string                  // for StillDown: what was asked about, where it is no known system
	Lacks       bool                    // the asker lacks forms, people or a runner, whatever else answers
}

// Candidate is a procedure or a back-entry sheet that may answer; one of the two ids is set.
type Candidate struct {
	Procedure hospital.ProcedureID
	Sheet     hospital.SheetID
	Line      int // which of the procedure's lines, or of the sheet's items, fits best, from 0; -1 where none stands out
	Score     float64
}

// Shown are the texts an asker is shown: those that answer, or, beside the word of the state or of a person, one or two
// that may well be what was meant. Where a person is asked because of a patient, or because nothing was understood,
// what to do on paper meanwhile is shown more freely.
func (r Route) Shown() []Candidate {
	if r.Kind == Procedure {
		return r.Candidates
	}
	freely := r.Kind == Person && (r.Why == Unknown || r.Why == Clinical)
	var out []Candidate
	for _, c := range r.Candidates[:min(len(r.Candidates), mostBeside)] {
		if c.Score >= likely && (freely || r.Text >= perhaps) {
			out = append(out, c)
		}
	}
	return out
}

// ID returns the id of the procedure or sheet.
func (c Candidate) ID() string {
	if c.Sheet != "" {
		return string(c.Sheet)
	}
	return string(c.Procedure)
}
