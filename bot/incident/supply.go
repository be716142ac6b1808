package incident

import (
	"slices"
	"time"
)

// Supply is what a department on paper asks for.
type Supply string

// The supplies.
const (
	Forms  Supply = "forms"
	People Supply = "people"
	Runner Supply = "runner"
)

// Supplies lists them in the order they are offered.
func Supplies() []Supply { return []Supply{Forms, People, Runner} }

// RequestSupply asks for forms, people or a runner for a department. It shares its numbers with the engineers'
// needs, so that N3 is one thing only.
type RequestSupply struct {
	Department DepartmentID
	What       Supply
	Text       string
}

// Decide refuses what is no supply, and what waits already in the same words.
func (c RequestSupply) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	switch {
	case c.Department == "":
		return nil, refuse("refused.missing", "field", "department")
	case !slices.Contains(Supplies(), c.What):
		return nil, refuse("refused.missing", "field", "supply")
	}
	if c.Text != "" {
		if err := wanted("text", c.Text); err != nil {
			return nil, err
		}
	}
	for _, n := range in.WardNeeds(c.Department) {
		if n.What == c.What && n.Text == c.Text {
			return nil, refuse("refused.asked_already", "n", n.N)
		}
	}
	var out []Body
	if w, told := in.Wards[c.Department]; told && w.Seen.IsZero() && in.Phase == Open {
		out = append(out, WardSaw{Department: c.Department})
	}
	return append(out, SupplyRequested{N: in.number("need_raised"), Department: c.Department, What: c.What, Text: c.Text}), nil
}

// SupplyRequested happened when a department asked for forms, people or a runner.
type SupplyRequested struct {
	N          int          `json:"n"`
	Department DepartmentID `json:"department"`
	What       Supply       `json:"what"`
	Text       string       `json:"text,omitempty"`
}

// Kind is supply_requested.
func (SupplyRequested) Kind() Kind { return "supply_requested" }

func (b SupplyRequested) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, "need_raised", b.N)
	in.Needs = add(in.Needs, Need{N: b.N, Department: b.Department, What: b.What, Note: note(in, e, b.Text)})
}
