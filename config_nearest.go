package main

import "strings"

// nearest returns the known word most like a mistyped one, or "" when none is like it.
func nearest(word string, known []string) string {
	word = strings.ToLower(word)
	best, least := "", 1+max(1, len(word)/3)
	for _, k := range known {
		if d := edits(word, strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" || len(word) < 3 {
		return best
	}
	for _, k := range known {
		if strings.Contains(k, word) || strings.Contains(word, k) && len(k) > 2 {
			return k
		}
	}
	return ""
}

// edits counts the letters to insert, drop, change or swap with a neighbour.
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1])
			if a[i-1] != b[j-1] {
				row[j] = min(last[j], row[j-1], last[j-1]) + 1
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// orNearest ends a problem about an unknown name: the nearest known one, or all there are.
func orNearest(word string, known []string) string {
	if near := nearest(word, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "known are: " + strings.Join(known, ", ")
}
