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

// A thought is what goes on in a network while it reads one line. Practising, the same is used for every line.
type thought struct {
	sums    []float32 // of each unit
	lit     sparse    // units that are lit
	chances []float32 // of each target
	blame   []float32 // of each unit
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
var ofNetwork = course{rounds: 12, hidden: 0.2}

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
	var t thought
	c.run(examples, lines, random, func(e example, l sparse) { n.practise(&t, e, l) })
	n.in.seen, n.out.seen = nil, nil
	return n
}

// practise corrects the weights by what was guessed wrong of one line.
func (n *network) practise(t *thought, e example, l sparse) {
	n.guess(t, l)
	for _, s := range e.shares {
		t.chances[s.target] -= s.part
	}
	for i := range t.chances {
		t.chances[i] *= float32(e.weight)
	}
	t.blame = n.out.blame(t.lit, t.chances, t.blame)
	n.out.correct(t.lit, t.chances)
	n.in.correct(l, t.blame)
}

// likely returns how likely each target answers a question.
func (n *network) likely(l sparse) []float32 {
	var t thought
	n.guess(&t, l)
	return t.chances
}

// guess fills in which units a line lights, and how likely each target is.
//
//go:norace
func (n *network) guess(t *thought, l sparse) {
	t.sums = n.in.sum(l, t.sums)
	t.lit.rows, t.lit.values = t.lit.rows[:0], t.lit.values[:0]
	for u, v := range t.sums {
		if v > 0 {
			t.lit.rows, t.lit.values = append(t.lit.rows, int32(u)), append(t.lit.values, v) //nolint:gosec // 32 at most
		}
	}
	t.chances = n.out.sum(t.lit, t.chances)
	softmax(t.chances)
}

// sum returns, in the place of what out held, what the rows of a line amount to in each column.
//
//go:norace
func (l *layer) sum(s sparse, out []float32) []float32 {
	out = append(out[:0], l.bias...)
	for i, r := range s.rows {
		v, row := s.values[i], l.weights[int(r)*l.columns:][:l.columns]
		out := out[:len(row)]
		for c, w := range row {
			out[c] += v * w
		}
	}
	return out
}

// blame returns, in the place of what out held, how far each row there is is at fault for what is wrong in the columns.
//
//go:norace
func (l *layer) blame(s sparse, wrong, out []float32) []float32 {
	if out == nil {
		out = make([]float32, len(l.weights)/l.columns)
	}
	clear(out)
	for _, r := range s.rows {
		row, sum := l.weights[int(r)*l.columns:][:len(wrong)], float32(0)
		for c, g := range wrong {
			sum += g * row[c]
		}
		out[r] = sum
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
