package answer

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// model says how likely each target answers a question: a softmax regression over the features of lines whose
// answer is known. It is made from the text files each time the program starts, so one more line in a file is
// all it takes to teach it, and the same files always give the same model.
type model struct {
	at      map[string]int32 // feature to its row
	rarity  []float32        // of a feature: the fewer lines have it the more it tells
	weights []float32        // a row per feature, a column per target
	targets int
}

// example is a line and how likely each target answers it; the shares are positive and add up to 1.
type example struct {
	features map[string]float64
	shares   []share
	weight   float64 // how much it counts beside the others
}

type share struct {
	target int
	part   float32
}

// How the model learns; tried on the development questions, see docs/answers.md.
const (
	rounds   = 6    // times each line is seen
	pace     = 0.9  // of a step, at first
	steady   = 0.1  // keeps the first steps of a rare feature from being too long
	trifle   = 1e-3 // a probability below this changes nothing
	unheardW = 1.0  // what a word nobody ever wrote weighs
)

// sparse is a line as the model sees it: rows and their values, of length 1 together.
type sparse struct {
	rows   []int32
	values []float32
}

// learnModel makes the model.
func learnModel(examples []example, targets int) *model {
	m := &model{at: map[string]int32{}, targets: targets}
	var count []float64
	for _, e := range examples {
		for _, f := range slices.Sorted(maps.Keys(e.features)) {
			if _, ok := m.at[f]; !ok {
				m.at[f] = int32(len(count)) //nolint:gosec // some ten thousand features
				count = append(count, 0)
			}
			count[m.at[f]]++
		}
	}
	for _, n := range count {
		m.rarity = append(m.rarity, float32(math.Log(1+float64(len(examples))/n)/4))
	}
	m.weights = make([]float32, len(count)*targets)
	lines := make([]sparse, len(examples))
	for i, e := range examples {
		lines[i] = m.see(e.features)
	}
	m.practise(examples, lines)
	return m
}

// practise goes through the lines in ever new order and corrects the weights by what was guessed wrong; a
// feature that was seen often is corrected in smaller steps.
func (m *model) practise(examples []example, lines []sparse) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same order each time is what is wanted
	seen := make([]float32, len(m.rarity))
	guess := make([]float32, m.targets)
	wrong := make([]int, 0, m.targets)
	order := random.Perm(len(lines))
	for range rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, at := range order {
			l, e := lines[at], examples[at]
			m.guess(l, guess)
			for _, s := range e.shares {
				guess[s.target] -= s.part
			}
			wrong = wrong[:0]
			for t, g := range guess {
				if g > trifle || g < -trifle {
					wrong = append(wrong, t)
				}
			}
			m.correct(l, float32(e.weight), guess, wrong, seen)
		}
	}
}

// correct moves the weights of a line's features away from what was guessed wrong. Like guess it is the inner
// loop of pure arithmetic on what nobody else has yet, and the race detector, which would make it ten times
// slower, is not asked to watch it.
//
//go:norace
func (m *model) correct(l sparse, weight float32, guess []float32, wrong []int, seen []float32) {
	for i, r := range l.rows {
		seen[r] += l.values[i] * l.values[i]
		step := pace * weight * l.values[i] / float32(math.Sqrt(float64(seen[r])+steady))
		row := m.weights[int(r)*m.targets:][:m.targets]
		for _, t := range wrong {
			row[t] -= step * guess[t]
		}
	}
}

// see turns features into what the model reads. Words it never met take their part of the length.
func (m *model) see(features map[string]float64) sparse {
	var s sparse
	sum := 0.0
	for _, f := range slices.Sorted(maps.Keys(features)) {
		r, ok := m.at[f]
		if !ok {
			sum += features[f] * unheardW * features[f] * unheardW
			continue
		}
		v := features[f] * float64(m.rarity[r])
		sum += v * v
		s.rows, s.values = append(s.rows, r), append(s.values, float32(v))
	}
	if sum > 0 {
		for i := range s.values {
			s.values[i] /= float32(math.Sqrt(sum))
		}
	}
	return s
}

// guess fills in how likely each target is.
//
//go:norace
func (m *model) guess(s sparse, out []float32) {
	clear(out)
	for i, r := range s.rows {
		v, row := s.values[i], m.weights[int(r)*m.targets:][:m.targets]
		out := out[:len(row)]
		for t, w := range row {
			out[t] += v * w
		}
	}
	most := slices.Max(out)
	sum := float32(0)
	for t, z := range out {
		out[t] = float32(math.Exp(float64(z - most)))
		sum += out[t]
	}
	for t := range out {
		out[t] /= sum
	}
}

// chances returns how likely each target answers a question with these features.
func (m *model) chances(features map[string]float64) []float32 {
	out := make([]float32, m.targets)
	m.guess(m.see(features), out)
	return out
}

// weight is how much a feature tells.
func (m *model) weight(f string) float64 {
	if r, ok := m.at[f]; ok {
		return float64(m.rarity[r])
	}
	return unheardW
}

// known returns which part of a line, by what its features tell, was ever met, from 0 to 1.
func (m *model) known(features map[string]float64) float64 {
	met, all := 0.0, 0.0
	for f, w := range features {
		v := w * m.weight(f)
		all += v
		if _, ok := m.at[f]; ok {
			met += v
		}
	}
	if all == 0 {
		return 0
	}
	return met / all
}

// angle is how near two texts are, from 0 to 1, by what their features tell.
func (m *model) angle(a, b map[string]float64) float64 {
	dot, na, nb := 0.0, 0.0, 0.0
	for f, w := range a {
		v := m.weight(f)
		na += w * v * w * v
		dot += w * v * b[f] * v
	}
	for f, w := range b {
		v := m.weight(f)
		nb += w * v * w * v
	}
	if dot == 0 {
		return 0
	}
	return dot / math.Sqrt(na*nb)
}
