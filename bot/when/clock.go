package when

import (
	"fmt"
	"time"
)

// Clock writes t as 24-hour HH:MM in the zone of now, with the date when the day is not now's day
// and the year when the year is not now's year; lang is "zh" or "en", and anything else reads as "en".
// The zone is now's because t often comes out of storage in UTC, and the reader lives where now lives.
func Clock(t, now time.Time, lang string) string {
	t = t.In(now.Location())
	sameYear := t.Year() == now.Year()
	switch {
	case sameYear && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case lang == "zh" && sameYear:
		return t.Format("1月2日 15:04")
	case lang == "zh":
		return t.Format("2006年1月2日 15:04")
	case sameYear:
		return t.Format("2 Jan 15:04")
	default:
		return t.Format("2 Jan 2006 15:04")
	}
}

// Elapsed writes how long something has lasted: minutes below two hours, hours and minutes below two
// days, days and hours from there. Parts of a minute are dropped, a part that is zero is left out, and a
// negative d reads as zero, since clocks of two machines may differ by a moment.
func Elapsed(d time.Duration, lang string) string {
	minutes := max(0, int64(d/time.Minute))
	hours := minutes / 60
	day, hour, minute := " d", " h", " min"
	gap := " "
	if lang == "zh" {
		day, hour, minute, gap = "天", "小时", "分钟", ""
	}
	switch {
	case minutes < 120:
		return fmt.Sprint(minutes) + minute
	case hours < 48:
		return pair(hours, hour, gap, minutes%60, minute)
	default:
		return pair(hours/24, day, gap, hours%24, hour)
	}
}

func pair(big int64, bigUnit, gap string, small int64, smallUnit string) string {
	if small == 0 {
		return fmt.Sprint(big) + bigUnit
	}
	return fmt.Sprint(big) + bigUnit + gap + fmt.Sprint(small) + smallUnit
}
