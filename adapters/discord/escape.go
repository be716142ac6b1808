package discord

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	links   = regexp.MustCompile(`https?://[^\s<>"'\x{3000}-\x{303f}\x{ff00}-\x{ffef}]+`)
	callAll = regexp.MustCompile(`(?i)@(everyone|here)`)
)

// plain writes a text so that Discord shows it as it is: no formatting by accident, no link with another
// face, no mention. Addresses stay as they are, or they would not work.
func plain(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = plainLine(line)
	}
	return strings.Join(lines, "\n")
}

func plainLine(line string) string {
	var b strings.Builder
	rest := 0
	for _, at := range links.FindAllStringIndex(line, -1) {
		b.WriteString(escape(line[rest:at[0]]))
		b.WriteString(line[at[0]:at[1]])
		rest = at[1]
	}
	b.WriteString(escape(line[rest:]))
	out := b.String()
	// Only at its start a line becomes a heading, a quotation or small print.
	body := strings.TrimLeft(out, " ")
	if strings.HasPrefix(body, "#") || strings.HasPrefix(body, ">") || strings.HasPrefix(body, "-#") {
		out = out[:len(out)-len(body)] + `\` + body
	}
	return callAll.ReplaceAllString(out, "@\u200b$1")
}

// escape puts a backslash before signs that format. A low line within a word formats nothing, and is left
// so that names can be copied.
func escape(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, c := range runes {
		switch c {
		case '\\', '*', '~', '`', '|', '<':
			b.WriteByte('\\')
		case '[':
			if strings.Contains(s, "](") {
				b.WriteByte('\\')
			}
		case '_':
			if !within(runes, i) {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(c)
	}
	return b.String()
}

// within tells a sign between two letters or digits.
func within(runes []rune, i int) bool {
	word := func(j int) bool {
		return j >= 0 && j < len(runes) && (unicode.IsLetter(runes[j]) || unicode.IsDigit(runes[j]))
	}
	return word(i-1) && word(i+1)
}
