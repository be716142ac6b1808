package hospital

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxNear is how many suggestions people can take in.
const maxNear = 3

// nearest returns the ids most like a mistyped one, the most alike first.
func nearest(id string, known []string) []string {
	type hit struct {
		id string
		d  int
	}
	var hits []hit
	for _, k := range known {
		if d, ok := distance(fold(id), fold(k)); ok {
			hits = append(hits, hit{k, d})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return a.d - b.d })
	var out []string
	for _, h := range hits[:min(len(hits), maxNear)] {
		out = append(out, h.id)
	}
	return out
}

// maxCompare bounds the work for a text far longer than any name.
const maxCompare = 80

// distance tells how far two folded words are apart, and false when they have little in common.
// One containing the other counts half a step per letter that is left over.
func distance(a, b string) (int, bool) {
	la, lb := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if la == 0 || lb == 0 || la > maxCompare || lb > maxCompare {
		return 0, false
	}
	short := min(la, lb)
	if short >= 2 && (strings.Contains(a, b) || strings.Contains(b, a)) && (short >= 3 || !ascii(a) || !ascii(b)) {
		return 1 + max(la, lb) - short, true
	}
	if short < 3 || la-lb > 3 || lb-la > 3 {
		return 0, false // among words of two letters everything is near everything
	}
	d := edits([]rune(a), []rune(b))
	return 2 * d, d <= max(1, short/3)
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// edits counts the letters to insert, drop, change or swap with a neighbour.
func edits(a, b []rune) int {
	before, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev, row = prev, row, before
	}
	return prev[len(b)]
}

// Figures of what makes a name like a sentence.
const (
	mostShared = 4 // things that may share a piece; one that more of them hold tells nothing
	leastLatin = 5 // letters of a Latin word that is a piece
	mostAlike  = 5 // things returned
)

// sharing returns the things whose names have a piece in common with a text: two Chinese characters or a longer Latin
// word. The fewer things hold a piece, the more it counts.
func (x *lexicon) sharing(text string) []string {
	scores := make([]float64, len(x.ids))
	for _, piece := range pieces(text) {
		var holders []int
		for _, w := range x.words {
			if strings.Contains(string(w.folded), piece) && !slices.Contains(holders, w.id) {
				holders = append(holders, w.id)
			}
		}
		for _, id := range holders {
			if len(holders) <= mostShared {
				scores[id] += 1 / float64(len(holders))
			}
		}
	}
	var order []int
	for id, score := range scores {
		if score > 0 {
			order = append(order, id)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var out []string
	for _, id := range order[:min(len(order), mostAlike)] {
		out = append(out, x.ids[id])
	}
	return out
}

// noName are characters of what fails, not of what it is called: 登不了, 打印不出.
const noName = "不了没"

// pieces cuts a text into what names are compared by, each piece once.
func pieces(text string) (out []string) {
	add := func(piece string) {
		if !slices.Contains(out, piece) {
			out = append(out, piece)
		}
	}
	text = strings.ToLower(fullToHalf(text))
	runes := []rune(text)
	for i := range runes[:max(0, len(runes)-1)] {
		if isHan(runes[i]) && isHan(runes[i+1]) && !strings.ContainsAny(string(runes[i:i+2]), noName) {
			add(string(runes[i : i+2]))
		}
	}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !latin(r) }) {
		if len(w) >= leastLatin {
			add(w)
		}
	}
	return out
}
