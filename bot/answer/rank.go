package answer

import (
	"cmp"
	"slices"

	"wardline/bot/incident"
)

// backentry is the section of hints.txt that lifts all that comes after recovery.
const backentry = "backentry"

// hinted returns what the turns of phrase in a folded text point at.
func (r *Router) hinted(folded string) map[string]bool {
	out := map[string]bool{}
	for _, h := range r.hints {
		if !out[h.target] && h.holds(folded) {
			out[h.target] = true
		}
	}
	return out
}

// rank orders the procedures and sheets.
func (r *Router) rank(q Question, named Route, found []near, hinted map[string]bool) (out []scored) {
	own := r.line(q.Department)
	line := slices.Clone(own)
	for _, d := range named.Departments {
		line = append(line, r.line(d)...)
	}
	for i, t := range r.targets {
		if !t.candidate() || found[i] == (near{}) {
			continue
		}
		s := byText*found[i].text + byLine*found[i].line + byLines*found[i].lines
		switch {
		case len(t.departments) == 0:
		case slices.Contains(own, t.departments[0]):
			s += ofFirst
		case shares(t.departments, line):
			s += ofOwn
		default:
			s -= ofOther
		}
		if hinted[t.name] && (t.later || !hinted[backentry]) {
			s += ofHint
		}
		if t.later == hinted[backentry] {
			s += ofLater
		} else {
			s -= ofLater
		}
		if shares(t.systems, q.Down) {
			s += ofDown
		}
		out = append(out, scored{i, s})
	}
	slices.SortStableFunc(out, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return out
}

// candidates are the best few, each with the step that fits best.
func (r *Router) candidates(all []scored, q map[string]float64) (out []Candidate) {
	for _, s := range all[:min(len(all), mostResults)] {
		t := r.targets[s.target]
		out = append(out, Candidate{Procedure: t.procedure, Sheet: t.sheet, Step: r.step(t, q), Score: s.score})
	}
	return out
}

// step returns the step nearest to the question; -1 where none stands out.
func (r *Router) step(t target, q map[string]float64) int {
	best, at, second := 0.0, -1, 0.0
	for i, f := range t.steps {
		s := 0.0
		for w, v := range q {
			if f[w] > 0 {
				s += v * r.index.weight(w)
			}
		}
		switch {
		case s > best:
			best, at, second = s, i, best
		case s > second:
			second = s
		}
	}
	if best < second*1.15 {
		return -1
	}
	return at
}

// line returns a department and what it inherits from.
func (r *Router) line(id incident.DepartmentID) (out []incident.DepartmentID) {
	for d, ok := r.pack.Department(id); ok; d, ok = r.pack.Department(d.Parent) {
		out = append(out, d.ID)
	}
	return out
}

func shares[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}
