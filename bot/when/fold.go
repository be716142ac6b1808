package when

import (
	"strings"
	"unicode"
)

// scanner walks over a folded text. Folding keeps one rune for one rune, so that a place in the
// folded text is a place in the original and the rest of a sentence comes back as it was typed.
type scanner struct {
	runes []rune
	// bytes holds, for each rune and for the end, where it begins in the original.
	bytes []int
	at    int
}

func fold(text string) *scanner {
	s := &scanner{}
	for i, r := range text {
		s.runes = append(s.runes, foldRune(r))
		s.bytes = append(s.bytes, i)
	}
	s.bytes = append(s.bytes, len(text))
	return s
}

// foldRune makes full-width forms, traditional characters, capitals and fancy dashes plain.
func foldRune(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch r {
	case '∶', '﹕', '︰':
		return ':'
	case '–', '—', '−', '‐', '‑':
		return '-'
	case '〜', '∼':
		return '~'
	case '。', '．':
		return '.'
	case '、':
		return ','
	case '’', '‘', '`':
		return '\''
	case '\u200b', '\ufeff':
		return ' '
	}
	if plain := simplified(r); plain != 0 {
		return plain
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// simplified gives the simplified form of the traditional characters times are written with, else zero.
func simplified(r rune) rune {
	if r < '一' || r > '鿿' {
		return 0
	}
	from, to := []rune("點鐘鍾時後內號週兩個剛現過開約預計還間頭禮當"), []rune("点钟钟时后内号周两个刚现过开约预计还间头礼当")
	for i, f := range from {
		if f == r {
			return to[i]
		}
	}
	return 0
}

func (s *scanner) end() bool { return s.at >= len(s.runes) }

// rune looks n runes past the current place; beyond the end there is zero.
func (s *scanner) rune(n int) rune {
	if s.at+n < 0 || s.at+n >= len(s.runes) {
		return 0
	}
	return s.runes[s.at+n]
}

func (s *scanner) spaces() {
	for s.rune(0) == ' ' {
		s.at++
	}
}

// eat takes the pattern if it stands here, spaces before it included. A space in the pattern stands
// for one or more; a pattern that ends in a Latin letter must end a word.
func (s *scanner) eat(pattern string) bool {
	start := s.at
	s.spaces()
	for _, want := range pattern {
		if s.rune(0) != want {
			s.at = start
			return false
		}
		s.at++
		if want == ' ' {
			s.spaces()
		}
	}
	if letter(s.rune(-1)) && letter(s.rune(0)) {
		s.at = start
		return false
	}
	return true
}

// choice gives a meaning to several spellings, parted by a bar.
type choice[T any] struct {
	spellings string
	means     T
}

// pick takes the longest spelling that stands here.
func pick[T any](s *scanner, choices []choice[T]) (means T, ok bool) {
	start, best := s.at, s.at
	for _, c := range choices {
		for spelling := range strings.SplitSeq(c.spellings, "|") {
			s.at = start
			if s.eat(spelling) && s.at > best {
				best, means, ok = s.at, c.means, true
			}
		}
	}
	s.at = best
	return means, ok
}

func (s *scanner) eatAny(spellings string) bool {
	_, ok := pick(s, []choice[bool]{{spellings, true}})
	return ok
}

// any looks whether one of the spellings stands here, and takes nothing.
func (s *scanner) any(spellings string) bool {
	start := s.at
	defer func() { s.at = start }()
	return s.eatAny(spellings)
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' }

func digit(r rune) bool { return r >= '0' && r <= '9' }

func numeral(r rune) bool {
	return strings.ContainsRune("零〇一二两俩三四五六七八九十廿卅百半", r)
}
