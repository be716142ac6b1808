package hospital

import "slices"

// merge lays a hospital's file over the built-in one. Tables merge by key. Lists whose entries have
// an identity merge by it: a known one replaces the whole entry, a new one is added, remove: true
// takes it away. Any other value, also a list without identities, replaces what was there. With
// replace: true at its top a file stands for itself.
func merge(base, over *node) (*node, Problems) {
	var m merger
	if r := over.get("replace"); r != nil {
		if r.text != "true" {
			m.problem(r, "replace", "replace is either true or absent", "write replace: true or remove the line")
		}
		base = &node{file: over.file, line: over.line, own: true, shape: table}
		over.fields = slices.DeleteFunc(over.fields, func(e entry) bool { return e.key == "replace" })
	}
	path := ""
	if over.shape == list {
		path = matrixPath // the only file that is a list
	}
	return m.value(base, over, path), m.problems
}

type merger struct {
	problems Problems
}

func (m *merger) problem(n *node, key, text, remedy string) {
	m.problems = append(m.problems, Problem{File: n.file, Line: n.line, Key: key, Text: text, Remedy: remedy})
}

func (m *merger) value(base, over *node, path string) *node {
	if base.shape != over.shape {
		if over.shape == scalar && over.null {
			return base // a key with nothing below it says nothing
		}
		return over
	}
	switch {
	case over.shape == table:
		return m.table(base, over, path)
	case over.shape == list && (identified(base) || identified(over)):
		return m.list(base, over, path)
	default:
		return over
	}
}

func (m *merger) table(base, over *node, path string) *node {
	out := *over
	out.fields = slices.Clone(base.fields)
	for _, e := range over.fields {
		i := slices.IndexFunc(out.fields, func(b entry) bool { return b.key == e.key })
		if i < 0 {
			if e.value.shape == list && identified(e.value) {
				e.value = m.list(&node{shape: list}, e.value, dot(path, e.key))
			}
			out.fields = append(out.fields, e)
			continue
		}
		e.value = m.value(out.fields[i].value, e.value, dot(path, e.key))
		out.fields[i] = e
	}
	return &out
}

func (m *merger) list(base, over *node, path string) *node {
	out := *over
	out.items = slices.Clone(base.items)
	var seen []string
	for _, item := range over.items {
		id := identity(item)
		at := index(path, id)
		if id != "" && slices.Contains(seen, id) {
			m.problem(item, at, "the entry stands here twice", "keep one of the two")
			continue
		}
		seen = append(seen, id)
		i := slices.IndexFunc(out.items, func(b *node) bool { return id != "" && identity(b) == id })
		switch gone, ok := m.removal(item, at); {
		case !ok:
		case gone && i < 0:
			m.problem(item, at, "there is no such entry to remove", "check the spelling against the built-in file")
		case gone:
			out.items = slices.Delete(out.items, i, i+1)
		case i < 0:
			out.items = append(out.items, item)
		default:
			out.items[i] = item
		}
	}
	return &out
}

// removal reports whether an entry asks to be taken away, and whether it asks so properly.
func (m *merger) removal(item *node, path string) (gone, ok bool) {
	r := item.get("remove")
	if r == nil {
		return false, true
	}
	if r.text != "true" {
		m.problem(r, dot(path, "remove"), "remove is either true or absent", "write remove: true or remove the line")
		return false, false
	}
	if len(item.fields) > 2 {
		m.problem(r, dot(path, "remove"), "an entry to remove says more than its id", "keep id and remove only")
		return false, false
	}
	return true, true
}

// identity is what tells entries of a list apart: the id, or the number of a step.
func identity(n *node) string {
	for _, key := range []string{"id", "step"} {
		if v := n.get(key); v != nil && v.shape == scalar && !v.null {
			return v.text
		}
	}
	return ""
}

func identified(n *node) bool {
	return slices.ContainsFunc(n.items, func(item *node) bool { return identity(item) != "" })
}
