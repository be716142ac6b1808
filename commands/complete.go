package commands

import (
	"context"
	"strings"
	"unicode/utf8"
)

// mostSuggested is how many completions are offered at once.
const mostSuggested = 12

// Complete returns how the line being typed may go on, best first.
func (h *Handler) Complete(_ context.Context, l Line) []Suggestion {
	c := h.call(l)
	text := strings.ToValidUTF8(l.Text, "")
	trimmed := strings.TrimLeft(text, spaces)
	if trimmed == "" || !strings.ContainsAny(trimmed[:min(3, len(trimmed))], slashes) {
		return nil
	}
	trimmed = strings.TrimLeft(trimmed, slashes)
	first, tail := cut(trimmed)
	g := h.grammar
	root := g.pick(first, g.roots())
	if root == "" || len(trimmed) == len(first) && first != root {
		return c.completeRoot(first)
	}
	verb, rest := cut(tail)
	v := g.pick(verb, g.verbs(root))
	if v == "" || !strings.ContainsAny(tail, spaces) {
		if out := c.completeVerb(root, verb); len(out) > 0 {
			return out
		}
	}
	spec, ok := g.spec(strings.TrimSpace(root + " " + v))
	if !ok {
		return nil
	}
	c.Spec = spec
	return c.completeArgs(strings.TrimSuffix(text, lastWord(rest)), rest)
}

func lastWord(s string) string { return s[strings.LastIndexAny(s, spaces)+1:] }

func (c *Call) completeRoot(typed string) []Suggestion {
	var out []Suggestion
	for _, root := range c.h.grammar.roots() {
		if c.begins(root, typed) {
			out = append(out, Suggestion{Insert: "/" + root + " ", Label: "/" + root, Hint: c.Voice.Say("root." + root)})
		}
	}
	return out
}

func (c *Call) completeVerb(root, typed string) []Suggestion {
	var out []Suggestion
	for _, s := range c.h.grammar.table {
		if s.Root == root && s.Verb != "" && c.begins(s.Verb, typed) && c.may(s) {
			out = append(out, Suggestion{Insert: "/" + s.Name() + " ", Label: "/" + s.Name(), Hint: c.Voice.Say(s.Phrase())})
		}
	}
	return out
}

func (c *Call) begins(word, typed string) bool {
	typed = fold(typed)
	if strings.HasPrefix(word, typed) {
		return true
	}
	for _, w := range c.h.grammar.words[word] {
		if strings.HasPrefix(w, typed) {
			return true
		}
	}
	return false
}

// completeArgs offers values for the argument being typed and names of arguments not given yet.
func (c *Call) completeArgs(before, rest string) []Suggestion {
	typed := lastWord(rest)
	key, part, named := strings.Cut(typed, ":")
	b := c.h.grammar.bindLine(c.Spec, strings.TrimSuffix(rest, typed), c.Now)
	var out []Suggestion
	for _, a := range c.Spec.Args {
		switch {
		case named && c.h.grammar.is(key, a.Name):
			out = append(out, c.completeValue(a, before+a.Name+":", part)...)
		case named || b.given[a.Name] != "":
		default:
			if a.Plain && len(out) == 0 {
				out = append(out, c.completeValue(a, before, typed)...)
			}
			if strings.HasPrefix(a.Name, fold(typed)) && !a.Plain {
				out = append(out, Suggestion{Insert: before + a.Name + ":", Label: a.Name + ":", Hint: c.label(a.Name)})
			}
		}
	}
	return out[:min(len(out), mostSuggested)]
}

// completeValue offers the choices that begin with what is typed, after any list before it.
func (c *Call) completeValue(a Arg, before, typed string) []Suggestion {
	cutAt := strings.LastIndexAny(typed, listSigns)
	done, part := "", typed
	if cutAt >= 0 && (a.Kind == Systems || a.Kind == Departments || a.Kind == Rooms) {
		_, size := utf8.DecodeRuneInString(typed[cutAt:])
		done, part = typed[:cutAt+size], typed[cutAt+size:]
	}
	var out []Suggestion
	for _, o := range c.options(a) {
		if part == "" || strings.HasPrefix(fold(o.Value), fold(part)) || strings.Contains(fold(o.Label), fold(part)) {
			out = append(out, Suggestion{Insert: before + done + o.Value + " ", Label: o.Label, Hint: o.Value})
		}
	}
	return out
}
