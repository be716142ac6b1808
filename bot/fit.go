package bot

import (
	"slices"
	"strings"
	"unicode"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// fewestNamed is how many systems, departments or procedures a message names at least, however long
// it gets: a person must still see what it is about.
const fewestNamed = 2

// fitting words a message for an audience, naming fewer systems, departments and procedures until it
// keeps the hospital's limit. What is not named is counted; a button or the board tells the rest. What
// people wrote is never cut.
func (v view) fitting(audience hospital.Audience, build func(v view) string) string {
	limit, _ := v.desk.opts.Pack.Limits(audience)
	s := build(v)
	for v.most > fewestNamed && !v.fits(s, limit) {
		v.most--
		s = build(v)
	}
	return s
}

// fits reports whether people of the view's language take a message in: Chinese is counted in
// characters, English in words.
func (v view) fits(s string, limit hospital.Limits) bool {
	if v.Lang == hospital.EN {
		return limit.MaxWordsEN == 0 || len(strings.Fields(s)) <= limit.MaxWordsEN
	}
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return limit.MaxCharsZH == 0 || n <= limit.MaxCharsZH
}

// shorten words the lists of systems among the arguments of a phrase.
func (v view) shorten(pairs []any) []any {
	out := slices.Clone(pairs)
	for i, p := range out {
		if ids, ok := p.([]incident.SystemID); ok {
			out[i] = v.Systems(ids, v.most)
		}
	}
	return out
}
