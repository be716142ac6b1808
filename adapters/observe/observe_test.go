package observe_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"wardline/adapters/observe"
	"wardline/bot"
	"wardline/bot/incident"
)

// desk is what a scrape sees, set by each story.
type desk struct {
	stuck error
	stats []bot.Stats
	going []incident.Incident
}

func (d *desk) Alive(context.Context) error  { return d.stuck }
func (d *desk) Stats() []bot.Stats           { return d.stats }
func (d *desk) Ongoing() []incident.Incident { return d.going }
func (d *desk) Log() incident.Incident {
	return incident.Incident{Questions: []incident.Question{{N: 1}}}
}

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestFiguresAreThoseOfTheDesk(t *testing.T) {
	d := &desk{
		stats: []bot.Stats{{
			Platform: "web", Said: 7, Retried: 2, Found: 1, Refused: 3, Merged: 4, Failing: 1,
			Waiting: map[bot.Urgency]int{bot.Safety: 5}, Oldest: time.Now().Add(-90 * time.Second),
		}},
		going: []incident.Incident{
			{ID: 1, Phase: incident.Open, Level: incident.L3, Questions: []incident.Question{{N: 1}, {N: 2, Answer: "yes"}}},
			{ID: 2, Phase: incident.Recovering, Level: incident.L1, Decisions: []incident.Decision{{N: 1}}},
		},
	}
	s := observe.New("", "v1", slog.New(slog.DiscardHandler))
	s.Committed(3*time.Millisecond, nil)
	s.Committed(time.Millisecond, errors.New("no room"))
	s.Late(20 * time.Millisecond)
	s.BackedUp(time.Unix(1_700_000_000, 0), nil)
	s.BackedUp(time.Unix(1_700_000_000, 0), errors.New("no room"))
	s.Heard("outage declare", "done", 5*time.Millisecond)
	status, body := get(t, s.Handler(d), "/metrics")
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{
		`wardline_outbox_messages{platform="web",urgency="safety"} 5`,
		`wardline_outbox_messages{platform="web",urgency="digest"} 0`,
		`wardline_messages_said_total{platform="web"} 7`, `wardline_messages_retried_total{platform="web"} 2`,
		`wardline_messages_found_total{platform="web"} 1`, `wardline_messages_refused_total{platform="web"} 3`,
		`wardline_messages_merged_total{platform="web"} 4`, `wardline_rooms_failing{platform="web"} 1`,
		`wardline_incidents{level="3",phase="open"} 1`, `wardline_incidents{level="1",phase="recovering"} 1`,
		`wardline_questions_waiting 2`, `wardline_decisions_waiting 1`,
		`wardline_commit_seconds_count 2`, `wardline_commit_failures_total 1`, `wardline_clock_lag_seconds_count 1`,
		`wardline_command_seconds_count{command="outage declare",outcome="done"} 1`, `wardline_build_info{version="v1"} 1`,
		`wardline_outbox_oldest_seconds{platform="web"} 90`, `wardline_backup_timestamp_seconds 1.7e+09`, `wardline_backup_failures_total 1`,
	} {
		if !strings.Contains(body, "\n"+want) {
			t.Errorf("a scrape lacks %q", want)
		}
	}
	problems, err := testutil.GatherAndLint(s.Registry())
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
}

func TestHealthSaysWhatToDo(t *testing.T) {
	old := []bot.Stats{{Platform: "web", Oldest: time.Now().Add(-time.Hour)}}
	for _, c := range []struct {
		name, path string
		desk       *desk
		status     int
		word       string
	}{
		{"well", "/healthz", &desk{}, http.StatusOK, ""},
		{"ready", "/readyz", &desk{}, http.StatusOK, ""},
		{"stuck", "/healthz", &desk{stuck: errors.New("deadline")}, http.StatusServiceUnavailable, "restart the bot"},
		{"not reached is no reason to restart", "/healthz", &desk{stats: old}, http.StatusOK, ""},
		{"not reached", "/readyz", &desk{stats: old}, http.StatusServiceUnavailable, "phone them"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := get(t, observe.New("", "v1", slog.New(slog.DiscardHandler)).Handler(c.desk), c.path)
			var got struct {
				OK    bool
				Wrong []string
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if status != c.status || got.OK != (c.status == http.StatusOK) || !strings.Contains(strings.Join(got.Wrong, " "), c.word) {
				t.Errorf("got %d %+v", status, got)
			}
		})
	}
}
