package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"wardline/bot/hospital"
)

// document is a TOML file that was parsed: its values, and on which line every key stands.
type document struct {
	file   string
	values map[string]any
	lines  map[string]int // by path, such as people[1].accounts.web
}

// parseDocument reads the text of a file. What is not TOML is one problem, since nothing certain can
// be said about the lines after it.
func parseDocument(file string, text []byte) (*document, hospital.Problems) {
	d := &document{file: file, lines: map[string]int{}}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // some editors begin a file so
	if err := toml.Unmarshal(text, &d.values); err != nil {
		p := hospital.Problem{File: file, Line: 1, Text: strings.TrimPrefix(err.Error(), "toml: ")}
		if at, ok := errors.AsType[*toml.DecodeError](err); ok {
			p.Line, _ = at.Position()
			p.Key = strings.Join(at.Key(), ".")
		}
		p.Text, p.Remedy = "is not TOML: "+p.Text, "text stands in quotes, a table in [brackets], and every key once"
		return nil, hospital.Problems{p}
	}
	parser := unstable.Parser{}
	parser.Reset(text)
	m := marker{d: d, parser: &parser, entries: map[string]int{}}
	for parser.NextExpression() {
		m.expression(parser.Expression())
	}
	return d, nil
}

// line is where a key stands; of a key that is not there, where the table around it starts.
func (d *document) line(path string) int {
	for path != "" {
		if n, ok := d.lines[path]; ok {
			return n
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 0
}

// has tells whether the file says something about a path.
func (d *document) has(path string) bool {
	_, ok := d.lines[path]
	return ok
}

// marker notes the lines of keys while it walks through the syntax of a file.
type marker struct {
	d       *document
	parser  *unstable.Parser
	entries map[string]int // how many entries an array of tables has so far
	table   string         // the path of the table that is open
}

func (m *marker) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Table, unstable.ArrayTable:
		m.table = m.keys("", n.Key(), n.Kind == unstable.ArrayTable)
	case unstable.KeyValue:
		m.pair(m.table, n)
	default: // comments
	}
}

func (m *marker) pair(table string, n *unstable.Node) {
	m.value(m.keys(table, n.Key(), false), n.Value())
}

func (m *marker) value(path string, n *unstable.Node) {
	children := n.Children()
	switch n.Kind {
	case unstable.InlineTable:
		for children.Next() {
			m.pair(path, children.Node())
		}
	case unstable.Array:
		for i := 0; children.Next(); i++ {
			m.value(entryPath(path, i), children.Node())
		}
	default:
		if !m.d.has(path) {
			m.d.lines[path] = m.parser.Shape(n.Raw).Start.Line
		}
	}
}

// keys goes down along a dotted key and returns where it leads. An entry of an array of tables is
// the newest one, or a new one if the key opens it.
func (m *marker) keys(path string, keys unstable.Iterator, opens bool) string {
	for keys.Next() {
		path = dotted(path, string(keys.Node().Data))
		line := m.parser.Shape(keys.Node().Raw).Start.Line
		m.note(path, line)
		if opens && keys.IsLast() {
			m.entries[path]++
		}
		if n := m.entries[path]; n > 0 {
			path = entryPath(path, n-1)
			m.note(path, line)
		}
	}
	return path
}

func (m *marker) note(path string, line int) {
	if !m.d.has(path) {
		m.d.lines[path] = line
	}
}

// dotted is the path of a key in a table. A key that would spoil a path stands in quotes.
func dotted(path, key string) string {
	if key == "" || strings.ContainsAny(key, " .[]\"'\n\t") {
		key = strconv.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func entryPath(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
