package answer

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

//go:embed rules.txt
var rulesText string

// rule sends a question that fits straight to a target, before anything is searched.
type rule struct {
	target string // live/topic, person/why, or procedure: search, and do not try the rules below
	fits   *regexp.Regexp
	unless *regexp.Regexp // nil for none
}

// use is a name in braces inside a pattern.
var use = regexp.MustCompile(`\{([a-z]+)\}`)

// newRules reads rules.txt: "def name pattern", then "[target]" and the patterns that lead there, one
// a line; a line "! pattern" is an exception to all of its section. The first section that fits wins.
// The file is part of the program and tested with it, so a pattern that does not compile panics.
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
	var target string
	var fits, unless []string
	flush := func() {
		if len(fits) == 0 {
			return
		}
		r := rule{target: target, fits: regexp.MustCompile(strings.Join(fits, "|"))}
		if len(unless) > 0 {
			r.unless = regexp.MustCompile(strings.Join(unless, "|"))
		}
		rules = append(rules, r)
		fits, unless = nil, nil
	}
	for _, line := range lines(text) {
		switch {
		case strings.HasPrefix(line, "def "):
			name, pattern, _ := strings.Cut(line[len("def "):], " ")
			defs[name] = "(?:" + expand(strings.TrimSpace(pattern)) + ")"
		case strings.HasPrefix(line, "["):
			flush()
			target = strings.Trim(line, "[]")
		case strings.HasPrefix(line, "! "):
			unless = append(unless, expand(line[2:]))
		default:
			fits = append(fits, expand(line))
		}
	}
	flush()
	return rules
}

// match returns the target of the first rule that fits, or "".
func match(rules []rule, folded string) string {
	for _, r := range rules {
		if r.fits.MatchString(folded) && (r.unless == nil || !r.unless.MatchString(folded)) {
			return r.target
		}
	}
	return ""
}
