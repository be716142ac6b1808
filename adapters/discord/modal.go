package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
	"wardline/commands"
)

// Limits of forms.
const (
	perPage          = 5
	titleLimit       = 45
	fieldLabelLimit  = 45
	placeholderLimit = 100
	inputLimit       = 4000
	mostSelected     = 25
)

// The heads of what stands for a page of a form: the form itself, a button that opens it, and a button
// that sends what was filled in so far.
const (
	formHead = "m"
	openHead = "f"
	sendHead = "s"
)

// A modal is a form as Discord shows it.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// A keptForm is a form with what is filled in, and the room it was asked for in.
type keptForm struct {
	Room bot.RoomID
	Form commands.Form
}

// keepForm puts a form on the shelf and returns its name there. Choices that are too many for Discord to
// show are typed, and need not be kept.
func (e *ears) keepForm(ctx context.Context, s speaker, f *commands.Form) (string, error) {
	kept := *f
	kept.Fields = slices.Clone(f.Fields)
	for i, field := range kept.Fields {
		if len(field.Options) > mostSelected {
			kept.Fields[i].Options = nil
			if field.Hint == "" {
				kept.Fields[i].Hint = examples(field.Options)
			}
		}
	}
	value, err := json.Marshal(keptForm{s.line.Room, kept})
	if err != nil {
		return "", fmt.Errorf("write a form: %w", err)
	}
	name := hashed(string(value))
	if err := e.shelf.Put(ctx, Entry{Key: "form/" + name, Value: value}); err != nil {
		return "", fmt.Errorf("keep a form: %w", err)
	}
	return name, nil
}

// examples shows what may be typed.
func examples(options []commands.Option) string {
	var out []string
	for _, o := range options[:min(3, len(options))] {
		out = append(out, o.Label)
	}
	return strings.Join(out, " / ") + " …"
}

// formID names a page of a kept form, for one person until a time.
func (e *ears) formID(head string, s speaker, page int, name string) string {
	until := strconv.FormatInt(time.Now().Add(buttonsLast).Unix(), 36)
	return strings.Join([]string{head, until, strconv.Itoa(page), name, e.forms.Mark(head, until, strconv.Itoa(page), name, s.user)}, ":")
}

// A page is a part of a kept form.
type page struct {
	head string
	name string
	room bot.RoomID
	n    int
	form commands.Form
}

// page reads what formID wrote; false if it was not made here, or for somebody else, or is over.
func (e *ears) page(ctx context.Context, id, user string) (page, bool, error) {
	parts := strings.Split(id, ":")
	if len(parts) != 5 {
		return page{}, false, nil
	}
	head, until, number, name, mark := parts[0], parts[1], parts[2], parts[3], parts[4]
	end, err := strconv.ParseInt(until, 36, 64)
	if err != nil || time.Now().Unix() > end || !e.forms.Holds(mark, head, until, number, name, user) {
		return page{}, false, nil //nolint:nilerr // what cannot be read was not made here
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return page{}, false, nil //nolint:nilerr // what cannot be read was not made here
	}
	value, found, err := e.shelf.Get(ctx, "form/"+name)
	if err != nil || !found {
		return page{}, false, err
	}
	var kept keptForm
	if err := json.Unmarshal(value, &kept); err != nil {
		return page{}, false, fmt.Errorf("read a form: %w", err)
	}
	p := page{head: head, name: name, room: kept.Room, n: n, form: kept.Form}
	return p, n >= 0 && n < p.count(), nil
}

// count is how many pages the form has.
func (p page) count() int { return (len(p.form.Fields) + perPage - 1) / perPage }

// fields are those of the page.
func (p page) fields() []commands.Field {
	return p.form.Fields[p.n*perPage : min(len(p.form.Fields), (p.n+1)*perPage)]
}

// rest are the fields of the pages after this one.
func (p page) rest() []commands.Field {
	return p.form.Fields[min(len(p.form.Fields), (p.n+1)*perPage):]
}

// modal opens a page of a form. Discord shows five fields at a time; the required ones come first.
func (e *ears) modal(ctx context.Context, s speaker, f *commands.Form, n int) (modal, error) {
	name, err := e.keepForm(ctx, s, f)
	if err != nil {
		return modal{}, err
	}
	return e.show(s, page{name: name, n: n, form: *f}), nil
}

func (e *ears) show(s speaker, p page) modal {
	title := p.form.Title
	if p.count() > 1 {
		title = cut(title, titleLimit-6) + fmt.Sprintf(" (%d/%d)", p.n+1, p.count())
	}
	m := modal{CustomID: e.formID(formHead, s, p.n, p.name), Title: cut(title, titleLimit)}
	for _, f := range p.fields() {
		m.Components = append(m.Components, input(f))
	}
	return m
}

// input is one field: a select where there are few choices, else a line or an area to type in.
func input(f commands.Field) component {
	required := f.Required
	if (f.Kind == commands.Pick || f.Kind == commands.PickMany) && len(f.Options) > 0 && len(f.Options) <= mostSelected {
		least, most := 0, 1
		if required {
			least = 1
		}
		if f.Kind == commands.PickMany {
			most = len(f.Options)
		}
		c := component{Type: selectComponent, CustomID: f.Name, Required: &required, MinValues: &least, MaxValues: most, Placeholder: cut(f.Hint, placeholderLimit)}
		seen, marked := map[string]bool{}, 0
		for _, o := range f.Options {
			option := selectOption{Label: cut(cmp.Or(o.Label, o.Value), valueLimit), Value: cut(o.Value, valueLimit), Default: marked < most && chosen(f.Value, o.Value)}
			if !seen[option.Value] {
				seen[option.Value] = true
				marked += first(option.Default)
				c.Options = append(c.Options, option)
			}
		}
		c.MaxValues = min(most, len(c.Options))
		return component{Type: labelComponent, Label: cut(cmp.Or(f.Label, f.Name), fieldLabelLimit), Component: &c}
	}
	c := component{Type: inputComponent, CustomID: f.Name, Style: 1, Required: &required, MaxLength: inputLimit, Placeholder: cut(f.Hint, placeholderLimit), Value: cut(f.Value, inputLimit)}
	if f.Kind == commands.LongText {
		c.Style = 2
	}
	return component{Type: labelComponent, Label: cut(cmp.Or(f.Label, f.Name), fieldLabelLimit), Component: &c}
}

func chosen(value, option string) bool {
	return slices.Contains(strings.Split(value, ","), option)
}

// opener is a button that opens a page of a form.
func (e *ears) opener(ctx context.Context, s speaker, f *commands.Form, n int, label string) (component, error) {
	name, err := e.keepForm(ctx, s, f)
	if err != nil {
		return component{}, err
	}
	return component{Type: buttonComponent, Style: primaryButton, Label: cut(label, labelLimit), CustomID: e.formID(openHead, s, n, name)}, nil
}

// filled reads what was typed into a form, by field.
func filled(components []json.RawMessage) map[string]string {
	out := map[string]string{}
	var walk func(raw json.RawMessage)
	walk = func(raw json.RawMessage) {
		var c struct {
			CustomID   string            `json:"custom_id"`
			Value      *string           `json:"value"`
			Values     []string          `json:"values"`
			Component  json.RawMessage   `json:"component"`
			Components []json.RawMessage `json:"components"`
		}
		if len(raw) == 0 || json.Unmarshal(raw, &c) != nil {
			return
		}
		switch {
		case c.CustomID != "" && c.Value != nil:
			out[c.CustomID] = *c.Value
		case c.CustomID != "" && c.Values != nil:
			out[c.CustomID] = strings.Join(c.Values, ",")
		}
		walk(c.Component)
		for _, below := range c.Components {
			walk(below)
		}
	}
	for _, raw := range components {
		walk(raw)
	}
	return out
}

// submit takes a page that was sent. Where more can be said, the person chooses: more, or off with it.
func (e *ears) submit(ctx context.Context, i interaction, s speaker, p page) (commands.Reply, []component, error) {
	values := filled(i.Data.Components)
	for n, f := range p.form.Fields {
		if v, ok := values[f.Name]; ok && slices.ContainsFunc(p.fields(), func(o commands.Field) bool { return o.Name == f.Name }) {
			p.form.Fields[n].Value = v
		}
	}
	s.line.Room = p.room
	if len(p.rest()) == 0 || e.guarding(values) { // what may not be kept is refused at once, not when all pages are filled in
		return e.sendForm(ctx, i, s, p), nil, nil
	}
	v := e.desk.Voice(s.person.Lang)
	name, err := e.keepForm(ctx, s, &p.form)
	if err != nil {
		return commands.Reply{}, nil, err
	}
	var labels []string
	for _, f := range p.rest() {
		labels = append(labels, f.Label)
	}
	buttons := []component{
		{Type: buttonComponent, Style: primaryButton, Label: cut(v.Say("discord.form.send"), labelLimit), CustomID: e.formID(sendHead, s, p.n, name)},
		{Type: buttonComponent, Style: secondaryButton, Label: cut(v.Say("discord.form.more"), labelLimit), CustomID: e.formID(openHead, s, p.n+1, name)},
	}
	return commands.Reply{Text: v.Say("discord.form.rest", "fields", labels), Lang: s.person.Lang}, buttons, nil
}

// guarding tells whether something typed holds patients' data or a secret: then no page of the form is kept.
func (e *ears) guarding(values map[string]string) bool {
	for _, text := range values {
		if _, found := e.desk.Guard(text); found {
			return true
		}
	}
	return false
}

// sendForm hands a form to the bot as it is filled in.
func (e *ears) sendForm(ctx context.Context, i interaction, s speaker, p page) commands.Reply {
	l := s.line
	l.ID, l.Room, l.Command, l.Args = i.ID, p.room, p.form.Command, map[string]string{}
	maps.Copy(l.Args, p.form.Hidden)
	for _, f := range p.form.Fields {
		if strings.TrimSpace(f.Value) != "" {
			l.Args[f.Name] = f.Value
		}
	}
	return e.hearer.Handle(ctx, l)
}
