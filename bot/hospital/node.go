package hospital

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shape is what a node of a file is.
type shape int

const (
	scalar shape = iota
	list
	table
)

// node is a piece of a YAML file that still knows where it stands, also after files were merged.
type node struct {
	file   string
	line   int
	own    bool // written by the hospital, not built in
	shape  shape
	text   string // of a scalar
	null   bool   // a scalar without a value
	items  []*node
	fields []entry // in file order
}

// entry is one key of a table.
type entry struct {
	key   string
	line  int
	value *node
}

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for _, e := range n.fields {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// Limits on what is read: far above any hospital, far below what hurts.
const (
	maxFile  = 8 << 20
	maxDepth = 20
)

// yamlLine finds the line in a message of the YAML library.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// parseYAML reads one file into a tree. A file it cannot read yields a nil node and problems.
func parseYAML(file string, data []byte, own bool) (*node, Problems) {
	if len(data) > maxFile {
		return nil, Problems{{File: file, Text: "the file is larger than 8 MB", Remedy: "keep pictures and documents elsewhere"}}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return &node{file: file, line: 1, own: own, shape: table}, nil
	} else if err != nil {
		return nil, Problems{syntaxProblem(file, err)}
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		return nil, Problems{{File: file, Line: more.Line, Text: "the file holds a second document", Remedy: "remove the line --- and what follows"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Problems{syntaxProblem(file, err)}
	}
	c := converter{file: file, own: own}
	root := c.convert(&doc, "", 0)
	return root, c.problems
}

// syntaxProblem puts an error of the YAML library into the form of all others.
func syntaxProblem(file string, err error) Problem {
	p := Problem{File: file, Text: "not readable as YAML: " + err.Error(), Remedy: "check the indentation, colons and quotes near this line"}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		p.Line, _ = strconv.Atoi(m[1]) // without a line it stays 0
		p.Text = "not readable as YAML: " + m[2]
	}
	if strings.Contains(p.Text, "UTF-8") || strings.Contains(p.Text, "control characters") {
		p.Remedy = "save the file as UTF-8 text"
	}
	return p
}

// converter turns the library's nodes into ours and refuses what a pack has no use for.
type converter struct {
	file     string
	own      bool
	problems Problems
}

func (c *converter) problem(line int, key, text, remedy string) {
	c.problems = append(c.problems, Problem{File: c.file, Line: line, Key: key, Text: text, Remedy: remedy})
}

func (c *converter) convert(y *yaml.Node, path string, depth int) *node {
	n := &node{file: c.file, line: max(y.Line, 1), own: c.own}
	if depth > maxDepth {
		c.problem(n.line, "", "nested too deeply", "compare the indentation with the built-in file")
		return n
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) != 1 {
			n.shape = table
			return n
		}
		root := c.convert(y.Content[0], path, depth)
		if root.shape == scalar && root.null {
			root.shape = table // a file of comments only
		}
		return root
	case yaml.SequenceNode:
		n.shape = list
		for i, item := range y.Content {
			n.items = append(n.items, c.convert(item, index(path, strconv.Itoa(i)), depth+1))
		}
	case yaml.MappingNode:
		n.shape = table
		c.fields(n, y, path, depth)
	case yaml.ScalarNode:
		n.text, n.null = y.Value, y.Tag == "!!null"
	case yaml.AliasNode:
		c.problem(n.line, path, "anchors and aliases are not read", "write the value out")
	default:
		n.null = true
	}
	return n
}

// fields converts the keys of a mapping; a key written twice would silently hide one of its values.
func (c *converter) fields(n *node, y *yaml.Node, path string, depth int) {
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		key := dot(path, k.Value)
		switch {
		case k.Kind != yaml.ScalarNode || k.Tag == "!!merge":
			c.problem(k.Line, path, "a key must be a plain word", "write the key out")
		case n.get(k.Value) != nil:
			c.problem(k.Line, key, "the key stands here twice", "keep one of the two")
		default:
			n.fields = append(n.fields, entry{key: k.Value, line: k.Line, value: c.convert(v, key, depth+1)})
		}
	}
}

// dot and index write the path of a key as a Problem shows it.
func dot(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func index(path, i string) string {
	return path + "[" + i + "]"
}
