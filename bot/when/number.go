package when

import "strings"

// digits reads up to most Arabic digits that are not part of a longer number.
func (s *scanner) digits(most int) (n, count int, ok bool) {
	start := s.at
	s.spaces()
	for digit(s.rune(0)) {
		if count++; count > most {
			s.at = start
			return 0, 0, false
		}
		n = n*10 + int(s.rune(0)-'0')
		s.at++
	}
	if count == 0 {
		s.at = start
	}
	return n, count, count > 0
}

// count reads how many of something: 2, 1.5, 1½, 二十五, two; articles count as one.
func (s *scanner) count() (float64, bool) {
	if n, _, ok := s.digits(6); ok {
		return float64(n) + s.fraction(), true
	}
	if n, ok := s.chinese(); ok {
		return float64(n), true
	}
	if s.eatAny("an|a") {
		return 1, true
	}
	n, ok := s.english()
	return float64(n), ok
}

func (s *scanner) fraction() float64 {
	if s.rune(0) == '½' {
		s.at++
		return 0.5
	}
	if s.rune(0) != '.' || !digit(s.rune(1)) {
		return 0
	}
	value, place := 0.0, 0.1
	for s.at++; digit(s.rune(0)); s.at++ {
		value += float64(s.rune(0)-'0') * place
		place /= 10
	}
	return value
}

// small reads a whole number below a hundred, as hours, minutes, months and days are.
func (s *scanner) small() (int, bool) {
	if n, _, ok := s.digits(2); ok {
		return n, true
	}
	return s.chinese()
}

// chinese reads 零 to 九百九十九. Two digits in a row, as in 两三个小时, are a range and no number.
func (s *scanner) chinese() (int, bool) {
	start := s.at
	s.spaces()
	total, pending, zero, lowest, runes := 0, -1, false, 1000, 0
	for ; ; s.at++ {
		unit, value := chineseNumeral(s.rune(0))
		if unit == 0 {
			break
		}
		runes++
		switch {
		case unit == 1 && value == 0 && pending < 0:
			zero = true
		case unit == 1 && value > 0 && pending < 0:
			pending = value
		case unit > 1 && unit < lowest && (pending < 0 || value == unit):
			total, pending, lowest, zero = total+max(pending, 1)*value, -1, unit, false
		default:
			s.at = start
			return 0, false
		}
	}
	// 一百二 is said for 120 but written like 102, so it is neither.
	short := lowest == 100 && pending > 0 && !zero
	if runes == 0 || short {
		s.at = start
		return 0, false
	}
	return total + max(pending, 0), true
}

// chineseNumeral gives the unit a numeral counts in, with its value; no numeral has unit zero.
func chineseNumeral(r rune) (unit, value int) {
	switch r {
	case '零', '〇':
		return 1, 0
	case '两', '俩':
		return 1, 2
	case '十':
		return 10, 10
	case '廿':
		return 10, 20
	case '卅':
		return 10, 30
	case '百':
		return 100, 100
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 && r != 0 {
		return 1, i/len("一") + 1
	}
	return 0, 0
}

// english reads one to ninety-nine.
func (s *scanner) english() (int, bool) {
	tens, ok := pick(s, []choice[int]{
		{"twenty", 20},
		{"thirty", 30},
		{"forty|fourty", 40}, //nolint:misspell // people misspell it too
		{"fifty", 50},
		{"sixty", 60},
		{"seventy", 70},
		{"eighty", 80},
		{"ninety", 90},
	})
	if ok {
		start := s.at
		s.eat("-")
		if n, ok := pick(s, ones()[:9]); ok {
			return tens + n, true
		}
		s.at = start
		return tens, true
	}
	return pick(s, ones())
}

func ones() []choice[int] {
	words := strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen " +
		"fourteen fifteen sixteen seventeen eighteen nineteen")
	choices := make([]choice[int], len(words))
	for i, word := range words {
		choices[i] = choice[int]{word, i + 1}
	}
	return choices
}
