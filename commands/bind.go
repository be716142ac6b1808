package commands

import (
	"regexp"
	"slices"
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
	goesOn := "" // the argument whose words may not have ended
	for _, w := range words {
		name := ""
		if w.key != "" && (!raw || len(plain) == 0) {
			name = g.argName(s, w.key)
		}
		if name == "" && goesOn != "" && w.key == "" && !w.quoted && !strings.ContainsFunc(w.text, han) {
			b.given[goesOn] += " " + w.text
			continue
		}
		goesOn = ""
		if name == "" {
			if bare := g.argName(s, w.text); w.quoted || !slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Bare && a.Name == bare }) {
				plain = append(plain, w)
			}
			continue
		}
		if old := b.given[name]; old != "" {
			w.text = old + "," + w.text
		}
		b.given[name] = w.text
		if s.severalWords(name) && s.hasSentence(plain) && !w.quoted && !strings.ContainsFunc(w.text, han) {
			goesOn = name
		}
	}
	return plain
}

// severalWords reports whether an argument is a sentence that is never given without its name.
func (s Spec) severalWords(arg string) bool {
	return slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Name == arg && a.Kind == Words && !a.Plain })
}

// hasSentence reports whether the plain words reach into the sentence of a command: then English words behind a named
// argument are its own, as in "options:close,keep open". In Chinese a space ends what is named.
func (s Spec) hasSentence(plain []word) bool {
	before := 0
	for _, a := range s.Args {
		switch {
		case a.Plain && a.Kind == Words:
			return len(plain) > before
		case a.Plain:
			before++
		}
	}
	return false
}

func (g *grammar) argName(s Spec, typed string) string {
	var names []string
	for _, a := range s.Args {
		names = append(names, a.Name)
	}
	return g.pick(typed, append(names, "confirm"))
}

// placeIncident takes an incident named in front for the one that is meant. Where the command is about a
// second one, as in "merge INC-2 into INC-1", a single name is that one.
func (b *binding) placeIncident(s Spec, plain []word) []word {
	if b.given["incident"] != "" || !slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Name == "incident" }) {
		return plain
	}
	named, wanted := 0, 1
	for _, w := range plain {
		if _, err := incident.ParseID(w.text); err != nil || !strings.HasPrefix(fold(w.text), "inc") {
			break
		}
		named++
	}
	if slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Plain && a.Kind == Incident && b.given[a.Name] == "" }) {
		wanted++
	}
	if named < wanted {
		return plain
	}
	b.given["incident"] = plain[0].text
	return plain[1:]
}

// itemName is how items are called: T1, N2. A lone figure may be anything.
var itemName = regexp.MustCompile(`(?i)^[tn]\d+$`)

// placeNumber takes the number of an item beside what became of it, in either order: "T1 fail", "met N2".
// Elsewhere N95 is a mask.
func (b *binding) placeNumber(g *grammar, s Spec, plain []word) []word {
	if len(plain) < 2 || b.given["n"] != "" || !slices.ContainsFunc(s.Args, func(a Arg) bool { return a.Name == "n" && !a.Plain }) {
		return plain
	}
	for i, w := range plain[:2] {
		if itemName.MatchString(fold(w.text)) && !w.quoted && g.pick(plain[1-i].text, []string{"met", "pass", "fail"}) != "" {
			b.given["n"] = w.text
			return slices.Delete(slices.Clone(plain), i, i+1)
		}
	}
	return plain
}

// place hands the plain words to the plain arguments in their order; a sentence takes all that is left.
func (b *binding) place(g *grammar, s Spec, rest string, plain []word, now time.Time) {
	plain = b.placeNumber(g, s, b.placeIncident(s, plain))
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
		if a.Kind == People {
			plain = b.placePerson(g, a, plain)
			continue
		}
		if n := g.choiceIn(a, plain); n > 0 {
			b.given[a.Name], plain = joinWords(plain[:n]), plain[n:]
			continue
		}
		taken := plain[0].text
		probe := binding{values: values{}, given: map[string]string{a.Name: taken}}
		probe.readArg(g, a, now)
		last := !slices.ContainsFunc(s.Args, func(o Arg) bool { return o.Plain && o.Name != a.Name && b.given[o.Name] == "" })
		// A wanted word that does not fit is the trouble to name; only a declaration may leave the
		// systems out and begin with its sentence.
		if len(probe.troubles) == 0 || last || a.Required && a.Kind != Systems {
			b.given[a.Name] = taken
			if !a.Stays || len(plain) == 1 || plain[1].quoted || strings.ContainsAny(taken, listSigns) {
				plain = plain[1:]
			}
		}
	}
	if len(plain) > 0 {
		b.troubles = append(b.troubles, trouble{phrase: "usage.extra", args: map[string]any{"text": plain[0].text}})
	}
}

// longestChoice is how many words one choice may be written in.
const longestChoice = 3

// choiceIn says how many words together name a choice, 0 if it is not several: "on paper" is on-paper in the grammar.
func (g *grammar) choiceIn(a Arg, plain []word) int {
	if a.Kind != Choice {
		return 0
	}
	for n := min(len(plain), longestChoice); n > 1; n-- {
		if g.pick(joinWords(plain[:n]), a.Choices) != "" {
			return n
		}
	}
	return 0
}

// placePerson takes as many words as make a name.
func (b *binding) placePerson(g *grammar, a Arg, plain []word) []word {
	for n := len(plain); n > 1; n-- {
		if text := joinWords(plain[:n]); known(g.person(text)) {
			b.given[a.Name] = text
			return plain[n:]
		}
	}
	b.given[a.Name] = plain[0].text
	return plain[1:]
}

func known(_ bot.Person, ok bool) bool { return ok }

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
