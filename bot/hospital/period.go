package hospital

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Period is a length of time as rules state it: months and days follow the calendar, the rest the
// clock.
type Period struct {
	Months, Days int
	Clock        time.Duration
}

// isoPeriod is ISO 8601 without years and seconds, which no rule uses. Weeks count as seven days.
var isoPeriod = regexp.MustCompile(`^P(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?$`)

// ParsePeriod reads an ISO 8601 duration such as PT4H, P30D, P1M or P1DT12H.
func ParsePeriod(s string) (Period, error) {
	m := isoPeriod.FindStringSubmatch(s)
	if m == nil || s == "P" || strings.HasSuffix(s, "T") {
		return Period{}, fmt.Errorf("parse period %q: %w", s, errors.New("want ISO 8601"))
	}
	var n [6]int
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // digits only; absent is 0
	}
	return Period{
		Months: n[1],
		Days:   7*n[2] + n[3],
		Clock:  time.Duration(n[4])*time.Hour + time.Duration(n[5])*time.Minute,
	}, nil
}

// From returns the end of a period that starts at t, in the zone of t. A month that starts on a day
// the last month lacks ends on that month's last day: 31 January and one month is 28 February.
func (p Period) From(t time.Time) time.Time {
	if p.Months != 0 {
		end := t.AddDate(0, p.Months, 0)
		if end.Day() != t.Day() {
			end = end.AddDate(0, 0, -end.Day())
		}
		t = end
	}
	return t.AddDate(0, 0, p.Days).Add(p.Clock)
}

// Duration returns the period on the clock, counting a day as 24 hours. It reports false for a
// period with months, which have no fixed length.
func (p Period) Duration() (time.Duration, bool) {
	return time.Duration(p.Days)*24*time.Hour + p.Clock, p.Months == 0
}

// String returns the period in ISO 8601.
func (p Period) String() string {
	var b strings.Builder
	b.WriteByte('P')
	if p.Months > 0 {
		fmt.Fprintf(&b, "%dM", p.Months)
	}
	if p.Days > 0 {
		fmt.Fprintf(&b, "%dD", p.Days)
	}
	h, m := int(p.Clock/time.Hour), int(p.Clock%time.Hour/time.Minute)
	switch {
	case h > 0 && m > 0:
		fmt.Fprintf(&b, "T%dH%dM", h, m)
	case m > 0:
		fmt.Fprintf(&b, "T%dM", m)
	case h > 0 || b.Len() == 1:
		fmt.Fprintf(&b, "T%dH", h)
	}
	return b.String()
}
