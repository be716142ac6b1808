package answer

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed rules.txt
var rulesText string

//go:embed later.txt
var laterText string

// rule sends a question that fits straight to a target, before anything is searched.
type rule struct {
	target string // live/topic, person/why, or procedure: search, and do not try the rules below
	fits   []clause
	unless []clause
}

// use is a name in braces inside a pattern.
var use = regexp.MustCompile(`\{([a-z]+)\}`)

// newRules reads rules.txt: "def name pattern", then "[target]" and the patterns that lead there, one
// a line; a line "! pattern" is an exception to the pattern above it. The first pattern that fits
// wins. The file is part of the program and tested with it, so a pattern that does not compile panics.
func newRules(text string) (rules []rule) {
	defs := map[string]string{}
	expand := func(s string) string {
		return use.ReplaceAllStringFunc(s, func(m string) string {
			if d, ok := defs[m[1:len(m)-1]]; ok {
				return d
			}
			panic(fmt.Sprintf("rules.txt: nothing defines %s", m))
		})
	}
	target := ""
	for _, line := range lines(text) {
		switch {
		case strings.HasPrefix(line, "def "):
			name, pattern, _ := strings.Cut(line[len("def "):], " ")
			defs[name] = "(?:" + wholeWords(expand(strings.TrimSpace(pattern))) + ")"
		case strings.HasPrefix(line, "["):
			target = strings.Trim(line, "[]")
		case strings.HasPrefix(line, "! "):
			rules[len(rules)-1].unless = clauses(expand(line[2:]))
		default:
			rules = append(rules, rule{target: target, fits: clauses(expand(line))})
		}
	}
	return rules
}

// holds returns whether the rule holds for a folded text.
func (r rule) holds(folded string) bool {
	return hold(r.fits, folded) && !hold(r.unless, folded)
}

// match returns the target of the first rule that fits, or "".
func match(rules []rule, folded string) string {
	for _, r := range rules {
		if r.holds(folded) {
			return r.target
		}
	}
	return ""
}
