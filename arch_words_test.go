package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// wordless are the folders whose Go code holds no Chinese: words for people live in bot/phrase, words
// read from people in bot/when and in the hospital's pack.
var wordless = []string{".", "adapters", "adapters/*", "bot", "bot/answer", "bot/incident", "commands", "storage", "storage/*"}

// quiet are the wordless folders that hold no English sentence either. Package main is not one of
// them: it talks to operators on the command line.
var quiet = wordless[1:]

// aliases are the files that may hold Chinese all the same: the second names of command words.
const aliases = "commands/words*.go"

func TestNoSentencesInCode(t *testing.T) {
	refuse(t, sentenceProblems(ours(t), wordless, quiet))
}

func TestNoBannedWords(t *testing.T) {
	for _, name := range tracked(t) {
		text, err := os.ReadFile(filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // tracked, and deleted in this work tree
		}
		if err != nil {
			t.Error(err)
			continue
		}
		refuse(t, bannedProblems(name, text))
	}
}

// sentence is a capital, at least four words and a full stop.
var sentence = regexp.MustCompile(`^\s*\p{Lu}[\p{L}'’-]*(\s+\S+){3,}[.!?]\s*$`)

// sentenceProblems finds words for people where only code belongs.
func sentenceProblems(tr *tree, wordless, quiet []string) (problems []string) {
	for _, f := range tr.code() {
		if !oneOf(f.folder, wordless) || forTests(f.folder) || oneOf(f.name, []string{aliases}) { // tests quote what people say
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				n.Tag = nil // a tag is for a decoder
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				switch {
				case err != nil: // a number
				case strings.ContainsFunc(text, chinese):
					problems = append(problems, fmt.Sprintf("%s: Chinese in code: %s; words for people belong in bot/phrase, command words in %s", tr.at(n), n.Value, aliases))
				case oneOf(f.folder, quiet) && sentence.MatchString(text):
					problems = append(problems, fmt.Sprintf("%s: a sentence in code: %s; it belongs in bot/phrase, in every language", tr.at(n), n.Value))
				}
			}
			return true
		})
	}
	return problems
}

// chinese tells Han characters and the punctuation that comes with them.
func chinese(r rune) bool {
	return unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}

// oneOf says whether a slash-separated name fits one of the patterns.
func oneOf(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		match, err := path.Match(p, name)
		return err == nil && match
	})
}

// A taboo is something no tracked file may mention. The patterns are written in pieces, so that this
// file does not mention them either.
type taboo struct {
	pattern *regexp.Regexp
	why     string
}

var taboos = []taboo{
	{regexp.MustCompile(`(?m)(^|[^\w./\n-])/(wo` + `rk|tmp/br` + `ief)/`), "a path of somebody's machine means nothing to the reader"},
	{regexp.MustCompile(`(?m)(^|[ \t("'` + "`" + `])(\.\./)*sha` + `red/`), "this folder is not part of the repository"},
	{regexp.MustCompile(`(?i)\bregistry\.npm` + `js\.org|\b(proxy|sum)\.gol` + `ang\.org|\bpy` + `pi\.org|\bdeb\.deb` + `ian\.org|\bnpm` + `mirror\.com|\bgop` + `roxy\.\w+`), "where packages are fetched from is the machine's business"},
	{regexp.MustCompile(`(?i)\bcla` + `ude\b|\banth` + `ropic\b|\bope` + `nai\b|\bchat` + `gpt\b|\bcopi` + `lot\b|\bgem` + `ini\b`), "the repository speaks of the product, not of the tools it was written with"},
	{regexp.MustCompile(`(?i)\bA` + `I[ -](agent|assistant|model|tool|generated|written)|\b(sub-?ag` + `ent|language mod` + `el|ll` + `ms?\b)`), "the repository speaks of the product, not of the tools it was written with"},
	{regexp.MustCompile(`(?i)\bissu` + `es?[ -]#?\d`), "a number in a tracker says nothing here; say what and why"},
}

// bannedProblems finds taboos in one file, and in its name.
func bannedProblems(name string, text []byte) (problems []string) {
	for _, taboo := range taboos {
		if taboo.pattern.MatchString(name) {
			problems = append(problems, fmt.Sprintf("%s: the file's name: %s", name, taboo.why))
		}
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return problems // a picture or a font
	}
	for _, taboo := range taboos {
		for _, at := range taboo.pattern.FindAllIndex(text, -1) {
			line := 1 + bytes.Count(text[:at[0]], []byte("\n"))
			problems = append(problems, fmt.Sprintf("%s:%d: %q: %s", name, line, bytes.TrimSpace(text[at[0]:at[1]]), taboo.why))
		}
	}
	return problems
}

// tracked lists the files that git keeps, or all there are where there is no git.
func tracked(t *testing.T) (names []string) {
	t.Helper()
	if list, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output(); err == nil && len(list) > 0 {
		// The test's cached result must not outlive a change of the index.
		_, _ = os.Stat(filepath.Join(".git", "index"))
		return strings.Split(strings.TrimRight(string(list), "\x00"), "\x00")
	}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
