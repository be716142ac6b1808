package when

import (
	"strings"
	"time"
)

// expression is one way to read what a text starts with.
type expression struct {
	end  int
	weak bool
	// clock means an hour was named, so that a 后 behind it would leave the end open.
	clock bool
	read  func(question) Reading
}

// expression gives the longest time the text starts with.
func (s *scanner) expression(sense Sense) (expression, bool) {
	var best expression
	for _, read := range []func(Sense) (expression, bool){s.instant, s.relative, s.moment} {
		s.at = 0
		if e, ok := read(sense); ok && s.at > best.end {
			best = e
			best.end = s.at
		}
	}
	return best, best.end > 0
}

// instant reads now, just now and RFC 3339.
func (s *scanner) instant(Sense) (expression, bool) {
	if s.eatAny("just now|刚才|刚刚") {
		return expression{read: func(q question) Reading {
			if q.sense == Ahead {
				return Reading{Problem: Past}
			}
			return q.judge(q.now)
		}}, true
	}
	if s.eatAny("now|right now|现在|此刻|目前") {
		return expression{read: func(q question) Reading { return q.judge(q.now) }}, true
	}
	s.spaces()
	start := s.at
	for s.rune(0) != 0 && strings.ContainsRune("0123456789-:.+tz", s.rune(0)) {
		s.at++
	}
	t, err := time.Parse(time.RFC3339, strings.ToUpper(string(s.runes[start:s.at])))
	return expression{read: func(q question) Reading { return q.judge(t) }}, err == nil
}

// relative reads a length of time from now: in 2 hours, +45m, 半小时后, 20分钟前. A length with no
// direction is one from now.
func (s *scanner) relative(Sense) (expression, bool) {
	s.about()
	ahead := s.eatAny("in|within|in the next|再过|过|再等|还要|还需|还需要|需要|+")
	behind := !ahead && s.rune(0) == '-' && digit(s.rune(1)) && s.eat("-")
	s.about()
	l, ok := s.length()
	if !ok {
		return expression{}, false
	}
	s.eatAny("左右|上下")
	direction, marked := pick(s, []choice[int]{
		{"后|之后|以后|过后|内|之内|以内|later|from now", 1},
		{"ago|earlier|前|之前|以前", -1},
	})
	if behind || marked && direction < 0 {
		if ahead || behind && marked {
			return expression{}, false
		}
		return expression{read: func(q question) Reading { return q.shifted(-l.seconds, false) }}, true
	}
	directed := ahead || marked
	return expression{weak: l.weak && !directed, read: func(q question) Reading {
		return q.shifted(l.seconds, !directed)
	}}, true
}

// about passes over words that say an estimate is one; every ETA is.
func (s *scanner) about() {
	for s.eatAny("about|around|approx|approx.|approximately|roughly|~|大约|大概|约|预计|估计|差不多") {
	}
}

// lead reads the words before a point in time: led lets a number be an hour, side binds the sense.
func (s *scanner) lead(sense Sense) (led, ok bool) {
	for {
		s.about()
		switch {
		case s.eatAny("at|@|于"):
			led = true
		case s.eatAny("on|在"):
		case s.eatAny("by|before|until|till|no later than|最晚|最迟|不晚于"):
			if led = true; sense != Ahead {
				return led, false
			}
		case s.eatAny("since|from|自|从"):
			if led = true; sense != Behind {
				return led, false
			}
		default:
			return led, true
		}
	}
}

// moment reads a point in time: a day, a clock time, or both in either order.
func (s *scanner) moment(sense Sense) (expression, bool) {
	led, ok := s.lead(sense)
	if !ok {
		return expression{}, false
	}
	d, hasDay := s.day()
	afterDay := s.at
	counted := hasDay && d.counted
	p, thin := s.periodAfter(d)
	s.eat(",")
	ledHere, ok := s.lead(sense)
	f, hasClock := s.clock(led && !hasDay || ledHere)
	switch {
	case !ok || counted && !hasClock:
		return expression{}, false
	case hasClock && !hasDay && p == noPeriod:
		d, p, hasDay = s.dayBehind(d)
	case !hasClock && thin:
		s.at, p = afterDay, d.period
	case !hasClock:
		s.at = afterDay
		p, _ = s.periodAfter(d)
	}
	if !hasClock && p == midday {
		f, hasClock = figures{hour: 12, sure: true}, true
	}
	switch {
	case !hasClock && !hasDay && p == noPeriod,
		f.number && p == noPeriod && !led && !ledHere,
		thin && !hasDay && f.weak && !f.number,
		hasClock && !s.suffix(sense):
		return expression{}, false
	}
	e := expression{weak: f.weak, clock: hasClock}
	c, fits := f.on(p)
	switch {
	case !hasClock:
		c = face{moments: p.offers()}
	case !fits:
		return expression{}, false
	}
	e.read = func(q question) Reading { return q.point(d, hasDay, c, !hasClock) }
	return e, true
}

// periodAfter reads the part of the day behind a day. A thin one, a lone 早 or 晚, is also the first
// half of other words (晚点), so it needs a clock time behind it.
func (s *scanner) periodAfter(d dayWord) (p period, thin bool) {
	if d.period != noPeriod {
		return d.period, false
	}
	start := s.at
	p, ok := pick(s, periodWords())
	return p, ok && s.at-start == 1 && s.at < len(s.runes)
}

// dayBehind reads an English part of the day and a day behind a clock time: 8 in the morning on Monday.
func (s *scanner) dayBehind(d dayWord) (dayWord, period, bool) {
	p, _ := pick(s, []choice[period]{
		{"in the morning", forenoon},
		{"in the afternoon", afternoon},
		{"in the evening", evening},
		{"at night", night},
	})
	start := s.at
	if !s.eat(",") {
		s.eat("on")
	}
	s.spaces()
	if !letter(s.rune(0)) && !digit(s.rune(0)) {
		s.at = start
		return d, p, false
	}
	behind, ok := s.day()
	if !ok || behind.counted {
		s.at = start
		return d, p, false
	}
	if p == noPeriod {
		p, _ = s.periodAfter(behind)
	}
	return behind, p, true
}

// suffix passes over the words behind a clock time; not ok means they turn it away from the sense.
func (s *scanner) suffix(sense Sense) bool {
	s.eatAny("左右|前后|o'clock")
	start := s.at
	if s.eatAny("前|之前|以前") {
		if !strings.ContainsRune("台端后面往置", s.rune(0)) || s.end() {
			return sense == Ahead
		}
		s.at = start
	}
	if sense == Behind {
		s.eatAny("起|以来")
	}
	return true
}

// over says whether nothing but spaces is left.
func (s *scanner) over() bool {
	s.spaces()
	return s.end()
}

// endsHere says whether the words behind an expression leave it what it is.
func (s *scanner) endsHere(e expression) bool {
	last, next := s.rune(-1), s.rune(0)
	start := s.at
	defer func() { s.at = start }()
	switch {
	case s.over():
		return true
	case (digit(last) || letter(last)) && (digit(next) || letter(next)),
		digit(last) && strings.ContainsRune(":/.-%°", next) && (digit(s.rune(1)) || next == '%'),
		next == '几' || next == '多' && !strings.ContainsRune("个名台家人处科次", s.rune(1)):
		return false
	case s.any("utc|gmt|z|est|edt|cst|cdt|pst|pdt|cet|cest|bst"):
		return false
	case e.clock && s.eatAny("后|之后|以后|过后") && !strings.ContainsRune("台勤端续方", s.rune(0)):
		return false
	}
	s.at = start
	if s.eatAny("-|~|至|到|或|或者|to|or|until") {
		if s.spaces(); digit(s.rune(0)) || numeral(s.rune(0)) {
			return false
		}
	}
	s.at = start
	s.spaces()
	return !e.weak || strings.ContainsRune(",.;:!?-()", s.rune(0))
}
