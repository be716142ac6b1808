package answer

import (
	"cmp"
	"slices"

	"wardline/bot/incident"
)

// rank orders the procedures and sheets by how likely each answers if one does, for who asks and what is
// down.
func (r *Router) rank(q Question, named Route, chances []float32) (out []scored) {
	own := r.above(q.Department)
	line := slices.Clone(own)
	for _, d := range named.Departments {
		line = append(line, r.above(d)...)
	}
	all := 0.0
	for i, t := range r.targets {
		if !t.candidate() {
			continue
		}
		s := float64(chances[i])
		switch {
		case len(t.departments) == 0:
		case slices.Contains(own, t.departments[0]):
			s *= ofFirst
		case q.Department != "" && !shares(t.departments, line):
			s *= ofOther
		}
		if t.later && q.After {
			s *= ofAfter
		}
		if shares(t.systems, q.Down) {
			s *= ofDown
		}
		all += s
		out = append(out, scored{i, s})
	}
	for i := range out {
		out[i].score /= max(all, 1e-9)
	}
	slices.SortStableFunc(out, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return out
}

// candidates are the best few that are likely at all, each with the line that fits best.
func (r *Router) candidates(all []scored, q map[string]float64) (out []Candidate) {
	for _, s := range all[:min(len(all), mostResults)] {
		if s.score < unlikely && len(out) > 0 {
			break
		}
		t := r.targets[s.target]
		out = append(out, Candidate{Procedure: t.procedure, Sheet: t.sheet, Line: r.line(t, q), Score: s.score})
	}
	return out
}

// line returns the line of a text nearest to a question; -1 where none stands out.
func (r *Router) line(t target, q map[string]float64) int {
	best, at, second := 0.0, -1, 0.0
	for i, f := range t.lines {
		switch s := r.terms.angle(q, f); {
		case s > best:
			best, at, second = s, i, best
		case s > second:
			second = s
		}
	}
	if best < nearLine || best < second*clearLine {
		return -1
	}
	return at
}

// above returns a department and what it inherits from.
func (r *Router) above(id incident.DepartmentID) (out []incident.DepartmentID) {
	for d, ok := r.pack.Department(id); ok; d, ok = r.pack.Department(d.Parent) {
		out = append(out, d.ID)
	}
	return out
}

func shares[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(v T) bool { return slices.Contains(b, v) })
}
