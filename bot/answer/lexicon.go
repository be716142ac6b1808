package answer

import (
	_ "embed"
	"strings"
)

//go:embed lexicon.txt
var lexiconText string

// longest words of the lexicon, in Han characters and in Latin words.
const (
	mostHan   = 8
	mostLatin = 4
)

// lexicon knows which words, Chinese and English, mean one thing.
type lexicon struct {
	han   map[string][]string // Han, digits and Latin letters, to concepts
	latin map[string][]string // stems joined by spaces, to concepts
}

// newLexicon reads lexicon.txt: lines "name: word, word, ...".
func newLexicon(text string, f *folder) *lexicon {
	x := &lexicon{han: map[string][]string{}, latin: map[string][]string{}}
	for _, line := range lines(text) {
		name, words, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		name = "#" + strings.TrimSpace(name)
		for w := range strings.SplitSeq(words, ",") {
			folded := f.fold(w)
			if folded == "" {
				continue
			}
			if strings.ContainsFunc(folded, han) {
				x.han[folded] = append(x.han[folded], name)
				continue
			}
			var stems []string
			for s := range strings.FieldsSeq(folded) {
				stems = append(stems, stem(s))
			}
			key := strings.Join(stems, " ")
			x.latin[key] = append(x.latin[key], name)
		}
	}
	return x
}

// inHan adds the concepts named in one stretch of folded text that holds Han.
func (x *lexicon) inHan(rs []rune, add func(string)) {
	for i := range rs {
		for n := 1; n <= mostHan && i+n <= len(rs); n++ {
			for _, c := range x.han[string(rs[i:i+n])] {
				add(c)
			}
		}
	}
}

// inLatin adds the concepts named by a row of stems.
func (x *lexicon) inLatin(stems []string, add func(string)) {
	for i := range stems {
		for n := 1; n <= mostLatin && i+n <= len(stems); n++ {
			for _, c := range x.latin[strings.Join(stems[i:i+n], " ")] {
				add(c)
			}
		}
	}
}
