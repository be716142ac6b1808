package commands

import (
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Line is what an adapter heard one person say to the bot.
type Line struct {
	ID       string // the platform's id of this input; a second Line with the same Platform and ID is answered but not acted on again. "" = unknown
	Platform string // the adapter's name
	User     string // the platform's user id
	Name     string // the user's name as the platform shows it, for people who are not in the directory
	Locale   string // the user's language on the platform, such as "zh-CN"; "" = unknown
	Room     bot.RoomID
	Text     string            // what was typed: "/outage declare his …", or plain words said to the bot
	Command  string            // "outage declare" when a form was submitted or an option was picked; then Args holds the fields
	Args     map[string]string // field name -> value; several values are separated by commas
	Files    []incident.File   // what was attached, such as a screenshot of an error
}

// Reply is what only that person sees.
type Reply struct {
	Text    string
	Lang    hospital.Lang
	Refused bool         // nothing was done; Text says why and what to type instead
	Guarded bool         // the line holds patients' data or a secret: no adapter may keep or show any of it
	Form    *Form        // to be opened instead of, or below, Text
	Actions []bot.Action // buttons below Text
}

// Form asks for the fields of one command. Submitting it is a Line with Command and Args.
type Form struct {
	Command string // "outage declare"
	Title   string // <= 45 characters
	Intro   string
	Submit  string
	Fields  []Field
	Hidden  map[string]string // sent back unchanged among Args, such as incident
}

// Field is one line of a form.
type Field struct {
	Name     string
	Label    string
	Kind     FieldKind
	Hint     string // example or explanation
	Value    string // default
	Required bool
	Options  []Option // of Pick and PickMany; Text fields may offer them as suggestions
}

// Option is one choice of a field.
type Option struct {
	Value string
	Label string
	Also  string // other names, to be found by
}

// FieldKind says how a field is entered.
type FieldKind string

// The kinds of field.
const (
	Text     FieldKind = "text"      // one line
	LongText FieldKind = "long_text" // several lines, kept byte for byte
	Pick     FieldKind = "pick"      // one of Options
	PickMany FieldKind = "pick_many" // any of Options
	Time     FieldKind = "time"      // as people write it: 45m, 14:30, 半小时后
)

// Suggestion is one way to complete what is being typed.
type Suggestion struct {
	Insert string // replaces the line from its start
	Label  string
	Hint   string
}
