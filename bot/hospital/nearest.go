package hospital

import (
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
