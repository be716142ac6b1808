package commands_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.yaml.in/yaml/v3"

	"wardline/bot/hospital"
)

// scenario is what a timed script of the hospital pack asks for.
type scenario struct {
	ID          string       `yaml:"id"`
	Start       time.Time    `yaml:"start"`
	Checkpoints []checkpoint `yaml:"checkpoints"`
	Questions   []question   `yaml:"questions"`
}

type checkpoint struct {
	T    int `yaml:"t"`
	Must []struct {
		Key   string   `yaml:"key"`
		AnyOf []string `yaml:"any_of"`
	} `yaml:"must"`
	MustNot      []string `yaml:"must_not"`
	MustNotScope string   `yaml:"must_not_scope"`
}

type question struct {
	T          int      `yaml:"t"`
	Dept       string   `yaml:"dept"`
	Lang       string   `yaml:"lang"`
	Question   string   `yaml:"question"`
	Expect     string   `yaml:"expect"`
	Proc       string   `yaml:"proc"`
	AnswerMust []string `yaml:"answer_must"`
}

// TestScenarios plays the timed scripts on the real bot in simulated time. At each checkpoint the
// leaders' digest of that minute, in Chinese and in English, must say what the checkpoint asks for and
// nothing it forbids; the questions of the script are asked when the script asks them.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("../testdata/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var sc scenario
			if err := yaml.Unmarshal(data, &sc); err != nil {
				t.Fatal(err)
			}
			lines, err := os.ReadFile(strings.TrimSuffix(file, ".yaml") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) { playScenario(t, dir, sc, string(lines)) })
		})
	}
}

func playScenario(t *testing.T, dir string, sc scenario, lines string) {
	s := newStage(t, dir)
	defer s.stop()
	s.sleepUntil(sc.Start.In(s.zone).Format("2006-01-02 15:04"))
	s.open()
	deeds := map[int][]func(){}
	last := 0
	plan := func(at int, f func()) {
		deeds[at] = append(deeds[at], f)
		last = max(last, at)
	}
	for line := range strings.Lines(lines) {
		at, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		minute, err := strconv.Atoi(at)
		if !ok || err != nil {
			continue
		}
		plan(minute, func() {
			out := s.do(rest)
			if s.reply.Refused {
				t.Errorf("t=%d %s was refused:\n%s", minute, rest, strings.Join(out, "\n"))
			}
		})
	}
	for _, q := range sc.Questions {
		plan(q.T, func() { askAt(t, s, q) })
	}
	for _, c := range sc.Checkpoints {
		plan(c.T, func() {
			for _, lang := range hospital.Langs() {
				c.check(t, lang, s.digestNow(lang))
			}
		})
	}
	for minute := 0; minute <= last; minute++ {
		for _, deed := range deeds[minute] {
			deed()
			synctest.Wait()
		}
		time.Sleep(time.Minute)
	}
}

func (c checkpoint) check(t *testing.T, lang hospital.Lang, digest string) {
	t.Helper()
	lower := strings.ToLower(digest)
	for _, m := range c.Must {
		found := false
		for _, want := range m.AnyOf {
			found = found || strings.Contains(lower, strings.ToLower(want))
		}
		if !found {
			t.Errorf("t=%d %s: the digest must say %s (any of %q):\n%s", c.T, lang, m.Key, m.AnyOf, digest)
		}
	}
	scope := lower
	if c.MustNotScope == "cause_line" {
		scope = ""
		for line := range strings.Lines(lower) {
			if strings.Contains(line, "原因") || strings.Contains(line, "cause") {
				scope += line
			}
		}
		if scope == "" {
			t.Errorf("t=%d %s: the digest has no line about the cause:\n%s", c.T, lang, digest)
		}
	}
	for _, not := range c.MustNot {
		if strings.Contains(scope, strings.ToLower(not)) {
			t.Errorf("t=%d %s: the digest must not say %q:\n%s", c.T, lang, not, digest)
		}
	}
	if n := strings.Count(digest, "\n") + 1; n > 14 {
		t.Errorf("t=%d %s: the digest has %d lines, leaders read 14:\n%s", c.T, lang, n, digest)
	}
}

// askAt asks a question of the script from the department that asks it. A live answer must say what
// the script wants; a procedure must be quoted or be among the choices.
func askAt(t *testing.T, s *stage, q question) {
	t.Helper()
	who := map[string]string{"pharm_ip": "guo", "ed": "lee", "ward_surg": "zheng", "imaging": "sam", "opd": "lee"}[q.Dept]
	out := strings.ToLower(strings.Join(s.say(fmt.Sprintf("%s@dept/%s", who, q.Dept), q.Question, nil, ""), "\n"))
	for _, want := range q.AnswerMust {
		if !strings.Contains(out, strings.ToLower(want)) {
			t.Errorf("t=%d %q: the answer must say %q:\n%s", q.T, q.Question, want, out)
		}
	}
	if q.Proc != "" && !strings.Contains(out, strings.ToLower(q.Proc)) {
		t.Errorf("t=%d %q: the answer must lead to %s:\n%s", q.T, q.Question, q.Proc, out)
	}
}
