package commands

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a line: what it says, and where it stood.
type word struct {
	text   string
	key    string // of key:value, as typed; "" if it is plain
	start  int    // offsets into the line
	end    int
	quoted bool
}

// scan cuts a line into words. Quotes of either language keep spaces together; in all of them \" is a
// quote. A key:value, key=value, --key value or the same with full-width signs becomes one word.
func scan(line string) []word {
	var out []word
	for i := skipSpace(line, 0); i < len(line); i = skipSpace(line, i) {
		w, next := scanWord(line, i)
		out = append(out, w)
		i = next
	}
	return dashes(out)
}

func skipSpace(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsSpace(r) {
			return i
		}
		i += n
	}
	return i
}

func scanWord(s string, i int) (word, int) {
	w := word{start: i}
	if r, n := utf8.DecodeRuneInString(s[i:]); closing(r) != 0 {
		if text, end, ok := scanQuote(s, i+n, closing(r)); ok {
			w.text, w.end, w.quoted = text, end, true
			return w, end
		}
	}
	var b strings.Builder
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			break
		}
		if w.key == "" && isSign(r) && keyLike(b.String()) {
			w.key = b.String()
			b.Reset()
			i += n
			if text, end, ok := scanQuoted(s, i); ok {
				w.text, w.end, w.quoted = text, end, true
				return w, end
			}
			continue
		}
		b.WriteString(s[i : i+n])
		i += n
	}
	w.text, w.end = b.String(), i
	return w, i
}

// scanQuoted reads a value in quotes, or several with commas between them: options:"a b","c d".
func scanQuoted(s string, i int) (text string, end int, ok bool) {
	var values []string
	for end = i; end < len(s); {
		q, n := utf8.DecodeRuneInString(s[end:])
		if closing(q) == 0 {
			break
		}
		value, after, whole := scanQuote(s, end+n, closing(q))
		if !whole {
			break
		}
		values, i = append(values, value), after
		comma, n := utf8.DecodeRuneInString(s[after:])
		if after == len(s) || !strings.ContainsRune(listSigns, comma) {
			break
		}
		end = skipSpace(s, after+n)
	}
	return strings.Join(values, ","), i, len(values) > 0
}

// keyLike reports whether s may be the name of an argument: letters and dashes only, so that 10:50 and
// ORA-00060: stay what they are.
func keyLike(s string) bool {
	s = strings.TrimPrefix(s, "--")
	if s == "" {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && r != '-' {
			return false
		}
	}
	return true
}

func scanQuote(s string, i int, end rune) (string, int, bool) {
	var b strings.Builder
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\\' && i+n < len(s) && (s[i+n] == '"' || s[i+n] == '\\') {
			b.WriteByte(s[i+n])
			i += n + 1
			continue
		}
		if r == end {
			return b.String(), i + n, true
		}
		b.WriteString(s[i : i+n])
		i += n
	}
	return "", 0, false
}

// dashes joins "--key value" into one word with a key.
func dashes(in []word) []word {
	var out []word
	for i := 0; i < len(in); i++ {
		w := in[i]
		switch {
		case w.quoted && w.key == "":
		case w.key != "":
			w.key = strings.TrimPrefix(w.key, "--")
		case strings.HasPrefix(w.text, "--") && keyLike(w.text) && i+1 < len(in) && in[i+1].key == "":
			next := in[i+1]
			w = word{key: strings.TrimPrefix(w.text, "--"), text: next.text, start: w.start, end: next.end, quoted: next.quoted}
			i++
		}
		out = append(out, w)
	}
	return out
}

// quote writes a value so that scan reads it back as one word.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || closing(r) != 0 || isSign(r) || r == '\\' || strings.ContainsRune(endQuotes, r)
	}) && !strings.HasPrefix(s, "-") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
