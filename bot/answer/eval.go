package answer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Labelled is a question with the answer somebody gave it: an id of a procedure or sheet, "live" or "live/topic",
// "none" or "person/why" for a person, whatever the reason. Its JSON form is one line of a question file.
type Labelled struct {
	ID         string                `json:"id"`
	Lang       hospital.Lang         `json:"lang"`
	Department incident.DepartmentID `json:"dept"`
	Question   string                `json:"question"`
	Expect     string                `json:"expect"`
	Also       []string              `json:"also,omitempty"` // other answers that are right
}

// Share is how many of how many.
type Share struct{ Right, All int }

// Rate returns the share as a number from 0 to 1; of nothing it is 1.
func (s Share) Rate() float64 {
	if s.All == 0 {
		return 1
	}
	return float64(s.Right) / float64(s.All)
}

// String is the share as "0.953 (41/43)", of nothing "-".
func (s Share) String() string {
	if s.All == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f (%d/%d)", s.Rate(), s.Right, s.All)
}

func (s *Share) count(right bool) {
	s.All++
	if right {
		s.Right++
	}
}

// Scores is how well the questions of one language were routed.
type Scores struct {
	Top1, Top3      Share // of the questions a procedure answers
	Shown           Share // of these too: the asker is shown the right text, if only on a button beside another answer
	Live            Share
	None            Share
	NoneAsProcedure Share // Right counts the faults: answered by a procedure though a person must
}

// Miss is a question that took another route than its label says.
type Miss struct {
	Labelled Labelled
	Got      string // an id, live/topic or person/why
	Score    float64
}

// Report is what Eval found.
type Report struct {
	ByLang map[hospital.Lang]*Scores
	All    Scores
	Misses []Miss
}

// Eval routes labelled questions, each as asked during an outage, and counts. What stopped reports as holding a patient's
// data or a secret never comes as far as the router: its asker is sent to a person.
func Eval(r *Router, questions []Labelled, stopped func(text string) bool) Report {
	rep := Report{ByLang: map[hospital.Lang]*Scores{}}
	for _, q := range questions {
		route := Route{Kind: Person, Why: PatientData}
		if !stopped(q.Question) {
			route = r.Route(Question{Text: q.Question, Lang: q.Lang, Department: q.Department, Open: true})
		}
		if rep.ByLang[q.Lang] == nil {
			rep.ByLang[q.Lang] = &Scores{}
		}
		for _, s := range []*Scores{rep.ByLang[q.Lang], &rep.All} {
			s.count(q, route)
		}
		if !q.accepts(route) {
			m := Miss{Labelled: q, Got: route.name()}
			if len(route.Candidates) > 0 {
				m.Score = route.Candidates[0].Score
			}
			rep.Misses = append(rep.Misses, m)
		}
	}
	return rep
}

func (s *Scores) count(q Labelled, route Route) {
	right := q.accepts(route)
	switch labelKind(q.Expect) {
	case "live":
		s.Live.count(right)
	case "none":
		s.None.count(right)
		s.NoneAsProcedure.count(route.Kind == Procedure && !right)
	default:
		s.Top1.count(right)
		s.Shown.count(right || slices.ContainsFunc(route.Shown(), func(c Candidate) bool { return q.names(c.ID()) }))
		s.Top3.count(right || route.Kind == Procedure && slices.ContainsFunc(route.Candidates, func(c Candidate) bool { return q.names(c.ID()) }))
	}
}

// accepts tells whether a route is what the label says. A label that names a topic of the state is met by no other.
func (q Labelled) accepts(r Route) bool {
	return q.names(r.name()) || q.names(r.label())
}

// names tells whether a label is among those of the question. "none" is there with whatever reason.
func (q Labelled) names(label string) bool {
	return slices.ContainsFunc(q.labels(), func(l string) bool { return l == label || label == "none" && labelKind(l) == "none" })
}

func (q Labelled) labels() []string { return append([]string{q.Expect}, q.Also...) }

// labelKind is a label without its topic or reason, as "live", "none" or an id.
func labelKind(label string) string {
	kind, _, _ := strings.Cut(label, "/")
	if kind == "person" {
		return "none"
	}
	return kind
}

// Unknown lists the labels of a question that no route of this router can meet: ids it has no text for, and topics
// that are none.
func (r *Router) Unknown(q Labelled) (out []string) {
	for _, l := range q.labels() {
		if l != "live" && labelKind(l) != "none" && !slices.ContainsFunc(r.targets, func(t target) bool { return t.name == l }) {
			out = append(out, l)
		}
	}
	return out
}

// label is the route in the words of a question file.
func (r Route) label() string {
	switch r.Kind {
	case Live:
		return "live"
	case Procedure:
		return r.Candidates[0].ID()
	default:
		return "none"
	}
}

// Label routes a question and returns the route in short: an id, live/topic or person/why.
func (r *Router) Label(q Question) string { return r.Route(q).name() }

// Confusion is how often one answer was taken for another.
type Confusion struct {
	Wanted, Got string
	Times       int
}

// Confusions counts the misses by what was taken for what, the most frequent first.
func (r Report) Confusions() (out []Confusion) {
	for _, m := range r.Misses {
		i := slices.IndexFunc(out, func(c Confusion) bool { return c.Wanted == m.Labelled.Expect && c.Got == m.Got })
		if i < 0 {
			i = len(out)
			out = append(out, Confusion{Wanted: m.Labelled.Expect, Got: m.Got})
		}
		out[i].Times++
	}
	slices.SortStableFunc(out, func(a, b Confusion) int { return cmp.Compare(b.Times, a.Times) })
	return out
}

// name is the route with its topic or reason.
func (r Route) name() string {
	switch r.Kind {
	case Live:
		return "live/" + string(r.Topic)
	case Procedure:
		return r.Candidates[0].ID()
	default:
		return "person/" + string(r.Why)
	}
}

// String returns the report as a table for operators, then the misses.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-5s %-15s %-15s %-15s %-15s %s\n", "", "top-1", "top-3", "live", "none", "none as procedure")
	row := func(name string, s Scores) {
		fmt.Fprintf(&b, "%-5s", name)
		for _, v := range []Share{s.Top1, s.Top3, s.Live, s.None, s.NoneAsProcedure} {
			fmt.Fprintf(&b, " %-15s", v)
		}
		b.WriteByte('\n')
	}
	for _, l := range slices.Sorted(maps.Keys(r.ByLang)) {
		row(string(l), *r.ByLang[l])
	}
	row("all", r.All)
	fmt.Fprintf(&b, "the right text is shown, if only on a button beside another answer: %s\n", r.All.Shown)
	misses := slices.Clone(r.Misses)
	slices.SortStableFunc(misses, func(a, b Miss) int { return cmp.Compare(a.Labelled.Expect, b.Labelled.Expect) })
	for _, m := range misses {
		fmt.Fprintf(&b, "%s %s: %q wanted %s, got %s (%.2f)\n", m.Labelled.ID, m.Labelled.Department, m.Labelled.Question, m.Labelled.Expect, m.Got, m.Score)
	}
	return b.String()
}
