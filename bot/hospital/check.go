package hospital

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// naming notes every word that names one thing.
func (r *reader) naming(t *row, k kind, id string, name Text, aliases, vague Words) {
	add := func(word string, at *node, path string) {
		if word != "" && at != nil {
			r.names = append(r.names, naming{k, id, word, at, path})
		}
	}
	add(id, t.n.get("id"), dot(t.path, "id"))
	for _, l := range Langs() {
		add(name.In(l), t.n.get("name").get(string(l)), dot(t.path, "name."+string(l)))
		for key, words := range map[string]Words{"aliases": aliases, "vague": vague} {
			n := t.n.get(key).get(string(l))
			for i, w := range words.In(l) {
				if n != nil && i < len(n.items) {
					add(w, n.items[i], index(dot(dot(t.path, key), string(l)), strconv.Itoa(i)))
				}
			}
		}
	}
}

// check looks at the pack as a whole: collisions, doubles and circles.
func (r *reader) check() {
	r.collisions()
	for _, k := range []kind{aSystem, aDepartment, aProcedure, aForm, aSheet, aSource, aLevel, aRole} {
		seen := map[string]bool{}
		for _, id := range r.known[k] {
			if seen[id] {
				r.problems = append(r.problems, Problem{File: "default", Key: id, Text: fmt.Sprintf("two entries define the %s %q", k, id), Remedy: "keep one of the two"})
			}
			seen[id] = true
		}
	}
	r.circles(aSystem)
	r.circles(aDepartment)
}

// collisions reports a word of the hospital's own that already names something else. Were one to
// stand in the built-in files, the more basic system, or the department visited earlier, would win.
func (r *reader) collisions() {
	type key struct {
		kind kind
		word string
	}
	by := map[key][]naming{}
	for _, n := range r.names {
		k := key{n.kind, fold(n.word)}
		by[k] = append(by[k], n)
	}
	for _, group := range by {
		for i, n := range group {
			if !n.at.own {
				continue
			}
			other := slices.IndexFunc(group, func(o naming) bool { return o.id != n.id })
			// Where both are the hospital's own, the later one is told.
			if other < 0 || other > i && group[other].at.own {
				continue
			}
			o := group[other]
			r.problem(n.at, n.path, fmt.Sprintf("%q already names the %s %s", n.word, n.kind, o.id),
				fmt.Sprintf("choose another word, or replace %s without it", o.id))
		}
	}
}

// circles reports edges that lead back to where they start.
func (r *reader) circles(k kind) {
	out := map[string][]edge{}
	for _, e := range r.edges {
		if e.kind == k {
			out[e.from] = append(out[e.from], e)
		}
	}
	const open, done = 1, 2
	state := map[string]int{}
	var way []edge
	var visit func(id string)
	visit = func(id string) {
		state[id] = open
		for _, e := range out[id] {
			switch state[e.to] {
			case open:
				r.circle(append(slices.Clone(way), e))
			case 0:
				way = append(way, e)
				visit(e.to)
				way = way[:len(way)-1]
			}
		}
		state[id] = done
	}
	for _, id := range r.known[k] {
		if state[id] == 0 {
			visit(id)
		}
	}
}

// circle reports one circle at the edge the hospital itself wrote, if there is one.
func (r *reader) circle(way []edge) {
	end := way[len(way)-1].to
	from := slices.IndexFunc(way, func(e edge) bool { return e.from == end })
	way = way[max(from, 0):]
	var names []string
	blame := way[len(way)-1]
	for _, e := range way {
		names = append(names, e.from)
		if e.at.own {
			blame = e
		}
	}
	remedy := "remove one of these edges, or make it soft"
	if blame.kind == aDepartment {
		remedy = "let one of them have no parent"
	}
	r.problem(blame.at, blame.path, fmt.Sprintf("the %ss need each other in a circle: %s", blame.kind, strings.Join(append(names, end), " -> ")), remedy)
}
