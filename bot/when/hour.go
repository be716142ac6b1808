package when

// face is a clock time as written, before the day and the part of the day are known.
type face struct {
	moments []moment
	// bare is an hour from 1 to 12 with no word for its half of the day.
	bare bool
	// rolling is the midnight next to now rather than an hour of a calendar day.
	rolling bool
}

// figures is a clock time as written; sure means the half of the day was written with it.
type figures struct {
	hour, minute int
	sure         bool
	// midnight is the word, which on a named day may be the day's start or its end.
	midnight bool
	// number is an hour with nothing around it, which needs a word such as at or tonight.
	number bool
	// weak is a form that may be something else in front of more words: 1430, at 3, 一点.
	weak bool
}

// clock reads a clock time; led tells that a word such as at came before it.
func (s *scanner) clock(led bool) (figures, bool) {
	f, ok := pick(s, []choice[figures]{
		{"noon|midday|12 noon", figures{hour: 12, sure: true}},
		{"midnight|12 midnight", figures{midnight: true}},
	})
	if ok {
		return f, true
	}
	start := s.at
	f, ok = s.figures()
	if led && !f.number {
		f.weak = false
	}
	if !ok {
		s.at = start
	}
	return f, ok
}

// on places the figures in a part of the day; not ok means the two contradict each other.
func (f figures) on(p period) (c face, ok bool) {
	dark := p == evening || p == night
	switch {
	case f.hour > 24 || f.minute > 59 || f.hour == 24 && f.minute > 0:
		return face{}, false
	case f.midnight:
		return face{moments: []moment{{0, 0, 0}, {1, 0, 0}}, rolling: true}, p == noPeriod || dark
	case f.hour == 24:
		return face{moments: []moment{{1, 0, 0}}, rolling: true}, p == noPeriod || dark
	case f.sure:
		return face{moments: []moment{{0, f.hour, f.minute}}}, p.fits(f.hour)
	case p == noPeriod:
		bare := f.hour >= 1 && f.hour <= 12
		return face{moments: []moment{{0, f.hour, f.minute}}, bare: bare}, true
	}
	moments := p.at(f.hour, f.minute)
	if len(moments) == 0 {
		return face{}, false
	}
	return face{moments: moments, rolling: dark && (len(moments) > 1 || moments[0].shift > 0)}, true
}

// figures reads the forms with numbers in them.
func (s *scanner) figures() (figures, bool) {
	if f, ok := s.spoken(); ok {
		return f, true
	}
	n, count, ok := s.digits(4)
	switch {
	case ok && count == 4:
		f := s.half(figures{hour: n / 100, minute: n % 100, weak: true})
		return f, s.rune(0) != '年'
	case ok && count <= 2:
		if m, ok := s.pastHour(':'); ok {
			s.pastHour(':')
			return s.half(figures{hour: n, minute: m}), true
		}
		if m, ok := s.pastHour('.'); ok {
			f := s.half(figures{hour: n, minute: m})
			return f, f.sure
		}
	case ok:
		return figures{}, false
	default:
		if n, ok = s.chinese(); !ok {
			n, ok = s.english()
		}
	}
	if !ok {
		return figures{}, false
	}
	if f, ok := s.point(n); ok {
		return f, true
	}
	f := s.half(figures{hour: n})
	if f.sure || s.eatAny("o'clock|oclock") {
		return s.half(f), true
	}
	f.number, f.weak = true, true
	return f, true
}

// pastHour reads two digits behind a mark that touches both sides, as in 14:30.
func (s *scanner) pastHour(mark rune) (int, bool) {
	if s.rune(0) != mark || !digit(s.rune(1)) || !digit(s.rune(2)) || digit(s.rune(3)) {
		return 0, false
	}
	s.at += 3
	return int(s.rune(-2)-'0')*10 + int(s.rune(-1)-'0'), true
}

// half reads am or pm and makes the hour a 24-hour one; an hour that contradicts it becomes 99.
func (s *scanner) half(f figures) figures {
	if f.sure {
		return f
	}
	later, ok := pick(s, []choice[bool]{{"am|a.m.|a.m", false}, {"pm|p.m.|p.m", true}})
	if !ok {
		return f
	}
	f.sure, f.weak = true, false
	switch {
	case !later && f.hour == 12:
		f.hour = 0
	case later && f.hour > 0 && f.hour < 12:
		f.hour += 12
	case !later && f.hour > 12, later && f.hour == 0:
		f.hour = 99
	}
	return f
}

// point reads what follows an hour n in Chinese: 8点, 8点半, 8点三刻, 8点05分, 八点二十.
func (s *scanner) point(n int) (figures, bool) {
	lone := s.rune(-1) == '一' && s.rune(-2) != '十'
	if s.any("时间|时候|时段|时常") || !s.eatAny("点|时|点钟|点整|时整") {
		return figures{}, false
	}
	f := figures{hour: n}
	quarters, ok := pick(s, []choice[int]{{"半", 30}, {"一刻|1刻", 15}, {"三刻|3刻", 45}})
	if ok {
		f.minute = quarters
		return f, true
	}
	start := s.at
	marked := s.eatAny("零|过")
	m, ok := s.small()
	wide := ok && (s.at-start >= 2 || marked)
	switch {
	case ok && s.eat("分"):
		f.minute = m
		if start := s.at; !s.seconds() {
			s.at = start
		}
	case wide && !s.any("个|台|人|名|位|张|间|层|床|科|次|例|件|条|家|处|%"):
		f.minute = m
	default:
		s.at = start
		// 一点 is a little, and 三点建议 is three suggestions.
		f.weak = lone || s.any("建议|意见|要求|说明|原因|注意|问题")
	}
	return f, true
}

// seconds passes over what is dropped anyway.
func (s *scanner) seconds() bool {
	_, ok := s.small()
	return ok && s.eat("秒")
}

// spoken reads half past eight, quarter past 8 and quarter to nine.
func (s *scanner) spoken() (figures, bool) {
	start := s.at
	minutes, ok := pick(s, []choice[int]{
		{"half past", 30},
		{"quarter past|a quarter past", 15},
		{"quarter to|a quarter to", -15},
	})
	if !ok {
		return figures{}, false
	}
	h, _, ok := s.digits(2)
	if !ok {
		h, ok = s.english()
	}
	if !ok || h < 1 || h > 12 {
		s.at = start
		return figures{}, false
	}
	f := s.half(figures{hour: h})
	if minutes < 0 {
		f.hour, minutes = f.hour-1, minutes+60
		if f.hour == 0 && !f.sure {
			f.hour = 12
		}
		f.hour = (f.hour + 24) % 24
	}
	f.minute = minutes
	return f, true
}
