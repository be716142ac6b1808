package when_test

import (
	"testing"
	"time"

	"wardline/bot/when"
)

// At one in the morning a night shift says tomorrow of the morning to come, others of the one after.
// An ETA a day off went to every ward.
func TestTomorrowAfterMidnightIsAskedBack(t *testing.T) {
	shanghai := zone(t, "Asia/Shanghai")
	for _, c := range []struct {
		clock, sense, text, want string
	}{
		{"02:01", "ahead", "明早八点", "ambiguous | 05-13 08:00, 05-14 08:00"},
		{"00:30", "ahead", "明天早上八点", "ambiguous | 05-13 08:00, 05-14 08:00"},
		{"02:01", "ahead", "tomorrow 8am", "ambiguous | 05-13 08:00, 05-14 08:00"},
		{"02:01", "ahead", "02:30 tomorrow", "ambiguous | 05-13 02:30, 05-14 02:30"},
		{"02:01", "ahead", "后天8点", "ambiguous | 05-14 08:00, 05-15 08:00"},
		{"02:01", "ahead", "明天", "ambiguous | 05-13 12:00, 05-14 12:00"},
		{"02:01", "ahead", "今早八点", "05-13 08:00"},
		{"02:01", "ahead", "今晚8点", "05-13 20:00"},
		{"02:01", "ahead", "明天1点", "05-14 01:00"},
		{"02:01", "ahead", "5月14日 8点", "05-14 08:00"},
		{"00:01", "ahead", "12点半", "ambiguous | 05-13 00:30, 05-13 12:30"},
		{"00:01", "ahead", "half past twelve", "ambiguous | 05-13 00:30, 05-13 12:30"},
		{"00:40", "ahead", "12点半", "05-13 12:30"},
		{"00:01", "ahead", "中午12点半", "05-13 12:30"},
		{"00:01", "ahead", "零点半", "05-13 00:30"},
		{"05:00", "ahead", "明早八点", "05-14 08:00"},
		{"23:59", "ahead", "明早八点", "05-14 08:00"},
		{"00:40", "behind", "昨晚十点半", "05-12 22:30"},
		{"00:40", "behind", "今晚十点半", "future | 05-12 22:30"},
		{"00:40", "behind", "10:30pm tonight", "future | 05-12 22:30"},
		{"05:00", "behind", "今晚十点半", "future | "},
	} {
		clock, err := time.ParseInLocation("15:04", c.clock, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 5, 13, clock.Hour(), clock.Minute(), 7, 0, shanghai)
		if got := show(when.Read(c.text, now, shanghai, sense(t, c.sense))); got != c.want {
			t.Errorf("at %s %s %q reads %q, want %q", c.clock, c.sense, c.text, got, c.want)
		}
	}
}
