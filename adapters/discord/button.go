package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"wardline/adapters/seal"
	"wardline/bot"
)

// Limits of buttons.
const (
	customIDLimit = 100
	labelLimit    = 80
	perRow        = 5
	mostRows      = 5
)

// The kinds and styles of component.
const (
	rowComponent    = 1
	buttonComponent = 2
	selectComponent = 3
	inputComponent  = 4
	labelComponent  = 18

	primaryButton   = 1
	secondaryButton = 2
	dangerButton    = 4
)

// A component is a part of a message or form that people act on.
type component struct {
	Type        int            `json:"type"`
	Style       int            `json:"style,omitempty"`
	Label       string         `json:"label,omitempty"`
	Description string         `json:"description,omitempty"`
	CustomID    string         `json:"custom_id,omitempty"`
	Value       string         `json:"value,omitempty"`
	Placeholder string         `json:"placeholder,omitempty"`
	Required    *bool          `json:"required,omitempty"`
	MinValues   *int           `json:"min_values,omitempty"`
	MaxValues   int            `json:"max_values,omitempty"`
	MaxLength   int            `json:"max_length,omitempty"`
	Options     []selectOption `json:"options,omitempty"`
	Components  []component    `json:"components,omitempty"`
	Component   *component     `json:"component,omitempty"`
}

// A selectOption is one line of a select.
type selectOption struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// buttons makes buttons and reads them when they are pressed. A button carries the line it stands for,
// or the name of one that is kept on the shelf, and a mark that nobody else can make.
type buttons struct {
	seal  seal.Sealer
	shelf Shelf

	mu   sync.Mutex // protects kept
	kept map[string]bool
}

func newButtons(key []byte, shelf Shelf) *buttons {
	return &buttons{seal: seal.New(key, "discord/button"), shelf: shelf, kept: map[string]bool{}}
}

// rows makes the buttons of a message in a room. With forUser they are for that user only and until then
// only, wherever they are shown: pressing one is saying its line in that room. Long lines are durable
// when rows returns. What is more than a message can hold is left out.
func (b *buttons) rows(ctx context.Context, actions []bot.Action, room bot.RoomID, forUser string, until time.Time) ([]component, error) {
	var flat []component
	seen := map[string]bool{}
	for _, a := range actions {
		id, err := b.id(ctx, a, room, forUser, until)
		if err != nil {
			return nil, err
		}
		if !seen[id] && a.Label != "" {
			seen[id] = true
			flat = append(flat, component{Type: buttonComponent, Style: styleOf(a.Style), Label: cut(a.Label, labelLimit), CustomID: id})
		}
	}
	return inRows(flat), nil
}

func inRows(flat []component) []component {
	var rows []component
	for len(flat) > 0 && len(rows) < mostRows {
		n := min(perRow, len(flat))
		rows = append(rows, component{Type: rowComponent, Components: flat[:n]})
		flat = flat[n:]
	}
	return rows
}

func styleOf(s bot.ActionStyle) int {
	switch s {
	case bot.Primary:
		return primaryButton
	case bot.Danger:
		return dangerButton
	case bot.Plain:
	}
	return secondaryButton
}

// id is "b:<scope>:<mark>:<what>". The scope is empty for everybody's buttons, else when it ends, after
// a "p", or a "c" if pressing it spends the question it stands below.
func (b *buttons) id(ctx context.Context, a bot.Action, room bot.RoomID, forUser string, until time.Time) (string, error) {
	scope, what := "", a.Line
	if forUser != "" {
		scope, what = "p"+strconv.FormatInt(until.Unix(), 36), string(room)+" "+a.Line
		if a.Style != bot.Plain {
			scope = "c" + scope[1:]
		}
		room = ""
	}
	if length(what)+len(scope)+seal.MarkLength+4 > customIDLimit {
		var err error
		if what, err = b.keep(ctx, what); err != nil {
			return "", err
		}
	}
	return "b:" + scope + ":" + b.seal.Mark(scope, string(room), forUser, what) + ":" + what, nil
}

// keep puts what a button stands for on the shelf and returns its name there.
func (b *buttons) keep(ctx context.Context, what string) (string, error) {
	name := "#" + hashed(what)
	b.mu.Lock()
	known := b.kept[name]
	b.mu.Unlock()
	if known {
		return name, nil
	}
	if err := b.shelf.Put(ctx, Entry{Key: "button/" + name, Value: []byte(what)}); err != nil {
		return "", fmt.Errorf("keep a button: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.kept) > 4096 {
		clear(b.kept)
	}
	b.kept[name] = true
	return name, nil
}

func hashed(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// A pressed button is a line somebody says in a room.
type pressed struct {
	line  string
	room  bot.RoomID
	spent bool // the question it stands below is answered by it
}

// read returns what a button stands for when a user presses it in a room; false if it was not made here,
// or for somebody else, or is over.
func (b *buttons) read(ctx context.Context, id string, room bot.RoomID, user string, now time.Time) (pressed, bool, error) {
	parts := strings.SplitN(id, ":", 4)
	if len(parts) != 4 || parts[0] != "b" {
		return pressed{}, false, nil
	}
	scope, mark, what := parts[1], parts[2], parts[3]
	private := scope != ""
	if private {
		until, err := strconv.ParseInt(scope[1:], 36, 64)
		if err != nil || now.Unix() > until || !b.seal.Holds(mark, scope, "", user, what) {
			return pressed{}, false, nil //nolint:nilerr // what cannot be read was not made here
		}
	} else if !b.seal.Holds(mark, "", string(room), "", what) {
		return pressed{}, false, nil
	}
	if strings.HasPrefix(what, "#") {
		value, found, err := b.shelf.Get(ctx, "button/"+what)
		if err != nil || !found {
			return pressed{}, false, err
		}
		what = string(value)
	}
	p := pressed{line: what, room: room}
	if private {
		own, line, _ := strings.Cut(what, " ")
		p = pressed{line: line, room: bot.RoomID(own), spent: scope[0] == 'c'}
	}
	return p, true, nil
}
