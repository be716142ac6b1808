package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wardline/bot"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	must(t, err)
	return z
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestDueTimesOnDaysWhoseClockIsChanged(t *testing.T) {
	for _, c := range []struct{ spec, zone, from, to, want string }{
		{"30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", "2026-10-26 12:00", "25 02:30 CEST, 26 02:30 CET"},
		{"30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", "2026-03-30 12:00", "29 03:30 CEST, 30 02:30 CEST"},
		{"15,30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", "2026-03-29 12:00", "29 03:15 CEST, 29 03:30 CEST"},
		{"30 2,3 * * *", "Europe/Berlin", "2026-03-28 12:00", "2026-03-29 12:00", "29 03:30 CEST"},
		{"0 3 * * *", "Europe/Berlin", "2026-03-28 12:00", "2026-03-29 12:00", "29 03:00 CEST"},
		{"0 * * * *", "Europe/Berlin", "2026-10-25 00:30", "2026-10-25 04:30", "25 01:00 CEST, 25 02:00 CEST, 25 02:00 CET, 25 03:00 CET, 25 04:00 CET"},
		{"0 * * * *", "Europe/Berlin", "2026-03-29 00:30", "2026-03-29 04:30", "29 01:00 CET, 29 03:00 CEST, 29 04:00 CEST"},
		{"30 1 * * *", "America/New_York", "2026-10-31 12:00", "2026-11-02 12:00", "01 01:30 EDT, 02 01:30 EST"},
		{"0 1,2 * * *", "America/New_York", "2026-10-31 12:00", "2026-11-01 12:00", "01 01:00 EDT, 01 02:00 EST"},
		{"0 2 * * *", "America/New_York", "2026-03-07 12:00", "2026-03-09 12:00", "08 03:00 EDT, 09 02:00 EDT"},
		{"*/30 * * * *", "America/New_York", "2026-11-01 00:45", "2026-11-01 02:15", "01 01:00 EDT, 01 01:30 EDT, 01 01:00 EST, 01 01:30 EST, 01 02:00 EST"},
		{"@daily", "Asia/Beirut", "2026-03-28 12:00", "2026-03-30 12:00", "29 01:00 EEST, 30 00:00 EEST"},
		{"@weekly", "Asia/Beirut", "2026-03-28 12:00", "2026-04-06 12:00", "29 01:00 EEST, 05 00:00 EEST"},
		{"@every 90m", "Europe/Berlin", "2026-10-25 00:00", "2026-10-25 04:00", "25 01:30 CEST, 25 02:00 CET, 25 03:30 CET"},
		{"0 8 * * *", "Asia/Shanghai", "2026-05-12 07:59", "2026-05-13 08:00", "12 08:00 CST, 13 08:00 CST"},
	} {
		t.Run(c.spec+" "+c.zone+" "+c.from, func(t *testing.T) {
			z := zone(t, c.zone)
			s, err := bot.ParseSchedule(c.spec, z)
			must(t, err)
			var got []string
			for _, at := range dues(s, wallTime(t, z, c.from), wallTime(t, z, c.to)) {
				got = append(got, at.In(z).Format("02 15:04 MST"))
			}
			if diff := cmp.Diff(strings.Split(c.want, ", "), got); diff != "" {
				t.Errorf("due (-want +got):\n%s", diff)
			}
		})
	}
}

func wallTime(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	must(t, err)
	return at
}

// dues returns the due times after from up to to.
func dues(s bot.Schedule, from, to time.Time) []time.Time {
	var out []time.Time
	for at := s.Next(from); !at.IsZero() && !at.After(to); at = s.Next(at) {
		out = append(out, at)
	}
	return out
}

// TestSchedulesAgreeWithACalendarReadMinuteByMinute compares Next with a model that knows no cron
// library: it walks the minutes of the wall, or of the world, and asks of each whether it is meant.
func TestSchedulesAgreeWithACalendarReadMinuteByMinute(t *testing.T) {
	zones := []string{"America/New_York", "Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Shanghai"}
	changes := []time.Time{ // of the clocks of these zones, in 2026
		time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),
		time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 15, 30, 0, 0, time.UTC), time.Date(2026, 10, 24, 21, 0, 0, 0, time.UTC),
		time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC),
	}
	rapid.Check(t, func(r *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(r, "zone"))
		minutes := rapid.SliceOfNDistinct(rapid.IntRange(0, 59), 1, 3, rapid.ID).Draw(r, "minutes")
		hours := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 4, rapid.ID).Draw(r, "hours") // none: every hour
		change := rapid.SampledFrom(changes).Draw(r, "change")
		from := change.Add(-time.Duration(rapid.IntRange(0, 1800).Draw(r, "minutes before")) * time.Minute)
		to := change.Add(36 * time.Hour)
		spec := list(minutes) + " * * * *"
		if len(hours) > 0 {
			spec = list(minutes) + " " + list(hours) + " * * *"
		}
		s, err := bot.ParseSchedule(spec, z)
		must(t, err)
		want := calendar(z, minutes, hours, from, to)
		if got := dues(s, from, to); !slices.EqualFunc(got, want, time.Time.Equal) {
			r.Fatalf("%q in %s from %s:\n got %v\nwant %v", spec, z, from.In(z), got, want)
		}
	})
}

func list(numbers []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ",")
}

// calendar lists the due times after from up to to.
func calendar(z *time.Location, minutes, hours []int, from, to time.Time) []time.Time {
	meant := func(h, m int) bool {
		return slices.Contains(minutes, m) && (len(hours) == 0 || slices.Contains(hours, h))
	}
	seen := map[string]bool{} // what the wall has shown
	var out []time.Time
	offset := func(at time.Time) time.Duration { _, o := at.In(z).Zone(); return time.Duration(o) * time.Second }
	for at := from.Truncate(time.Minute).Add(-4 * time.Hour); !at.After(to); at = at.Add(time.Minute) {
		local := at.In(z)
		shown := local.Format(time.DateTime)
		if meant(local.Hour(), local.Minute()) && (len(hours) == 0 || !seen[shown]) {
			out = append(out, at)
		}
		seen[shown] = true
		if skip := offset(at) - offset(at.Add(-time.Minute)); skip > 0 && len(hours) > 0 { // the wall left these minutes out
			for m := time.Duration(0); m < skip; m += time.Minute {
				if w := at.UTC().Add(offset(at) + m - skip); meant(w.Hour(), w.Minute()) {
					out = append(out, at.Add(m))
				}
			}
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	out = slices.CompactFunc(out, time.Time.Equal)
	return slices.DeleteFunc(out, func(at time.Time) bool { return !at.After(from) || at.After(to) })
}

func TestSchedulesThatCannotBeUsed(t *testing.T) {
	for spec, want := range map[string]string{
		"TZ=0":                `bad schedule: "TZ=0" names a zone; give the zone by itself`,
		"CRON_TZ=UTC 0 8 * *": `bad schedule: "CRON_TZ=UTC 0 8 * *" names a zone; give the zone by itself`,
		"0 0 30 2 *":          `bad schedule: "0 0 30 2 *" never comes`,
		"@every 30s":          `bad schedule: "@every 30s" is more often than once a minute`,
		"@every 90s":          `bad schedule: "@every 90s" is not in whole minutes`,
		"@reboot":             `bad schedule: "@reboot": unrecognized descriptor: @reboot`,
		"":                    `bad schedule: "": empty spec string`,
		"0 8 * *":             `bad schedule: "0 8 * *": expected exactly 5 fields, found 4: [0 8 * *]`,
	} {
		if _, err := bot.ParseSchedule(spec, time.UTC); !errors.Is(err, bot.ErrCron) || err.Error() != want {
			t.Errorf("%q: %v, want %s", spec, err, want)
		}
	}
}
