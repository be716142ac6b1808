package when

import (
	"slices"
	"time"
)

// farthest is how far from now an outage may reach; what lies beyond is a slip of the pen.
const farthest = 400 * 24 * time.Hour

// mostCandidates is how many readings a person is asked about.
const mostCandidates = 3

// question is what a text is read against: now at a whole minute, in the zone of the answer.
type question struct {
	now   time.Time
	exact time.Time
	loc   *time.Location
	sense Sense
}

func ask(now time.Time, loc *time.Location, s Sense) question {
	return question{now: wholeMinute(now.In(loc)), exact: now.In(loc), loc: loc, sense: s}
}

// wholeMinute drops the seconds of the wall clock, which in old zones are not those of UTC.
func wholeMinute(t time.Time) time.Time {
	return t.Add(-time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
}

// right says whether t lies on the asked side; this minute lies on both.
func (q question) right(t time.Time) bool {
	if q.sense == Ahead {
		return !t.Before(q.now)
	}
	return !t.After(q.now)
}

func (q question) wrongSide() Problem {
	if q.sense == Ahead {
		return Past
	}
	return Future
}

// judge takes the one instant a text means.
func (q question) judge(t time.Time) Reading {
	t = wholeMinute(t.In(q.loc))
	switch {
	case !q.right(t):
		return Reading{Problem: q.wrongSide()}
	case t.Sub(q.now).Abs() > farthest:
		return Reading{Problem: TooFar}
	}
	return Reading{At: t}
}

// shifted reads a length of time from now; when it is undirected and behind was asked, the same
// length ago is offered.
func (q question) shifted(seconds int64, undirected bool) Reading {
	far := int64(farthest / time.Second)
	if seconds > far || seconds < -far {
		return Reading{Problem: TooFar}
	}
	d := time.Duration(seconds) * time.Second
	r := q.judge(q.exact.Add(d))
	if r.Problem == Future && undirected {
		r.Candidates = q.tidy([]time.Time{wholeMinute(q.exact.Add(-d))})
	}
	return r
}

// bareNumber offers what a lone number may be: minutes, an hour of the day, or hours.
func (q question) bareNumber(n int) Reading {
	r := Reading{Problem: Unreadable}
	if n == 0 {
		return r
	}
	side := time.Duration(1)
	if q.sense == Behind {
		side = -1
	}
	times := []time.Time{q.now.Add(side * time.Duration(n) * time.Minute)}
	if n <= 72 {
		times = append(times, q.now.Add(side*time.Duration(n)*time.Hour))
	}
	if c, ok := (figures{hour: n}).on(noPeriod); ok && n < 24 {
		p := q.point(noDay(true), false, face{moments: c.moments, rolling: true}, false)
		times = append(times, p.At)
	}
	r.Candidates = q.tidy(times)
	return r
}

// tidy keeps the readings on the asked side and within reach, each once, earliest first.
func (q question) tidy(times []time.Time) []time.Time {
	times = slices.DeleteFunc(times, func(t time.Time) bool {
		return t.IsZero() || !q.right(t) || t.Sub(q.now).Abs() > farthest
	})
	slices.SortFunc(times, time.Time.Compare)
	times = slices.CompactFunc(times, time.Time.Equal)
	if len(times) == 0 {
		return nil
	}
	return times[:min(len(times), mostCandidates)]
}

// point places clock times on days. Vague means no clock time was written, so the best that can
// come of it is a question.
func (q question) point(d dayWord, hasDay bool, c face, vague bool) Reading {
	if !hasDay {
		d = noDay(c.rolling)
	}
	today := time.Date(q.now.Year(), q.now.Month(), q.now.Day(), 0, 0, 0, 0, time.UTC)
	options := d.options(today, q.sense)
	if d.named && q.now.Hour() < smallHours {
		options = awake(options, today, q.sense)
	}
	if vague && len(options) > 1 {
		c.moments = []moment{{0, 12, 0}}
	}
	unsure := vague || d.unsure
	var found, later []time.Time
	for _, o := range options {
		for _, m := range c.moments {
			times, exists := q.first(o.tries, m)
			found = append(found, times...)
			unsure = unsure || len(times) > 0 && !exists
			times, _ = q.first(o.ask, m)
			later = append(later, times...)
		}
	}
	if c.bare && !hasDay && q.sense == Ahead && c.moments[0].hour == 12 { // just after midnight half past twelve is near
		times, _ := q.first([]time.Time{today}, moment{0, 0, c.moments[0].minute})
		found = append(found, times...)
	}
	if len(found) > 0 {
		return q.settle(found, unsure)
	}
	r := Reading{Problem: q.wrongSide()}
	if c.bare && d.nextHalf && q.sense == Ahead {
		h := c.moments[0].hour + 12
		times, _ := q.first([]time.Time{today}, moment{h / 24, h % 24, c.moments[0].minute})
		later = append(later, times...)
		if !hasDay {
			r.Problem = Ambiguous
		}
	}
	r.Candidates = q.tidy(later)
	return r
}

func (q question) settle(found []time.Time, unsure bool) Reading {
	times := q.tidy(found)
	switch {
	case len(times) == 0:
		return Reading{Problem: TooFar}
	case unsure || len(times) > 1:
		return Reading{Problem: Ambiguous, Candidates: times}
	}
	return Reading{At: times[0]}
}

// first gives the instants of a moment on the first of the days that puts any on the asked side.
func (q question) first(days []time.Time, m moment) (times []time.Time, exists bool) {
	for _, d := range days {
		times, exists = q.instants(d.AddDate(0, 0, m.shift), m)
		times = slices.DeleteFunc(times, func(t time.Time) bool { return !q.right(t) })
		if len(times) > 0 {
			return times, exists
		}
	}
	return nil, true
}

// instants gives every instant at which the wall clock of the zone shows the moment: one on most
// days, two in the doubled autumn hour. In the missing spring hour there is none; then exists is
// false, and the two instants are those the clock before and after the change would mean.
func (q question) instants(d time.Time, m moment) (times []time.Time, exists bool) {
	wall := time.Date(d.Year(), d.Month(), d.Day(), m.hour, m.minute, 0, 0, time.UTC)
	var meant []time.Time
	for _, side := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(side).In(q.loc).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(q.loc)
		meant = append(meant, t)
		if t.Hour() == m.hour && t.Minute() == m.minute && t.Day() == d.Day() {
			times = append(times, t)
		}
	}
	slices.SortFunc(meant, time.Time.Compare)
	if len(times) == 0 {
		return slices.CompactFunc(meant, time.Time.Equal), false
	}
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal), true
}
