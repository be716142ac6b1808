package web

import (
	"wardline/commands"
)

// A form is a commands.Form on the wire and on the shelf.
type form struct {
	Command string            `json:"command"`
	Title   string            `json:"title"`
	Intro   string            `json:"intro"`
	Submit  string            `json:"submit"`
	Fields  []formField       `json:"fields"`
	Hidden  map[string]string `json:"hidden,omitempty"`
}

// A formField is one line of a form.
type formField struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind"`
	Hint     string   `json:"hint"`
	Value    string   `json:"value"`
	Required bool     `json:"required"`
	Options  []option `json:"options"`
}

// An option is one choice of a field.
type option struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Also  string `json:"also,omitempty"` // other names, to be found by
}

// A suggestion is one way to complete what is being typed.
type suggestion struct {
	Insert string `json:"insert"`
	Label  string `json:"label"`
	Hint   string `json:"hint"`
}

func formOf(f *commands.Form) *form {
	if f == nil {
		return nil
	}
	out := &form{Command: f.Command, Title: f.Title, Intro: f.Intro, Submit: f.Submit, Hidden: f.Hidden, Fields: []formField{}}
	for _, field := range f.Fields {
		shown := formField{
			Name: field.Name, Label: field.Label, Kind: string(field.Kind), Hint: field.Hint,
			Value: field.Value, Required: field.Required, Options: []option{},
		}
		for _, o := range field.Options {
			shown.Options = append(shown.Options, option{Value: o.Value, Label: o.Label, Also: o.Also})
		}
		out.Fields = append(out.Fields, shown)
	}
	return out
}

func suggestionsOf(list []commands.Suggestion) []suggestion {
	out := []suggestion{}
	for _, s := range list {
		out = append(out, suggestion{Insert: s.Insert, Label: s.Label, Hint: s.Hint})
	}
	return out
}
