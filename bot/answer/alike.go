package answer

import (
	_ "embed"
	"math"
	"slices"
	"strings"
	"unicode"
)

//go:embed telling.txt
var tellingText string

// nearEnough is how near two questions must be for the answer of one to be worth showing to who asks the
// other: nearly every word, or its synonym, in both.
const nearEnough = 0.80

// Same reports whether two questions ask the same in nearly the same words, so that one answer is right
// for both. Only words that tell nothing may differ; their order may not.
func (r *Router) Same(a, b string) bool {
	x := r.told(a)
	return len(x) > 0 && slices.Equal(x, r.told(b))
}

// told returns what a question says, without its dull words.
func (r *Router) told(text string) (out []string) {
	for part := range strings.FieldsSeq(r.reader.fold.fold(cut(text))) {
		for _, piece := range pieces(part) {
			if !firstHan(piece) {
				if s := stem(piece); !r.reader.dull[s] || r.telling[s] {
					out = append(out, s)
				}
				continue
			}
			for _, c := range piece {
				if s := string(c); !r.reader.dull[s] || r.telling[s] {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// Nearest returns which of some texts is nearest to a question, and whether it is near enough to be
// shown. Questions that name other numbers, systems or departments never are, nor a text and its denial.
func (r *Router) Nearest(question string, among []string) (int, bool) {
	best, at := 0.0, -1
	q := r.likeness(question)
	for i, text := range among {
		if s := r.likeness(text).near(q); s > best {
			best, at = s, i
		}
	}
	return at, best >= nearEnough
}

// likeness is what two questions are compared by.
type likeness struct {
	names    string // numbers, denials, systems and departments
	features map[string]float64
	norm     float64
}

func (r *Router) likeness(text string) likeness {
	text = cut(text)
	folded := r.reader.fold.fold(text)
	l := likeness{features: r.reader.features(folded)}
	for f, w := range l.features {
		l.features[f] = w * r.terms.weight(f)
		l.norm += l.features[f] * l.features[f]
	}
	names := strings.FieldsFunc(folded, func(c rune) bool { return !unicode.IsDigit(c) })
	for _, word := range r.told(text) {
		if r.telling[word] {
			names = append(names, word)
		}
	}
	for _, s := range r.pack.SystemsIn(text) {
		names = append(names, string(s))
	}
	for _, d := range r.pack.DepartmentsIn(text) {
		names = append(names, string(d))
	}
	slices.Sort(names)
	l.names = strings.Join(names, " ")
	return l
}

// near returns how near two questions are, from 0 to 1.
func (l likeness) near(m likeness) float64 {
	if l.names != m.names || l.norm == 0 || m.norm == 0 {
		return 0
	}
	dot := 0.0
	for f, w := range l.features {
		dot += w * m.features[f]
	}
	return dot / math.Sqrt(l.norm*m.norm)
}

// telling reads the words that make two questions different however small they are.
func telling() map[string]bool {
	out := map[string]bool{}
	for _, l := range lines(tellingText) {
		for w := range strings.FieldsSeq(l) {
			if !firstHan(w) {
				w = stem(w)
			}
			out[w] = true
		}
	}
	return out
}

// cut returns as much of a question as is read.
func cut(text string) string {
	if rs := []rune(text); len(rs) > longestQuestion {
		return string(rs[:longestQuestion])
	}
	return text
}
