package hospital

import (
	"slices"
	"unicode"
)

// sentence is a text made ready for searching: separators are gone, but where they stood is known.
type sentence struct {
	folded []rune
	given  []rune // same places, case kept
	gap    []bool // a separator stood before this rune
}

func split(text string) sentence {
	var s sentence
	gap := true
	for _, r := range fullToHalf(text) {
		if separator(r) {
			gap = true
			continue
		}
		s.folded = append(s.folded, unicode.ToLower(r))
		s.given = append(s.given, r)
		s.gap = append(s.gap, gap)
		gap = false
	}
	return s
}

// hit is a word found in a sentence, from place from up to place to.
type hit struct {
	from, to int
	word     int
}

// in returns the things named inside a text in order of appearance, each once. Longer words are
// taken first, and what they cover is not read again: 检验系统 is not also 系统.
func (x *lexicon) in(text string) []string {
	s := split(text)
	var hits []hit
	for i, r := range s.folded {
		for _, w := range x.first[r] {
			if x.words[w].stands(s, i) {
				hits = append(hits, hit{i, i + len(x.words[w].folded), w})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return (b.to - b.from) - (a.to - a.from)
	})
	var kept, vague []hit
	for _, h := range hits {
		if slices.ContainsFunc(kept, func(k hit) bool { return h.from < k.to && k.from < h.to }) {
			continue
		}
		if x.words[h.word].vague {
			vague = append(vague, h)
			continue
		}
		kept = append(kept, h)
	}
	if len(kept) == 0 {
		kept = vague
	}
	slices.SortFunc(kept, func(a, b hit) int { return a.from - b.from })
	var out []string
	for _, h := range kept {
		if id := x.ids[x.words[h.word].id]; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// stands reports whether the word is written at place i of the sentence.
func (w word) stands(s sentence, i int) bool {
	end := i + len(w.folded)
	if end > len(s.folded) || !slices.Equal(s.folded[i:end], w.folded) {
		return false
	}
	if !w.ascii {
		return true
	}
	if !s.edge(i) || !s.edge(end) {
		return false
	}
	if !w.short {
		return true
	}
	if slices.Contains(s.gap[i+1:end], true) {
		return false
	}
	return slices.Equal(s.given[i:end], w.given) || s.amongHan(i, end)
}

// edge reports whether a Latin word may begin or end before place i.
func (s sentence) edge(i int) bool {
	return i == 0 || i == len(s.folded) || s.gap[i] || !latin(s.folded[i-1]) || !latin(s.folded[i])
}

// amongHan reports whether a word stands next to Chinese and not next to another Latin word. There
// his can only be the system: his打不开. The little words people mix into Chinese stay little words:
// 检验or影像 does not speak of the operating rooms.
func (s sentence) amongHan(from, to int) bool {
	switch string(s.folded[from:to]) {
	case "or", "and", "is", "it", "us", "as", "at", "in", "on", "to":
		return false
	}
	han := false
	for _, i := range []int{from - 1, to} {
		if i < 0 || i >= len(s.folded) {
			continue
		}
		if latin(s.folded[i]) {
			return false
		}
		han = han || unicode.Is(unicode.Han, s.folded[i])
	}
	return han
}

func latin(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
