package hospital

import (
	"cmp"
	"slices"

	"wardline/bot/incident"
)

// lookup finds the entries of a pack by id and by the words people use.
type lookup struct {
	systems     map[incident.SystemID]int
	departments map[incident.DepartmentID]int
	procedures  map[ProcedureID]int
	forms       map[FormID]int
	sheets      map[SheetID]int
	priorities  map[PriorityID]int
	sources     map[SourceID]int
	messages    map[string]int

	systemWords     lexicon
	departmentWords lexicon
	textWords       lexicon // procedures and back-entry sheets
}

func makeIndex(p *Pack) lookup {
	x := lookup{
		systems:     places(p.systems, func(s System) incident.SystemID { return s.ID }),
		departments: places(p.departments, func(d Department) incident.DepartmentID { return d.ID }),
		procedures:  places(p.procedures, func(r Procedure) ProcedureID { return r.ID }),
		forms:       places(p.forms, func(f Form) FormID { return f.ID }),
		sheets:      places(p.sheets, func(s Sheet) SheetID { return s.ID }),
		priorities:  places(p.priorities, func(r Priority) PriorityID { return r.ID }),
		sources:     places(p.sources, func(s Source) SourceID { return s.ID }),
		messages:    places(p.messages, func(m Template) string { return m.ID }),
	}
	// The order of adding decides who wins a word two things share: systems already stand by tier
	// and restore order.
	x.systemWords.kinds = []string{"系统", "system"}
	for _, s := range p.systems {
		x.systemWords.add(string(s.ID), s.Name, s.Aliases, s.Vague)
	}
	for _, d := range p.byVisit() {
		x.departmentWords.add(string(d.ID), d.Name, d.Aliases, Words{})
	}
	for _, r := range p.procedures {
		x.textWords.add(string(r.ID), r.Title, Words{}, Words{})
	}
	for _, s := range p.sheets {
		x.textWords.add(string(s.ID), s.Title, Words{}, Words{})
	}
	return x
}

// byVisit returns the departments in visit order, those not visited last.
func (p *Pack) byVisit() []Department {
	out := slices.Clone(p.departments)
	last := func(n int) int {
		if n == 0 {
			return 1 << 30
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b Department) int {
		return cmp.Compare(last(a.VisitOrder), last(b.VisitOrder))
	})
	return out
}

func places[E any, K comparable](entries []E, id func(E) K) map[K]int {
	out := make(map[K]int, len(entries))
	for i, e := range entries {
		out[id(e)] = i
	}
	return out
}

func at[E any, K comparable](entries []E, places map[K]int, id K) (E, bool) {
	i, ok := places[id]
	if !ok {
		var none E
		return none, false
	}
	return entries[i], true
}
