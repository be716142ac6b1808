package discordtest

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// Press presses a button of a message. The test ends when the person does not see the message, or when it has
// no such button to press.
func (u *User) Press(m Message, customID string) *Interaction {
	u.s.t.Helper()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch, now, found := u.sees(m, customID)
	if kindOf(found) != kindButton {
		u.s.t.Fatalf("%q is no button", customID)
	}
	return u.s.interact(u, interactPress, ch, now, map[string]any{"custom_id": customID, "component_type": kindButton, "id": found["id"]})
}

// Select chooses from a menu of a message: values of its options, or ids of members, roles and channels.
func (u *User) Select(m Message, customID string, values ...string) *Interaction {
	u.s.t.Helper()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	ch, now, found := u.sees(m, customID)
	kind := kindOf(found)
	resolved := resolution{}
	if err := u.chosen(found, values, resolved); err != nil {
		u.s.t.Fatalf("menu %q: %v", customID, err)
	}
	data := map[string]any{"custom_id": customID, "component_type": kind, "values": values, "id": found["id"]}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return u.s.interact(u, interactPress, ch, now, data)
}

// sees gives the message as it is now, and one of its components; the test ends when the person cannot use it.
func (u *User) sees(m Message, customID string) (*channel, *Message, map[string]any) {
	u.s.t.Helper()
	ch := u.room(m.ChannelID, 0)
	at := slices.IndexFunc(ch.messages, func(other *Message) bool {
		return other.ID == m.ID && (other.OnlyFor == "" || other.OnlyFor == u.m.User.ID)
	})
	if at < 0 {
		u.s.t.Fatalf("%s does not see message %s", u.m.User.Username, m.ID)
	}
	now := ch.messages[at]
	found := component(now.Components, customID)
	if found == nil {
		u.s.t.Fatalf("message %q has no component %q", now.Content, customID)
	}
	if off, _ := found["disabled"].(bool); off {
		u.s.t.Fatalf("component %q is switched off", customID)
	}
	return ch, now, found
}

// chosen checks what was chosen from a menu.
func (u *User) chosen(menu map[string]any, values []string, r resolution) error {
	kind := kindOf(menu)
	if kind != kindSelect && (kind < 5 || kind > 8) {
		return fmt.Errorf("a component of type %d is no menu", kind)
	}
	if low, high := bounds(menu); len(values) < low || len(values) > high {
		return fmt.Errorf("%d values chosen, between %d and %d can be", len(values), low, high)
	}
	for _, value := range values {
		offered := slices.ContainsFunc(components(menu["options"]), func(o map[string]any) bool { return o["value"] == value })
		if kind == kindSelect && !offered || kind != kindSelect && !r.name(u.s, value) {
			return fmt.Errorf("%q cannot be chosen", value)
		}
	}
	return nil
}

// Submit fills in the form that answered an interaction and sends it. Texts are strings; menus in a form take
// a list of strings.
func (u *User) Submit(from *Interaction, values map[string]any) *Interaction {
	u.s.t.Helper()
	form := from.Form()
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	left := maps.Clone(values)
	resolved := resolution{}
	list := []any{}
	for _, top := range components(form["components"]) {
		filled, err := u.fillForm(top, left, resolved)
		if err != nil {
			u.s.t.Fatalf("form %v: %v", form["custom_id"], err)
		}
		list = append(list, filled)
	}
	if len(left) > 0 {
		u.s.t.Fatalf("form %v has no fields %v", form["custom_id"], slices.Sorted(maps.Keys(left)))
	}
	data := map[string]any{"custom_id": form["custom_id"], "components": list}
	if len(resolved) > 0 {
		data["resolved"] = resolved
	}
	return u.s.interact(u, interactForm, from.channel, from.message, data)
}

// fillForm gives a component of a form back with its values, which it takes off the list.
func (u *User) fillForm(c, left map[string]any, r resolution) (map[string]any, error) {
	out := map[string]any{"type": kindOf(c), "id": whole(c["id"])}
	switch kind := kindOf(c); kind {
	case kindRow:
		inner := []any{}
		for _, field := range components(c["components"]) {
			filled, err := u.fillForm(field, left, r)
			if err != nil {
				return nil, err
			}
			inner = append(inner, filled)
		}
		out["components"] = inner
	case kindLabel:
		filled, err := u.fillForm(object(c["component"]), left, r)
		if err != nil {
			return nil, err
		}
		out["component"] = filled
	case kindInput:
		text, err := typed(c, left)
		if err != nil {
			return nil, err
		}
		out["custom_id"], out["value"] = c["custom_id"], text
	case kindText:
	default:
		id, _ := c["custom_id"].(string)
		chosen, _ := left[id].([]string)
		delete(left, id)
		if err := u.chosen(c, chosen, r); err != nil {
			return nil, fmt.Errorf("field %q: %w", id, err)
		}
		out["custom_id"], out["values"] = id, chosen
	}
	return out, nil
}

// typed checks the text of a field; an untouched field keeps what it held.
func typed(field, left map[string]any) (string, error) {
	id, _ := field["custom_id"].(string)
	text, given := left[id].(string)
	delete(left, id)
	if !given {
		text, _ = field["value"].(string)
	}
	required, said := field["required"].(bool)
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 && (required || !said):
		return "", fmt.Errorf("field %q is required", id)
	case n > 0 && n < whole(field["min_length"]), n > atMost(field["max_length"], 4000):
		return "", fmt.Errorf("field %q: %d characters do not fit", id, n)
	}
	return text, nil
}
