package when

import "time"

// date reads a calendar date: 2026-05-12, 5月12日, 12号, 5/12, 05-12, 12 May 2026, May 12.
func (s *scanner) date() (dayWord, bool) {
	start := s.at
	for _, read := range []func() (dayWord, bool){s.fullDate, s.chineseDate, s.slashDate, s.dayMonth, s.monthDay} {
		if d, ok := read(); ok {
			return d, true
		}
		s.at = start
	}
	return dayWord{}, false
}

func (s *scanner) fullDate() (dayWord, bool) {
	y, count, ok := s.digits(4)
	if !ok || count != 4 {
		return dayWord{}, false
	}
	if s.eat("年") {
		m, okM := s.small()
		okM = okM && s.eat("月")
		d, okD := s.small()
		s.eatAny("日|号")
		return written(y, m, d, okM && okD)
	}
	mark := s.rune(0)
	if mark != '-' && mark != '/' && mark != '.' {
		return dayWord{}, false
	}
	s.at++
	m, _, okM := s.digits(2)
	if !okM || s.rune(0) != mark {
		return dayWord{}, false
	}
	s.at++
	d, _, okD := s.digits(2)
	if s.rune(0) == 't' && digit(s.rune(1)) {
		s.at++
	}
	return written(y, m, d, okD)
}

// chineseDate reads 5月12日 and, for the month nearest, 12号.
func (s *scanner) chineseDate() (dayWord, bool) {
	n, ok := s.small()
	if !ok {
		return dayWord{}, false
	}
	if s.eat("月") {
		d, ok := s.small()
		if !s.eatAny("日|号") && s.rune(0) == '个' {
			ok = false
		}
		return yearless(n, d, ok)
	}
	if !s.eatAny("日|号") || s.any("楼|机|线|床|院|门|厅|库|码|手术") || n < 1 || n > 31 {
		return dayWord{}, false
	}
	return dayWord{options: func(today time.Time, sense Sense) []option {
		return ofMonth(n, today, sense)
	}}, true
}

// ofMonth gives the n-th of this month; the neighbouring month's is taken only when it is near.
func ofMonth(n int, today time.Time, s Sense) []option {
	step := 1
	if s == Behind {
		step = -1
	}
	var o option
	for i := range 3 {
		first := time.Date(today.Year(), today.Month()+time.Month(i*step), 1, 0, 0, 0, 0, time.UTC)
		t := first.AddDate(0, 0, n-1)
		switch {
		case t.Month() != first.Month():
		case i == 0 || within(t, today, 15):
			o.tries = append(o.tries, t)
		case len(o.ask) == 0:
			o.ask = append(o.ask, t)
		}
	}
	return []option{o}
}

// slashDate reads 5/12 and 05-12. Half the world puts the day first, so both orders count.
func (s *scanner) slashDate() (dayWord, bool) {
	a, countA, ok := s.digits(2)
	mark := s.rune(0)
	if !ok || mark != '/' && (mark != '-' || countA != 2) || !digit(s.rune(1)) {
		return dayWord{}, false
	}
	s.at++
	b, countB, ok := s.digits(2)
	if !ok || mark == '-' && countB != 2 {
		return dayWord{}, false
	}
	if s.rune(0) == mark && digit(s.rune(1)) {
		return dayWord{}, false
	}
	monthFirst, okM := yearless(a, b, true)
	dayFirst, okD := yearless(b, a, true)
	switch {
	case okM && okD && a != b:
		return dayWord{unsure: true, options: func(today time.Time, s Sense) []option {
			return append(monthFirst.options(today, s), dayFirst.options(today, s)...)
		}}, true
	case okM:
		return monthFirst, true
	}
	return dayFirst, okD
}

func months() []choice[int] {
	return []choice[int]{
		{"january|jan", 1},
		{"february|feb", 2},
		{"march|mar", 3},
		{"april|apr", 4},
		{"may", 5},
		{"june|jun", 6},
		{"july|jul", 7},
		{"august|aug", 8},
		{"september|sep|sept", 9},
		{"october|oct", 10},
		{"november|nov", 11},
		{"december|dec", 12},
	}
}

func (s *scanner) dayMonth() (dayWord, bool) {
	s.eat("the")
	d, _, ok := s.digits(2)
	s.eatAny("st|nd|rd|th")
	s.eat("of")
	m, okM := pick(s, months())
	return s.withYear(m, d, ok && okM)
}

func (s *scanner) monthDay() (dayWord, bool) {
	m, ok := pick(s, months())
	d, _, okD := s.digits(2)
	s.eatAny("st|nd|rd|th")
	if s.rune(0) == ':' {
		return dayWord{}, false
	}
	return s.withYear(m, d, ok && okD)
}

// withYear takes a year if one follows; four digits that a clock time follows are the year, others
// could be a clock time and are left to it.
func (s *scanner) withYear(m, d int, ok bool) (dayWord, bool) {
	start := s.at
	comma := s.eat(",")
	if y, count, isYear := s.digits(4); isYear && count == 4 && (comma || y > 2000 && y < 2100 && y%100 > 23) {
		return written(y, m, d, ok)
	}
	s.at = start
	return yearless(m, d, ok)
}

// written is a date with its year.
func written(y, m, d int, ok bool) (dayWord, bool) {
	if !ok || y < 1900 || y > 2200 || !exists(y, m, d) {
		return dayWord{}, false
	}
	return dayWord{options: func(time.Time, Sense) []option {
		return []option{{tries: []time.Time{time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)}}}
	}}, true
}

// yearless is a date in this year, or in the neighbouring one when that is less than half a year away:
// on 31 December, 2 January is next year's.
func yearless(m, d int, ok bool) (dayWord, bool) {
	if !ok || !exists(2024, m, d) {
		return dayWord{}, false
	}
	return dayWord{options: func(today time.Time, s Sense) []option {
		neighbour := today.Year() + 1
		if s == Behind {
			neighbour = today.Year() - 1
		}
		var o option
		if exists(today.Year(), m, d) {
			o.tries = append(o.tries, time.Date(today.Year(), time.Month(m), d, 0, 0, 0, 0, time.UTC))
		}
		if t := time.Date(neighbour, time.Month(m), d, 0, 0, 0, 0, time.UTC); exists(neighbour, m, d) && within(t, today, 183) {
			o.tries = append(o.tries, t)
		}
		return []option{o}
	}}, true
}

func exists(y, m, d int) bool {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return int(t.Month()) == m && t.Day() == d
}

func within(a, b time.Time, days int) bool {
	return a.Sub(b).Abs() <= time.Duration(days)*24*time.Hour
}
