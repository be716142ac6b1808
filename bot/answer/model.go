package answer

import (
	"math"
	"math/rand/v2"
	"slices"
)

// model says how likely each target answers a question: a softmax regression over the features of lines whose
// answer is known. It is made from the text files each time the program starts, so one more line in a file is
// all it takes to teach it, and the same files always give the same model.
type model struct {
	weights []float32 // a row per feature of the terms, a column per target
	targets int
}

// example is a line and how likely each target answers it; the shares are positive and add up to 1.
type example struct {
	text     string
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
	pace   = 0.9  // of a step, at first
	steady = 0.1  // keeps the first steps of a rare feature from being too long
	trifle = 1e-3 // a probability below this changes nothing
)

// course is how long a model practises, and how hard it is made.
type course struct {
	rounds int     // times each line is seen
	hidden float64 // which part of a line's features is kept from it each time, from 0 to 1
}

// What tells a hundred texts apart learns from lines with words left out: it cannot lean on one telling word, and
// does better on lines whose words it never met. What tells texts, state and person apart lost by that.
var (
	ofTexts  = course{rounds: 10, hidden: 0.4}
	ofKinds  = course{rounds: 6}
	ofPhases = course{rounds: 8, hidden: 0.2}
)

// learnModel makes a model from lines as the terms see them; examples and lines are the same, one by one.
func learnModel(examples []example, lines []sparse, features, targets int, c course) *model {
	m := &model{weights: make([]float32, features*targets), targets: targets}
	m.practise(examples, lines, features, c)
	return m
}

// practise corrects the weights by what was guessed wrong of each line; a feature that was seen often is
// corrected in smaller steps.
func (m *model) practise(examples []example, lines []sparse, features int, c course) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same order each time is what is wanted
	seen := make([]float32, features)
	guess := make([]float32, m.targets)
	wrong := make([]int, 0, m.targets)
	c.run(examples, lines, random, func(e example, l sparse) {
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
	})
}

// run goes through the lines in ever new order, and has each learnt without what is hidden of it.
func (c course) run(examples []example, lines []sparse, random *rand.Rand, learn func(example, sparse)) {
	order := random.Perm(len(lines))
	var part sparse
	for range c.rounds {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, at := range order {
			l := lines[at]
			if c.hidden > 0 {
				part.some(l, 1-c.hidden, random)
				l = part
			}
			learn(examples[at], l)
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
	softmax(out)
}

// softmax turns scores into chances.
//
//go:norace
func softmax(out []float32) {
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

// chances returns how likely each target answers a question.
func (m *model) chances(s sparse) []float32 {
	out := make([]float32, m.targets)
	m.guess(s, out)
	return out
}
