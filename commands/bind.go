package commands

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/bot/when"
)

// grammar is what binding needs: the words, and the desk that knows the names.
type grammar struct {
	desk  *bot.Desk
	table []Spec
	words map[string][]string
}

// values are the arguments of one call, each of the type of its kind.
type values map[string]any

// trouble is one argument that cannot be understood; it becomes a sentence once.
type trouble struct {
	phrase  string
	args    map[string]any
	offer   []string // values to offer instead
	arg     string
	missing bool
}

// binding is what became of a line.
type binding struct {
	values   values
	given    map[string]string // argument -> what was typed, to fill a form or to say it again
	troubles []trouble
}

// bindLine reads the words after the command.
func (g *grammar) bindLine(s Spec, rest string, now time.Time) binding {
	b := binding{values: values{}, given: map[string]string{}}
	words := scan(rest)
	plain := g.takeOptions(s, words, &b)
	b.place(g, s, rest, plain, now)
	b.read(g, s, now)
	return b
}

// bindArgs reads the fields of a form or the options of a menu.
func (g *grammar) bindArgs(s Spec, args map[string]string, now time.Time) binding {
	b := binding{values: values{}, given: map[string]string{}}
	for _, a := range s.Args {
		if v, ok := args[a.Name]; ok && strings.TrimSpace(v) != "" {
			b.given[a.Name] = v
		}
	}
	if args["confirm"] != "" {
		b.given["confirm"] = args["confirm"]
	}
	b.read(g, s, now)
	return b
}

// takeOptions keeps the key:value words and returns the plain ones. A word whose key is no argument of
// the command is plain: people write colons.
func (g *grammar) takeOptions(s Spec, words []word, b *binding) []word {
	var plain []word
	raw := slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Raw })
	for _, w := range words {
		name := ""
		if w.key != "" && (!raw || len(plain) == 0) {
			name = g.argName(s, w.key)
		}
		if name == "" {
			plain = append(plain, w)
			continue
		}
		if old := b.given[name]; old != "" {
			w.text = old + "," + w.text
		}
		b.given[name] = w.text
	}
	return plain
}

func (g *grammar) argName(s Spec, typed string) string {
	var names []string
	for _, a := range s.Args {
		names = append(names, a.Name)
	}
	return g.pick(typed, append(names, "confirm"))
}

// place hands the plain words to the plain arguments in their order; a sentence takes all that is left.
func (b *binding) place(g *grammar, s Spec, rest string, plain []word, now time.Time) {
	if len(plain) > 0 && b.given["incident"] == "" && slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Name == "incident" }) {
		if _, err := incident.ParseID(plain[0].text); err == nil && strings.HasPrefix(fold(plain[0].text), "inc") {
			b.given["incident"] = plain[0].text
			plain = plain[1:]
		}
	}
	for _, a := range s.Args {
		if !a.Plain || b.given[a.Name] != "" || len(plain) == 0 {
			continue
		}
		if a.Kind == Words {
			b.given[a.Name] = sentence(rest, plain, a.Raw)
			plain = nil
			continue
		}
		if a.Kind == Moment {
			plain = b.placeMoment(g, a, plain, now)
			continue
		}
		taken := plain[0].text
		probe := binding{values: values{}, given: map[string]string{a.Name: taken}}
		probe.readArg(g, a, now)
		last := !slices.ContainsFunc(s.Args, func(o Arg) bool { return o.Plain && o.Name != a.Name && b.given[o.Name] == "" })
		if len(probe.troubles) == 0 || last {
			b.given[a.Name] = taken
			plain = plain[1:]
		}
	}
	if len(plain) > 0 {
		b.troubles = append(b.troubles, trouble{phrase: "usage.extra", args: map[string]any{"text": plain[0].text}})
	}
}

// placeMoment takes as many words as belong to a time.
func (b *binding) placeMoment(g *grammar, a Arg, plain []word, now time.Time) []word {
	for n := len(plain); n > 0; n-- {
		text := joinWords(plain[:n])
		if r := when.Read(text, now, g.desk.Zone(), a.Sense); r.Problem != when.Unreadable || g.is(text, "unknown") {
			b.given[a.Name] = text
			return plain[n:]
		}
	}
	if a.Required {
		b.given[a.Name] = plain[0].text
		return plain[1:]
	}
	return plain
}

func joinWords(ws []word) string {
	var out []string
	for _, w := range ws {
		out = append(out, original(w))
	}
	return strings.Join(out, " ")
}

func original(w word) string {
	if w.key != "" {
		return w.key + ":" + w.text
	}
	return w.text
}

// sentence returns what was typed from the first plain word to the last. A raw sentence keeps every
// byte; another loses only the options inside it.
func sentence(rest string, plain []word, raw bool) string {
	if len(plain) == 1 && plain[0].quoted && plain[0].key == "" {
		return plain[0].text
	}
	last := plain[len(plain)-1]
	switch {
	case raw:
		return strings.TrimRight(rest[plain[0].start:], spaces)
	case last.end-plain[0].start == span(plain):
		return rest[plain[0].start:last.end]
	}
	var out []string
	for _, w := range plain {
		out = append(out, rest[w.start:w.end])
	}
	return strings.Join(out, " ")
}

// span is how many bytes the words cover if nothing but single spaces stands between them.
func span(ws []word) int {
	n := len(ws) - 1
	for _, w := range ws {
		n += w.end - w.start
	}
	return n
}

// read turns what was given into values, and notes what is missing.
func (b *binding) read(g *grammar, s Spec, now time.Time) {
	for _, a := range s.Args {
		if b.given[a.Name] != "" {
			b.readArg(g, a, now)
		} else if a.Required {
			b.troubles = append(b.troubles, trouble{phrase: "usage.missing", arg: a.Name, missing: true, args: map[string]any{}})
		}
	}
	if c := b.given["confirm"]; c != "" && g.is(c, "yes") {
		b.values["confirm"] = true
	}
}

// readArg reads one argument.
func (b *binding) readArg(g *grammar, a Arg, now time.Time) {
	text := b.given[a.Name]
	bad := func(phrase string, offer []string, pairs ...any) {
		t := trouble{phrase: phrase, arg: a.Name, offer: offer, args: map[string]any{"text": text}}
		for i := 0; i+1 < len(pairs); i += 2 {
			t.args[pairs[i].(string)] = pairs[i+1]
		}
		b.troubles = append(b.troubles, t)
	}
	switch a.Kind {
	case Words, OneWord:
		b.values[a.Name] = text
	case Systems:
		b.values[a.Name] = many(text, g.desk.Pack().FindSystem, func(part string, near []incident.SystemID) {
			bad("usage.system", asStrings(near), "text", part, "near", near)
		})
	case Departments:
		if g.is(text, "all") {
			break
		}
		b.values[a.Name] = many(text, g.desk.Pack().FindDepartment, func(part string, near []incident.DepartmentID) {
			bad("usage.department", asStrings(near), "text", part, "near", near)
		})
	case Department:
		id, near := g.desk.Pack().FindDepartment(text)
		if id == "" {
			bad("usage.department", asStrings(near), "near", near)
		}
		b.values[a.Name] = id
	case Choice:
		if c := g.pick(text, a.Choices); c != "" {
			b.values[a.Name] = c
		} else {
			bad("usage.choice", a.Choices, "choices", a.Choices)
		}
	case Level:
		n, err := strconv.Atoi(strings.TrimPrefix(fold(text), "l"))
		if err != nil || n < 1 || n > 4 {
			bad("usage.level", []string{"L1", "L2", "L3", "L4"})
		}
		b.values[a.Name] = incident.Level(n)
	case Number:
		n, err := strconv.Atoi(strings.TrimLeft(fold(text), "qdntr# "))
		if err != nil || n < 1 {
			bad("usage.number", nil)
		}
		b.values[a.Name] = n
	case Moment:
		b.readMoment(g, a, text, now, bad)
	case Incident:
		id, err := incident.ParseID(text)
		if err != nil {
			bad("usage.incident", nil)
		}
		b.values[a.Name] = id
	default:
		b.readName(g, a, text, bad)
	}
}

func (b *binding) readName(g *grammar, a Arg, text string, bad func(string, []string, ...any)) {
	switch a.Kind {
	case People:
		p, ok := g.person(text)
		if !ok {
			bad("usage.person", nil)
		}
		b.values[a.Name] = p.ID
	case Rooms:
		var ids []bot.RoomID
		for _, part := range parts(text) {
			r, ok := g.room(part)
			if !ok {
				bad("usage.room", nil, "text", part)
				continue
			}
			ids = append(ids, r.ID)
		}
		b.values[a.Name] = ids
	case Role:
		r, ok := g.role(text)
		if !ok {
			bad("usage.role", nil, "roles", g.roleNames())
		}
		b.values[a.Name] = r
	case Yes:
		b.values[a.Name] = g.is(text, "yes")
	}
}

// readMoment never guesses: what has more than one reading is asked back with the readings as offers.
func (b *binding) readMoment(g *grammar, a Arg, text string, now time.Time, bad func(string, []string, ...any)) {
	if g.is(text, "unknown") {
		b.values[a.Name] = time.Time{}
		return
	}
	r := when.Read(text, now, g.desk.Zone(), a.Sense)
	var offer []string
	for _, c := range r.Candidates {
		offer = append(offer, c.Format("2006-01-02 15:04"))
	}
	switch r.Problem {
	case when.None:
		b.values[a.Name] = r.At
	case when.Past:
		bad("usage.past", offer)
	case when.Future:
		bad("usage.future", offer)
	case when.Ambiguous:
		bad("usage.ambiguous", offer)
	case when.TooFar:
		bad("usage.too_far", offer)
	default:
		bad("usage.time", offer)
	}
}

// parts cuts a list at commas of either width, enumeration commas and semicolons.
func parts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(listSigns, r) })
}

// many reads a list of names, keeping each once.
func many[T ~string](text string, find func(string) (T, []T), miss func(part string, near []T)) []T {
	var out []T
	for _, part := range parts(text) {
		id, near := find(strings.TrimSpace(part))
		switch {
		case id == "":
			miss(part, near)
		case !slices.Contains(out, id):
			out = append(out, id)
		}
	}
	return out
}

func asStrings[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

func (g *grammar) person(text string) (bot.Person, bool) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	for _, p := range g.desk.People() {
		if string(p.ID) == text || p.Name == text || strings.EqualFold(p.Name, text) {
			return p, true
		}
		for _, account := range p.Accounts {
			if account == text {
				return p, true
			}
		}
	}
	return bot.Person{}, false
}

func (g *grammar) room(text string) (bot.Room, bool) {
	text = strings.TrimSpace(text)
	if r, ok := g.desk.Room(bot.RoomID(text)); ok {
		return r, true
	}
	for _, r := range g.desk.ConfiguredRooms() {
		if fold(r.Name.ZH) == fold(text) || fold(r.Name.EN) == fold(text) {
			return r, true
		}
	}
	if dep, _ := g.desk.Pack().FindDepartment(text); dep != "" {
		return g.desk.Room(bot.DepartmentRoomID(dep))
	}
	return bot.Room{}, false
}

func (g *grammar) role(text string) (string, bool) {
	for _, r := range g.desk.Pack().Policy().Roles {
		if fold(text) == string(r.ID) || fold(text) == fold(r.Name.ZH) || fold(text) == fold(r.Name.EN) {
			return string(r.ID), true
		}
	}
	return "", false
}

func (g *grammar) roleNames() []string {
	var out []string
	for _, r := range g.desk.Pack().Policy().Roles {
		out = append(out, string(r.ID))
	}
	return out
}
