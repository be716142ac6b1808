package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Slash uses a slash command, such as "outage declare", with options by name. The test ends when Discord's
// own window would not let the person send it: no such command, a required option missing, a value that does
// not fit.
func (u *User) Slash(channel, path string, options map[string]any) *Interaction {
	u.s.t.Helper()
	return u.command(interactCommand, channel, path, "", options)
}

// Autocomplete types into one option of a command; what was typed before is in options. Discord checks
// nothing of what is typed so far.
func (u *User) Autocomplete(channel, path, option string, typed any, options map[string]any) *Interaction {
	u.s.t.Helper()
	given := map[string]any{option: typed}
	maps.Copy(given, options)
	return u.command(interactComplete, channel, path, option, given)
}

func (u *User) command(kind int, channel, path, focus string, options map[string]any) *Interaction {
	u.s.t.Helper()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch := u.room(channel, UseCommands)
	words := strings.Fields(path)
	known := u.s.slash(words[0])
	if known == nil {
		u.s.t.Fatalf("%s: no command /%s", u.m.User.Username, words[0])
	}
	if rights := u.s.inGuild(u.m); known.rights != nil && (!rights.Has(*known.rights) || *known.rights == 0 && rights != all) {
		u.s.t.Fatalf("%s does not see /%s: it needs rights %d", u.m.User.Username, words[0], *known.rights)
	}
	fields, err := known.inner(words[1:])
	if err != nil {
		u.s.t.Fatal(err)
	}
	resolved := resolution{}
	values, err := u.fill(kind, fields, focus, options, resolved)
	if err != nil {
		u.s.t.Fatalf("%s: /%s: %v", u.m.User.Username, path, err)
	}
	data := map[string]any{"id": known.id, "name": known.name(), "type": 1}
	if known.guild != "" {
		data["guild_id"] = known.guild
	}
	for _, word := range slices.Backward(words[1:]) {
		inner := map[string]any{"name": word, "type": optionSub, "options": values}
		if len(values) > 0 && values[0]["type"] == optionSub {
			inner["type"] = optionGroup
		}
		values = []map[string]any{inner}
	}
	if len(values) > 0 {
		data["options"] = values
	}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return u.s.interact(u, kind, ch, nil, data)
}

// fill puts values into the options of a command.
func (u *User) fill(kind int, fields []map[string]any, focus string, given map[string]any, r resolution) ([]map[string]any, error) {
	values := []map[string]any{}
	for name := range given {
		if !slices.ContainsFunc(fields, func(f map[string]any) bool { return f["name"] == name }) {
			return nil, fmt.Errorf("no option %q", name)
		}
	}
	for _, field := range fields {
		name, _ := field["name"].(string)
		value, there := given[name]
		if !there {
			if required, _ := field["required"].(bool); required && kind == interactCommand {
				return nil, fmt.Errorf("option %q is required", name)
			}
			continue
		}
		one := map[string]any{"name": name, "type": kindOf(field), "value": value}
		if name == focus {
			if auto, _ := field["autocomplete"].(bool); !auto {
				return nil, fmt.Errorf("option %q has no autocomplete", name)
			}
			one["focused"] = true
		}
		if kind == interactCommand {
			if err := u.fits(field, one, r); err != nil {
				return nil, fmt.Errorf("option %q: %w", name, err)
			}
		}
		values = append(values, one)
	}
	return values, nil
}

// fits checks a value as Discord's window does, and resolves what it names.
func (u *User) fits(field, one map[string]any, r resolution) error {
	value := one["value"]
	if choices := components(field["choices"]); len(choices) > 0 {
		if !slices.ContainsFunc(choices, func(c map[string]any) bool { return fmt.Sprint(c["value"]) == fmt.Sprint(value) }) {
			return fmt.Errorf("%v is none of the choices", value)
		}
	}
	switch kindOf(field) {
	case optionString:
		text, ok := value.(string)
		if !ok {
			return fmt.Errorf("%T is no string", value)
		}
		n := utf8.RuneCountInString(text)
		if n == 0 || n < whole(field["min_length"]) || n > atMost(field["max_length"], 6000) {
			return fmt.Errorf("%d characters do not fit", n)
		}
	case optionInteger, optionNumber:
		n, err := json.Number(fmt.Sprint(value)).Float64()
		if err != nil {
			return fmt.Errorf("%v is no number", value)
		}
		if low, ok := field["min_value"].(json.Number); ok && n < must(low) {
			return fmt.Errorf("%v is less than %s", value, low)
		}
		if high, ok := field["max_value"].(json.Number); ok && n > must(high) {
			return fmt.Errorf("%v is more than %s", value, high)
		}
	case optionBoolean:
		if _, ok := value.(bool); !ok {
			return fmt.Errorf("%T is no boolean", value)
		}
	case optionAttachment:
		file, ok := value.(File)
		if !ok {
			return fmt.Errorf("%T is no File", value)
		}
		one["value"] = r.file(u.s, file)
	default:
		id, _ := value.(string)
		if !r.name(u.s, id) {
			return fmt.Errorf("%v is the id of nothing here", value)
		}
	}
	return nil
}

func must(n json.Number) float64 {
	f, _ := n.Float64() // the description lets only numbers pass
	return f
}

func atMost(v any, otherwise int) int {
	if v == nil {
		return otherwise
	}
	return whole(v)
}

// A resolution is what the ids in an interaction stand for, by kind and id.
type resolution map[string]map[string]any

func (r resolution) add(kind, id string, v any) {
	if r[kind] == nil {
		r[kind] = make(map[string]any)
	}
	r[kind][id] = v
}

// name resolves an id of a member, a role or a channel, and says whether it is one.
func (r resolution) name(s *Server, id string) bool {
	if m := s.member(id); m != nil {
		r.add("users", id, m.User)
		r.add("members", id, struct {
			member
			User        *Person    `json:"user,omitempty"`
			Permissions Permission `json:"permissions"`
		}{*m, nil, s.inGuild(m)})
		return true
	}
	if role := s.role(id); role != nil {
		r.add("roles", id, *role)
		return true
	}
	if ch := s.channels[id]; ch != nil {
		r.add("channels", id, ch.Channel)
		return true
	}
	return false
}

// file serves a file for as long as the test runs and gives its id.
func (r resolution) file(s *Server, f File) string {
	a, _ := s.keep(&Message{ChannelID: "0", OnlyFor: "0"}, upload{f.Name, f.Kind, f.Data}, attachmentRef{})
	r.add("attachments", a.ID, a)
	return a.ID
}
