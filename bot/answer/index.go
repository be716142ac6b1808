package answer

import (
	"math"
)

// index finds the texts nearest to a question: long ones, the procedures and sheets, by BM25, and
// short ones, the lines people asked before, by the angle between them. The two are kept apart:
// examples poured into the procedures make finding worse.
type index struct {
	idf   map[string]float64
	docs  []document
	inDoc map[string][]posting
	lines []line
	inLin map[string][]posting
	mean  float64                 // length of a document
	in    map[string]map[int]bool // feature to the targets whose texts or lines hold it
}

type document struct {
	target int
	length float64
}

type line struct {
	target int
	norm   float64
}

type posting struct {
	at     int
	weight float64
}

// BM25's usual constants; the length counts less than usual, as a long procedure is no worse.
const (
	k1 = 1.2
	b  = 0.3
)

// build weighs all texts against each other. Both slices hold, per text, feature to weight.
func build(docs, asked []map[string]float64, docTarget, lineTarget []int) *index {
	x := &index{idf: map[string]float64{}, inDoc: map[string][]posting{}, inLin: map[string][]posting{}}
	x.weigh(docs, asked, docTarget, lineTarget)
	for i, d := range docs {
		n := 0.0
		for f, w := range d {
			x.inDoc[f] = append(x.inDoc[f], posting{i, w})
			n += w
		}
		x.docs = append(x.docs, document{docTarget[i], n})
		x.mean += n / float64(len(docs))
	}
	for i, l := range asked {
		n := 0.0
		for f, w := range l {
			v := w * x.idf[f]
			x.inLin[f] = append(x.inLin[f], posting{i, v})
			n += v * v
		}
		x.lines = append(x.lines, line{lineTarget[i], math.Sqrt(n)})
	}
	return x
}

// weigh counts in how many targets a feature appears, so that a target with many lines does not make
// its own words look common.
func (x *index) weigh(docs, asked []map[string]float64, docTarget, lineTarget []int) {
	in := map[string]map[int]bool{}
	x.in = in
	all := map[int]bool{}
	note := func(f string, t int) {
		if in[f] == nil {
			in[f] = map[int]bool{}
		}
		in[f][t] = true
	}
	for i, d := range docs {
		all[docTarget[i]] = true
		for f := range d {
			note(f, docTarget[i])
		}
	}
	for i, l := range asked {
		all[lineTarget[i]] = true
		for f := range l {
			note(f, lineTarget[i])
		}
	}
	n := float64(len(all))
	for f, ts := range in {
		x.idf[f] = math.Log(1 + (n-float64(len(ts))+0.5)/(float64(len(ts))+0.5))
	}
}

// weight is the idf of a feature; one nobody ever wrote counts a little against every text alike.
func (x *index) weight(f string) float64 {
	if w, ok := x.idf[f]; ok {
		return w
	}
	return 1.5
}

// grasp returns which part of a question's words was ever met, and which part the target holds itself,
// both from 0 to 1.
func (x *index) grasp(q map[string]float64, target int) (known, held float64) {
	total := 0.0
	for f, w := range q {
		v := w * x.weight(f)
		total += v
		if _, ok := x.idf[f]; ok {
			known += v
		}
		if x.in[f][target] {
			held += v
		}
	}
	if total == 0 {
		return 0, 0
	}
	return known / total, held / total
}

// near is how well a target fits a question, every part from 0 to about 1.
type near struct {
	text  float64 // its own text
	line  float64 // the nearest line asked before
	lines float64 // the mean of the nearest three
}

// search scores all targets; n is how many there are.
func (x *index) search(q map[string]float64, n int) []near {
	out := make([]near, n)
	x.texts(q, out)
	x.asked(q, out)
	return out
}

func (x *index) texts(q map[string]float64, out []near) {
	score := make([]float64, len(x.docs))
	total := 0.0
	for f, w := range q {
		v := w * x.weight(f)
		total += v
		for _, p := range x.inDoc[f] {
			tf := p.weight
			score[p.at] += v * tf * (k1 + 1) / (tf + k1*(1-b+b*x.docs[p.at].length/x.mean))
		}
	}
	if total == 0 {
		return
	}
	for i, s := range score {
		t := &out[x.docs[i].target]
		t.text = max(t.text, s/total/(k1+1))
	}
}

func (x *index) asked(q map[string]float64, out []near) {
	dot := make([]float64, len(x.lines))
	norm := 0.0
	for f, w := range q {
		v := w * x.weight(f)
		norm += v * v
		for _, p := range x.inLin[f] {
			dot[p.at] += v * p.weight
		}
	}
	if norm == 0 {
		return
	}
	norm = math.Sqrt(norm)
	best := make([][3]float64, len(out))
	for i, d := range dot {
		if d == 0 {
			continue
		}
		c := d / norm / x.lines[i].norm
		t := &best[x.lines[i].target]
		switch {
		case c > t[0]:
			t[0], t[1], t[2] = c, t[0], t[1]
		case c > t[1]:
			t[1], t[2] = c, t[1]
		case c > t[2]:
			t[2] = c
		}
	}
	for i, t := range best {
		out[i].line = t[0]
		out[i].lines = (t[0] + t[1] + t[2]) / 3
	}
}
