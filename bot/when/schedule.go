package when

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Schedule reads how often something comes, such as daily 08:00, 每天8点和20点, weekdays at 7:30 or every 4h,
// and returns it as a specification of cron. Hours of the small morning that may be meant for the afternoon are
// not read: daily 3 is none, daily 03:00 and daily 3pm are.
func Schedule(text string) (spec string, ok bool) {
	s := fold(text)
	if spec, ok := s.rhythm(); ok && s.over() {
		return spec, true
	}
	s.at = 0
	days, named := s.days()
	at, ok := s.times()
	if ok && !named {
		days, named = s.days()
	}
	s.eatAny("一次|发一次|报一次|各一次")
	if !ok || !named || !s.over() {
		return "", false
	}
	return at + " * * " + days, true
}

// rhythm reads a length of time after which it comes again.
func (s *scanner) rhythm() (string, bool) {
	spec, ok := pick(s, []choice[string]{{"hourly|every hour|each hour|once an hour|每小时|每个小时|每隔一小时|每钟头", "@hourly"}})
	if !ok && s.eatAny("every|each|once every|每隔|每过|每|隔") {
		l, is := s.length()
		d := time.Duration(l.seconds) * time.Second
		ok = is && l.seconds <= int64(farthest/time.Second) && d >= time.Minute && d%time.Minute == 0
		spec = "@every " + strings.TrimSuffix(d.String(), "0s")
	}
	s.eatAny("一次|发一次|报一次|once")
	return spec, ok
}

func (s *scanner) days() (string, bool) {
	days, ok := pick(s, []choice[string]{
		{"daily|every day|everyday|each day|每天|每日|天天|every single day", "*"},
		{"weekdays|on weekdays|every weekday|every working day|workdays|工作日|每个工作日|周一到周五|周一至周五", "1-5"},
		{"weekends|on weekends|every weekend|周末|每个周末", "0,6"},
	})
	s.eatAny("at|的|在")
	return days, ok
}

// times reads clock times that share their minute, for that is all that one line of cron can say.
func (s *scanner) times() (string, bool) {
	var hours []string
	minute := -1
	for first := true; ; first = false {
		start := s.at
		if !first && !s.eatAny(",|, and|and|和|及|与|&") {
			break
		}
		h, m, ok := s.daily()
		if !ok {
			s.at = start
			break
		}
		if minute >= 0 && m != minute {
			return "", false
		}
		minute = m
		if hour := fmt.Sprint(h); !slices.Contains(hours, hour) {
			hours = append(hours, hour)
		}
	}
	return fmt.Sprintf("%d %s", minute, strings.Join(hours, ",")), len(hours) > 0
}

// daily reads one clock time of every day.
func (s *scanner) daily() (hour, minute int, ok bool) {
	s.spaces()
	before, _ := pick(s, periodWords())
	s.spaces()
	written := s.rune(0)
	f, ok := s.clock(true)
	if !ok {
		return 0, 0, false
	}
	if before == noPeriod {
		before, _ = pick(s, periodWords())
	}
	c, ok := f.on(before)
	switch {
	case !ok, f.midnight && before != noPeriod:
		return 0, 0, false
	case f.midnight:
		return 0, 0, true
	case len(c.moments) != 1, c.bare && f.hour < earliestBare && written != '0':
		return 0, 0, false
	}
	return c.moments[0].hour % 24, c.moments[0].minute, true
}

// earliestBare is the first hour that is read as the morning's without a word for the half of the day.
const earliestBare = 6
