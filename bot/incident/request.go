package incident

import (
	"slices"
	"time"
)

// Need is something the engineers ask for: access, a part, a person, a window. With a Department it is what
// that department asks for: forms, people, a runner.
type Need struct {
	N          int
	Department DepartmentID
	What       Supply
	Met        bool
	How        string
	Note
}

// RaiseNeed asks for something.
type RaiseNeed struct{ Text string }

// Decide refuses an empty text.
func (c RaiseNeed) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("text", c.Text)); err != nil {
		return nil, err
	}
	return bodies(NeedRaised{N: in.number("need_raised"), Text: c.Text})
}

// NeedRaised happened when the engineers asked for something.
type NeedRaised struct {
	N    int    `json:"n"`
	Text string `json:"text"`
}

// Kind is need_raised.
func (NeedRaised) Kind() Kind { return "need_raised" }

func (b NeedRaised) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, b.Kind(), b.N)
	in.Needs = add(in.Needs, Need{N: b.N, Note: note(in, e, b.Text)})
	sign(in, e)
}

// MeetNeed says that a need is met.
type MeetNeed struct {
	N   int
	How string
}

// Decide refuses a need that does not exist or is met already.
func (c MeetNeed) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(in.Needs, func(n Need) bool { return n.N == c.N })
	if i < 0 {
		return nil, refuse("refused.no_item", "kind", "need", "n", c.N)
	}
	if in.Needs[i].Met {
		return nil, refuse("refused.already_done", "kind", "need", "n", c.N)
	}
	return bodies(NeedMet(c))
}

// NeedMet happened when a need was met.
type NeedMet struct {
	N   int    `json:"n"`
	How string `json:"how,omitempty"`
}

// Kind is need_met.
func (NeedMet) Kind() Kind { return "need_met" }

func (b NeedMet) apply(in *Incident, _ Event) {
	in.Needs = change(in.Needs, func(n Need) bool { return n.N == b.N }, func(n *Need) { n.Met, n.How = true, b.How })
}

// Test is a request to try something out, and who answered what.
type Test struct {
	N           int
	Departments []DepartmentID
	Results     []Result
	Note
}

// Result is one tester's answer.
type Result struct {
	Department DepartmentID
	Pass       bool
	Text       string
	By         PersonID
	At         time.Time
}

// Waiting returns the departments that have not passed: silent, or failed last time.
func (t Test) Waiting() []DepartmentID {
	var out []DepartmentID
	for _, d := range t.Departments {
		ok := false
		for _, r := range t.Results {
			if r.Department == d {
				ok = r.Pass
			}
		}
		if !ok {
			out = append(out, d)
		}
	}
	return out
}

// OpenTests returns the tests that somebody has not passed. What was asked before a relapse is over with it.
func (in Incident) OpenTests() []Test {
	var out []Test
	for _, t := range in.Tests {
		if t.Event > in.LastReopen && len(t.Waiting()) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// TestFor returns the test a department's answer is about: the newest one open for it, else the newest it
// was ever asked for; 0 if it never was.
func (in Incident) TestFor(dep DepartmentID) int {
	asked := 0
	for _, t := range slices.Backward(in.Tests) {
		if slices.Contains(t.Waiting(), dep) {
			return t.N
		}
		if asked == 0 && slices.Contains(t.Departments, dep) {
			asked = t.N
		}
	}
	return asked
}

// TestsSince returns how many tests were asked for after an event; what was tried before a relapse
// says nothing about the repair after it.
func (in Incident) TestsSince(event int) int {
	n := 0
	for _, t := range in.Tests {
		if t.Event > event {
			n++
		}
	}
	return n
}

// AskTest asks departments to try something.
type AskTest struct {
	Text        string
	Departments []DepartmentID
}

// Decide refuses a test without testers.
func (c AskTest) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(ongoing(in), wanted("text", c.Text)); err != nil {
		return nil, err
	}
	if len(c.Departments) == 0 {
		return nil, refuse("refused.missing", "field", "departments")
	}
	return bodies(TestAsked{N: in.number("test_asked"), Text: c.Text, Departments: c.Departments})
}

// TestAsked happened when departments were asked to try something.
type TestAsked struct {
	N           int            `json:"n"`
	Text        string         `json:"text"`
	Departments []DepartmentID `json:"departments"`
}

// Kind is test_asked.
func (TestAsked) Kind() Kind { return "test_asked" }

func (b TestAsked) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, b.Kind(), b.N)
	in.Tests = add(in.Tests, Test{N: b.N, Departments: b.Departments, Note: note(in, e, b.Text)})
	sign(in, e)
}

// AnswerTest gives a department's result. A later result of the same department replaces the earlier.
type AnswerTest struct {
	N          int
	Department DepartmentID
	Pass       bool
	Text       string
}

// Decide refuses a test or a tester that was not asked.
func (c AnswerTest) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(in.Tests, func(t Test) bool { return t.N == c.N })
	if i < 0 {
		return nil, refuse("refused.no_item", "kind", "test", "n", c.N)
	}
	if !slices.Contains(in.Tests[i].Departments, c.Department) {
		return nil, refuse("refused.not_asked", "n", c.N, "department", c.Department)
	}
	return bodies(TestAnswered(c))
}

// TestAnswered happened when a department said whether it works.
type TestAnswered struct {
	N          int          `json:"n"`
	Department DepartmentID `json:"department"`
	Pass       bool         `json:"pass"`
	Text       string       `json:"text,omitempty"`
}

// Kind is test_answered.
func (TestAnswered) Kind() Kind { return "test_answered" }

func (b TestAnswered) apply(in *Incident, e Event) {
	r := Result{Department: b.Department, Pass: b.Pass, Text: b.Text, By: e.By, At: e.At}
	in.Tests = change(in.Tests, func(t Test) bool { return t.N == b.N }, func(t *Test) { t.Results = add(t.Results, r) })
	if !b.Pass && in.Phase == Open { // "reported mended" would stay on every board
		in.Mended = false
	}
}
