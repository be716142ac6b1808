package commands

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Handler hears lines and has them carried out. It may be used by many goroutines.
type Handler struct {
	desk    *bot.Desk
	grammar *grammar
	router  *answer.Router
}

// New returns a handler for a desk.
func New(desk *bot.Desk) *Handler {
	return &Handler{
		desk: desk, router: answer.New(desk.Pack()),
		grammar: &grammar{desk: desk, table: table(), words: words()},
	}
}

// Call is one command being carried out.
type Call struct {
	h      *Handler
	Line   Line
	Spec   Spec
	Person bot.Person
	Room   bot.Room
	Voice  bot.Voice
	Now    time.Time
	In     incident.Incident // of commands that are about one
	binding
}

// Handle carries out what one person said, and returns what only that person sees. It never fails: what
// goes wrong is said in the reply.
func (h *Handler) Handle(ctx context.Context, l Line) Reply {
	c := h.call(l)
	reply := h.guarded(ctx, c)
	reply.Lang = c.Voice.Lang
	return reply
}

// guarded keeps a mistake of ours in one command from ending the bot for everybody.
func (h *Handler) guarded(ctx context.Context, c *Call) (reply Reply) {
	defer func() {
		if p := recover(); p != nil {
			h.desk.Logger().Error("a command panicked", "command", c.Spec.Name(), "panic", p, "stack", string(debug.Stack()))
			reply = c.refuse("failed.internal")
		}
	}()
	return h.handle(ctx, c)
}

func (h *Handler) call(l Line) *Call {
	c := &Call{h: h, Line: l, Person: h.desk.PersonFor(l.Platform, l.User, l.Name, l.Locale), Now: time.Now().Round(0)}
	c.Room, _ = h.desk.Room(l.Room)
	lang := c.Person.Lang
	if lang == "" {
		lang = c.Room.Lang
	}
	c.Voice = h.desk.Voice(lang)
	return c
}

func (h *Handler) handle(ctx context.Context, c *Call) Reply {
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
	if reply := h.settle(ctx, c); reply != nil {
		return *reply
	}
	if !h.desk.May(c.Person, c.In, c.Spec.Needs...) {
		return c.notAllowed()
	}
	if len(c.troubles) > 0 {
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
		reply := c.unknownRoot(first)
		return Spec{}, "", &reply
	}
	if v := g.pick(verb, g.verbs(root)); v != "" && verb != "" && !(root == "ask" && !strings.ContainsAny(verbTail, "0123456789") && v == "answer") {
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

// settle finds out which incident a command is about: the one named, the room's, or the only one there
// is. With several it asks.
func (h *Handler) settle(ctx context.Context, c *Call) *Reply {
	if c.Spec.About == Nothing {
		return nil
	}
	id, named := c.values["incident"].(incident.ID)
	if !named {
		id, named = c.Line.Room.IncidentOf()
	}
	if named {
		in, ok, err := h.desk.Incident(ctx, id)
		switch {
		case err != nil:
			reply := c.failed(err)
			return &reply
		case !ok:
			reply := c.refuse("refused.no_incident", "id", id)
			return &reply
		}
		c.In = in
		return nil
	}
	candidates := h.candidates(c)
	if len(candidates) == 0 && c.Spec.About == AnyOutage {
		candidates = h.latest(ctx)
	}
	switch {
	case len(candidates) == 1:
		c.In = candidates[0]
	case len(candidates) > 1:
		reply := c.which(candidates)
		return &reply
	case c.Spec.About == Perhaps:
		c.In = h.desk.Log()
	default:
		reply := c.refuse("refused.none_open")
		reply.Actions = []bot.Action{{Label: c.Voice.Say("button.declare"), Line: "/outage declare"}}
		return &reply
	}
	return nil
}

// candidates are the incidents a command may mean where none is named: those going on; in a
// department's room, those it was told of, if there are any.
func (h *Handler) candidates(c *Call) []incident.Incident {
	all := h.desk.Ongoing()
	if c.Room.Department != "" {
		var told []incident.Incident
		for _, in := range all {
			if slices.Contains(in.Told, c.Room.Department) {
				told = append(told, in)
			}
		}
		if len(told) > 0 {
			return told
		}
	}
	return all
}

// latest is the newest outage there ever was, for those who look back.
func (h *Handler) latest(ctx context.Context) []incident.Incident {
	for _, head := range h.desk.Heads() {
		if in, ok, err := h.desk.Incident(ctx, head.ID); err == nil && ok {
			return []incident.Incident{in}
		}
	}
	return nil
}

func (c *Call) which(among []incident.Incident) Reply {
	reply := c.refuse("usage.which", "n", len(among))
	for _, in := range among {
		title, _ := in.Fact(incident.Headline)
		reply.Actions = append(reply.Actions, bot.Action{
			Label: in.ID.String() + " " + title.Value, Line: c.again("incident", in.ID.String()),
		})
	}
	return reply
}

// again is the command line of this call with some arguments changed.
func (c *Call) again(changes ...string) string {
	given := map[string]string{}
	for k, v := range c.given {
		given[k] = v
	}
	for i := 0; i+1 < len(changes); i += 2 {
		given[changes[i]] = changes[i+1]
	}
	s := "/" + c.Spec.Name()
	for _, a := range append(slices.Clone(c.Spec.Args), Arg{Name: "confirm"}) {
		if v := given[a.Name]; v != "" {
			s += " " + a.Name + ":" + quote(v)
		}
	}
	return s
}

// refuse is a reply that says why nothing was done.
func (c *Call) refuse(phrase string, pairs ...any) Reply {
	return Reply{Text: c.Voice.Say(phrase, pairs...), Refused: true}
}

// say is a reply in words.
func (c *Call) say(phrase string, pairs ...any) Reply {
	return Reply{Text: c.Voice.Say(phrase, pairs...)}
}

// notAllowed says who may, and what to do instead.
func (c *Call) notAllowed() Reply {
	holders := c.h.desk.Holders(c.In, c.Spec.Needs...)
	if len(holders) > 3 {
		holders = holders[:3]
	}
	var roles []string
	for _, r := range c.Spec.Needs {
		roles = append(roles, c.Voice.Word(r))
	}
	return Reply{
		Text:    c.Voice.Say("refused.role", "command", "/"+c.Spec.Name(), "roles", roles, "holders", holders),
		Refused: true,
		Actions: []bot.Action{
			{Label: c.Voice.Say("button.symptom"), Line: "/outage symptom"}, {Label: c.Voice.Say("button.ask"), Line: "/ask"},
		},
	}
}

// explain says what could not be understood, offers the readings there are, and opens the form for the
// rest. A command given without any word just opens its form.
func (c *Call) explain() Reply {
	reply := Reply{Refused: true}
	var lines []string
	var missing []string
	for _, t := range c.troubles {
		if t.missing {
			missing = append(missing, c.label(t.arg))
			continue
		}
		t.args["arg"] = c.label(t.arg)
		lines = append(lines, c.Voice.SayMap(t.phrase, t.args))
		for _, o := range t.offer {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.offerLabel(t.arg, o), Line: c.again(t.arg, o)})
		}
	}
	if len(missing) > 0 {
		lines = append(lines, c.Voice.Say("usage.missing", "arg", missing))
	}
	lines = append(lines, c.Voice.Say("usage.example", "example", c.Voice.Say(c.Spec.Phrase()+".example")))
	reply.Text = strings.Join(lines, "\n")
	reply.Form = c.form()
	return reply
}

func (c *Call) offerLabel(arg, value string) string {
	if id, near := c.h.desk.Pack().FindSystem(value); (arg == "systems" || arg == "system") && len(near) == 0 {
		return c.Voice.System(id)
	}
	if id, near := c.h.desk.Pack().FindDepartment(value); (arg == "departments" || arg == "department") && len(near) == 0 {
		return c.Voice.Department(id)
	}
	if at, err := time.ParseInLocation("2006-01-02 15:04", value, c.h.desk.Zone()); err == nil {
		return c.Voice.Clock(at)
	}
	return c.choiceLabel(value)
}

// failed puts an error into words: a refusal says why, anything else is our fault and is logged.
func (c *Call) failed(err error) Reply {
	var refusal *incident.Refusal
	switch {
	case errors.As(err, &refusal):
		args := map[string]any{"command": "/" + c.Spec.Name()}
		for k, v := range refusal.Args {
			args[k] = v
		}
		if name, ok := args["field"].(string); ok {
			args["field"] = c.label(name)
		}
		if kind, ok := args["kind"].(string); ok {
			args["kind"] = c.Voice.Say("item." + kind)
		}
		return Reply{Text: c.Voice.SayMap(refusal.Phrase, args), Refused: true}
	case errors.Is(err, bot.ErrUnknownIncident):
		return c.refuse("refused.no_incident", "id", c.In.ID)
	case errors.Is(err, bot.ErrFull):
		return c.refuse("failed.full")
	}
	c.h.desk.Logger().Error("a command failed", "command", c.Spec.Name(), "person", c.Person.ID, "err", err)
	return c.refuse("failed.internal")
}

// do has a command of the incident carried out, once per line heard.
func (c *Call) do(ctx context.Context, cmd incident.Command, marks ...bot.Mark) (bot.Outcome, error) {
	act := bot.Act{Incident: c.In.ID, Command: cmd, By: c.Person, Marks: marks}
	if c.Line.ID != "" {
		act.Heard = c.Line.Platform + "/" + c.Line.ID
	}
	return c.h.desk.Do(ctx, act)
}

// done is do for commands whose success is one sentence: the phrase of the command, or that the same
// input was acted on before.
func (c *Call) done(ctx context.Context, cmd incident.Command, phrase string, pairs ...any) (Reply, error) {
	o, err := c.do(ctx, cmd)
	if err != nil {
		return Reply{}, err
	}
	if o.Again {
		return c.say("done.again"), nil
	}
	return c.say(phrase, append(pairs, "id", o.After.ID)...), nil
}

// ask shows what a wide or final act will do, and asks once.
func (c *Call) ask(phrase string, style bot.ActionStyle, pairs ...any) Reply {
	return Reply{
		Text:    c.Voice.Say(phrase, pairs...),
		Actions: []bot.Action{{Label: c.Voice.Say("button.yes"), Line: c.again("confirm", "yes"), Style: style}},
	}
}

func (c *Call) confirmed() bool { return c.values["confirm"] == true }

// The arguments, by kind. Missing ones are the zero value.
func (c *Call) text(name string) string { s, _ := c.values[name].(string); return s }
func (c *Call) number(name string) int  { n, _ := c.values[name].(int); return n }
func (c *Call) moment(name string) time.Time {
	t, _ := c.values[name].(time.Time)
	return t
}
func (c *Call) systems(name string) []incident.SystemID {
	s, _ := c.values[name].([]incident.SystemID)
	return s
}

func (c *Call) departments(name string) []incident.DepartmentID {
	s, _ := c.values[name].([]incident.DepartmentID)
	return s
}

// here is the department the speaker is in: named, the room's, or their own.
func (c *Call) here() incident.DepartmentID {
	if id, ok := c.values["department"].(incident.DepartmentID); ok {
		return id
	}
	if c.Room.Department != "" {
		return c.Room.Department
	}
	return c.Person.Department
}

// has reports whether an argument was given.
func (c *Call) has(name string) bool { _, ok := c.values[name]; return ok }

// lang returns the language a word names, "" if none.
func (g *grammar) lang(text string) hospital.Lang {
	return hospital.Lang(g.pick(text, []string{"zh", "en"}))
}
