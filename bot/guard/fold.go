package guard

import (
	"strings"
	"unicode/utf8"
)

// text is what somebody wrote, in one form of writing. Both strings have the same length, so that a
// place in one is a place in the other.
type text struct {
	plain string // as written, in half width
	low   string // the same with small Latin letters
}

// spelled is how many Chinese numerals in a row are a number read out digit by digit. Fewer may be
// words: "三五" is a few.
const spelled = 11

// fold brings full width, odd spaces and dashes, traditional characters of the labels, and numbers
// read out in Chinese into one form, and drops what cannot be seen.
func fold(s string) text {
	var b strings.Builder
	b.Grow(len(s))
	var numerals []rune
	flush := func() {
		for _, r := range numerals {
			if d, ok := numeral(r); ok && len(numerals) >= spelled {
				r = d
			}
			b.WriteRune(r)
		}
		numerals = numerals[:0]
	}
	for _, r := range s {
		if r < utf8.RuneSelf {
			flush()
			b.WriteByte(byte(r))
			continue
		}
		if _, ok := numeral(r); ok {
			numerals = append(numerals, r)
			continue
		}
		flush()
		if r = narrow(r); r != 0 {
			b.WriteRune(r)
		}
	}
	flush()
	plain := b.String()
	return text{plain: plain, low: lower(plain)}
}

// lower makes Latin letters small and leaves every byte where it is.
func lower(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + ('a' - 'A')
		}
	}
	return string(out)
}

// narrow returns the usual form of a character, 0 for one that cannot be seen.
func narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xFE63:
		return '-'
	case r >= 0x200B && r <= 0x200F, r == 0xFEFF, r == 0x00AD, r == 0x2060:
		return 0
	case r == 0x3000, r == 0x00A0, r >= 0x2000 && r <= 0x200A:
		return ' '
	}
	switch r {
	case '、':
		return ','
	case '‘', '’':
		return '\''
	case '“', '”':
		return '"'
	case '號':
		return '号'
	case '歷':
		return '历'
	case '門':
		return '门'
	case '診':
		return '诊'
	case '證':
		return '证'
	case '醫':
		return '医'
	case '險':
		return '险'
	case '電':
		return '电'
	case '話':
		return '话'
	case '機':
		return '机'
	case '碼':
		return '码'
	case '歲':
		return '岁'
	case '張':
		return '张'
	case '陳':
		return '陈'
	case '劉':
		return '刘'
	case '黃':
		return '黄'
	case '吳':
		return '吴'
	case '楊':
		return '杨'
	case '趙':
		return '赵'
	}
	return r
}

// numeral returns the digit that a Chinese numeral stands for.
func numeral(r rune) (rune, bool) {
	const digits = "零一二三四五六七八九"
	switch r {
	case '〇', '○':
		return '0', true
	case '幺':
		return '1', true
	}
	if i := strings.IndexRune(digits, r); i >= 0 {
		return '0' + rune(i/3), true
	}
	return 0, false
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func han(r rune) bool    { return r >= 0x3400 && r <= 0x9FFF }

// at returns the byte at a place, 0 outside the text.
func at(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

// after skips, from a place on, all words of a list in any order and number.
func after(s string, i int, words []string) int {
	for {
		n := 0
		for _, w := range words {
			if len(w) > n && strings.HasPrefix(s[i:], w) && whole(s, i, i+len(w)) {
				n = len(w)
			}
		}
		if n == 0 {
			return i
		}
		i += n
	}
}

// before skips back over all words of a list that end at a place.
func before(s string, i int, words []string) int {
	for {
		n := 0
		for _, w := range words {
			if len(w) > n && strings.HasSuffix(s[:i], w) && whole(s, i-len(w), i) {
				n = len(w)
			}
		}
		if n == 0 {
			return i
		}
		i -= n
	}
}

// whole tells that no Latin word is cut at either end of s[from:to].
func whole(s string, from, to int) bool {
	if letter(at(s, from)) && letter(at(s, from-1)) {
		return false
	}
	return !letter(at(s, to-1)) || !letter(at(s, to))
}

// each calls f with every place of a word that stands whole.
func each(s, word string, f func(from, to int)) {
	for i := 0; ; {
		j := strings.Index(s[i:], word)
		if j < 0 {
			return
		}
		from, to := i+j, i+j+len(word)
		if whole(s, from, to) {
			f(from, to)
		}
		i = to
	}
}
