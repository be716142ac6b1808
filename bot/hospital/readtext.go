package hospital

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// text returns a text people read, which must be there in every language.
func (t *row) text(key string) Text {
	v := t.value(key, true)
	if v == nil {
		return Text{}
	}
	return t.r.text(v, dot(t.path, key))
}

// optText is text for a key that may be absent.
func (t *row) optText(key string) Text {
	if t.value(key, false) == nil {
		return Text{}
	}
	return t.text(key)
}

// texts returns a list of texts.
func (t *row) texts(key string) []Text {
	var out []Text
	for _, c := range t.list(key) {
		out = append(out, t.r.text(c.n, c.path))
	}
	return out
}

func (r *reader) text(n *node, path string) Text {
	t := r.row(n, path)
	defer t.done()
	return t.inline()
}

// inline returns the text whose languages are keys of the table itself.
func (t *row) inline() Text {
	text := Text{ZH: t.str("zh"), EN: t.str("en")}
	for _, l := range Langs() {
		if v := t.n.get(string(l)); v != nil {
			t.r.braces(v, dot(t.path, string(l)), text.In(l))
		}
	}
	if t.r.texts == nil || text.ZH == "" || text.EN == "" {
		return text // only in a message are both languages filled from the same facts
	}
	zh, en := fieldsOf(text.ZH), fieldsOf(text.EN)
	slices.Sort(zh)
	slices.Sort(en)
	if !slices.Equal(zh, en) {
		t.r.problem(t.n.get(string(EN)), t.path, fmt.Sprintf("the languages say different things: zh has {%s}, en has {%s}",
			strings.Join(zh, "} {"), strings.Join(en, "} {")), "use the same names in both")
	}
	return text
}

// braced is everything in braces, and any brace that stands alone.
var braced = regexp.MustCompile(`\{[^{}]*\}|[{}]`)

// braces reports names that nothing will ever fill: people would be sent a bare {name}.
func (r *reader) braces(n *node, path, text string) {
	for _, m := range braced.FindAllString(text, -1) {
		name := strings.Trim(m, "{}")
		if field.MatchString(m) && (r.placeholders[name] || r.texts[name]) {
			continue
		}
		r.problem(n, path, fmt.Sprintf("nothing fills %q", m), r.fillable(name))
	}
}

// fillable says what to write instead of a name nothing fills.
func (r *reader) fillable(name string) string {
	var known []string
	for _, names := range []map[string]bool{r.placeholders, r.texts} {
		for k := range names {
			known = append(known, k)
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	if near := nearest(name, known); len(near) > 0 {
		return "did you mean {" + strings.Join(near, "} or {") + "}?"
	}
	if r.texts != nil {
		return "use a name from the built-in messages.yaml"
	}
	return "use one of: {" + strings.Join(known, "} {") + "}"
}

// words returns names and phrases by language; a language may have none.
func (t *row) words(key string) Words {
	v := t.value(key, false)
	if v == nil {
		return Words{}
	}
	w := t.r.row(v, dot(t.path, key))
	defer w.done()
	return Words{ZH: w.strs("zh"), EN: w.strs("en")}
}

// child is an item of a list with its path.
type child struct {
	n    *node
	path string
}

// list returns the items of a list; an absent list is empty.
func (t *row) list(key string) []child {
	v := t.value(key, false)
	if v == nil {
		return nil
	}
	path := dot(t.path, key)
	if v.shape != list {
		t.r.problem(v, path, "must be a list", "put a dash before each item")
		return nil
	}
	out := make([]child, len(v.items))
	for i, item := range v.items {
		at := identity(item)
		if at == "" {
			at = strconv.Itoa(i)
		}
		out[i] = child{item, index(path, at)}
	}
	return out
}

// some reports a list of which nothing is left.
func (t *row) some(key, what string) {
	if v := t.n.get(key); !t.bad && (v == nil || v.shape == list && len(v.items) == 0) {
		t.r.problem(t.n, dot(t.path, key), "no "+what+" is left", "keep at least one "+what)
	}
}

// strs returns a list of plain texts, none of them empty.
func (t *row) strs(key string) []string {
	var out []string
	for _, c := range t.list(key) {
		if c.n.shape != scalar || c.n.null || strings.TrimSpace(c.n.text) == "" {
			t.r.problem(c.n, c.path, "must be a plain text", "write a word, or remove the item")
			continue
		}
		out = append(out, strings.TrimSpace(c.n.text))
	}
	return out
}

// table returns the entries of a table whose keys are names of the hospital's choice.
func (t *row) table(key string) []named {
	v := t.value(key, false)
	if v == nil {
		return nil
	}
	if v.shape != table {
		t.r.problem(v, dot(t.path, key), "must be keys with values", "write one key: value per line, indented below "+key)
		return nil
	}
	var out []named
	for _, e := range v.fields {
		out = append(out, named{e.key, child{e.value, dot(dot(t.path, key), e.key)}})
	}
	return out
}

// named is an entry of a table.
type named struct {
	key string
	child
}
