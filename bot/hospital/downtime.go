package hospital

import (
	"cmp"
	"slices"

	"wardline/bot/incident"
)

// manyDown is how many critical systems make a downtime a general one for a department: from then
// on single systems are no guide any more and it follows its whole downtime set.
const manyDown = 3

// DownFor returns the procedures to push to a department when the systems are down, most specific
// first: what the matrix gives for the systems, in the order of the downtime set; then what else it gives
// that is written for the department; then, when many critical systems are down, the rest of the downtime
// set; and last what is written for other departments or for all. Pass the systems that stop as well, not
// only the one that broke.
func (p *Pack) DownFor(dept incident.DepartmentID, systems []incident.SystemID) []ProcedureID {
	line := p.line(dept)
	given := p.matrixFor(line, systems)
	var set []ProcedureID
	for _, d := range line {
		set = addNew(set, d.DowntimeSet...)
	}
	var out []ProcedureID
	for _, id := range set {
		if slices.Contains(given, id) {
			out = addNew(out, id)
		}
	}
	out = addNew(out, p.writtenFor(line, given, systems)...)
	if p.critical(dept, systems) >= manyDown {
		out = addNew(out, set...)
	}
	return addNew(out, given...)
}

// writtenFor returns the procedures that name one of the departments. The row of one system has an order of
// its own; of several, those come first that are about little else than what is down: PDAs and Wi-Fi can wait
// while orders and medicines stand.
func (p *Pack) writtenFor(line []Department, ids []ProcedureID, systems []incident.SystemID) []ProcedureID {
	out := slices.DeleteFunc(slices.Clone(ids), func(id ProcedureID) bool {
		proc, _ := p.Procedure(id)
		return !slices.ContainsFunc(line, func(d Department) bool { return slices.Contains(proc.Departments, d.ID) })
	})
	if len(systems) > 1 {
		slices.SortStableFunc(out, func(a, b ProcedureID) int { return cmp.Compare(p.about(b, systems), p.about(a, systems)) })
	}
	return out
}

// about is which part of the systems a procedure is for is down, from 0 to 1.
func (p *Pack) about(id ProcedureID, systems []incident.SystemID) float64 {
	proc, _ := p.Procedure(id)
	down := 0
	for _, s := range proc.Systems {
		if slices.Contains(systems, s) {
			down++
		}
	}
	return float64(down) / float64(max(len(proc.Systems), 1))
}

// matrixFor joins the rows of the systems: first what each row puts first, so that the general end
// of one row does not come before the special start of the next.
func (p *Pack) matrixFor(line []Department, systems []incident.SystemID) []ProcedureID {
	var rows [][]ProcedureID
	longest := 0
	for _, d := range line {
		for _, s := range systems {
			for _, m := range p.matrix {
				if m.Department == d.ID && m.System == s {
					rows = append(rows, m.Procedures)
					longest = max(longest, len(m.Procedures))
				}
			}
		}
	}
	var out []ProcedureID
	for i := range longest {
		for _, row := range rows {
			if i < len(row) {
				out = addNew(out, row[i])
			}
		}
	}
	return out
}

// critical counts the systems of tier 0 and 1 whose loss this department feels: all of the
// infrastructure, and of the others those it uses.
func (p *Pack) critical(dept incident.DepartmentID, systems []incident.SystemID) int {
	n := 0
	for i, id := range systems {
		s, ok := p.System(id)
		if !ok || slices.Contains(systems[:i], id) {
			continue
		}
		if s.Tier == 0 || s.Tier == 1 && p.Uses(dept, id) {
			n++
		}
	}
	return n
}

// SheetFor returns the back-entry sheet of a department, its parent's when it has none itself.
func (p *Pack) SheetFor(dept incident.DepartmentID) (SheetID, bool) {
	sheets := p.SheetsFor(dept)
	if len(sheets) == 0 {
		return "", false
	}
	return sheets[0], true
}

// SheetsFor returns all back-entry sheets of a department, the one shared with the fewest others
// first.
func (p *Pack) SheetsFor(dept incident.DepartmentID) []SheetID {
	for _, d := range p.line(dept) {
		var mine []Sheet
		for _, s := range p.sheets {
			if slices.Contains(s.Departments, d.ID) {
				mine = append(mine, s)
			}
		}
		if len(mine) == 0 {
			continue
		}
		slices.SortStableFunc(mine, func(a, b Sheet) int { return len(a.Departments) - len(b.Departments) })
		var out []SheetID
		for _, s := range mine {
			out = append(out, s.ID)
		}
		return out
	}
	return nil
}

func addNew(to []ProcedureID, ids ...ProcedureID) []ProcedureID {
	for _, id := range ids {
		if !slices.Contains(to, id) {
			to = append(to, id)
		}
	}
	return to
}
