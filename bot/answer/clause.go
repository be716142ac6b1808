package answer

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// clause is one alternative of a pattern. Most clauses cannot fit a given question because a word
// they need is not in it; looking for that word first makes a question some ten times faster.
type clause struct {
	needs []string // one of them is in every text that fits; nil where that is not known
	fits  *regexp.Regexp
}

// clauses takes a pattern apart at its outermost alternatives. It panics on a pattern that does not
// compile: the patterns are part of the program.
func clauses(pattern string) (out []clause) {
	whole, err := syntax.Parse(wordwise(pattern), syntax.Perl)
	if err != nil {
		panic(err)
	}
	parts := []*syntax.Regexp{whole}
	if whole.Op == syntax.OpAlternate {
		parts = whole.Sub
	}
	for _, p := range parts {
		out = append(out, clause{needs: needed(p), fits: regexp.MustCompile(p.String())})
	}
	return out
}

// wordwise lets an alternative that is all Latin begin only where a word begins: gent is a drug, and
// is no part of urgent. Han has no such places.
func wordwise(pattern string) string {
	parts := alternatives(pattern)
	for i, p := range parts {
		head := strings.TrimLeft(p, "(?:")
		if head != "" && head[0] >= 'a' && head[0] <= 'z' && !strings.ContainsFunc(p, han) {
			parts[i] = `\b(?:` + p + ")"
			if last := p[len(p)-1]; last >= 'a' && last <= 'z' && !strings.HasSuffix(p, `\b`) && !strings.HasSuffix(p, `\w`) && !strings.HasSuffix(p, `\d`) {
				parts[i] += `(?:\b|s\b)`
			}
		}
	}
	return strings.Join(parts, "|")
}

// wholeWords makes every Latin alternative of a definition stand as a word of its own.
func wholeWords(pattern string) string {
	parts := alternatives(pattern)
	for i, p := range parts {
		if !strings.ContainsFunc(p, han) && !strings.HasPrefix(p, "(?:") {
			parts[i] = `\b(?:` + strings.TrimRight(p, " ") + `)\b`
		}
	}
	return strings.Join(parts, "|")
}

// alternatives cuts a pattern at the signs | outside brackets.
func alternatives(pattern string) (out []string) {
	depth, from := 0, 0
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, pattern[from:i])
				from = i + 1
			}
		}
	}
	return append(out, pattern[from:])
}

// hold returns whether one of the clauses fits.
func hold(cs []clause, text string) bool {
	for _, c := range cs {
		if c.possible(text) && c.fits.MatchString(text) {
			return true
		}
	}
	return false
}

func (c clause) possible(text string) bool {
	if c.needs == nil {
		return true
	}
	for _, n := range c.needs {
		if strings.Contains(text, n) {
			return true
		}
	}
	return false
}

// needed returns words of which every fitting text has at least one, or nil.
func needed(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpCharClass:
		return members(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if n := needed(sub); n != nil && (best == nil || rarer(n, best)) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			n := needed(sub)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		return all
	default:
	}
	return nil
}

// members lists a small class of characters.
func members(ranges []rune) (out []string) {
	const most = 12
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(out) == most {
				return nil
			}
			out = append(out, string(r))
		}
	}
	return out
}

// rarer tells which of two sets of words is less likely to be met: the one whose shortest word is
// longer, then the smaller one.
func rarer(a, b []string) bool {
	la, lb := least(a), least(b)
	if la != lb {
		return la > lb
	}
	return len(a) < len(b)
}

func least(words []string) int {
	n := len(words[0])
	for _, w := range words {
		n = min(n, len(w))
	}
	return n
}
