package main_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// A floor says what the packages of one folder may import beside the standard library. Arrows run
// one way: main -> adapters -> commands -> bot <- storage.
type floor struct {
	folder string
	may    []string // our folders (path.Match patterns) or other modules, with all they hold
	why    string   // told to whoever breaks the rule
}

// floors is the whole house. A folder that is not listed is refused, so a new room is a decision.
var floors = []floor{
	{".", []string{
		"bot", "bot/*", "commands", "adapters/*", "storage", "storage/*",
		"github.com/alecthomas/kong", "github.com/pelletier/go-toml/v2",
	}, "main is the only place that knows everyone; what it needs from outside is a parser for flags and one for TOML"},
	{"adapters/seal", nil, "signing needs no one"},
	{"adapters/adaptertest", []string{"commands", "bot", "bot/*"}, "the contract knows no platform"},
	{"adapters/discord", []string{"adapters/seal", "commands", "bot", "bot/*", "golang.org/x/time/rate", "github.com/gorilla/websocket", "github.com/bwmarrin/discordgo"}, "an adapter knows one chat system and no other adapter"},
	{"adapters/discord/discordtest", []string{"github.com/gorilla/websocket", "github.com/santhosh-tekuri/jsonschema/v6"}, "the stand-in knows Discord, and nothing of the bot it talks to"},
	{"adapters/mattermost", []string{"adapters/seal", "commands", "bot", "bot/*", "golang.org/x/time/rate", "github.com/gorilla/websocket", "github.com/mattermost/mattermost/server/public"}, "an adapter knows one chat system and no other adapter"},
	{"adapters/mattermost/mmtest", []string{"github.com/mattermost/mattermost/server/public", "github.com/gorilla/websocket"}, "the stand-in is the other side: it knows Mattermost and nothing of ours"},
	{"adapters/observe", []string{"bot", "bot/*", "github.com/prometheus/client_golang"}, "those who run the bot see it from outside"},
	{"adapters/web", []string{"commands", "bot", "bot/*"}, "the lifeboat needs nothing from outside"},
	{"commands", []string{"bot", "bot/*"}, "commands act on the bot; which platform heard them is none of their business"},
	{"bot", []string{"bot/*", "github.com/robfig/cron/v3", "golang.org/x/time/rate"}, "the desk is the ground floor: nothing above it may hold it up"},
	{"bot/answer", []string{"bot/hospital", "bot/incident", "bot/phrase", "bot/when"}, "an answer is worked out from data, without the desk"},
	{"bot/guard", nil, "looking for patients' data needs no one"},
	{"bot/hospital", []string{"bot/incident", "go.yaml.in/yaml/v3"}, "a hospital is data; only the id types are shared"},
	{"bot/incident", nil, "the subject is pure: the standard library only"},
	{"bot/phrase", []string{"bot/hospital"}, "a phrase is filled with values, it fetches none"},
	{"bot/rigtest", []string{"bot"}, "the rig's chat system and its adapter know the desk's contract and nothing else"},
	{"bot/when", nil, "reading a time needs no one"},
	{"storage", []string{"bot", "bot/*"}, "the schema stands on the desk's own types, and knows no engine"},
	{"storage/bolt", []string{"storage", "bot", "bot/*", "go.etcd.io/bbolt"}, "one engine, one database"},
	{"storage/memory", []string{"storage", "bot", "bot/*"}, "memory needs no database"},
	{"storage/storetest", []string{"storage", "bot", "bot/*"}, "the contract knows no engine"},
}

// planned are the folders of floors that are not built yet. Whoever builds one takes it off.
var planned = []string{}

// testLibraries may be imported by tests and by contracts written as tests, never by the product.
var testLibraries = []string{
	"github.com/chromedp/cdproto",
	"github.com/chromedp/chromedp",
	"github.com/google/go-cmp",
	"github.com/rogpeppe/go-internal",
	"github.com/santhosh-tekuri/jsonschema/v6",
	"go.uber.org/goleak",
	"pgregory.net/rapid",
}

// pure are the folders without clock, I/O, goroutine or randomness: the same input always gives the
// same output, which is what makes replaying a log safe.
var pure = []string{"bot/guard", "bot/incident", "bot/when"}

// impurePackages do not belong in a pure folder, nor does anything below them.
var impurePackages = []string{
	"context", "crypto/rand", "io/ioutil", "log", "math/rand", "net", "os", "runtime", "syscall", "testing", "unsafe",
}

// impureTime are the names of package time that read the clock or the machine's zone, or wait.
var impureTime = []string{
	"After", "AfterFunc", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until",
}

func TestImportsRunOneWay(t *testing.T) {
	refuse(t, importProblems(ours(t), floors))
}

func TestEveryRuleNamesAFolder(t *testing.T) {
	refuse(t, staleRules(ours(t), floors, planned))
}

func TestTestCodeStaysOutOfTheBinary(t *testing.T) {
	refuse(t, testCodeProblems(ours(t)))
}

func TestTestsUseKeptLibraries(t *testing.T) {
	refuse(t, testLibraryProblems(ours(t), floors))
}

func TestPureFoldersArePure(t *testing.T) {
	refuse(t, impurities(ours(t), pure))
}

// importProblems finds imports that run against the arrows, and folders nobody decided about.
func importProblems(tr *tree, floors []floor) (problems []string) {
	for _, folder := range tr.packages() {
		if !slices.ContainsFunc(floors, func(f floor) bool { return f.folder == folder }) {
			problems = append(problems, folder+": no rule says what this folder may import; add it to floors in arch_test.go")
		}
	}
	for _, f := range tr.code() {
		for _, rule := range floors {
			if rule.folder != f.folder {
				continue
			}
			for imported, spec := range f.imports() {
				if !standard(imported) && !rule.allows(imported) && !(forTests(f.folder) && outside(imported, testLibraries)) {
					problems = append(problems, fmt.Sprintf("%s: %s may not import %s: %s", tr.at(spec), f.folder, spec.Path.Value, rule.why))
				}
			}
		}
	}
	return sorted(problems)
}

// allows says whether the rule lets an import that is not of the standard library pass.
func (f floor) allows(imported string) bool {
	folder, yes := own(imported)
	if !yes {
		return outside(imported, f.may)
	}
	return folder != "." && slices.ContainsFunc(f.may, func(pattern string) bool {
		match, err := path.Match(pattern, folder)
		return err == nil && match
	})
}

// outside says whether an import path is one of the modules or lies in one.
func outside(imported string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool {
		return imported == m || strings.HasPrefix(imported, m+"/")
	})
}

// staleRules finds rules about folders that are gone, and plans that have come true.
func staleRules(tr *tree, floors []floor, planned []string) (problems []string) {
	built := tr.packages()
	for _, rule := range floors {
		if !slices.Contains(built, rule.folder) && !slices.Contains(planned, rule.folder) {
			problems = append(problems, rule.folder+": floors has a rule for this folder, but it holds no package; remove the rule, or add the folder to planned")
		}
	}
	for _, folder := range planned {
		if slices.Contains(built, folder) {
			problems = append(problems, folder+": is built now; take it off planned in arch_test.go, so that its rule stays in force")
		}
		if !slices.ContainsFunc(floors, func(f floor) bool { return f.folder == folder }) {
			problems = append(problems, folder+": is planned, but floors has no rule for it")
		}
	}
	return sorted(problems)
}

// testCodeProblems finds imports that would link test code into the binary.
func testCodeProblems(tr *tree) (problems []string) {
	for _, f := range tr.code() {
		if forTests(f.folder) {
			continue
		}
		for imported, spec := range f.imports() {
			if folder, yes := own(imported); imported == "testing" || strings.HasPrefix(imported, "testing/") || yes && forTests(folder) || outside(imported, testLibraries) {
				problems = append(problems, fmt.Sprintf("%s: %s is for tests and must not reach the binary", tr.at(spec), spec.Path.Value))
			}
		}
	}
	return sorted(problems)
}

// testLibraryProblems finds tests that bring in a library nobody decided about.
func testLibraryProblems(tr *tree, floors []floor) (problems []string) {
	known := slices.Clone(testLibraries)
	for _, rule := range floors {
		known = append(known, rule.may...)
	}
	for _, f := range tr.files {
		for imported, spec := range f.imports() {
			if _, yes := own(imported); f.test && !yes && !standard(imported) && !outside(imported, known) {
				problems = append(problems, fmt.Sprintf("%s: %s is not one of testLibraries in arch_test.go", tr.at(spec), spec.Path.Value))
			}
		}
	}
	return sorted(problems)
}

// impurities finds clocks, I/O, goroutines and randomness where none may be.
func impurities(tr *tree, pure []string) (problems []string) {
	for _, f := range tr.code() {
		if !slices.Contains(pure, f.folder) {
			continue
		}
		clock := ""
		for imported, spec := range f.imports() {
			if outside(imported, impurePackages) {
				problems = append(problems, fmt.Sprintf("%s: %s is pure and may not import %s", tr.at(spec), f.folder, spec.Path.Value))
			}
			if imported == "time" {
				clock = "time"
				if spec.Name != nil {
					clock = spec.Name.Name
				}
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			what := ""
			switch n := n.(type) {
			case *ast.GoStmt:
				what = "start a goroutine"
			case *ast.ChanType, *ast.SelectStmt:
				what = "use a channel"
			case *ast.SelectorExpr:
				if x, yes := n.X.(*ast.Ident); yes && clock != "" && x.Name == clock && slices.Contains(impureTime, n.Sel.Name) {
					what = "use time." + n.Sel.Name + "; it is given the time"
				}
			}
			if what != "" {
				problems = append(problems, fmt.Sprintf("%s: %s is pure and may not %s", tr.at(n), f.folder, what))
			}
			return true
		})
	}
	return sorted(problems)
}

// sorted puts problems in a steady order, since imports come from a map.
func sorted(problems []string) []string {
	slices.SortFunc(problems, cmp.Compare[string])
	return problems
}
