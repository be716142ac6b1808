package mattermost

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The server shows texts as markdown, and calls people by their names. What the desk says is plain text:
// what somebody copied from a screen must be read as it was there, and nobody is called by accident.

var (
	ruler   = regexp.MustCompile(`^ {0,3}([-=*_][ \t]*){2,}$`)           // a line that would rule the text off, or make the one before a headline
	heading = regexp.MustCompile(`^( {0,3})(#{1,6}[ \t]|>)`)             // a headline, a quotation
	columns = regexp.MustCompile(`(?m)^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|`)   // the line that makes a table
	linked  = regexp.MustCompile(`\]\(|\]\[|\]:`)                        // what makes brackets a link
	emoji   = regexp.MustCompile(`:([a-z_][a-z0-9_+-]*|\+1|-1|100):`)    // a picture by its name
	link    = regexp.MustCompile(`https?://[!-'*-~]+`)                   // a link as it is: one sign more would lead elsewhere
	address = regexp.MustCompile(`[A-Za-z0-9]@[A-Za-z0-9-]+\.[A-Za-z]+`) // an address: calls nobody
)

// zeroWidth stands behind an @ that calls nobody.
const zeroWidth = "\u200b"

// escape makes plain text that is shown as it is. Only characters that would act are changed.
func escape(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	pairs := counts(s)
	table := columns.MatchString(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = escapeLine(line, pairs, table)
	}
	return defang(strings.Join(lines, "\n"))
}

// counts tells how often a character stands in a text: one alone pairs with nothing and does not act.
func counts(s string) map[rune]int {
	out := map[rune]int{}
	for _, c := range s {
		if c == '*' || c == '_' || c == '`' || c == '~' {
			out[c]++
		}
	}
	return out
}

func escapeLine(line string, pairs map[rune]int, table bool) string {
	if ruler.MatchString(line) && strings.TrimSpace(line) != "" {
		cutAt := len(line) - len(strings.TrimLeft(line, " "))
		return line[:cutAt] + `\` + line[cutAt:]
	}
	links := linked.MatchString(line)
	start := ""
	if m := heading.FindStringSubmatch(line); m != nil {
		start, line = m[1]+`\`+line[len(m[1]):len(m[1])+1], line[len(m[1])+1:]
	}
	var out strings.Builder
	out.WriteString(start)
	before := ' '
	sites := link.FindAllStringIndex(line, -1)
	for i, c := range line {
		after := ' '
		if rest := line[i+utf8.RuneLen(c):]; rest != "" && c != utf8.RuneError {
			after, _ = utf8.DecodeRuneInString(rest)
		}
		if !(strings.ContainsRune("_*~", c) && within(sites, i)) && acts(c, before, after, pairs, table, links) {
			out.WriteByte('\\')
		}
		out.WriteRune(c)
		before = c
	}
	return emoji.ReplaceAllString(out.String(), `\:$1:`)
}

func within(spans [][]int, at int) bool {
	return slices.ContainsFunc(spans, func(s []int) bool { return s[0] <= at && at < s[1] })
}

// acts tells whether a character would be read as markdown where it stands.
func acts(c, before, after rune, pairs map[rune]int, table, links bool) bool {
	switch c {
	case '\\': // swallowed before a sign, shown before anything else
		return after < utf8.RuneSelf && (unicode.IsPunct(after) || unicode.IsSymbol(after))
	case '*':
		return pairs[c] > 1 && (!unicode.IsSpace(before) || !unicode.IsSpace(after))
	case '_': // not inside a word
		return pairs[c] > 1 && (!wordly(before) || !wordly(after)) && (!unicode.IsSpace(before) || !unicode.IsSpace(after))
	case '`':
		return pairs[c] > 1
	case '~':
		return pairs[c] > 1 && (before == '~' || after == '~')
	case '|':
		return table
	case '[':
		return links
	}
	return false
}

func wordly(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// defang takes the power off every @ that would call somebody, and leaves addresses alone.
func defang(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	spared := map[int]bool{}
	for _, at := range address.FindAllStringIndex(s, -1) {
		spared[at[0]+1] = true // the @ stands behind the first character of a match
	}
	var out strings.Builder
	for i, c := range s {
		out.WriteRune(c)
		if c != '@' || spared[i] {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(s[i+1:]); unicode.IsLetter(next) || unicode.IsDigit(next) || next == '_' {
			out.WriteString(zeroWidth)
		}
	}
	return out.String()
}
