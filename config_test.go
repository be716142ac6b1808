package main_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	main "wardline"
	"wardline/bot/hospital"
)

var update = flag.Bool("update", false, "write what is wrong with testdata/configs into their golden files")

// pasted is the secret that people put into the wrong place in testdata/configs.
const pasted = "HUNTER2SECRET"

// Every file of testdata/configs is wrong. Beside it stands, word for word, all that is said about it.
func TestMalformedConfigs(t *testing.T) {
	files, err := filepath.Glob("testdata/configs/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("%d malformed configurations are left, want at least 50", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := main.Load(file)
			var problems hospital.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("load returned %v, want problems", err)
			}
			for _, p := range problems {
				if p.Line == 0 || p.Remedy == "" || p.Text == "" {
					t.Errorf("%s: a problem needs a line, words and a remedy", p)
				}
			}
			got := filepath.ToSlash(problems.Error()) + "\n"
			if strings.Contains(got, pasted) {
				t.Errorf("the secret is shown:\n%s", got)
			}
			for _, leak := range []string{"main.", "struct {", "reflect", "map["} {
				if strings.Contains(got, leak) {
					t.Errorf("%q is of no use to people who write configurations:\n%s", leak, got)
				}
			}
			golden(t, strings.TrimSuffix(file, ".toml")+".txt", got)
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const exampleFile = "config.example.toml"

func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestExampleSaysTheDefaults(t *testing.T) {
	got, err := main.Load(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	want, err := main.Defaults()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(main.Config(got), main.Config(want)) {
		t.Errorf("got\n%+v\nwant\n%+v", main.Config(got), main.Config(want))
	}
}

// Some editors write three bytes before the first line that nobody sees.
func TestAByteOrderMarkIsNoMistake(t *testing.T) {
	file := filepath.Join(t.TempDir(), "wardline.toml")
	if err := os.WriteFile(file, []byte("\ufeff[hospital]\r\nname_zh = \"医院\"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := main.Load(file); err != nil {
		t.Error(err)
	}
}

// uncommented turns the examples in comments, which begin with # and no space, into configuration.
func uncommented(text string) string {
	return regexp.MustCompile(`(?m)^#([^\s])`).ReplaceAllString(text, "$1")
}

func TestExampleHasEveryKey(t *testing.T) {
	set := main.KeysOf(uncommented(example(t)))
	for _, key := range main.EveryKey() {
		if !set[key] {
			t.Errorf("%s: is not in %s", key, exampleFile)
		}
	}
}

func TestExampleExplainsEveryKey(t *testing.T) {
	explained := false
	for i, line := range strings.Split(example(t), "\n") {
		switch {
		case line == "":
			explained = false
		case strings.HasPrefix(line, "# "):
			explained = true
		case strings.Contains(line, " = ") && !strings.HasPrefix(line, "#") && !explained:
			t.Errorf("%s:%d: %s has no line above that explains it", exampleFile, i+1, line)
		}
	}
}

func TestExamplesInCommentsAreRight(t *testing.T) {
	s, err := main.Parse("wardline.toml", uncommented(example(t)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := main.People(s), []string{"zhang.wei it coordinator"}; !slices.Equal(got, want) {
		t.Errorf("people are %q, want %q", got, want)
	}
	rooms := main.Rooms(s)
	for id, want := range map[string]string{"leaders/night": "夜间领导群", "dept/ed-triage": "急诊分诊台", "dept/ed": "急诊科"} {
		if rooms[id].ZH != want {
			t.Errorf("room %s is %q, want %q", id, rooms[id].ZH, want)
		}
	}
}

func TestRoomsThereAlwaysAre(t *testing.T) {
	s, err := main.Parse("wardline.toml", "[[rooms]]\nid = \"leaders/main\"\nname_en = \"Board\"\n")
	if err != nil {
		t.Fatal(err)
	}
	pack, err := hospital.Default()
	if err != nil {
		t.Fatal(err)
	}
	rooms := main.Rooms(s)
	if got, want := len(rooms), 2+len(pack.Departments()); got != want {
		t.Errorf("%d rooms, want %d", got, want)
	}
	for id, want := range map[string]hospital.Text{
		"it":           {ZH: "信息值班室", EN: "IT duty room"},
		"leaders/main": {ZH: "Board", EN: "Board"},
		"dept/icu":     {ZH: "重症医学科", EN: "Intensive care unit"},
	} {
		if rooms[id] != want {
			t.Errorf("room %s is %+v, want %+v", id, rooms[id], want)
		}
	}
}

// The cast of the demo: who must be there for every part of an outage to be played.
func TestDemoHasACast(t *testing.T) {
	s, err := main.Parse("demo.toml", main.DemoConfig())
	if err != nil {
		t.Fatal(err)
	}
	if warnings := main.Warnings(s); len(warnings) > 0 {
		t.Errorf("the demo warns: %q", warnings)
	}
	counts := map[string]int{}
	for _, p := range main.People(s) {
		fields := strings.Fields(p)
		if len(fields) == 2 {
			counts["clinical"]++
		}
		for _, role := range fields[2:] {
			counts[role]++
		}
	}
	for role, want := range map[string]int{"coordinator": 1, "engineer": 2, "leader": 3, "clinical": 14} {
		if counts[role] != want {
			t.Errorf("%d people are %s, want %d", counts[role], role, want)
		}
	}
}
