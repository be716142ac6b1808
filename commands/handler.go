package commands

import (
	"cmp"
	"context"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"wardline/bot"
	"wardline/bot/answer"
)

// Handler hears lines and has them carried out. It may be used by many goroutines.
type Handler struct {
	desk    *bot.Desk
	grammar *grammar
	router  func() *answer.Router // made for the first question: that takes a second
	watcher Watcher
}

// Watcher hears how each command went, for metrics: its name, "done", "refused" or "failed", and how
// long the answer took. It must not block.
type Watcher interface {
	Heard(command, outcome string, took time.Duration)
}

// Watch makes w hear how commands go. It must be called before the first line is heard.
func (h *Handler) Watch(w Watcher) { h.watcher = w }

// New returns a handler for a desk.
func New(desk *bot.Desk) *Handler {
	return &Handler{
		desk: desk, router: sync.OnceValue(func() *answer.Router { return answer.New(desk.Pack()) }),
		grammar: &grammar{desk: desk, table: table(), words: words()},
	}
}

// Know gives the handler a router that was made before for the same hospital, so that it makes none itself. It
// must be called before the first line is heard.
func (h *Handler) Know(router func() *answer.Router) { h.router = router }

// Warm makes what the first question would have to wait for. It may be called while lines are heard.
func (h *Handler) Warm() { h.router() }

// Handle carries out what one person said, and returns what only that person sees. It never fails: what
// goes wrong is said in the reply.
func (h *Handler) Handle(ctx context.Context, l Line) Reply {
	c := h.call(l)
	began := time.Now()
	reply := h.guarded(ctx, c)
	reply.Lang = c.Voice.Lang
	h.desk.Sign(ctx, c.Person, c.Line.Room)
	h.report(c, reply, time.Since(began))
	return reply
}

// report says in the log and to the watcher how a command went. It never repeats what was typed.
func (h *Handler) report(c *Call, reply Reply, took time.Duration) {
	name, outcome := c.Spec.Name(), "done"
	if name == "" {
		name = "none"
	}
	switch {
	case c.broken:
		outcome = "failed"
	case reply.Refused:
		outcome = "refused"
	}
	h.desk.Logger().Info("command", "command", name, "person", c.Person.ID, "incident", c.In.ID, "outcome", outcome, "took", took.Round(time.Microsecond))
	if h.watcher != nil {
		h.watcher.Heard(name, outcome, took)
	}
}

// guarded keeps a mistake of ours in one command from ending the bot for everybody.
func (h *Handler) guarded(ctx context.Context, c *Call) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			h.desk.Logger().Error("a command panicked", "command", c.Spec.Name(), "panic", p, "stack", string(debug.Stack()))
			c.broken = true
			reply = c.refuse("failed.internal")
		}
	}()
	return h.handle(ctx, c)
}

func (h *Handler) call(l Line) *Call {
	c := &Call{h: h, Line: l, Person: h.desk.PersonFor(l.Platform, l.User, l.Name, l.Locale), Now: time.Now().Round(0)}
	c.Room, _ = h.desk.Room(l.Room)
	lang := cmp.Or(c.Person.Lang, spoken(l), c.Room.Lang)
	c.Voice = h.desk.Voice(lang)
	return c
}

func (h *Handler) handle(ctx context.Context, c *Call) Reply {
	if reply := c.guard(); reply != nil {
		return *reply
	}
	g := h.grammar
	rest := ""
	if c.Line.Command != "" {
		spec, ok := g.spec(c.Line.Command)
		if !ok {
			return c.refuse("usage.unknown_command", "text", c.Line.Command)
		}
		c.Spec, c.binding = spec, g.bindArgs(spec, c.Line.Args, c.Now)
	} else {
		spec, tail, reply := h.find(c, clean(c.Line.Text))
		if reply != nil {
			return *reply
		}
		c.Spec, rest = spec, tail
		c.binding = g.bindLine(spec, rest, c.Now)
	}
	if heard := c.heard(); heard != "" && h.desk.Heard(heard) {
		return c.say("done.again")
	}
	if reply := h.settle(ctx, c); reply != nil {
		return *reply
	}
	if !h.desk.May(c.Person, c.In, c.Spec.Needs...) {
		return c.notAllowed()
	}
	if len(c.troubles) > 0 {
		if reply := c.onlyDepartments(); reply != nil {
			return *reply
		}
		return c.explain()
	}
	reply, err := c.Spec.run(ctx, c)
	if err != nil {
		return c.failed(err)
	}
	return reply
}

// clean drops what cannot be read: bytes that are no UTF-8, and spaces of any width around the text.
func clean(s string) string {
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

// find splits a text into a command and the rest of the line. Words that are no command are a question.
func (h *Handler) find(c *Call, text string) (Spec, string, *Reply) {
	g := h.grammar
	bare := strings.TrimLeft(text, slashes)
	slash := bare != text
	text = strings.TrimSpace(bare)
	first, tail := cut(text)
	root := g.pick(first, g.roots())
	verb, verbTail := cut(tail)
	if !slash && root != "" && g.pick(verb, g.verbs(root)) == "" {
		root = "" // a sentence that happens to begin with a root's word
	}
	switch {
	case root == "" && !slash && text != "":
		spec, _ := g.spec("ask")
		return spec, text, nil
	case root == "":
		reply := c.unknownRoot(first, tail)
		return Spec{}, "", &reply
	}
	if v := g.pick(verb, g.verbs(root)); v != "" && verb != "" && !(root == "ask" && asks(v, verb, verbTail)) {
		spec, _ := g.spec(root + " " + v)
		return spec, verbTail, nil
	}
	if spec, ok := g.spec(root); ok {
		return spec, tail, nil
	}
	var reply Reply
	if verb == "" {
		reply = c.rootHelp(root)
	} else {
		reply = c.unknownVerb(root, verb)
	}
	return Spec{}, "", &reply
}

// asks reports whether what follows "ask" is a question that merely begins with a verb's word: who is no call
// for a person, and an answer names the number of its question.
func asks(verb, typed, tail string) bool {
	if verb == "person" {
		return fold(typed) != verb && !slices.Contains(callPerson(), fold(typed))
	}
	words := scan(tail)
	return len(words) > 0 && words[0].key == "" && !strings.ContainsAny(tail, "0123456789")
}

// cut splits off the first word.
func cut(s string) (string, string) {
	s = strings.TrimLeft(s, spaces)
	i := strings.IndexAny(s, spaces)
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimLeft(s[i:], spaces)
}

func (g *grammar) spec(name string) (Spec, bool) {
	i := slices.IndexFunc(g.table, func(s Spec) bool { return s.Name() == name })
	if i < 0 {
		return Spec{}, false
	}
	return g.table[i], true
}

func (g *grammar) roots() []string {
	var out []string
	for _, s := range g.table {
		if !slices.Contains(out, s.Root) {
			out = append(out, s.Root)
		}
	}
	return out
}

func (g *grammar) verbs(root string) []string {
	var out []string
	for _, s := range g.table {
		if s.Root == root && s.Verb != "" {
			out = append(out, s.Verb)
		}
	}
	return out
}
