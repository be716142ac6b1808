package when_test

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"wardline/bot/when"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// tuesday is 12 May 2026, 10:23:45 in Shanghai.
func tuesday(t testing.TB) time.Time {
	t.Helper()
	return time.Date(2026, 5, 12, 10, 23, 45, 678, zone(t, "Asia/Shanghai"))
}

// rows reads a table of the given number of columns, and fails when it has lost lines.
func rows(t *testing.T, file string, columns, atLeast int) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var table [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != columns {
			t.Fatalf("%s: %q has %d columns, want %d", file, line, len(cells), columns)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		table = append(table, cells)
	}
	if len(table) < atLeast {
		t.Fatalf("%s has %d lines, want at least %d", file, len(table), atLeast)
	}
	return table
}

func sense(t *testing.T, word string) when.Sense {
	t.Helper()
	switch word {
	case "ahead":
		return when.Ahead
	case "behind":
		return when.Behind
	}
	t.Fatalf("no sense is called %q", word)
	return 0
}

func problemName(p when.Problem) string {
	return map[when.Problem]string{
		when.None: "none", when.Unreadable: "unreadable", when.Past: "past", when.Future: "future",
		when.Ambiguous: "ambiguous", when.TooFar: "too far",
	}[p]
}

// show writes a reading as the tables do.
func show(r when.Reading) string {
	if r.Problem == when.None {
		return written(r.At)
	}
	words := make([]string, len(r.Candidates))
	for i, c := range r.Candidates {
		words[i] = written(c)
	}
	return problemName(r.Problem) + " | " + strings.Join(words, ", ")
}

func written(t time.Time) string { return strings.TrimPrefix(t.Format("2006-01-02 15:04"), "2026-") }

func TestTimesAsPeopleWriteThem(t *testing.T) {
	now := tuesday(t)
	for _, row := range rows(t, "readings.txt", 3, 150) {
		r := when.Read(row[1], now, now.Location(), sense(t, row[0]))
		if got := show(r); got != row[2] {
			t.Errorf("%s %q reads %s, want %s", row[0], row[1], got, row[2])
		}
		if len(r.Candidates) > 0 {
			t.Errorf("%s %q is certain, and yet asks about %v", row[0], row[1], r.Candidates)
		}
	}
}

func TestWhatIsNotOneInstantIsAskedBack(t *testing.T) {
	now := tuesday(t)
	for _, row := range rows(t, "refusals.txt", 4, 30) {
		r := when.Read(row[1], now, now.Location(), sense(t, row[0]))
		if got, want := show(r), row[2]+" | "+row[3]; got != want {
			t.Errorf("%s %q reads %q, want %q", row[0], row[1], got, want)
		}
		if !r.At.IsZero() {
			t.Errorf("%s %q is refused, and yet gives %s", row[0], row[1], r.At)
		}
	}
}
