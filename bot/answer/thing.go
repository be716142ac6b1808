package answer

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed things.txt
var thingsText string

//go:embed need.txt
var needText string

// things finds what a question about the state speaks of.
type things struct {
	in   []*regexp.Regexp // the first group is the thing
	none []*regexp.Regexp
	tail []string // behind a thing they make it the name of a system
}

func newThings(text string) (t things) {
	for _, line := range lines(text) {
		if word, ok := strings.CutPrefix(line, "+ "); ok {
			t.tail = append(t.tail, word)
			continue
		}
		if pattern, ok := strings.CutPrefix(line, "! "); ok {
			t.none = append(t.none, regexp.MustCompile(pattern))
			continue
		}
		t.in = append(t.in, regexp.MustCompile(line))
	}
	return t
}

// named returns the thing as it is written in the folded text; "" where there is none.
func (t things) named(folded string) string {
	for _, pattern := range t.in {
		m := pattern.FindStringSubmatch(folded)
		if m == nil {
			continue
		}
		for _, no := range t.none {
			if no.MatchString(m[1]) {
				return ""
			}
		}
		return m[1]
	}
	return ""
}

// thing fills in what a question about the state speaks of where no system was found: "pharmacy" is the
// pharmacy system there. What is no system keeps its name, so that the answer can say that of it nothing is
// known.
func (r *Router) thing(out *Route, folded string) {
	if out.Kind != Live || out.Topic != StillDown && out.Topic != WhenBack || len(out.Systems) > 0 {
		return
	}
	name := r.things.named(folded)
	if name == "" {
		return
	}
	for _, word := range r.things.tail {
		if id, _ := r.pack.FindSystem(name + " " + word); id != "" {
			out.Systems = append(out.Systems, id)
			return
		}
	}
	if out.Topic == StillDown { // the time of what is not known to be down is the time of what is
		out.Thing = name
	}
}
