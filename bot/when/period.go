package when

// period is a part of the day, as a word in front of or after a clock time names it.
type period int

const (
	noPeriod period = iota
	dawn
	early
	forenoon
	midday
	afternoon
	dusk
	evening
	night
)

// moment is a clock time on a day, or some days after it.
type moment struct{ shift, hour, minute int }

func periodWords() []choice[period] {
	return []choice[period]{
		{"凌晨|拂晓", dawn},
		{"早上|早晨|清晨|清早|大清早|一早|一大早|早", early},
		{"上午|午前|morning|in the morning|early morning", forenoon},
		{"中午|正午|晌午", midday},
		{"下午|午后|afternoon|in the afternoon", afternoon},
		{"傍晚|黄昏", dusk},
		{"晚上|晚间|晚|evening|in the evening", evening},
		{"半夜|深夜|夜里|夜间|午夜|夜晚|大半夜|night|at night", night},
	}
}

// at gives the moments an hour may mean in this part of the day; none means they contradict each
// other. After midnight the words split: 今晚1点 may be said of the night that began or that will.
func (p period) at(h, m int) []moment {
	same := []moment{{0, h, m}}
	later := []moment{{0, h + 12, m}}
	switch {
	case p == dawn && h == 12:
		return []moment{{0, 0, m}}
	case p == forenoon && h == 12:
		return []moment{{0, 0, m}, {0, 12, m}}
	case (p == dawn || p == early || p == forenoon) && h < 12:
		return same
	case p == midday && h >= 1 && h <= 2, p == afternoon && h >= 1 && h < 12, p == dusk && h >= 4 && h <= 8:
		return later
	case p == midday && h >= 10 && h <= 14, p == afternoon && h >= 12 && h < 20, p == dusk && h >= 16 && h <= 20:
		return same
	case p == evening || p == night:
		return p.dark(h, m)
	}
	return nil
}

func (p period) dark(h, m int) []moment {
	lastSmall := 4
	if p == night {
		lastSmall = 5
	}
	switch {
	case h == 0 || h == 12:
		return []moment{{1, 0, m}}
	case h <= lastSmall:
		return []moment{{0, h, m}, {1, h, m}}
	case h < 12:
		return []moment{{0, h + 12, m}}
	case h >= 17:
		return []moment{{0, h, m}}
	}
	return nil
}

// fits says whether an hour that is already certain lies in this part of the day.
func (p period) fits(h int) bool {
	switch p {
	case noPeriod:
		return true
	case dawn, early, forenoon:
		return h < 12
	case midday:
		return h >= 10 && h <= 14
	case afternoon:
		return h >= 12 && h < 20
	case dusk:
		return h >= 16 && h <= 20
	case evening:
		return h >= 17
	case night:
		return h >= 17 || h <= 5
	}
	return false
}

// offers gives the moments to ask about when a part of the day, or no more than a day, was named.
func (p period) offers() []moment {
	switch p {
	case noPeriod:
		return []moment{{0, 8, 0}, {0, 12, 0}, {0, 17, 0}}
	case dawn:
		return []moment{{0, 2, 0}, {0, 4, 0}, {0, 6, 0}}
	case early:
		return []moment{{0, 7, 0}, {0, 8, 0}, {0, 9, 0}}
	case forenoon:
		return []moment{{0, 8, 0}, {0, 10, 0}, {0, 12, 0}}
	case midday:
		return []moment{{0, 12, 0}}
	case afternoon:
		return []moment{{0, 14, 0}, {0, 16, 0}, {0, 18, 0}}
	case dusk:
		return []moment{{0, 17, 0}, {0, 18, 0}, {0, 19, 0}}
	case evening:
		return []moment{{0, 18, 0}, {0, 20, 0}, {0, 22, 0}}
	case night:
		return []moment{{0, 22, 0}, {1, 0, 0}, {1, 2, 0}}
	}
	return nil
}
