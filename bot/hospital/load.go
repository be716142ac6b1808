package hospital

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed pack
var builtinPack embed.FS

// fileNames are the files of a pack. A hospital's directory may hold any of them.
func fileNames() []string {
	return []string{
		"systems.yaml", "departments.yaml", "procedures.yaml", "forms.yaml", "backentry.yaml",
		"policy.yaml", "messages.yaml", "sources.yaml", matrixFile,
	}
}

const matrixFile = "matrix.csv"

// Default returns the built-in pack.
func Default() (*Pack, error) {
	return LoadFS(nil)
}

// Load returns the built-in pack overlaid by the files in dir; "" is the built-in pack alone. An
// error about what the files say is of type Problems.
func Load(dir string) (*Pack, error) {
	if dir == "" {
		return LoadFS(nil)
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("load hospital pack: %w", err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("load hospital pack: %s is not a directory", dir)
	}
	return load(os.DirFS(dir), dir)
}

// LoadFS is Load on a file system; nil is the built-in pack alone.
func LoadFS(overlay fs.FS) (*Pack, error) {
	return load(overlay, "")
}

func load(overlay fs.FS, dir string) (*Pack, error) {
	base, err := fs.Sub(builtinPack, "pack")
	if err != nil {
		return nil, fmt.Errorf("open built-in pack: %w", err)
	}
	builtin, problems, err := parseAll(base, "default", false)
	if err != nil {
		return nil, fmt.Errorf("read built-in pack: %w", err)
	}
	files := map[string]*node{}
	maps.Copy(files, builtin)
	if overlay != nil {
		own, more, err := parseAll(overlay, dir, true)
		if err != nil {
			return nil, fmt.Errorf("load hospital pack: %w", err)
		}
		problems = append(problems, more...)
		for name, over := range own {
			merged, more := merge(files[name], over)
			files[name] = merged
			problems = append(problems, more...)
		}
	}
	p, more := build(files, builtin)
	if problems = append(problems, more...); len(problems) > 0 {
		slices.SortStableFunc(problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Key, b.Key))
		})
		return nil, problems
	}
	return p, nil
}

// parseAll reads the files of a pack that are there. A file with the wrong name would be ignored in
// silence, so it is a problem; files that are no part of a pack, such as notes, are let be.
func parseAll(fsys fs.FS, dir string, own bool) (map[string]*node, Problems, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, nil, err
	}
	out := map[string]*node{}
	var problems Problems
	for _, e := range entries {
		name := e.Name()
		file := filepath.ToSlash(filepath.Join(dir, name))
		if !slices.Contains(fileNames(), name) {
			if ext := strings.ToLower(filepath.Ext(name)); !strings.HasPrefix(name, ".") && (ext == ".yaml" || ext == ".yml" || ext == ".csv") {
				problems = append(problems, Problem{File: file, Text: "is no file of a pack", Remedy: "name it one of: " + strings.Join(fileNames(), ", ")})
			}
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", file, err)
		}
		parse := parseYAML
		if name == matrixFile {
			parse = parseMatrix
		}
		n, more := parse(file, data, own)
		problems = append(problems, more...)
		if n != nil {
			out[name] = n
		}
	}
	return out, problems, nil
}

// build reads the merged files into a pack. Problems that follow from a file nobody could parse are
// not reported twice: such a file is simply not overlaid.
func build(files, builtin map[string]*node) (*Pack, Problems) {
	r := &reader{known: collect(files), builtin: collect(builtin), placeholders: map[string]bool{}}
	if n := files["policy.yaml"].get("placeholders"); n != nil {
		for _, e := range n.fields {
			r.placeholders[e.key] = true
		}
	}
	p := &Pack{notices: map[string]Text{}}
	for name, read := range map[string]func(*row, *Pack){
		"systems.yaml":     readSystems,
		"departments.yaml": readDepartments,
		"procedures.yaml":  readProcedures,
		"forms.yaml":       readForms,
		"backentry.yaml":   readBackentry,
		"policy.yaml":      readPolicy,
		"sources.yaml":     readSources,
		"messages.yaml":    func(t *row, p *Pack) { readMessages(t, p, builtin["messages.yaml"]) },
	} {
		t := r.row(files[name], "")
		t.file = strings.TrimSuffix(name, ".yaml")
		read(t, p)
	}
	readMatrix(files[matrixFile], r, p)
	r.check()
	if len(r.problems) == 0 {
		p.finish()
	}
	return p, r.problems
}

// head reads what stands at the top of every file.
func (t *row) head(p *Pack) {
	if v := t.value("version", true); v != nil && t.scalar(v, "version") != "1" {
		t.r.problem(v, "version", "this program reads version 1 only", "write version: 1")
	}
	p.notices[t.file] = t.optText("notice")
	t.optText("note")
}
