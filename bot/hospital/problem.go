package hospital

import (
	"fmt"
	"strings"
)

// Problem is one mistake in the files of a pack, told to the person who can mend it.
type Problem struct {
	File   string // such as systems.yaml; of the built-in pack: default/systems.yaml
	Line   int    // counted from 1; 0 when the mistake has no line
	Key    string // dotted path, such as systems[his].depends_on[0].id
	Text   string // what is wrong
	Remedy string // what to write instead
}

// String returns the problem on one line: file:line: key: text; remedy.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	if p.Key != "" {
		b.WriteString(": " + p.Key)
	}
	b.WriteString(": " + p.Text)
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Problems are all mistakes of a pack at once. A load that returns them returns no Pack.
type Problems []Problem

// Error prints every problem, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
