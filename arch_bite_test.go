package main_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A bite is a small module that breaks one rule, and what the rule says about it. A rule that never
// refuses anything holds nothing up.
type bite struct {
	name  string
	files map[string]string
	rule  func(*tree) []string
	want  []string // what each problem starts with; none means that the module is fine
}

const (
	incidentDoc = "// Package incident is pure. It never sends.\npackage incident\n"
	deskDoc     = "// Package bot is the desk. It never renders.\npackage bot\n"
)

func imports(tr *tree) []string   { return importProblems(tr, floors) }
func variables(tr *tree) []string { return variableProblems(tr, nil) }
func purity(tr *tree) []string    { return impurities(tr, pure) }
func sentences(tr *tree) []string { return sentenceProblems(tr, wordless, quiet) }
func libraries(tr *tree) []string { return testLibraryProblems(tr, floors) }

var bites = []bite{
	{"arrows run down", map[string]string{
		"main.go":             "package main\nimport (\n\"wardline/adapters/web\"\n\"wardline/storage/bolt\"\n\"github.com/alecthomas/kong\"\n)\n",
		"adapters/web/web.go": "package web\nimport (\n\"net/http\"\n\"wardline/bot/phrase\"\n\"wardline/commands\"\n)\n",
		"bot/bot.go":          "package bot\nimport (\n\"github.com/robfig/cron/v3\"\n\"wardline/bot/incident\"\n)\n",
	}, imports, nil},
	{"the desk imports commands", map[string]string{"bot/bot.go": "package bot\nimport \"wardline/commands\"\n"}, imports, []string{`bot/bot.go:2: bot may not import "wardline/commands": `}},
	{"the subject imports its desk", map[string]string{"bot/incident/a.go": "package incident\nimport \"wardline/bot\"\n"}, imports, []string{`bot/incident/a.go:2: bot/incident may not import "wardline/bot": `}},
	{"the subject imports a library", map[string]string{"bot/incident/a.go": "package incident\nimport \"go.etcd.io/bbolt\"\n"}, imports, []string{`bot/incident/a.go:2: bot/incident may not import "go.etcd.io/bbolt": `}},
	{"one adapter imports another", map[string]string{"adapters/web/a.go": "package web\nimport \"wardline/adapters/discord\"\n"}, imports, []string{"adapters/web/a.go:2: "}},
	{"somebody imports main", map[string]string{"commands/a.go": "package commands\nimport \"wardline\"\n"}, imports, []string{`commands/a.go:2: commands may not import "wardline": `}},
	{"a cousin by name is not the module", map[string]string{"storage/bolt/a.go": "package bolt\nimport \"go.etcd.io/bboltish\"\n"}, imports, []string{"storage/bolt/a.go:2: "}},
	{"a room nobody decided about", map[string]string{"bot/util/a.go": "package util\n"}, imports, []string{"bot/util: no rule "}},

	{"a contract reaches the binary", map[string]string{"main.go": "package main\nimport \"wardline/storage/storetest\"\n"}, testCodeProblems, []string{"main.go:2: "}},
	{"testing reaches the binary", map[string]string{"bot/a.go": "package bot\nimport \"testing/synctest\"\n"}, testCodeProblems, []string{"bot/a.go:2: "}},
	{"contracts and tests may test", map[string]string{
		"storage/storetest/a.go":       "package storetest\nimport \"testing\"\n",
		"storage/memory/mem_test.go":   "package memory_test\nimport \"wardline/storage/storetest\"\n",
		"storage/memory/testdata/x.go": "not Go at all",
	}, testCodeProblems, nil},
	{"an unknown test library", map[string]string{"bot/a_test.go": "package bot_test\nimport \"github.com/stretchr/testify/require\"\n"}, libraries, []string{"bot/a_test.go:2: "}},

	{"the subject reads the clock", map[string]string{"bot/incident/a.go": "package incident\nimport clock \"time\"\nfunc f() clock.Time { return clock.Now() }\n"}, purity, []string{"bot/incident/a.go:3: bot/incident is pure and may not use time.Now"}},
	{"the subject rolls dice", map[string]string{"bot/incident/a.go": "package incident\nimport \"math/rand/v2\"\n"}, purity, []string{"bot/incident/a.go:2: "}},
	{"the subject opens a socket", map[string]string{"bot/incident/a.go": "package incident\nimport \"net/http\"\n"}, purity, []string{"bot/incident/a.go:2: "}},
	{"the subject runs ahead", map[string]string{"bot/incident/a.go": "package incident\nfunc f(c chan int) {\ngo f(nil)\n}\n"}, purity, []string{"bot/incident/a.go:2: ", "bot/incident/a.go:3: "}},
	{"a time that was given is fine", map[string]string{"bot/incident/a.go": "package incident\nimport \"time\"\nfunc f(now time.Time) time.Time { return now.Add(time.Minute) }\n"}, purity, nil},

	{"no package comment", map[string]string{"bot/a.go": "package bot\n"}, docProblems, []string{"bot: no file "}},
	{"two package comments", map[string]string{"bot/a.go": deskDoc, "bot/b.go": deskDoc}, docProblems, []string{"bot/b.go: bot/a.go has "}},
	{"half a package comment", map[string]string{"bot/a.go": "// Package bot is the desk.\npackage bot\n"}, docProblems, []string{"bot/a.go: the package comment has 1 "}},
	{"a licence for a comment", map[string]string{"bot/a.go": "// Package bot is. Copyright reserved.\npackage bot\n"}, docProblems, []string{"bot/a.go: the package comment is a licence"}},
	{"another package's comment", map[string]string{"bot/a.go": incidentDoc[:len(incidentDoc)-9] + "bot\n"}, docProblems, []string{"bot/a.go: the package comment must start "}},
	{"init", map[string]string{"bot/a.go": "package bot\nfunc init() {}\nfunc (t T) init() {}\ntype T int\n"}, initProblems, []string{"bot/a.go:2: "}},
	{"a file without end", map[string]string{"bot/a.go": "package bot\n" + strings.Repeat("\n", longest)}, lengthProblems, []string{"bot/a.go: 501 lines"}},

	{"variables that stay", map[string]string{"bot/a.go": "package bot\nvar _ I = T{}\nvar ErrX = errors.New(\"x\")\nvar r = regexp.MustCompile(`x`)\nvar t = []int{1}\n//go:embed x\nvar b []byte\nfunc f() int { t := 1; return t }\n"}, variables, nil},
	{"a variable without a value", map[string]string{"bot/a.go": "package bot\nvar n int\n"}, variables, []string{"bot/a.go:2: package variable n has no fixed value"}},
	{"a counter", map[string]string{"bot/a.go": "package bot\nvar n = 1\n"}, variables, []string{"bot/a.go:2: package variable n is neither "}},
	{"a registry", map[string]string{"bot/a.go": "package bot\nvar known = map[string]int{}\n", "bot/b.go": "package bot\nfunc add() { known[\"x\"] = 1 }\n"}, variables, []string{"bot/a.go:2: package variable known is written to at bot/b.go:2"}},
	{"a table sorted in place", map[string]string{"bot/a.go": "package bot\nvar t = []int{2, 1}\nfunc f() { slices.Sort(t) }\n"}, variables, []string{"bot/a.go:2: package variable t is written to at bot/a.go:3"}},
	{"a table for all", map[string]string{"bot/a.go": "package bot\nvar Table = []int{1}\n"}, variables, []string{"bot/a.go:2: package variable Table is a table "}},
	{"a logger", map[string]string{"bot/a.go": "package bot\nvar log = slog.Default()\n"}, variables, []string{"bot/a.go:2: package variable log is made by a call"}},

	{"Chinese in code", map[string]string{"adapters/web/a.go": "package web\nvar s = \"恢复\"\nvar r = '，'\n"}, sentences, []string{"adapters/web/a.go:2: Chinese ", "adapters/web/a.go:3: Chinese "}},
	{"Chinese where it belongs", map[string]string{"bot/when/a.go": "package when\nvar s = \"明早\"\n", "commands/words_fix.go": "package commands\nvar s = \"修复\"\n", "bot/a_test.go": "package bot\nvar s = \"恢复\"\n", "bot/b.go": "package bot // 恢复\n"}, sentences, nil},
	{"a sentence in code", map[string]string{"commands/a.go": "package commands\nvar s = \"The lab system is down.\"\n"}, sentences, []string{"commands/a.go:2: a sentence "}},
	{"what code may say", map[string]string{"commands/a.go": "package commands\nvar s = \"commit: the file is locked by another bot\"\ntype t struct { a int `Help:\"Say what it is.\"` }\n", "main.go": "package main\nvar s = \"Starts the desk on this machine.\"\n"}, sentences, nil},
}

func TestRulesBite(t *testing.T) {
	for _, b := range bites {
		t.Run(b.name, func(t *testing.T) {
			module := fstest.MapFS{}
			for name, text := range b.files {
				module[name] = &fstest.MapFile{Data: []byte(text)}
			}
			tr, err := readTree(module)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, b.rule(tr), b.want)
		})
	}
}

func TestStaleRulesBite(t *testing.T) {
	tr, err := readTree(fstest.MapFS{"bot/a.go": &fstest.MapFile{Data: []byte(deskDoc)}})
	if err != nil {
		t.Fatal(err)
	}
	rules := []floor{{folder: "bot"}, {folder: "gone"}, {folder: "later"}}
	compare(t, staleRules(tr, rules, []string{"later"}), []string{"gone: floors has a rule "})
	compare(t, staleRules(tr, rules, []string{"bot", "gone", "later", "odd"}), []string{"bot: is built now", "odd: is planned, but "})
	compare(t, variableProblems(tr, []pardon{{"bot", "x", ""}}), []string{"bot: x needs no pardon", "bot: the pardon of x has no reason"})
}

func TestTaboosBite(t *testing.T) {
	for line, name := range map[string]string{
		"see /wo" + "rk/main":                   "docs/a.md",
		"taken from sha" + "red/mission":        "docs/a.md",
		"curl https://registry.npm" + "js.org":  "a.sh",
		"GOPROXY=https://proxy.gol" + "ang.org": ".ci/run",
		"written by Cla" + "ude":                "README.md",
		"as the sub" + "agent found":            "README.md",
		"closes issu" + "e #2":                  "README.md",
	} {
		compare(t, bannedProblems(name, []byte("fine\n"+line+"\n")), []string{name + ":2: "})
	}
	compare(t, bannedProblems("docs/cla"+"ude.md", nil), []string{"docs/cla" + "ude.md: the file's name"})
	compare(t, bannedProblems("README.md", []byte("the desk's own agenda: a framework/of rivershared/words; no issues; https://go.dev/\n")), nil)
}

// compare wants each problem to start with its twin.
func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("got problems\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
