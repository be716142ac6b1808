package commands

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// form asks for a command's arguments, filled in with what is known already; nil if it takes none.
func (c *Call) form() *Form {
	f := &Form{
		Command: c.Spec.Name(), Title: c.Voice.Say(c.Spec.Phrase()), Submit: c.Voice.Say("button.send"), Hidden: map[string]string{},
		Intro: c.Voice.Say("form.intro", "example", c.Voice.Say(c.Spec.Phrase()+".example")),
	}
	if c.In.ID != 0 {
		f.Hidden["incident"] = c.In.ID.String()
		f.Title = c.In.ID.String() + " " + f.Title
	} else if given := c.given["incident"]; given != "" {
		f.Hidden["incident"] = given
	}
	for _, a := range c.Spec.Args {
		switch {
		case a.Name == "incident":
		case a.Kind == Number && c.given[a.Name] != "":
			f.Hidden[a.Name] = c.given[a.Name]
		default:
			f.Fields = append(f.Fields, c.field(a))
		}
	}
	if len(f.Fields) == 0 {
		return nil
	}
	slices.SortStableFunc(f.Fields, func(a, b Field) int { return cmp.Compare(a.rank(), b.rank()) })
	return f
}

// rank puts first what must be filled in, then what people have come to write.
func (f Field) rank() int {
	switch {
	case f.Required:
		return 0
	case f.Kind == LongText:
		return 1
	}
	return 2
}

func (c *Call) field(a Arg) Field {
	f := Field{Name: a.Name, Label: c.label(a.Name), Required: a.Required, Value: c.given[a.Name], Kind: Text}
	if hint := c.Spec.Phrase() + ".hint." + a.Name; c.h.desk.Book().Has(c.Voice.Lang, hint) {
		f.Hint = c.Voice.Say(hint)
	} else if hint := "hint." + a.Name; c.h.desk.Book().Has(c.Voice.Lang, hint) {
		f.Hint = c.Voice.Say(hint)
	}
	switch a.Kind {
	case Words:
		if a.Raw || a.Name == "text" || a.Name == "question" {
			f.Kind = LongText
		}
	case Moment:
		f.Kind = Time
	case Systems, Departments, Rooms:
		f.Kind = PickMany
	case Department, Level, Choice, Role, People, Yes:
		f.Kind = Pick
	case Number, OneWord, Incident: // one line of text
	}
	if a.Kind == Department && f.Value == "" && c.Room.Department != "" {
		f.Value = string(c.Room.Department) // who writes in a ward's room speaks of the ward
	}
	f.Options = c.options(a)
	return f
}

// options are the choices of an argument, in the reader's language.
func (c *Call) options(a Arg) []Option {
	var out []Option
	add := func(value, label string) { out = append(out, Option{Value: value, Label: label}) }
	switch a.Kind {
	case Systems:
		for _, s := range commonFirst(c.h.desk.Pack()) {
			add(string(s.ID), s.Name.In(c.Voice.Lang))
			out[len(out)-1].Also = strings.Join(slices.Concat(s.Aliases.ZH, s.Aliases.EN), " ")
		}
	case Departments, Department:
		for _, d := range c.h.desk.Pack().Departments() {
			add(string(d.ID), d.Name.In(c.Voice.Lang))
		}
	case Level:
		for _, l := range c.h.desk.Pack().Policy().Levels {
			add(string(l.ID), string(l.ID)+" "+l.Name.In(c.Voice.Lang))
		}
	case Choice:
		for _, ch := range a.Choices {
			add(ch, c.choiceLabel(ch))
		}
	case Yes:
		add("yes", c.Voice.Say("choice.yes"))
		add("no", c.Voice.Say("choice.no"))
	case Role:
		for _, r := range c.h.desk.Pack().Policy().Roles {
			add(string(r.ID), r.Name.In(c.Voice.Lang))
		}
	case People:
		for _, p := range c.h.desk.People() {
			add(string(p.ID), p.Name)
		}
	case Rooms:
		for _, r := range c.h.desk.ConfiguredRooms() {
			add(string(r.ID), r.Name.In(c.Voice.Lang))
		}
	case Moment, Number, Words, OneWord, Incident: // free
	}
	return out
}

// commonFirst puts the systems that most departments work with first: they are what people see fail. What
// they stand on is seldom what somebody who declares an outage can name.
func commonFirst(pack *hospital.Pack) []hospital.System {
	users := map[incident.SystemID]int{}
	for _, d := range pack.Departments() {
		for _, s := range d.Uses {
			users[s]++
		}
	}
	return slices.SortedStableFunc(slices.Values(pack.Systems()), func(a, b hospital.System) int {
		return cmp.Compare(users[b.ID], users[a.ID])
	})
}

// label is what an argument is called in the reader's language.
func (c *Call) label(arg string) string {
	book := c.h.desk.Book()
	if p := c.Spec.Phrase() + ".arg." + arg; book.Has(c.Voice.Lang, p) {
		return c.Voice.Say(p)
	}
	if p := "arg." + arg; book.Has(c.Voice.Lang, p) {
		return c.Voice.Say(p)
	}
	if p := "fact." + arg; book.Has(c.Voice.Lang, p) {
		return c.Voice.Say(p)
	}
	return arg
}

func (c *Call) choiceLabel(choice string) string {
	for _, stem := range []string{"choice.", "class.", "extent.", "status.", "confidence.", "fact."} {
		if c.h.desk.Book().Has(c.Voice.Lang, stem+choice) {
			return c.Voice.Say(stem + choice)
		}
	}
	return choice
}

// typed is how a choice is best written by somebody who reads the language.
func (c *Call) typed(choice string) string {
	if c.Voice.Lang == hospital.ZH {
		for _, w := range c.h.grammar.words[choice] {
			if hasHan(w) {
				return w
			}
		}
	}
	return choice
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Menu describes the commands for platforms that show a menu of their own, in a language.
func (h *Handler) Menu(lang hospital.Lang) []Entry {
	c := &Call{h: h, Voice: h.desk.Voice(lang), Now: time.Now()}
	var out []Entry
	for _, s := range h.grammar.table {
		c.Spec = s
		e := Entry{
			Root: s.Root, RootWords: h.grammar.words[s.Root], RootDescription: c.Voice.Say("root." + s.Root),
			Verb: s.Verb, Words: h.grammar.words[s.Verb], Description: c.Voice.Say(s.Phrase()), Example: c.Voice.Say(s.Phrase() + ".example"),
		}
		for _, a := range s.Args {
			e.Args = append(e.Args, Described{Arg: a, Words: h.grammar.words[a.Name], Label: c.label(a.Name), Options: c.options(a)})
		}
		out = append(out, e)
	}
	return out
}

// Entry is one command as a platform's menu shows it.
type Entry struct {
	Root, Verb      string
	RootWords       []string // other words for the root
	RootDescription string
	Words           []string // other words for the verb
	Description     string
	Example         string
	Args            []Described
}

// Described is an argument as a platform's menu shows it.
type Described struct {
	Arg
	Words   []string // other words for its name
	Label   string
	Options []Option
}

// may reports whether the speaker may give a command here.
func (c *Call) may(s Spec) bool {
	in := incident.Incident{}
	if id, ok := c.Line.Room.IncidentOf(); ok {
		i := slices.IndexFunc(c.h.desk.Ongoing(), func(o incident.Incident) bool { return o.ID == id })
		if i >= 0 {
			in = c.h.desk.Ongoing()[i]
		}
	}
	return c.h.desk.May(c.Person, in, s.Needs...)
}

// button makes a button of a command that opens its form.
func (c *Call) button(phrase, line string) bot.Action {
	return bot.Action{Label: c.Voice.Say(phrase), Line: line}
}
