package discord

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"wardline/bot/hospital"
	"wardline/commands"
)

// Limits of application commands.
const (
	mostOptions  = 25
	mostChoices  = 25
	nameLimit    = 32
	describeMost = 100
	valueLimit   = 100
)

// The kinds of option that the menu uses.
const (
	subcommand  = 1
	groupOption = 2
	textOption  = 3
	fileOption  = 11
)

// A menuCommand is one application command, as it is registered and read back.
type menuCommand struct {
	ID            string            `json:"id,omitempty"`
	Type          int               `json:"type,omitempty"`
	Name          string            `json:"name"`
	NameIn        map[string]string `json:"name_localizations,omitempty"`
	Description   string            `json:"description"`
	DescriptionIn map[string]string `json:"description_localizations,omitempty"`
	Options       []menuOption      `json:"options,omitempty"`
}

// A menuOption is a command below a command, or an argument.
type menuOption struct {
	Type          int               `json:"type"`
	Name          string            `json:"name"`
	NameIn        map[string]string `json:"name_localizations,omitempty"`
	Description   string            `json:"description"`
	DescriptionIn map[string]string `json:"description_localizations,omitempty"`
	Autocomplete  bool              `json:"autocomplete,omitempty"`
	Choices       []menuChoice      `json:"choices,omitempty"`
	Options       []menuOption      `json:"options,omitempty"`
}

// A menuChoice is one value of an argument that has few.
type menuChoice struct {
	Name   string            `json:"name"`
	NameIn map[string]string `json:"name_localizations,omitempty"`
	Value  string            `json:"value"`
}

// chinese are Discord's languages that read the Chinese menu.
func chinese() []string { return []string{"zh-CN", "zh-TW"} }

// menu makes the application commands from the table of commands in English, with Chinese beside it. It
// asks nobody to be anything: who may do what is decided when a command comes in. With a symptom a file may
// be sent, which is called and described as file says; more names the place of commands that are too many.
func menu(en, zh []commands.Entry, file, more hospital.Text) []menuCommand {
	var out []menuCommand
	at := map[string]int{}
	for i, e := range en {
		n, known := at[e.Root]
		if !known {
			n = len(out)
			at[e.Root] = n
			out = append(out, menuCommand{
				Name: e.Root, NameIn: inChinese(chineseName(e.RootWords)),
				Description: cut(e.RootDescription, describeMost), DescriptionIn: inChinese(cut(zh[i].RootDescription, describeMost)),
			})
		}
		sub := menuOption{
			Type: subcommand, Name: e.Verb, NameIn: inChinese(chineseName(e.Words)),
			Description: cut(e.Description, describeMost), DescriptionIn: inChinese(cut(zh[i].Description, describeMost)),
			Options: arguments(e.Args, zh[i].Args),
		}
		if sub.Name == "" { // Discord lets no command with commands below it be given by itself
			sub.Name, sub.NameIn = bare(e), inChinese(chineseName([]string{bareIn(zh[i])}))
		}
		if e.Root == "outage" && e.Verb == "symptom" {
			sub.Options = append(sub.Options, menuOption{Type: fileOption, Name: "file", NameIn: inChinese(file.ZH), Description: file.EN, DescriptionIn: inChinese(file.ZH)})
		}
		out[n].Options = append(out[n].Options, sub)
	}
	for i, c := range out {
		out[i].Options = grouped(c.Options, more)
	}
	return out
}

// bare is what a root by itself is called below the root: after what it takes.
func bare(e commands.Entry) string {
	if len(e.Args) > 0 {
		return e.Args[0].Name
	}
	return "now"
}

func bareIn(e commands.Entry) string {
	if len(e.Args) > 0 {
		return e.Args[0].Label
	}
	return ""
}

// grouped puts what is too much for one menu into a group at its end, so that the others stay where people
// know them.
func grouped(subs []menuOption, more hospital.Text) []menuOption {
	if len(subs) <= mostOptions {
		return subs
	}
	group := menuOption{
		Type: groupOption, Name: "more", NameIn: inChinese(more.ZH), Description: more.EN, DescriptionIn: inChinese(more.ZH), Options: subs[mostOptions-1:],
	}
	return append(slices.Clip(subs[:mostOptions-1]), group)
}

// arguments makes the options of a command, those that are needed first. None is required: a command that
// is sent without them opens its form, which is the quickest way on a phone.
func arguments(en, zh []commands.Described) []menuOption {
	var out []menuOption
	for _, i := range neededFirst(en) {
		a := en[i]
		o := menuOption{
			Type: textOption, Name: a.Name, NameIn: inChinese(chineseName(append([]string{zh[i].Label}, a.Words...))),
			Description: cut(a.Label, describeMost), DescriptionIn: inChinese(cut(zh[i].Label, describeMost)),
		}
		switch {
		case a.Kind == commands.Incident || a.Name == "topic":
			o.Autocomplete = true
		case len(a.Options) == 0: // free
		case len(a.Options) > mostChoices || lists(a.Kind):
			o.Autocomplete = true
		default:
			o.Choices = choices(a.Options, zh[i].Options)
		}
		out = append(out, o)
	}
	return unlike(out)
}

func neededFirst(args []commands.Described) []int {
	var needed, rest []int
	for i, a := range args {
		if a.Required {
			needed = append(needed, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(needed, rest...)
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// lists tells the kinds of argument whose values come from the hospital and may be many.
func lists(k commands.Kind) bool {
	switch k {
	case commands.Systems, commands.Departments, commands.Department, commands.Rooms, commands.People:
		return true
	case commands.Role, commands.Level, commands.Choice, commands.Moment, commands.Number, commands.Words, commands.OneWord, commands.Yes, commands.Incident:
	}
	return false
}

func choices(en, zh []commands.Option) []menuChoice {
	var out []menuChoice
	for i, o := range en {
		out = append(out, menuChoice{Name: cut(o.Label, valueLimit), NameIn: inChinese(cut(zh[i].Label, valueLimit)), Value: cut(o.Value, valueLimit)})
	}
	return out
}

// unlike takes Chinese names away that occur twice: within one command each must be a name of its own.
func unlike(list []menuOption) []menuOption {
	seen := map[string]bool{}
	for i, o := range list {
		name := o.NameIn[chinese()[0]]
		if seen[name] {
			list[i].NameIn = nil
		}
		seen[name] = true
	}
	return list
}

// inChinese is a text for all readers of Chinese; nil if there is none.
func inChinese(text string) map[string]string {
	if text == "" {
		return nil
	}
	out := map[string]string{}
	for _, l := range chinese() {
		out[l] = text
	}
	return out
}

// chineseName returns the first of the words that is Chinese and may be a name: letters and numbers only.
func chineseName(words []string) string {
	for _, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && mayBeName(w) {
			return w
		}
	}
	return ""
}

func mayBeName(w string) bool {
	return w != "" && utf8.RuneCountInString(w) <= nameLimit && w == strings.ToLower(w) && !strings.ContainsFunc(w, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '-' && r != '_'
	})
}
