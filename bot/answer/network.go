package answer

import (
	"math"
	"math/rand/v2"
)

// network tells targets apart as a model does, but by way of units between features and targets. So it learns
// what a word says beside another one: "may I" beside a drug is for a person, beside a form it is not.
type network struct {
	in  *layer // from features to units
	out *layer // from units to targets
}

// layer leads from rows to columns.
type layer struct {
	columns int
	weights []float32 // a row per feature or unit, a column per unit or target
	bias    []float32 // of each column
	seen    []float32 // for each weight, how much it was corrected by; then the same for each bias
}

// How a network learns; tried on lines of authors left out in turn, see docs/answers.md.
const (
	units     = 32
	strideIn  = 0.3 // spread of the first weights from features to units
	netPace   = 0.1
	netSteady = 1e-2
)

// ofNetwork is how a network practises.
var ofNetwork = course{rounds: 8, hidden: 0.2}

func newLayer(rows, columns int, spread float64, random *rand.Rand) *layer {
	l := &layer{
		columns: columns, weights: make([]float32, rows*columns), bias: make([]float32, columns),
		seen: make([]float32, rows*columns+columns),
	}
	for i := range l.weights {
		l.weights[i] = float32(random.NormFloat64() * spread)
	}
	return l
}

// learnNetwork makes a network from lines as the terms see them; examples and lines are the same, one by one.
func learnNetwork(examples []example, lines []sparse, features, targets int, c course) *network {
	random := rand.New(rand.NewPCG(1, 7)) //nolint:gosec // the same order each time is what is wanted
	n := &network{
		in:  newLayer(features, units, strideIn, random),
		out: newLayer(units, targets, 1/math.Sqrt(units), random),
	}
	c.run(examples, lines, random, n.practise)
	n.in.seen, n.out.seen = nil, nil
	return n
}

// practise corrects the weights by what was guessed wrong of one line.
func (n *network) practise(e example, l sparse) {
	lit, guess := n.guess(l)
	for _, s := range e.shares {
		guess[s.target] -= s.part
	}
	for t := range guess {
		guess[t] *= float32(e.weight)
	}
	blame := n.out.blame(lit, guess)
	n.out.correct(lit, guess)
	n.in.correct(l, blame)
}

// guess returns the units that a line lights, and how likely each target is.
func (n *network) guess(l sparse) (lit sparse, chances []float32) {
	for u, v := range n.in.sum(l) {
		if v > 0 {
			lit.rows, lit.values = append(lit.rows, int32(u)), append(lit.values, v) //nolint:gosec // 32 at most
		}
	}
	chances = n.out.sum(lit)
	softmax(chances)
	return lit, chances
}

// sum returns what the rows of a line amount to in each column.
//
//go:norace
func (l *layer) sum(s sparse) []float32 {
	out := append([]float32(nil), l.bias...)
	for i, r := range s.rows {
		v, row := s.values[i], l.weights[int(r)*l.columns:][:l.columns]
		out := out[:len(row)]
		for c, w := range row {
			out[c] += v * w
		}
	}
	return out
}

// blame returns, for each row there is, how far it is at fault for what is wrong in the columns.
//
//go:norace
func (l *layer) blame(s sparse, wrong []float32) []float32 {
	out := make([]float32, len(l.weights)/l.columns)
	for _, r := range s.rows {
		row := l.weights[int(r)*l.columns:][:l.columns]
		for c, g := range wrong {
			out[r] += g * row[c]
		}
	}
	return out
}

// correct moves the weights of a line's rows away from what is wrong in the columns. Like that of a model it is
// pure arithmetic on what nobody else has yet, and not watched by the race detector.
//
//go:norace
func (l *layer) correct(s sparse, wrong []float32) {
	for i, r := range s.rows {
		v, at := s.values[i], int(r)*l.columns
		step(l.weights[at:][:l.columns], l.seen[at:][:l.columns], wrong, v)
	}
	step(l.bias, l.seen[len(l.weights):], wrong, 1)
}

// step corrects weights, by the less the more they were corrected before.
//
//go:norace
func step(weights, seen, wrong []float32, value float32) {
	for c, g := range wrong {
		if g > -trifle && g < trifle {
			continue
		}
		g *= value
		seen[c] += g * g
		weights[c] -= netPace * g / float32(math.Sqrt(float64(seen[c])+netSteady))
	}
}
