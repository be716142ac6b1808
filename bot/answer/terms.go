package answer

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// terms are the features of all lines that were learnt from, and how much each tells. All models read a line as
// they see it.
type terms struct {
	at     map[string]int32 // feature to its row in a model
	rarity []float32        // of a feature: the fewer lines have it the more it tells
}

// unheardW is what a word nobody ever wrote weighs.
const unheardW = 1.0

// sparse is a line as a model reads it: rows and their values, of length 1 together.
type sparse struct {
	rows   []int32
	values []float32
}

// some makes s a part of another line: each feature stays with a chance, and what stays counts for what does not.
func (s *sparse) some(of sparse, chance float64, random *rand.Rand) {
	s.rows, s.values = s.rows[:0], s.values[:0]
	for i, r := range of.rows {
		if random.Float64() < chance {
			s.rows, s.values = append(s.rows, r), append(s.values, of.values[i]/float32(chance))
		}
	}
}

// learnTerms counts in how many lines each feature stands.
func learnTerms(examples []example) *terms {
	v := &terms{at: map[string]int32{}}
	var count []float64
	for _, e := range examples {
		for _, f := range slices.Sorted(maps.Keys(e.features)) {
			if _, ok := v.at[f]; !ok {
				v.at[f] = int32(len(count)) //nolint:gosec // some ten thousand features
				count = append(count, 0)
			}
			count[v.at[f]]++
		}
	}
	for _, n := range count {
		v.rarity = append(v.rarity, float32(math.Log(1+float64(len(examples))/n)/4))
	}
	return v
}

// see turns features into what a model reads. Words it never met take their part of the length.
func (v *terms) see(features map[string]float64) sparse {
	var s sparse
	sum := 0.0
	for _, f := range slices.Sorted(maps.Keys(features)) {
		r, ok := v.at[f]
		if !ok {
			sum += features[f] * unheardW * features[f] * unheardW
			continue
		}
		x := features[f] * float64(v.rarity[r])
		sum += x * x
		s.rows, s.values = append(s.rows, r), append(s.values, float32(x))
	}
	if sum > 0 {
		for i := range s.values {
			s.values[i] /= float32(math.Sqrt(sum))
		}
	}
	return s
}

// weight is how much a feature tells.
func (v *terms) weight(f string) float64 {
	if r, ok := v.at[f]; ok {
		return float64(v.rarity[r])
	}
	return unheardW
}

// known returns which part of a line, by what its features tell, was ever met, from 0 to 1.
func (v *terms) known(features map[string]float64) float64 {
	met, all := 0.0, 0.0
	for f, w := range features {
		x := w * v.weight(f)
		all += x
		if _, ok := v.at[f]; ok {
			met += x
		}
	}
	if all == 0 {
		return 0
	}
	return met / all
}

// angle is how near two texts are, from 0 to 1, by what their features tell.
func (v *terms) angle(a, b map[string]float64) float64 {
	dot, na, nb := 0.0, 0.0, 0.0
	for f, w := range a {
		x := v.weight(f)
		na += w * x * w * x
		dot += w * x * b[f] * x
	}
	for f, w := range b {
		x := v.weight(f)
		nb += w * x * w * x
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(na*nb)
}
