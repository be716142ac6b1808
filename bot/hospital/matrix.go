package hospital

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wardline/bot/incident"
)

// MatrixRow says what a department does on paper while one system is down.
type MatrixRow struct {
	Department incident.DepartmentID
	System     incident.SystemID
	Procedures []ProcedureID // most specific first
	Sheets     []SheetID
	Backentry  []ProcedureID // in place of a sheet, a general procedure of back-entry
}

// matrixPath is how a Problem calls the rows of matrix.csv.
const matrixPath = "matrix"

// matrixHead is the first line of matrix.csv.
var matrixHead = [...]string{"department", "system", "procedures (most specific first)", "back_entry"}

// parseMatrix reads matrix.csv into a list of tables, so that merging and reading work on it too.
func parseMatrix(file string, data []byte, own bool) (*node, Problems) {
	out := &node{file: file, line: 1, own: own, shape: list}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	r.Comment = '#'
	var problems Problems
	for first := true; ; first = false {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, problems
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			return out, append(problems, Problem{file, bad.Line, "", "not readable as CSV: " + bad.Err.Error(), "check the quotes in this line"})
		} else if err != nil {
			return out, append(problems, Problem{File: file, Text: err.Error(), Remedy: "check the file"})
		}
		line, _ := r.FieldPos(0)
		switch {
		case first:
			if !slices.Equal(rec, matrixHead[:]) {
				return out, append(problems, Problem{file, line, "", "the first line is not the heading of a matrix", "write " + strings.Join(matrixHead[:], ",")})
			}
		case len(rec) != len(matrixHead):
			problems = append(problems, Problem{file, line, "", fmt.Sprintf("has %d columns, not %d", len(rec), len(matrixHead)), "write " + strings.Join(matrixHead[:], ",")})
		default:
			out.items = append(out.items, matrixNode(file, line, own, rec))
		}
	}
}

// matrixNode gives a row the identity dept,system; the word remove as its procedures removes it.
func matrixNode(file string, line int, own bool, rec []string) *node {
	n := &node{file: file, line: line, own: own, shape: table}
	word := func(s string) *node {
		return &node{file: file, line: line, own: own, shape: scalar, text: strings.TrimSpace(s)}
	}
	add := func(key string, v *node) { n.fields = append(n.fields, entry{key, line, v}) }
	add("id", word(strings.TrimSpace(rec[0])+","+strings.TrimSpace(rec[1])))
	if strings.TrimSpace(rec[2]) == "remove" {
		add("remove", word("true"))
		return n
	}
	add("department", word(rec[0]))
	add("system", word(rec[1]))
	for i, key := range []string{"procedures", "back_entry"} {
		l := &node{file: file, line: line, own: own, shape: list}
		for s := range strings.FieldsSeq(rec[2+i]) {
			l.items = append(l.items, word(s))
		}
		add(key, l)
	}
	return n
}

func readMatrix(n *node, r *reader, p *Pack) {
	for _, item := range n.items {
		t := r.row(item, index(matrixPath, identity(item)))
		t.asked = append(t.asked, "id")
		dept, okDept := oneRef[incident.DepartmentID](t, "department", aDepartment)
		system, okSystem := oneRef[incident.SystemID](t, "system", aSystem)
		m := MatrixRow{Department: dept, System: system, Procedures: refs[ProcedureID](t, "procedures", aProcedure)}
		for _, c := range t.list("back_entry") {
			if r.known.has(aProcedure, c.n.text) {
				m.Backentry = append(m.Backentry, ProcedureID(c.n.text))
			} else if id, ok := r.ref(c.n, c.path, aSheet); ok {
				m.Sheets = append(m.Sheets, SheetID(id))
			}
		}
		if len(t.n.get("procedures").items) == 0 {
			r.problem(item, dot(t.path, "procedures"), "names no procedure", "name one, or write remove")
		}
		if okDept && okSystem && len(m.Procedures) > 0 {
			p.matrix = append(p.matrix, m)
		}
	}
}
