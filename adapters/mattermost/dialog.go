package mattermost

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/seal"
	"wardline/bot"
	"wardline/commands"
)

const (
	dialogLife  = 15 * time.Minute // a form that lay open longer is asked for again
	mostOptions = 100              // a list longer than this is typed, not scrolled through
)

var (
	errDialogLate  = errors.New("the form is too old")
	errDialogOther = errors.New("the form is another user's")
)

// dialogs turns forms into the server's dialogs, and what comes back into arguments. A submission
// carries no signature of the server's, so that all it may do is sealed in its state.
type dialogs struct {
	sealer seal.Sealer
}

func newDialogs(config Config) dialogs {
	return dialogs{sealer: seal.New(config.Key, "mattermost/dialog")}
}

// state is what a dialog carries to its submission.
type state struct {
	User    string            `json:"u"`
	Room    bot.RoomID        `json:"r,omitempty"`
	Channel string            `json:"c,omitempty"`
	Command string            `json:"k"`
	Hidden  map[string]string `json:"h,omitempty"`
	Fields  []string          `json:"f"`
	Until   int64             `json:"e"` // unix seconds
	Nonce   string            `json:"n"`
}

// pack seals a state. People can read it; they cannot change it.
func (d dialogs) pack(s state) (string, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	return text + "." + d.sealer.Mark(text), nil
}

// unpack reads a state that a user sent back.
func (d dialogs) unpack(text, userID string, now time.Time) (state, error) {
	body, mark, _ := strings.Cut(text, ".")
	if !d.sealer.Holds(mark, body) {
		return state{}, errForged
	}
	var s state
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	switch {
	case err != nil:
		return state{}, errForged
	case s.User != userID:
		return state{}, errDialogOther
	case now.Unix() > s.Until:
		return s, errDialogLate
	}
	return s, nil
}

// args are the arguments of a submission: the fields there were, and what was hidden.
func (s state) args(submission map[string]any) map[string]string {
	out := map[string]string{}
	for _, name := range s.Fields {
		if text := entered(submission[name]); text != "" {
			out[name] = text
		}
	}
	for name, value := range s.Hidden {
		out[name] = value
	}
	return out
}

// entered returns what stands in a field, whatever the server made of it.
func entered(value any) string {
	switch v := value.(type) {
	case string:
		return strings.ToValidUTF8(v, "")
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		var parts []string
		for _, one := range v {
			if text := entered(one); text != "" {
				parts = append(parts, text)
			}
		}
		return strings.Join(parts, ",")
	}
	return ""
}

// nonce names one showing of a form.
func nonce() string { return rand.Text() }

// make returns the dialog of a form. It returns false if the form cannot be a dialog without losing
// something a person wrote; then it is asked for in words.
func (d dialogs) make(form commands.Form, s state, multi bool) (model.Dialog, bool) {
	s.Command, s.Hidden = form.Command, form.Hidden
	out := model.Dialog{
		CallbackId: form.Command, Title: shorten(form.Title, model.DialogTitleMaxLength),
		IntroductionText: form.Intro, SubmitLabel: form.Submit,
	}
	if out.Title != form.Title { // the whole of it stands where there is room
		out.IntroductionText = strings.TrimSpace(form.Title + "\n\n" + form.Intro)
	}
	for _, field := range form.Fields {
		element := element(field, multi)
		if field.Value != "" && element.Default == "" && element.Type != "select" {
			return model.Dialog{}, false
		}
		out.Elements = append(out.Elements, element)
		s.Fields = append(s.Fields, field.Name)
	}
	packed, err := d.pack(s)
	out.State = packed
	return out, err == nil && out.Title != "" && len(out.Elements) > 0
}

// element is one field. The server counts bytes, of which a Chinese character has three.
func element(field commands.Field, multi bool) model.DialogElement {
	e := model.DialogElement{
		Name: field.Name, DisplayName: shorten(field.Label, model.DialogElementDisplayNameMaxLength), Optional: !field.Required,
		HelpText: shorten(field.Hint, model.DialogElementHelpTextMaxLength),
	}
	if e.DisplayName != field.Label {
		e.HelpText = shorten(strings.TrimSpace(field.Label+" "+field.Hint), model.DialogElementHelpTextMaxLength)
	}
	listed := len(field.Options) > 0 && len(field.Options) <= mostOptions
	if listed && (field.Kind == commands.Pick || field.Kind == commands.PickMany && multi) {
		e.Type, e.MultiSelect = "select", field.Kind == commands.PickMany
		for _, o := range field.Options {
			if o.Value != "" && o.Label != "" {
				e.Options = append(e.Options, &model.PostActionOptions{Text: o.Label, Value: o.Value})
			}
		}
		if chosen(field.Value, e.Options, e.MultiSelect) {
			e.Default = field.Value
		}
		return e
	}
	long := field.Kind == commands.LongText || len(field.Value) > model.DialogElementTextMaxLength
	e.Type, e.MaxLength = "text", model.DialogElementTextMaxLength
	if long {
		e.Type, e.MaxLength = "textarea", model.DialogElementTextareaMaxLength
	}
	if len(field.Value) <= e.MaxLength {
		e.Default = field.Value
	}
	if len(field.Options) > 0 { // typed after all: show how it is written
		e.Placeholder = shorten(sample(field.Options), model.DialogElementTextMaxLength)
	}
	return e
}

// chosen reports whether a default is one of the options, as the server wants it.
func chosen(value string, options []*model.PostActionOptions, many bool) bool {
	values := []string{value}
	if many {
		values = strings.Split(value, ",")
	}
	return value != "" && !slices.ContainsFunc(values, func(v string) bool {
		return !slices.ContainsFunc(options, func(o *model.PostActionOptions) bool { return o.Value == v })
	})
}

// sample shows by the first options what may be typed.
func sample(options []commands.Option) string {
	var labels []string
	for _, o := range options[:min(len(options), 3)] {
		labels = append(labels, o.Label)
	}
	return strings.Join(labels, ", ")
}

// shorten cuts a text to so many bytes, between characters, with a sign that there was more.
func shorten(text string, most int) string {
	text = strings.ToValidUTF8(text, "")
	if len(text) <= most {
		return text
	}
	const more = "…"
	end := most - len(more)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimRight(text[:end], " ") + more
}

// blame divides the words of a refusal among the fields of the form: a line that names fields stands
// beside each of them, the rest above. What the handler says about a field names it by its label.
func blame(reply commands.Reply) model.SubmitDialogResponse {
	out := model.SubmitDialogResponse{Errors: map[string]string{}}
	var rest []string
	for line := range strings.SplitSeq(reply.Text, "\n") {
		names := blamed(line, reply.Form)
		for _, name := range names {
			out.Errors[name] = strings.TrimSpace(out.Errors[name] + "\n" + line)
		}
		if len(names) == 0 {
			rest = append(rest, line)
		}
	}
	out.Error = strings.TrimSpace(strings.Join(rest, "\n"))
	return out
}

// blamed returns the fields that a line is about. An example of the whole command is about none; a label
// that is part of a longer one there does not count.
func blamed(line string, form *commands.Form) (names []string) {
	if form == nil {
		return nil
	}
	root, _, _ := strings.Cut(form.Command, " ")
	if strings.Contains(line, "/"+root) {
		return nil
	}
	fields := slices.Clone(form.Fields)
	slices.SortStableFunc(fields, func(a, b commands.Field) int { return len(b.Label) - len(a.Label) })
	for _, f := range fields {
		if f.Label != "" && strings.Contains(line, f.Label) {
			names = append(names, f.Name)
			line = strings.ReplaceAll(line, f.Label, "\x00")
		}
	}
	return names
}
