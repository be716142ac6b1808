package when_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"wardline/bot/when"
)

// Every minute of the next 23 hours is tried, from a morning, a night and the minute before midnight.
func TestEveryMinuteReadsBack(t *testing.T) {
	loc := zone(t, "Asia/Shanghai")
	for _, now := range []time.Time{
		tuesday(t),
		time.Date(2026, 5, 12, 2, 30, 0, 0, loc),
		time.Date(2026, 12, 31, 23, 59, 59, 0, loc),
	} {
		for minutes := range 23 * 60 {
			at := now.Truncate(time.Minute).Add(time.Duration(minutes) * time.Minute)
			today := at.Day() == now.Day()
			for _, text := range []string{at.Format("15:04"), at.Format("1504"), chineseHalf(at)} {
				r := when.Read(text, now, loc, when.Ahead)
				asked := slices.ContainsFunc(r.Candidates, at.Equal)
				if today && !r.At.Equal(at) || !today && (r.Problem == when.None || !asked) {
					t.Fatalf("at %s %q, which is %s, reads %s", now, text, at, show(r))
				}
			}
			for _, text := range []string{dayName(today, "今天", "明天") + chineseHalf(at), dayName(today, "today ", "tomorrow ") + at.Format("3:04pm")} {
				if r := when.Read(text, now, loc, when.Ahead); !r.At.Equal(at) {
					t.Fatalf("at %s %q, which is %s, reads %s", now, text, at, show(r))
				}
			}
		}
	}
}

func dayName(today bool, this, next string) string {
	if today {
		return this
	}
	return next
}

// chineseHalf writes 上午9点05分, 中午12点30分, 下午2点整, 晚上8点05分.
func chineseHalf(t time.Time) string {
	half, hour := "上午", t.Hour()
	switch {
	case hour < 6:
		half = "凌晨"
	case hour == 12:
		half = "中午"
	case hour > 18:
		half, hour = "晚上", hour-12
	case hour > 12:
		half, hour = "下午", hour-12
	}
	if t.Minute() == 0 {
		return fmt.Sprintf("%s%d点整", half, hour)
	}
	return fmt.Sprintf("%s%d点%02d分", half, hour, t.Minute())
}

// What the bot writes, people copy back.
func TestWhatClockWritesReadsBack(t *testing.T) {
	now := tuesday(t)
	for hours := -9000; hours < 9000; hours += 7 {
		at := now.Truncate(time.Minute).Add(time.Duration(hours)*time.Hour + time.Duration(hours)*time.Minute)
		side := when.Ahead
		if hours < 0 {
			side = when.Behind
		}
		for _, lang := range []string{"zh", "en"} {
			text := when.Clock(at, now, lang)
			if r := when.Read(text, now, now.Location(), side); !r.At.Equal(at) {
				t.Fatalf("%q, which is %s, reads %s", text, at, show(r))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"14:30", "明天上午9:30", "in 2 hours", "5/6 10:23", "一个半小时后", "next Friday 8:00", "3:30 p.m.", "\xff8点", "2026-05-12T06:30:59.5Z", "昨晚2点",
	} {
		f.Add(text, int64(1778552625), false)
		f.Add(text, int64(1774746000), true)
	}
	shanghai, berlin := zone(f, "Asia/Shanghai"), zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string, unix int64, inBerlin bool) {
		loc := shanghai
		if inBerlin {
			loc = berlin
		}
		now := time.Unix(unix%(1<<33), 0)
		for _, s := range []when.Sense{when.Ahead, when.Behind} {
			r := when.Read(text, now, loc, s)
			checkLaw(t, text, now, loc, s, r)
			p, rest, ok := when.Prefix(text, now, loc, s)
			checkLaw(t, text, now, loc, s, p)
			if len(rest) > len(text) || text[len(text)-len(rest):] != rest || !ok && rest != text {
				t.Errorf("%q leaves %q, which is not its end", text, rest)
			}
			if again := when.Read(text, now, loc, s); show(again) != show(r) {
				t.Errorf("%q reads %s, then %s", text, show(r), show(again))
			}
		}
		if d, ok := when.Duration(text); ok && d <= 0 || !ok && d != 0 {
			t.Errorf("%q lasts %s, ok %t", text, d, ok)
		}
	})
}

// checkLaw holds for every reading: a certain one lies on the asked side, the others assume nothing.
func checkLaw(t *testing.T, text string, now time.Time, loc *time.Location, s when.Sense, r when.Reading) {
	t.Helper()
	local := now.In(loc)
	minute := local.Add(-time.Duration(local.Second()) * time.Second)
	times := r.Candidates
	if r.Problem == when.None {
		times = append(times, r.At)
	} else if !r.At.IsZero() {
		t.Errorf("%q is refused, and yet gives %s", text, r.At)
	}
	if len(r.Candidates) > 3 || !slices.IsSortedFunc(r.Candidates, time.Time.Compare) {
		t.Errorf("%q asks about %v, want up to three, earliest first", text, r.Candidates)
	}
	for _, at := range times {
		if s == when.Ahead && at.Before(minute) || s == when.Behind && at.After(now) {
			t.Errorf("%q, asked %v at %s, gives %s on the wrong side", text, s, now, at)
		}
		if at.Second() != 0 || at.Location() != loc {
			t.Errorf("%q gives %s, want a whole minute in %s", text, at, loc)
		}
	}
}
