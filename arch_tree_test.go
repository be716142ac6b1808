package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the name that imports of our own packages start with.
const module = "wardline"

// A tree is the Go source of the module, folder by folder, parsed but not built: the rules must
// also hold for files that this machine's build tags leave out.
type tree struct {
	files []*source
	fset  *token.FileSet
}

// A source is one Go file of a tree.
type source struct {
	name   string // slash-separated, from the module's root
	folder string // "." for the root
	test   bool
	lines  int
	ast    *ast.File
}

// readTree parses every Go file below the root of fsys, except what the go command skips too:
// testdata, hidden folders and modules of their own.
func readTree(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(fsys, name)
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		t.files = append(t.files, &source{
			name:   name,
			folder: path.Dir(name),
			test:   strings.HasSuffix(name, "_test.go"),
			lines:  strings.Count(string(text), "\n"),
			ast:    parsed,
		})
		return nil
	})
	return t, err
}

// enter says whether a folder belongs to the module's source.
func enter(fsys fs.FS, name string) error {
	if name == "." {
		return nil
	}
	base := path.Base(name)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return fs.SkipDir
	}
	if _, err := fs.Stat(fsys, path.Join(name, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

// ours reads the tree this test stands in.
func ours(t *testing.T) *tree {
	t.Helper()
	tr, err := readTree(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.files) == 0 {
		t.Fatal("no Go files found: the test runs in the wrong folder")
	}
	return tr
}

// packages lists the folders that hold a package, not only its tests.
func (t *tree) packages() []string {
	var found []string
	for _, f := range t.files {
		if !f.test && !slices.Contains(found, f.folder) {
			found = append(found, f.folder)
		}
	}
	slices.Sort(found)
	return found
}

// code is every file that is not a test.
func (t *tree) code() []*source {
	return slices.DeleteFunc(slices.Clone(t.files), func(f *source) bool { return f.test })
}

// at writes a position as file:line.
func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

// imports lists what a file imports; our own packages by folder, others by import path.
func (f *source) imports() map[string]*ast.ImportSpec {
	found := make(map[string]*ast.ImportSpec)
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has let only quoted paths through
		}
		switch rest, own := strings.CutPrefix(p, module+"/"); {
		case p == module:
			found["."] = spec
		case own:
			found["./"+rest] = spec
		default:
			found[p] = spec
		}
	}
	return found
}

// own gives the folder of an import that is ours.
func own(imported string) (folder string, yes bool) {
	if imported == "." {
		return ".", true
	}
	return strings.CutPrefix(imported, "./")
}

// standard tells an import of the standard library: its first element has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// forTests tells the folders that hold contracts written as tests, such as storetest.
func forTests(folder string) bool { return strings.HasSuffix(folder, "test") }

// refuse fails the test with every problem found.
func refuse(t *testing.T, problems []string) {
	t.Helper()
	for _, p := range problems {
		t.Error(p)
	}
}
