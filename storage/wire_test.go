package storage_test

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/memory"
)

var update = flag.Bool("update", false, "write testdata/schema1.txt anew")

// sample is what testdata/schema1.txt holds.
func sample() []bot.Change {
	at := time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)
	return []bot.Change{{
		Incident: 7,
		Events: []incident.Event{
			{At: at, Recorded: at.Add(time.Minute), By: "li", Body: incident.Told{Departments: []incident.DepartmentID{"ed"}}},
			{At: at, Recorded: at, By: "li", Body: incident.Progressed{Text: "taken away"}},
			{At: at, Recorded: at, By: "li", Body: incident.Progressed{Text: "换盘中", Done: true}},
		},
		Head:     &bot.Head{Open: true, Title: "HIS", Level: incident.L3, Phase: incident.Open, Since: at, Ended: at},
		Snapshot: []byte("state"),
		Strike:   []int{2},
		Say: []bot.Message{{
			ID: "7/1/1", Platform: "web", Room: "it", Kind: bot.Request, Urgency: bot.Ask, Lang: "zh", Level: "L3",
			Title: "title", Text: "text", Actions: []bot.Action{{Label: "Yes", Line: "/fix done", Style: bot.Primary}},
			Mention: []incident.PersonID{"li"}, Key: "key", Incident: 7, At: at,
		}},
		Marks: []bot.Mark{{Name: "lang/li", Value: "zh"}},
	}}
}

// TestSchema1StaysReadable opens what an older version wrote. If it fails, a field or kind on the
// wire was renamed: that loses data in the field, so it needs a new schema version and a migration.
func TestSchema1StaysReadable(t *testing.T) {
	path := filepath.Join("testdata", "schema1.txt")
	if *update {
		writeSample(t, path)
	}
	s, err := storage.Open(readSample(t, path), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	want := sample()[0]
	want.Events[1].Body = incident.Blanked{Was: "progressed"}
	want.Head.ID, want.Head.Version = 7, 3
	events, err := s.Events(t.Context(), 7, 0, 0)
	same(t, events, want.Events, err)
	heads, err := s.Heads(t.Context())
	same(t, heads, []bot.Head{*want.Head}, err)
	messages, err := s.Unsaid(t.Context(), "web")
	same(t, messages, want.Say, err)
	marks, err := s.Marks(t.Context(), "")
	same(t, marks, want.Marks, err)
	state, version, _, err := s.Load(t.Context(), 7)
	same(t, fmt.Sprintf("%s at %d", state, version), "state at 3", err)
	value, _, err := s.Shelf("web").Get(t.Context(), "post/1")
	same(t, string(value), "hello", err)
}

// TestEveryFieldSurvives fills every field of a message and a head by reflection, so that a new
// field cannot be forgotten on the way to the disk.
func TestEveryFieldSurvives(t *testing.T) {
	var m bot.Message
	var h bot.Head
	fill(reflect.ValueOf(&m).Elem())
	fill(reflect.ValueOf(&h).Elem())
	e := memory.New()
	s, err := storage.Open(e, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, s)
	if err := s.Commit(t.Context(), bot.Change{Incident: 7, Head: &h, Say: []bot.Message{m}}); err != nil {
		t.Fatal(err)
	}
	h.ID, h.Version = 7, 0
	heads, err := s.Heads(t.Context())
	same(t, heads, []bot.Head{h}, err)
	messages, err := s.Unsaid(t.Context(), m.Platform)
	same(t, messages, []bot.Message{m}, err)
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 5, 12, 19, 30, 0, 0, time.UTC)))
			return
		}
		for about, field := range v.Fields() {
			if about.Tag.Get("json") != "-" { // made anew whenever it is needed
				fill(field)
			}
		}
	default:
		panic("fill " + v.Type().String())
	}
}

func closed(t *testing.T, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func same(t *testing.T, got, want any, err error) {
	t.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func writeSample(t *testing.T, path string) {
	e := memory.New()
	s, err := storage.Open(e, storage.Options{})
	if err == nil {
		err = s.Commit(t.Context(), sample()...)
	}
	if err == nil {
		err = s.Shelf("web").Put(t.Context(), storage.Entry{Key: "post/1", Value: []byte("hello")})
	}
	if err != nil {
		t.Fatal(err)
	}
	entries, err := e.Range(t.Context(), storage.Span{})
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, x := range entries {
		fmt.Fprintf(&lines, "%q %q\n", x.Key, x.Value)
	}
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readSample(t *testing.T, path string) *memory.Engine {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, f)
	e := memory.New()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var key, value string
		if _, err := fmt.Sscanf(lines.Text(), "%q %q", &key, &value); err != nil {
			t.Fatalf("%s: %q: %v", path, lines.Text(), err)
		}
		if err := e.Apply(t.Context(), storage.Batch{Write: []storage.Entry{{Key: key, Value: []byte(value)}}}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}
