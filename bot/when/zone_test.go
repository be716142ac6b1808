package when_test

import (
	"testing"
	"time"

	"wardline/bot/when"
)

func TestHoursThatAreMissingOrDoubledAreAskedBack(t *testing.T) {
	for _, c := range []struct {
		zone, now string
		sense     when.Sense
		text      string
		want      string
	}{
		// The clock goes from 02:00 to 03:00 in spring, and from 03:00 back to 02:00 in autumn.
		{"Europe/Berlin", "2026-03-28T22:00:00Z", when.Ahead, "tomorrow 02:30", "ambiguous | 03-29 01:30+01:00, 03-29 03:30+02:00"},
		{"Europe/Berlin", "2026-03-28T22:00:00Z", when.Ahead, "明天凌晨两点", "ambiguous | 03-29 01:00+01:00, 03-29 03:00+02:00"},
		{"Europe/Berlin", "2026-03-28T22:00:00Z", when.Ahead, "tomorrow 03:30", "03-29 03:30+02:00"},
		{"Europe/Berlin", "2026-03-29T00:10:00Z", when.Ahead, "in 2 hours", "03-29 04:10+02:00"},
		{"Europe/Berlin", "2026-10-24T20:00:00Z", when.Ahead, "tomorrow 02:30", "ambiguous | 10-25 02:30+02:00, 10-25 02:30+01:00"},
		{"Europe/Berlin", "2026-10-24T20:00:00Z", when.Ahead, "tomorrow 03:00", "10-25 03:00+01:00"},
		{"Europe/Berlin", "2026-10-25T09:00:00Z", when.Behind, "2:30", "ambiguous | 10-25 02:30+02:00, 10-25 02:30+01:00"},
		{"Europe/Berlin", "2026-10-25T00:45:00Z", when.Ahead, "02:30", "10-25 02:30+01:00"},
		{"Europe/Berlin", "2026-10-25T00:45:00Z", when.Ahead, "in 1 hour", "10-25 02:45+01:00"},
		{"America/New_York", "2026-03-07T20:00:00Z", when.Ahead, "tomorrow 2:30am", "ambiguous | 03-08 01:30-05:00, 03-08 03:30-04:00"},
		{"America/New_York", "2026-10-31T20:00:00Z", when.Ahead, "tomorrow 1:30am", "ambiguous | 11-01 01:30-04:00, 11-01 01:30-05:00"},
		{"America/New_York", "2026-11-01T12:00:00Z", when.Behind, "凌晨1点半", "ambiguous | 11-01 01:30-04:00, 11-01 01:30-05:00"},
		// The day that Apia never had.
		{"Pacific/Apia", "2011-12-29T20:00:00Z", when.Ahead, "2011-12-30 08:00", "ambiguous | 2011-12-31 08:00+14:00"},
	} {
		loc := zone(t, c.zone)
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := showZone(when.Read(c.text, now, loc, c.sense)); got != c.want {
			t.Errorf("in %s at %s %q reads %s, want %s", c.zone, now.In(loc), c.text, got, c.want)
		}
	}
}

func showZone(r when.Reading) string {
	one := func(t time.Time) string { return written(t) + t.Format("-07:00") }
	if r.Problem == when.None {
		return one(r.At)
	}
	text := problemName(r.Problem) + " | "
	for i, c := range r.Candidates {
		if i > 0 {
			text += ", "
		}
		text += one(c)
	}
	return text
}
