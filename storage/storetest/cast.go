package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
)

// evening is when every story happens.
func evening() time.Time { return time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC) }

// his is the incident of most stories.
const his incident.ID = 7

func progress(text string) incident.Event {
	return incident.Event{At: evening(), Recorded: evening().Add(time.Second), By: "li", Body: incident.Progressed{Text: text}}
}

func message(id, text string) bot.Message {
	return bot.Message{
		ID: bot.MessageID(id), Platform: "web", Room: "it", Kind: bot.Notice, Urgency: bot.Safety, Lang: "zh",
		Title: "t", Text: text, At: evening(), Mention: []incident.PersonID{"li"}, Incident: his,
		Actions: []bot.Action{{Label: "Close", Line: "/outage close", Style: bot.Danger}},
	}
}

// tell makes a change that appends one event per text to an incident at a version.
func tell(id incident.ID, version int, texts ...string) bot.Change {
	c := bot.Change{Incident: id, Version: version}
	for _, text := range texts {
		c.Events = append(c.Events, progress(text))
	}
	return c
}

// texts writes events as the texts they carry, or as what was struck.
func texts(events []incident.Event) string {
	var words []string
	for _, e := range events {
		switch body := e.Body.(type) {
		case incident.Progressed:
			words = append(words, body.Text)
		case incident.Blanked:
			words = append(words, "struck "+string(body.Was))
		default:
			words = append(words, fmt.Sprintf("%T", body))
		}
	}
	return strings.Join(words, ", ")
}

func wantEvents(t testing.TB, s *storage.Store, id incident.ID, from, limit int, want string) {
	t.Helper()
	events, err := s.Events(t.Context(), id, from, limit)
	must(t, err)
	if got := texts(events); got != want {
		t.Errorf("events of %v from %d: got %q, want %q", id, from, got, want)
	}
}

func wantUnsaid(t testing.TB, s *storage.Store, platform, want string) {
	t.Helper()
	messages, err := s.Unsaid(t.Context(), platform)
	must(t, err)
	var words []string
	for _, m := range messages {
		words = append(words, string(m.ID)+" "+m.Text)
	}
	if got := strings.Join(words, ", "); got != want {
		t.Errorf("unsaid on %s: got %q, want %q", platform, got, want)
	}
}

func wantMarks(t testing.TB, s *storage.Store, prefix, want string) {
	t.Helper()
	marks, err := s.Marks(t.Context(), prefix)
	must(t, err)
	var words []string
	for _, m := range marks {
		words = append(words, m.Name+"="+m.Value)
	}
	if got := strings.Join(words, ", "); got != want {
		t.Errorf("marks %q: got %q, want %q", prefix, got, want)
	}
}

// wantSound verifies everything an engine holds.
func wantSound(t testing.TB, e storage.Engine) storage.Report {
	t.Helper()
	report, err := storage.Verify(t.Context(), e)
	must(t, err)
	for _, p := range report.Problems {
		t.Errorf("%s: %s", p.Place, p.What)
	}
	return report
}
