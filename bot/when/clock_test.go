package when_test

import (
	"testing"
	"time"

	"wardline/bot/when"
)

func TestLengthsOfTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"45m": 45 * time.Minute, "1h30m": 90 * time.Minute, "1 h 30 min": 90 * time.Minute, "90 minutes": 90 * time.Minute,
		"半小时": 30 * time.Minute, "一个半小时": 90 * time.Minute, "两小时": 2 * time.Hour, "30分钟": 30 * time.Minute,
		"1.5h": 90 * time.Minute, "2 hours": 2 * time.Hour, "２小时": 2 * time.Hour, "两小时二十分": 140 * time.Minute,
		"1½ hours": 90 * time.Minute, "3刻钟": 45 * time.Minute, "廿分钟": 20 * time.Minute, "two weeks": 14 * 24 * time.Hour,
		"1天4小时": 28 * time.Hour, "90s": 90 * time.Second, "1h, 5m": 65 * time.Minute, " 0.1h ": 6 * time.Minute,
	} {
		if got, ok := when.Duration(text); !ok || got != want {
			t.Errorf("%q lasts %s, ok %t; want %s", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "0m", "30", "h", "in 2 hours", "半小时后", "2 hours ago", "30m1h", "两三小时", "半天", "401d", "9999999h",
		"2 fortnights", "-5m", "1h30x", "a few hours", "五六分钟",
	} {
		if got, ok := when.Duration(text); ok {
			t.Errorf("%q lasts %s, want no length of time", text, got)
		}
	}
}

func TestClockNamesTheDayOnlyWhenItIsAnother(t *testing.T) {
	now := tuesday(t)
	for _, c := range []struct {
		t      time.Time
		zh, en string
	}{
		{now.Add(time.Hour), "11:23", "11:23"},
		{now.Add(time.Hour).UTC(), "11:23", "11:23"},
		{now.Add(-11 * time.Hour), "5月11日 23:23", "11 May 23:23"},
		{now.AddDate(0, 2, 8), "7月20日 10:23", "20 Jul 10:23"},
		{now.AddDate(1, 0, 0), "2027年5月12日 10:23", "12 May 2027 10:23"},
	} {
		if got := when.Clock(c.t, now, "zh"); got != c.zh {
			t.Errorf("%s is written %q, want %q", c.t, got, c.zh)
		}
		if got := when.Clock(c.t, now, "en"); got != c.en {
			t.Errorf("%s is written %q, want %q", c.t, got, c.en)
		}
	}
}

func TestElapsed(t *testing.T) {
	for _, c := range []struct {
		d      time.Duration
		zh, en string
	}{
		{-time.Minute, "0分钟", "0 min"},
		{59 * time.Second, "0分钟", "0 min"},
		{time.Hour, "60分钟", "60 min"},
		{119*time.Minute + 59*time.Second, "119分钟", "119 min"},
		{2 * time.Hour, "2小时", "2 h"},
		{125 * time.Minute, "2小时5分钟", "2 h 5 min"},
		{48*time.Hour - time.Minute, "47小时59分钟", "47 h 59 min"},
		{48 * time.Hour, "2天", "2 d"},
		{76*time.Hour + 30*time.Minute, "3天4小时", "3 d 4 h"},
	} {
		if got := when.Elapsed(c.d, "zh"); got != c.zh {
			t.Errorf("%s is written %q, want %q", c.d, got, c.zh)
		}
		if got := when.Elapsed(c.d, "en"); got != c.en {
			t.Errorf("%s is written %q, want %q", c.d, got, c.en)
		}
	}
}
