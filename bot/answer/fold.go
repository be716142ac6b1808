package answer

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed fold.txt
var foldText string

// folder brings the ways people write one thing to one form: width, case, traditional characters,
// dialect, abbreviations and the commonest slips.
type folder struct {
	runes map[rune]rune
	han   *strings.Replacer
	words map[string]string
}

// newFolder reads fold.txt: "from, from = to", divided by lines or semicolons. Pairs of single Han characters go by rune, other
// Han by longest match, Latin words by whole word.
func newFolder(text string) *folder {
	f := &folder{runes: map[rune]rune{}, words: map[string]string{}}
	var pairs [][2]string
	for entry := range strings.SplitSeq(strings.Join(lines(text), ";"), ";") {
		left, to, ok := strings.Cut(entry, "=")
		if !ok {
			continue
		}
		to = strings.TrimSpace(to)
		for from := range strings.FieldsFuncSeq(left, func(r rune) bool { return r == ',' }) {
			from = strings.TrimSpace(from)
			switch {
			case from == "":
			case from[0] < 0x80:
				f.words[from] = to
			case len([]rune(from)) == 1 && len([]rune(to)) == 1:
				f.runes[[]rune(from)[0]] = []rune(to)[0]
			default:
				pairs = append(pairs, [2]string{from, to})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p[0], p[1])
	}
	f.han = strings.NewReplacer(flat...)
	return f
}

// fold returns text in its one form: lower case, one space between Latin words, none beside Han,
// every other sign a space.
func (f *folder) fold(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0
		}
		r = unicode.ToLower(r)
		if s, ok := f.runes[r]; ok {
			r = s
		}
		switch {
		case r == '\'' || r == '\u2019':
		case r == '&', r == '.' || r == '%' || r == '/', unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	var out []string
	for w := range strings.FieldsSeq(f.han.Replace(b.String())) {
		out = append(out, f.parts(strings.Trim(w, "./%&"))...)
	}
	return join(out)
}

// parts cuts one run of signs into Latin words and Han, and replaces the words.
func (f *folder) parts(run string) (out []string) {
	for _, piece := range pieces(run) {
		to, ok := f.words[piece]
		if !ok {
			out = append(out, piece)
			continue
		}
		out = append(out, strings.Fields(to)...)
	}
	return out
}

// pieces cuts a run where Latin meets Han and at signs inside it, save those of numbers and R&V.
func pieces(run string) (out []string) {
	rs := []rune(run)
	from := 0
	cut := func(to int) {
		if to > from {
			out = append(out, string(rs[from:to]))
		}
	}
	for i, r := range rs {
		switch {
		case r == '&' || r == '%' && i > 0:
		case r == '.' && i > 0 && i+1 < len(rs) && unicode.IsDigit(rs[i-1]) && unicode.IsDigit(rs[i+1]):
		case r == '/' && i > 0 && i+1 < len(rs) && rs[i-1] < 0x80 && rs[i+1] < 0x80 && len(rs) <= 4:
		case r == '.' || r == '/':
			cut(i)
			from = i + 1
		case i > from && han(r) != han(rs[i-1]):
			cut(i)
			from = i
		}
	}
	cut(len(rs))
	return out
}

// join puts a space between two Latin words, and between two runs of Han that stood apart.
func join(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && lastHan(words[i-1]) == firstHan(w) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func firstHan(s string) bool {
	for _, r := range s {
		return han(r)
	}
	return false
}

func lastHan(s string) bool {
	last := false
	for _, r := range s {
		last = han(r)
	}
	return last
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// lines returns the lines of an embedded text without comments and blanks.
func lines(text string) (out []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}
