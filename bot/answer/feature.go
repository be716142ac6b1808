package answer

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

//go:embed dull.txt
var dullText string

// The weights of a feature by its kind. A concept counts most: it is the same in both languages.
const (
	wConcept = 1.6
	wPair    = 1.0 // two Han characters, or a Latin word
	wSingle  = 0.6
	wTwo     = 0.5 // two Latin words in a row
	wLater   = 2.0 // that the question is about back-entry
)

// reader turns text into features.
type reader struct {
	fold    *folder
	lexicon *lexicon
	dull    map[string]bool // Han characters and Latin stems that say nothing alone
	near    *speller        // nil while the vocabulary is collected
}

// features returns each feature of a folded text once, with its weight.
func (r *reader) features(folded string) map[string]float64 {
	out := map[string]float64{}
	add := func(f string, w float64) {
		if w > out[f] {
			out[f] = w
		}
	}
	concept := func(c string) { add(c, wConcept) }
	var stems []string
	flush := func() {
		r.latin(stems, add)
		r.lexicon.inLatin(stems, concept)
		stems = stems[:0]
	}
	for part := range strings.FieldsSeq(folded) {
		mixed := []rune(part)
		if strings.ContainsFunc(part, han) {
			r.lexicon.inHan(mixed, concept)
		}
		for _, piece := range pieces(part) {
			if !firstHan(piece) {
				stems = append(stems, r.known(stem(piece)))
				continue
			}
			flush()
			r.chinese([]rune(piece), add)
		}
	}
	flush()
	return out
}

func (r *reader) latin(stems []string, add func(string, float64)) {
	for i, s := range stems {
		if r.dull[s] {
			add(s, wSingle/2)
		} else {
			add(s, wPair)
		}
		if i > 0 {
			add(stems[i-1]+" "+s, wTwo)
		}
	}
}

func (r *reader) chinese(rs []rune, add func(string, float64)) {
	for i, c := range rs {
		if !r.dull[string(c)] {
			add(string(c), wSingle)
		}
		if i > 0 {
			w := wPair
			if r.dull[string(c)] && r.dull[string(rs[i-1])] {
				w = wSingle
			}
			add(string(rs[i-1:i+1]), w)
		}
	}
}

// known returns the stem itself, or the word of the vocabulary it is a slip of.
func (r *reader) known(s string) string {
	if r.near == nil {
		return s
	}
	return r.near.correct(s)
}

// speller knows the words of the corpus and finds the one an unknown word was meant to be.
type speller struct {
	words   map[string]int      // stem to how often
	missing map[string][]string // a stem less one letter, to stems
}

// shortest word that is corrected; shorter ones are too near to each other.
const shortest = 5

func newSpeller(words map[string]int) *speller {
	s := &speller{words: words, missing: map[string][]string{}}
	for w := range words {
		if len(w) < shortest {
			continue
		}
		for _, k := range without(w) {
			s.missing[k] = append(s.missing[k], w)
		}
	}
	return s
}

// correct returns the most frequent known word one slip away: a letter too many, too few, wrong or
// swapped with its neighbour.
func (s *speller) correct(w string) string {
	if len(w) < shortest || s.words[w] > 0 || utf8.RuneCountInString(w) != len(w) || strings.ContainsAny(w, "0123456789") {
		return w
	}
	best := ""
	try := func(c string) {
		if s.words[c] > s.words[best] || s.words[c] == s.words[best] && c < best {
			best = c
		}
	}
	for _, c := range s.missing[w] {
		try(c)
	}
	for _, k := range without(w) {
		if s.words[k] > 0 && len(k) >= shortest-1 {
			try(k)
		}
		for _, c := range s.missing[k] {
			if len(c) == len(w) {
				try(c)
			}
		}
	}
	if best == "" {
		return w
	}
	return best
}

// without returns the word less each one of its letters.
func without(w string) []string {
	out := make([]string, 0, len(w))
	for i := range len(w) {
		out = append(out, w[:i]+w[i+1:])
	}
	return out
}
