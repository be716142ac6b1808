package when

import "math"

const (
	second = 1
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day
)

// span is a length of time as written, in seconds: a time.Duration would overflow on 999999 weeks.
type span struct {
	seconds int64
	// weak is a length such as 2分, which in front of more words may be something else (2分院).
	weak bool
}

// length reads a length of time: one amount, or several with ever smaller units.
func (s *scanner) length() (span, bool) {
	if seconds, ok := pick(s, fixedLengths()); ok {
		return span{seconds: seconds}, true
	}
	var total span
	last := int64(math.MaxInt64)
	for first := true; ; first = false {
		start := s.at
		if !first && !s.eatAny(", and|and|,|零|又") {
			s.spaces()
		}
		amount, unit, ok := s.amount()
		if !ok || unit >= last {
			s.at = start
			return total, total.seconds > 0
		}
		total.seconds += amount
		total.weak = first && s.rune(-1) == '分'
		last = unit
		if half := s.halfMore(unit); half > 0 {
			total.seconds += half
			return total, true
		}
	}
}

func fixedLengths() []choice[int64] {
	return []choice[int64]{
		{"半个小时|半小时|半个钟头|半钟头|半个钟|half an hour|half a hour|half hour|half-hour|a half hour|a half-hour", hour / 2},
		{"a quarter of an hour|quarter of an hour|a quarter hour|quarter hour", hour / 4},
		{"three quarters of an hour|three-quarters of an hour", hour / 4 * 3},
	}
}

// amount reads one number with its unit and gives both in seconds.
func (s *scanner) amount() (seconds, unit int64, ok bool) {
	start := s.at
	n, ok := s.count()
	if !ok {
		return 0, 0, false
	}
	switch {
	case s.eat("个半"):
		n += 0.5
		unit, ok = pick(s, []choice[int64]{{"小时|钟头|钟", hour}, {"星期|礼拜", week}})
	case s.eat("and a half"):
		n += 0.5
		unit, ok = s.unit()
	default:
		unit, ok = s.unit()
	}
	if !ok {
		s.at = start
		return 0, 0, false
	}
	return int64(math.Round(n * float64(unit))), unit, true
}

func (s *scanner) unit() (int64, bool) {
	return pick(s, []choice[int64]{
		{"s|sec|secs|second|seconds|秒|秒钟", second},
		{"m|min|mins|minute|minutes|min.|分|分钟", minute},
		{"刻钟", hour / 4},
		{"h|hr|hrs|hour|hours|小时|个小时|钟头|个钟头|个钟", hour},
		{"d|day|days|天", day},
		{"w|wk|wks|week|weeks|周|星期|个星期|礼拜|个礼拜", week},
	})
}

// halfMore reads what may follow a unit without one of its own: 两小时半, an hour and a half, 1h30.
func (s *scanner) halfMore(unit int64) int64 {
	start := s.at
	if unit >= hour && (s.eat("and a half") || s.eat("半")) {
		return unit / 2
	}
	if unit == hour && s.rune(-1) == 'h' && digit(s.rune(0)) {
		n, _, ok := s.digits(2)
		if _, named := s.unit(); ok && !named && n < 60 {
			return int64(n) * minute
		}
		s.at = start
	}
	return 0
}
