package incident

import (
	"slices"
	"time"
)

// Decision is a question to the leaders, and what became of it.
type Decision struct {
	N       int
	Options []string
	By      time.Time // answer wanted until; zero = none stated
	Default string    // what is done if nobody answers
	Overdue bool      // the deadline passed without an answer
	Answer  string
	Decider PersonID
	Decided time.Time
	Taken   int       // number of the event by which it was taken
	Slipped time.Time // the expected time whose passing raised it; zero = a person asked
	Note    Note
}

// OpenDecisions returns the decisions nobody has taken. One raised by a passed time is open only while
// that outage lasts: once systems are released there is nothing left to decide.
func (in Incident) OpenDecisions() []Decision {
	var out []Decision
	for _, d := range in.Decisions {
		moot := !d.Slipped.IsZero() && (in.Phase != Open || d.Slipped.Before(in.DownSince()))
		if d.Answer == "" && !moot {
			out = append(out, d)
		}
	}
	return out
}

// AskLeaders puts a question to the leaders.
type AskLeaders struct {
	Text    string
	Options []string
	By      time.Time
	Default string
}

// Decide refuses an empty question and a deadline in the past.
func (c AskLeaders) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("question", c.Text)); err != nil {
		return nil, err
	}
	if !c.By.IsZero() && !c.By.After(now) {
		return nil, refuse("refused.past", "field", "by", "at", c.By)
	}
	return bodies(DecisionAsked{N: in.number("decision_asked"), Text: c.Text, Options: c.Options, By: c.By, Default: c.Default})
}

// slipDecision puts what a passed time leaves to be decided before the leaders, to be answered before the
// wards hear next. One that is still open is asked again under its number.
func (in Incident) slipDecision(eta, now time.Time, r Rules) DecisionAsked {
	b := DecisionAsked{N: in.number("decision_asked"), Slipped: eta}
	for _, d := range in.OpenDecisions() {
		if !d.Slipped.IsZero() {
			b.N = d.N
		}
	}
	if every := r.ClinicalEvery[in.Level]; every > 0 {
		b.By = now.Add(every)
	}
	return b
}

// DecisionAsked happened when leaders were asked. One with Slipped has no text of its own.
type DecisionAsked struct {
	N       int       `json:"n"`
	Text    string    `json:"text"`
	Options []string  `json:"options,omitempty"`
	By      time.Time `json:"by,omitzero"`
	Default string    `json:"default,omitempty"`
	Slipped time.Time `json:"slipped,omitzero"`
}

// Kind is decision_asked.
func (DecisionAsked) Kind() Kind { return "decision_asked" }

func (b DecisionAsked) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, b.Kind(), max(b.N, in.Numbers[b.Kind()]))
	d := Decision{N: b.N, Options: b.Options, By: b.By, Default: b.Default, Slipped: b.Slipped, Note: note(in, e, b.Text)}
	same := func(old Decision) bool { return old.N == b.N }
	if slices.ContainsFunc(in.Decisions, same) {
		in.Decisions = change(in.Decisions, same, func(old *Decision) { *old = d })
		return
	}
	in.Decisions = add(in.Decisions, d)
}

// Decided answers a question to the leaders.
type Decided struct {
	N      int
	Answer string
}

// Decide refuses a question that does not exist, and an answer it has already. Another answer replaces the
// one before: leaders may press the wrong button, and may think again.
func (c Decided) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("answer", c.Answer)); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(in.Decisions, func(d Decision) bool { return d.N == c.N })
	if i < 0 {
		return nil, refuse("refused.no_item", "kind", "decision", "n", c.N)
	}
	if in.Decisions[i].Answer == c.Answer {
		return nil, refuse("refused.already_done", "kind", "decision", "n", c.N)
	}
	return bodies(DecisionGiven(c))
}

// DecisionGiven happened when a leader decided.
type DecisionGiven struct {
	N      int    `json:"n"`
	Answer string `json:"answer"`
}

// Kind is decision_given.
func (DecisionGiven) Kind() Kind { return "decision_given" }

func (b DecisionGiven) apply(in *Incident, e Event) {
	in.Decisions = change(in.Decisions, func(d Decision) bool { return d.N == b.N }, func(d *Decision) {
		d.Answer, d.Decider, d.Decided, d.Taken = b.Answer, e.By, e.At, in.Version
	})
}

// DecisionOverdue happened when a deadline passed without an answer.
type DecisionOverdue struct {
	N int `json:"n"`
}

// Kind is decision_overdue.
func (DecisionOverdue) Kind() Kind { return "decision_overdue" }

func (b DecisionOverdue) apply(in *Incident, _ Event) {
	in.Decisions = change(in.Decisions, func(d Decision) bool { return d.N == b.N }, func(d *Decision) { d.Overdue = true })
}
