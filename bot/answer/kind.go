package answer

import (
	"maps"
	"math"
	"slices"
)

// kinds tells only whether a text, the state or a person answers, and which of these. A straight model and a
// network with units between are asked, and both count: they err on different lines, the second on fewer.
type kinds struct {
	straight *model
	layered  *network
}

// ofLayered is how much the network counts, from 0 to 1; tried on lines of authors left out, see docs/answers.md.
const ofLayered = 0.6

// chances returns how likely each kind answers a question.
func (k kinds) chances(s sparse) []float32 {
	out := k.straight.chances(s)
	for i, c := range k.layered.likely(s) {
		out[i] = (1-ofLayered)*out[i] + ofLayered*c
	}
	return out
}

// byKind are the lines the texts are learnt from, for the kinds. All the texts together are one target, so
// that a question nobody foresaw is not taken for one of a hundred texts only because they are so many.
func (r *Router) byKind(examples []example) []example {
	out := make([]example, len(examples))
	for i, e := range examples {
		parts := map[int]float32{}
		for _, s := range e.shares {
			parts[r.kindOf(s.target)] += s.part
		}
		out[i] = example{weight: e.weight * r.gravity(e.shares[0].target)}
		for _, k := range slices.Sorted(maps.Keys(parts)) {
			out[i].shares = append(out[i].shares, share{k, parts[k]})
		}
	}
	return out
}

// gravity is how much a line counts for the kinds: there are far fewer lines for a person and for the state than
// for texts, and to take a question about a patient for one about paper is the worst that can happen.
func (r *Router) gravity(target int) float64 {
	switch name := r.targets[target].name; {
	case target < r.texts:
		return 1
	case name == person+string(Clinical), name == person+string(PatientData):
		return 6
	}
	return 3
}

// kindOf is the kind that stands for a target: 0 for every text, then one for each of the others.
func (r *Router) kindOf(target int) int { return max(0, target-r.texts+1) }

// The targets of the model that tells the phases apart.
const (
	phaseNow   = 0 // working by hand
	phaseLater = 1 // entering afterwards what was done by hand
	phases     = 2
)

// phaseOf is the phase a text is for.
func (r *Router) phaseOf(text int) int {
	if r.targets[text].later {
		return phaseLater
	}
	return phaseNow
}

// learnPhases makes the model that tells whether a text about working by hand or about entering it afterwards
// answers, from the lines that lead to texts. A hundred texts share what little is said of that; here it counts
// alone.
func (r *Router) learnPhases(examples []example, lines []sparse) *model {
	var out []example
	var seen []sparse
	for i, e := range examples {
		parts, all := [phases]float32{}, float32(0)
		for _, s := range e.shares {
			if s.target < r.texts {
				parts[r.phaseOf(s.target)] += s.part
				all += s.part
			}
		}
		if all == 0 {
			continue
		}
		x := example{weight: e.weight}
		for phase, part := range parts {
			x.shares = append(x.shares, share{phase, part / all})
		}
		out, seen = append(out, x), append(seen, lines[i])
	}
	return learnModel(out, seen, len(r.terms.at), phases, ofPhases)
}

// inPhase makes the texts of each phase together nearly as likely as the model of the phases says, and leaves their
// order within a phase.
func (r *Router) inPhase(chances []float32, seen sparse) {
	var together [phases]float32
	for i := range r.texts {
		together[r.phaseOf(i)] += chances[i]
	}
	var times [phases]float32
	for phase, c := range r.phases.chances(seen) {
		times[phase] = float32(math.Pow(float64((c+hardly)/(together[phase]+hardly)), ofPhase))
	}
	for i := range r.texts {
		chances[i] *= times[r.phaseOf(i)]
	}
}

// hardly is a chance too small to matter, which keeps a ratio of chances finite.
const hardly = 1e-6
