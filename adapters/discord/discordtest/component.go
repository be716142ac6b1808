package discordtest

import "encoding/json"

// The kinds of components that mean something to this server.
const (
	kindRow    = 1
	kindButton = 2
	kindSelect = 3
	kindInput  = 4
	kindText   = 10
	kindLabel  = 18
)

// kindOf is the type of a component.
func kindOf(c map[string]any) int { return whole(c["type"]) }

// whole reads a whole number however it came.
func whole(v any) int {
	switch n := v.(type) {
	case float64:
		return int(n)
	case int:
		return n
	case json.Number:
		i, _ := n.Int64()
		return int(i)
	}
	return 0
}

// components are the objects in a list.
func components(v any) (list []map[string]any) {
	switch v := v.(type) {
	case []map[string]any:
		return v
	case []any:
		for _, item := range v {
			if c, ok := item.(map[string]any); ok {
				list = append(list, c)
			}
		}
	}
	return list
}

// walkComponents visits components and what is in them, parents first.
func walkComponents(list []map[string]any, visit func(map[string]any)) {
	for _, c := range list {
		visit(c)
		walkComponents(components(c["components"]), visit)
		for _, key := range []string{"component", "accessory"} {
			if inner, ok := c[key].(map[string]any); ok {
				walkComponents([]map[string]any{inner}, visit)
			}
		}
	}
}

// component finds one by its custom id.
func component(list []map[string]any, customID string) (found map[string]any) {
	walkComponents(list, func(c map[string]any) {
		if c["custom_id"] == customID {
			found = c
		}
	})
	return found
}

// numbered gives components back as Discord does: each with an id, without nulls, with its defaults.
func numbered(list []map[string]any) []map[string]any {
	list = components(cleaned(list))
	next := 0
	walkComponents(list, func(c map[string]any) {
		next++
		if whole(c["id"]) == 0 {
			c["id"] = next
		}
		defaults := map[string]any{}
		switch kind := kindOf(c); {
		case kind == kindSelect, kind >= 5 && kind <= 8:
			defaults = map[string]any{"min_values": 1, "max_values": 1}
		case kind == 11:
			defaults = map[string]any{"description": nil, "spoiler": false}
		case kind == 14:
			defaults = map[string]any{"divider": true, "spacing": 1}
		case kind == 17:
			defaults = map[string]any{"accent_color": nil, "spoiler": false}
		}
		for key, value := range defaults {
			if _, there := c[key]; !there {
				c[key] = value
			}
		}
	})
	if list == nil {
		return []map[string]any{}
	}
	return list
}

// asRich gives embeds back as Discord does.
func asRich(list []map[string]any) []map[string]any {
	list = components(cleaned(list))
	for _, e := range list {
		e["type"] = "rich"
		for _, field := range components(e["fields"]) {
			if _, there := field["inline"]; !there {
				field["inline"] = false
			}
		}
	}
	if list == nil {
		return []map[string]any{}
	}
	return list
}

// cleaned copies a JSON value without the nulls of its objects.
func cleaned(v any) any {
	switch v := v.(type) {
	case []map[string]any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cleaned(v[i])
		}
		return list
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = cleaned(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any)
		for key, value := range v {
			if value != nil {
				object[key] = cleaned(value)
			}
		}
		return object
	}
	return v
}
