package hospital

import (
	"fmt"
	"slices"
	"strings"
)

// kind is what an id names.
type kind string

const (
	aSystem     kind = "system"
	aDepartment kind = "department"
	aProcedure  kind = "procedure"
	aForm       kind = "form"
	aSheet      kind = "back-entry sheet"
	aSource     kind = "source"
	aLevel      kind = "level"
	aRole       kind = "role"
	aPriority   kind = "priority"
	aTier       kind = "tier"
)

// ids are the ids a pack defines, in the order of the files.
type ids map[kind][]string

// collect finds all ids before anything is read, so that a reference can be judged where it stands.
func collect(files map[string]*node) ids {
	out := ids{}
	for _, src := range []struct {
		kind      kind
		file, key string
	}{
		{aSystem, "systems.yaml", "systems"},
		{aTier, "systems.yaml", "tiers"},
		{aDepartment, "departments.yaml", "departments"},
		{aProcedure, "procedures.yaml", "procedures"},
		{aForm, "forms.yaml", "forms"},
		{aSheet, "backentry.yaml", "departments"},
		{aPriority, "backentry.yaml", "priorities"},
		{aSource, "sources.yaml", "sources"},
		{aLevel, "policy.yaml", "levels"},
		{aRole, "policy.yaml", "roles"},
	} {
		n := files[src.file].get(src.key)
		if n == nil {
			continue
		}
		for _, item := range n.items {
			if id := item.get("id"); id != nil && id.text != "" {
				out[src.kind] = append(out[src.kind], strings.TrimSpace(id.text))
			}
		}
		for _, e := range n.fields {
			out[src.kind] = append(out[src.kind], e.key)
		}
	}
	return out
}

func (s ids) has(k kind, id string) bool {
	return slices.Contains(s[k], id)
}

// ref judges a reference. What the built-in files say about a thing the hospital has taken away is
// dropped without a word; what the hospital's own files say about it is a problem.
func (r *reader) ref(n *node, path string, k kind) (string, bool) {
	id := strings.TrimSpace(n.text)
	switch {
	case n.shape != scalar || n.null || id == "":
		r.problem(n, path, "must be the id of a "+string(k), "write one id")
		return "", false
	case r.known.has(k, id):
		return id, true
	case !n.own && removable(k) && r.builtin.has(k, id):
		return "", false
	}
	remedy := "use an id that exists, or add the " + string(k)
	if near := nearest(id, r.known[k]); len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, ", ") + "?"
	}
	r.problem(n, path, fmt.Sprintf("there is no %s %q", k, id), remedy)
	return "", false
}

// removable reports whether a hospital may simply not have such a thing. What a level, role, tier or
// priority meant to the built-in files, the hospital must say itself.
func removable(k kind) bool {
	switch k {
	case aSystem, aDepartment, aProcedure, aForm, aSheet, aSource:
		return true
	case aLevel, aRole, aPriority, aTier:
		return false
	}
	return false
}

// refs returns a list of references of one kind.
func refs[T ~string](t *row, key string, k kind) []T {
	var out []T
	for _, c := range t.list(key) {
		if id, ok := t.r.ref(c.n, c.path, k); ok {
			out = append(out, T(id))
		}
	}
	return out
}

// refsOrAll returns a list of references, or true for a list that is just "*".
func refsOrAll[T ~string](t *row, key string, k kind) ([]T, bool) {
	if v := t.n.get(key); v != nil && len(v.items) == 1 && v.items[0].text == "*" {
		t.asked = append(t.asked, key)
		return nil, true
	}
	return refs[T](t, key, k), false
}

// oneRef returns a single reference that must be there.
func oneRef[T ~string](t *row, key string, k kind) (T, bool) {
	v := t.value(key, true)
	if v == nil {
		return "", false
	}
	id, ok := t.r.ref(v, dot(t.path, key), k)
	return T(id), ok
}
