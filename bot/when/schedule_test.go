package when_test

import (
	"testing"

	"wardline/bot/when"
)

func TestSchedulesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"daily 08:00": "0 8 * * *", "daily at 8": "0 8 * * *", "每天8点": "0 8 * * *", "每天早上8点": "0 8 * * *", "每日八点半": "30 8 * * *",
		"每天8点和20点": "0 8,20 * * *", "每天8点、20点": "0 8,20 * * *", "every day at 8am and 8pm": "0 8,20 * * *", "8:00 daily": "0 8 * * *",
		"每天下午3点": "0 15 * * *", "daily 3pm": "0 15 * * *", "daily 03:00": "0 3 * * *", "weekdays at 7:30": "30 7 * * 1-5", "工作日7点半": "30 7 * * 1-5",
		"daily midnight": "0 0 * * *", "daily noon": "0 12 * * *",
		"every 4h": "@every 4h0m", "every 4 hours": "@every 4h0m", "每4小时": "@every 4h0m", "每隔4小时一次": "@every 4h0m", "每30分钟": "@every 30m",
		"every 90 minutes": "@every 1h30m", "hourly": "@hourly", "每小时": "@hourly", "every hour": "@hourly", "每半小时": "@every 30m",
	} {
		if got, ok := when.Schedule(text); !ok || got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"", "0 8,20 * * *", "@daily", "daily", "every", "8:00", "每天3点", "daily 3", "daily 8:00 and 9:30", "every 20 seconds", "every 9999 weeks", "每天晚上1点",
		"daily 25:00", "when needed", "every 4h or so", "每天几点",
	} {
		if got, ok := when.Schedule(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
