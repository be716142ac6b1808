package commands

import (
	"context"
	"strings"

	"wardline/bot"
	"wardline/bot/when"
)

// Spec is one command: its words, what it takes, who may give it and what it does. The table of Specs
// feeds the parser, help, completion, forms and the platforms' menus; there is no second list.
type Spec struct {
	Root  string // "outage"
	Verb  string // "declare"; "" is what the root does by itself
	Args  []Arg
	Needs []bot.Role // any of them; none means everybody
	About About      // whether it is about an incident
	run   func(ctx context.Context, c *Call) (Reply, error)
}

// Name is the command as the table knows it: "outage declare", "ask".
func (s Spec) Name() string { return strings.TrimSpace(s.Root + " " + s.Verb) }

// Phrase is the stem of the phrases that describe the command.
func (s Spec) Phrase() string { return "cmd." + strings.ReplaceAll(s.Name(), " ", ".") }

// About says whether a command is about an incident.
type About int

// The ways a command may be about an incident.
const (
	Nothing   About = iota // about none
	Outage                 // about one that is not over
	AnyOutage              // about one, over or not
	Perhaps                // about one if there is one, else about the desk itself
)

// Arg is one thing a command takes. Words for it in other languages are in words.go.
type Arg struct {
	Name     string
	Kind     Kind
	Required bool
	Plain    bool     // may be given without its name, in the order of the Args
	Stays    bool     // a single word of it also begins the sentence after it: "PACS does not open"
	Bare     bool     // its name standing alone is dropped: "merge 4 into 3"
	Raw      bool     // keeps every byte: options are read only before it
	Choices  []string // of kind Choice
	Sense    when.Sense
}

// Kind says what an argument is.
type Kind string

// The kinds of argument.
const (
	Systems     Kind = "systems"
	Departments Kind = "departments"
	Department  Kind = "department"
	People      Kind = "person"
	Rooms       Kind = "rooms"
	Role        Kind = "role"
	Level       Kind = "level"
	Choice      Kind = "choice"
	Moment      Kind = "moment"   // a time, or how long from now
	Number      Kind = "number"   // of an item: 3, Q3, D3
	Words       Kind = "words"    // a sentence
	OneWord     Kind = "option"   // one word, kept as it is
	Yes         Kind = "yes"      // confirm:yes
	Incident    Kind = "incident" // INC-7
)

// table lists every command, in the order of help.
func table() []Spec {
	var out []Spec
	for _, group := range [][]Spec{outageSpecs(), outageEndSpecs(), wardSpecs(), visitSpecs(), fixSpecs(), askSpecs(), queueSpecs(), downtimeSpecs(), digestSpecs(), wardlineSpecs()} {
		out = append(out, group...)
	}
	for i, s := range out {
		if s.About != Nothing {
			out[i].Args = append(out[i].Args, Arg{Name: "incident", Kind: Incident})
		}
	}
	return out
}

// Roots lists the first words of all commands, in the order of help: "outage", "fix", ….
func Roots() []string {
	g := &grammar{table: table()}
	return g.roots()
}

// coordinator, engineers and so on are who may give a command.
func coordinator() []bot.Role { return []bot.Role{bot.Coordinator} }
func engineers() []bot.Role   { return []bot.Role{bot.Engineer, bot.Coordinator} }
func leaders() []bot.Role     { return []bot.Role{bot.Leader} }
