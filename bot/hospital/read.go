package hospital

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reader takes typed values out of a tree and notes every problem instead of stopping at the first.
type reader struct {
	problems     Problems
	known        ids             // what the merged pack defines
	builtin      ids             // what the built-in pack defines
	placeholders map[string]bool // what the configuration fills
	texts        map[string]bool // which {names} a text may hold just now
	names        []naming
	edges        []edge
}

// naming remembers where a name of a system or department was given, to report collisions.
type naming struct {
	kind kind
	id   string
	word string
	at   *node
	path string
}

// edge remembers where one thing was said to need another, to report circles.
type edge struct {
	kind     kind
	from, to string
	at       *node
	path     string
}

func (r *reader) problem(n *node, path, text, remedy string) {
	r.problems = append(r.problems, Problem{File: n.file, Line: n.line, Key: path, Text: text, Remedy: remedy})
}

// row is a table being read. Keys nobody asked for are reported by done.
type row struct {
	r     *reader
	n     *node
	path  string
	file  string // of the top of a file: its name without ending
	asked []string
	bad   bool // not a table at all: said once, and its keys are not called missing
}

func (r *reader) row(n *node, path string) *row {
	t := &row{r: r, n: n, path: path}
	if n.shape != table {
		r.problem(n, path, "must be keys with values", "write one key: value per line, indented below "+last(path))
		t.bad = true
	}
	return t
}

// value returns the node of a key, or nil when it is absent or empty. A required one is reported.
func (t *row) value(key string, required bool) *node {
	if !slices.Contains(t.asked, key) {
		t.asked = append(t.asked, key)
	}
	v := t.n.get(key)
	if v != nil && (v.shape != scalar || !v.null && strings.TrimSpace(v.text) != "") {
		return v
	}
	if required && !t.bad {
		at := t.n
		if v != nil {
			at = v
		}
		t.r.problem(at, dot(t.path, key), "is missing or empty", "write "+key+": and a value")
	}
	return nil
}

func (t *row) done() {
	for _, e := range t.n.fields {
		if slices.Contains(t.asked, e.key) {
			continue
		}
		at := &node{file: t.n.file, line: e.line}
		if e.value != nil {
			at.file = e.value.file
		}
		t.r.problem(at, dot(t.path, e.key), "unknown key", "use one of: "+strings.Join(t.asked, ", "))
	}
}

// str returns a plain text that must be there.
func (t *row) str(key string) string {
	return t.scalar(t.value(key, true), key)
}

// optStr returns a plain text or "".
func (t *row) optStr(key string) string {
	return t.scalar(t.value(key, false), key)
}

func (t *row) scalar(v *node, key string) string {
	if v == nil {
		return ""
	}
	if v.shape != scalar {
		t.r.problem(v, dot(t.path, key), "must be a single value", "write it on one line after "+key+":")
		return ""
	}
	return strings.TrimSpace(v.text)
}

// ident returns the id of an entry, which must have the given form.
func (t *row) ident(form *regexp.Regexp, example string) string {
	id := t.str("id")
	if id != "" && !form.MatchString(id) {
		t.r.problem(t.n.get("id"), dot(t.path, "id"), fmt.Sprintf("%q is no id", id), "write it like "+example)
	}
	return id
}

// oneOf returns a text that must be one of a closed set.
func (t *row) oneOf(key string, set ...string) string {
	v := t.value(key, true)
	s := t.scalar(v, key)
	if s != "" && !slices.Contains(set, s) {
		t.r.problem(v, dot(t.path, key), fmt.Sprintf("%q is not known here", s), "use one of: "+strings.Join(set, ", "))
	}
	return s
}

// num returns a whole number between lo and hi.
func (t *row) num(key string, lo, hi int) int {
	return t.number(t.value(key, true), key, lo, hi)
}

// optNum is num for a key that may be absent; then it is 0.
func (t *row) optNum(key string, lo, hi int) int {
	return t.number(t.value(key, false), key, lo, hi)
}

func (t *row) number(v *node, key string, lo, hi int) int {
	s := t.scalar(v, key)
	if s == "" {
		return 0
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < lo || i > hi {
		t.r.problem(v, dot(t.path, key), fmt.Sprintf("%q is not a whole number from %d to %d", s, lo, hi), "write such a number")
		return 0 // not lo: a limit nobody wrote would be reported as exceeded everywhere
	}
	return i
}

// flag returns true or false.
func (t *row) flag(key string) bool {
	return t.oneOf(key, "true", "false") == "true"
}

// times returns a whole number of units of time; at most four weeks of minutes make sense.
func (t *row) times(key string, unit time.Duration) time.Duration {
	return time.Duration(t.num(key, 1, 40320)) * unit
}

// last is the last part of a path, as a remedy names it.
func last(path string) string {
	if path == "" {
		return "the top of the file"
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}
