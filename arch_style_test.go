package main_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// longest is the most lines a file of code may have. It is a ceiling, not a goal: 50 to 300 is usual.
const longest = 500

// A pardon lets one package variable be what the rule refuses.
type pardon struct{ folder, name, why string }

// pardons are the mutable package variables we live with. A pardon nobody needs is refused too.
var pardons = []pardon{
	{"adapters/adaptertest", "router", "it never changes once made, and takes seconds to make: every test of an adapter would make its own"},
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	refuse(t, docProblems(ours(t)))
}

func TestNoInit(t *testing.T) {
	refuse(t, initProblems(ours(t)))
}

func TestNoMutablePackageVariables(t *testing.T) {
	refuse(t, variableProblems(ours(t), pardons))
}

func TestFilesStayShort(t *testing.T) {
	refuse(t, lengthProblems(ours(t)))
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?](\s|$)`)
	licence     = regexp.MustCompile(`(?i)copyright|\blicen[cs]ed? under|SPDX`)
)

// docProblems finds packages without a doc comment, with several, or with one that says too little.
func docProblems(tr *tree) (problems []string) {
	for _, folder := range tr.packages() {
		var docs []*source
		for _, f := range tr.code() {
			if f.folder == folder && f.ast.Doc != nil {
				docs = append(docs, f)
			}
		}
		switch {
		case len(docs) == 0:
			problems = append(problems, folder+": no file has a package comment")
			continue
		case len(docs) > 1:
			problems = append(problems, fmt.Sprintf("%s: %s has the package comment already; one is enough", docs[1].name, docs[0].name))
		}
		doc, text := docs[0], docs[0].ast.Doc.Text()
		if n := len(sentenceEnd.FindAllString(text, -1)); n < 2 {
			problems = append(problems, fmt.Sprintf("%s: the package comment has %d sentences; say what the package is, and what it never does", doc.name, n))
		}
		if licence.MatchString(text) {
			problems = append(problems, doc.name+": the package comment is a licence; put a blank line between them")
		}
		if want := "Package " + doc.ast.Name.Name + " "; doc.ast.Name.Name != "main" && !strings.HasPrefix(text, want) {
			problems = append(problems, fmt.Sprintf("%s: the package comment must start with %q", doc.name, want))
		}
	}
	return problems
}

// initProblems finds init functions: what happens before main happens unseen.
func initProblems(tr *tree) (problems []string) {
	for _, f := range tr.files {
		for _, d := range f.ast.Decls {
			if fn, yes := d.(*ast.FuncDecl); yes && fn.Recv == nil && fn.Name.Name == "init" {
				problems = append(problems, tr.at(fn)+": no init functions; main lists what there is")
			}
		}
	}
	return problems
}

// lengthProblems finds files nobody can hold in the head.
func lengthProblems(tr *tree) (problems []string) {
	for _, f := range tr.code() {
		if f.lines > longest {
			problems = append(problems, fmt.Sprintf("%s: %d lines; split it, %d is the most", f.name, f.lines, longest))
		}
	}
	return problems
}

// variableProblems finds package variables that can change. Go has no constant tables, so a table is
// let pass when it is unexported, written where it is declared, and nothing in its package writes to it.
func variableProblems(tr *tree, pardons []pardon) (problems []string) {
	used := make([]bool, len(pardons))
	for _, f := range tr.code() {
		for _, d := range f.ast.Decls {
			decl, yes := d.(*ast.GenDecl)
			if !yes || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec) // a var declaration holds nothing else
				for i, name := range spec.Names {
					fault := tr.fault(f, decl, spec, i)
					if fault == "" {
						continue
					}
					if p := slices.IndexFunc(pardons, func(p pardon) bool { return p.folder == f.folder && p.name == name.Name }); p >= 0 {
						used[p] = true
						continue
					}
					problems = append(problems, fmt.Sprintf("%s: package variable %s %s; pass it instead, or add a pardon with its reason to arch_style_test.go", tr.at(name), name.Name, fault))
				}
			}
		}
	}
	for i, p := range pardons {
		if !used[i] {
			problems = append(problems, fmt.Sprintf("%s: %s needs no pardon; take it off", p.folder, p.name))
		}
		if p.why == "" {
			problems = append(problems, fmt.Sprintf("%s: the pardon of %s has no reason", p.folder, p.name))
		}
	}
	return problems
}

// fault says what is wrong with one package variable, or "".
func (t *tree) fault(f *source, decl *ast.GenDecl, spec *ast.ValueSpec, i int) string {
	name := spec.Names[i].Name
	if name == "_" || embedded(decl, spec) {
		return ""
	}
	if i >= len(spec.Values) {
		return "has no fixed value"
	}
	if at := t.writes(f, name); at != "" {
		return "is written to at " + at
	}
	switch v := spec.Values[i].(type) {
	case *ast.CallExpr:
		switch called(v) {
		case "errors.New", "fmt.Errorf":
			if strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "err") {
				return ""
			}
			return "is an error, so its name starts with Err"
		case "regexp.MustCompile", "strings.NewReplacer", "crc32.MakeTable":
			return "" // safe to share, and nobody changes them
		}
		return "is made by a call"
	case *ast.CompositeLit:
		if ast.IsExported(name) {
			return "is a table that any package could write to"
		}
		return ""
	}
	return "is neither an error, a regexp nor a table"
}

// embedded tells a variable that the go command fills from a file.
func embedded(decl *ast.GenDecl, spec *ast.ValueSpec) bool {
	for _, group := range []*ast.CommentGroup{decl.Doc, spec.Doc} {
		if group != nil && slices.ContainsFunc(group.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	return false
}

// called gives the name of a called function as it is written, such as errors.New.
func called(c *ast.CallExpr) string {
	switch fn := c.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		if x, yes := fn.X.(*ast.Ident); yes {
			return x.Name + "." + fn.Sel.Name
		}
	}
	return ""
}

// changers are functions that write to what they are given first.
var changers = regexp.MustCompile(`^(clear|copy|delete|(maps|slices)\.(Copy|Delete.*|Insert|Reverse|Sort.*|Compact.*)|sort\.[A-Z]\w*)$`)

// writes gives the first place in the package of f that writes to a package variable, or "". It goes
// by name, so writing to a local variable of the same name is a fault as well: rename that one.
func (t *tree) writes(f *source, name string) (at string) {
	note := func(n ast.Node, target ast.Expr) {
		if at == "" && root(target) == name {
			at = t.at(n)
		}
	}
	for _, other := range t.code() {
		if other.folder != f.folder {
			continue
		}
		ast.Inspect(other.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok != token.DEFINE { // := makes a local variable
					for _, target := range n.Lhs {
						note(n, target)
					}
				}
			case *ast.IncDecStmt:
				note(n, n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					note(n, n.X)
				}
			case *ast.CallExpr:
				if len(n.Args) > 0 && changers.MatchString(called(n)) {
					note(n, n.Args[0])
				}
			}
			return true
		})
	}
	return at
}

// root gives the variable at the bottom of an expression: x for x, x[i], x.f, x[i].f and *x.
func root(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.SliceExpr:
		return root(e.X)
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return ""
}
