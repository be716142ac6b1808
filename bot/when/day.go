package when

import "time"

// option is one day a text may mean: the first of tries that lies on the asked side is taken, and
// what is in ask is only ever asked about. Days are midnights in UTC, so they have no zone.
type option struct{ tries, ask []time.Time }

// dayWord is a day as written. Its options depend on now and on the sense.
type dayWord struct {
	options func(today time.Time, s Sense) []option
	// unsure is a date such as 5/6, whose order is not known.
	unsure bool
	period period
	// nextHalf is true for today, where an hour that has gone by may have meant the other half.
	nextHalf bool
	// named is 明天 or tonight, a day counted from the one it is for whoever writes.
	named bool
	// counted is 两天后 or in 2 days, a day only in front of a clock time and else a length of time.
	counted bool
}

// day reads a day, with the part of the day where one word holds both.
func (s *scanner) day() (dayWord, bool) {
	start := s.at
	for _, read := range []func() (dayWord, bool){s.date, s.weekday, s.namedDay, s.countedDay} {
		if d, ok := read(); ok {
			return d, true
		}
		s.at = start
	}
	return dayWord{}, false
}

func (s *scanner) namedDay() (dayWord, bool) {
	type named struct {
		offset int
		period period
	}
	n, ok := pick(s, []choice[named]{
		{"today|今天|今日|当天", named{0, noPeriod}},
		{"tomorrow|tmr|tmrw|明天|明日", named{1, noPeriod}},
		{"day after tomorrow|the day after tomorrow|后天|后日", named{2, noPeriod}},
		{"大后天", named{3, noPeriod}},
		{"yesterday|昨天|昨日", named{-1, noPeriod}},
		{"day before yesterday|the day before yesterday|前天", named{-2, noPeriod}},
		{"大前天", named{-3, noPeriod}},
		{"tonight|this evening|今晚|今夜", named{0, evening}},
		{"this morning|今早|今晨", named{0, forenoon}},
		{"this afternoon", named{0, afternoon}},
		{"明早|明晨", named{1, forenoon}},
		{"明晚|明夜", named{1, evening}},
		{"昨晚|昨夜|last night|yesterday evening", named{-1, evening}},
		{"昨早", named{-1, forenoon}},
	})
	d := onDay(n.offset)
	d.period, d.named = n.period, true
	return d, ok
}

// smallHours end when everybody has begun to call it another day.
const smallHours = 5

// awake adds what a day means to whoever has not slept yet. At one in the morning tomorrow is the day
// that has begun or the next, which is asked; tonight, of a time that is over, was yesterday.
func awake(options []option, today time.Time, s Sense) []option {
	var out []option
	for _, o := range options {
		before := option{}
		for _, t := range o.tries {
			before.tries = append(before.tries, t.AddDate(0, 0, -1))
		}
		switch {
		case s == Ahead && o.tries[0].After(today):
			out = append(out, before)
		case s == Behind && o.tries[0].Equal(today):
			o.ask = append(o.ask, before.tries...)
		}
		out = append(out, o)
	}
	return out
}

func onDay(offset int) dayWord {
	return dayWord{
		nextHalf: offset == 0,
		options: func(today time.Time, _ Sense) []option {
			return []option{{tries: []time.Time{today.AddDate(0, 0, offset)}}}
		},
	}
}

// countedDay reads 两天后 and in 2 days; behind which a clock time must come, since alone
// these are lengths of time.
func (s *scanner) countedDay() (dayWord, bool) {
	in := s.eatAny("in|再过|过")
	n, ok := s.small()
	if !ok {
		n, ok = s.english()
	}
	if !ok || n > 400 || !s.eatAny("天|days|day") {
		return dayWord{}, false
	}
	back, marked := pick(s, []choice[int]{{"后|之后|以后|later|from now", 1}, {"前|之前|以前|ago", -1}})
	if !marked {
		back = 1
	}
	d := onDay(n * back)
	d.counted = true
	return d, marked != in
}

// noDay is a clock time on its own: today's, or the nearest one for a word that rolls over midnight.
func noDay(rolling bool) dayWord {
	return dayWord{nextHalf: true, options: func(today time.Time, s Sense) []option {
		yesterday, tomorrow := today.AddDate(0, 0, -1), today.AddDate(0, 0, 1)
		o := option{tries: []time.Time{today}}
		switch {
		case rolling && s == Ahead:
			o.tries = []time.Time{yesterday, today, tomorrow}
		case rolling:
			o.tries = []time.Time{today, yesterday}
		case s == Ahead:
			o.ask = []time.Time{tomorrow}
		default:
			o.ask = []time.Time{yesterday}
		}
		return []option{o}
	}}
}

func (s *scanner) weekday() (dayWord, bool) {
	type which int
	const (
		plain which = iota
		this
		next
		afterNext
		last
		englishNext
		englishLast
	)
	w, _ := pick(s, []choice[which]{
		{"本|这|这个|this", this},
		{"下|下个", next},
		{"下下|下下个", afterNext},
		{"上|上个", last},
		{"next", englishNext},
		{"last", englishLast},
		{"coming|this coming", plain},
	})
	d, ok := pick(s, []choice[int]{
		{"monday|mon|周一|星期一|礼拜一", 0},
		{"tuesday|tue|tues|周二|星期二|礼拜二", 1},
		{"wednesday|wed|周三|星期三|礼拜三", 2},
		{"thursday|thu|thur|thurs|周四|星期四|礼拜四", 3},
		{"friday|fri|周五|星期五|礼拜五", 4},
		{"saturday|sat|周六|星期六|礼拜六", 5},
		{"sunday|sun|周日|周天|星期日|星期天|礼拜日|礼拜天", 6},
	})
	if !ok {
		return dayWord{}, false
	}
	return dayWord{options: func(today time.Time, s Sense) []option {
		monday := today.AddDate(0, 0, -mondayBased(today))
		inWeek := func(n int) option { return option{tries: []time.Time{monday.AddDate(0, 0, 7*n+d)}} }
		switch w {
		case this:
			return []option{inWeek(0)}
		case next:
			return []option{inWeek(1)}
		case afterNext:
			return []option{inWeek(2)}
		case last:
			return []option{inWeek(-1)}
		case englishNext: // people disagree whether next Friday is the coming one
			return []option{nearWeekday(today, d, Ahead, 1), inWeek(1)}
		case englishLast:
			return []option{nearWeekday(today, d, Behind, 1), inWeek(-1)}
		case plain:
		}
		return []option{nearWeekday(today, d, s, 0)}
	}}, true
}

func mondayBased(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// nearWeekday is the weekday nearest on the asked side, at least skip days away.
func nearWeekday(today time.Time, weekday int, s Sense, skip int) option {
	step := 1
	if s == Behind {
		step = -1
	}
	t := today.AddDate(0, 0, step*skip)
	for mondayBased(t) != weekday {
		t = t.AddDate(0, 0, step)
	}
	return option{tries: []time.Time{t}, ask: []time.Time{t.AddDate(0, 0, 7*step)}}
}
