package discordtest

import (
	"fmt"
	"unicode/utf8"
)

// strictMessage holds a message to the limits the description leaves out.
func strictMessage(data map[string]any) *apiError {
	content, _ := data["content"].(string)
	if utf8.RuneCountInString(content) > 2000 {
		return badForm("/content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
	}
	sum := 0
	for _, embed := range components(data["embeds"]) {
		sum += embedLength(embed)
	}
	if sum > 6000 {
		return badForm("/embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
	if mentions, ok := data["allowed_mentions"].(map[string]any); ok {
		if e := strictMentions(mentions); e != nil {
			return e
		}
	}
	return strictComponents(components(data["components"]), whole(data["flags"])&ComponentsV2 != 0)
}

// embedLength counts what counts: title, description, footer, author and fields.
func embedLength(embed map[string]any) int {
	count := func(object map[string]any, keys ...string) (sum int) {
		for _, key := range keys {
			text, _ := object[key].(string)
			sum += utf8.RuneCountInString(text)
		}
		return sum
	}
	sum := count(embed, "title", "description")
	if footer, ok := embed["footer"].(map[string]any); ok {
		sum += count(footer, "text")
	}
	if author, ok := embed["author"].(map[string]any); ok {
		sum += count(author, "name")
	}
	for _, field := range components(embed["fields"]) {
		sum += count(field, "name", "value")
	}
	return sum
}

// strictMentions refuses a list beside the word that means all of the kind.
func strictMentions(mentions map[string]any) *apiError {
	parse, _ := mentions["parse"].([]any)
	for _, kind := range parse {
		if name, _ := kind.(string); name == "users" || name == "roles" {
			if list, _ := mentions[name].([]any); len(list) > 0 {
				return badForm("/allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", fmt.Sprintf("parse:[%q] and %s: [ids...] are mutually exclusive.", name, name))
			}
		}
	}
	return nil
}

// strictComponents holds the components of a message to their number and to custom ids of their own.
func strictComponents(list []map[string]any, second bool) (e *apiError) {
	if !second && len(list) > 5 {
		return badForm("/components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	total := 0
	seen := make(map[string]bool)
	walkComponents(list, func(c map[string]any) {
		total++
		if id, ok := c["custom_id"].(string); ok {
			if seen[id] {
				e = badForm("/components", "COMPONENT_CUSTOM_ID_DUPLICATED", fmt.Sprintf("Component custom id cannot be duplicated: %q", id))
			}
			seen[id] = true
		}
		if kindOf(c) == kindRow && e == nil {
			e = strictRow(components(c["components"]))
		}
		if !second && kindOf(c) >= 9 && e == nil {
			e = badForm("/components", "UNION_TYPE_CHOICES", "components of the second kind need the flag IS_COMPONENTS_V2")
		}
	})
	if e == nil && total > 40 && second {
		e = badForm("/components", "BASE_TYPE_BAD_LENGTH", "Must be 40 or fewer components in total.")
	}
	return e
}

// strictRow lets a row hold up to five buttons or one select menu.
func strictRow(row []map[string]any) *apiError {
	width := 0
	for _, c := range row {
		switch kind := kindOf(c); {
		case kind == kindButton:
			width++
		case kind == kindSelect, kind >= 5 && kind <= 8:
			width += 5
			low, high := bounds(c)
			if n := len(components(c["options"])); kind == kindSelect && (high > n || low > high) {
				return badForm("/components", "SELECT_COMPONENT_INVALID_BOUNDS", fmt.Sprintf("min_values %d and max_values %d for %d options", low, high, n))
			}
		}
	}
	if width > 5 {
		return badForm("/components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "Components displayed on a row must be 5 or fewer in width.")
	}
	return nil
}

// bounds are how many values a select menu takes.
func bounds(c map[string]any) (low, high int) {
	low, high = 1, 1
	if c["min_values"] != nil {
		low = whole(c["min_values"])
	}
	if c["max_values"] != nil {
		high = whole(c["max_values"])
	}
	return low, high
}

// strictModal holds a form to the limits the description leaves out.
func strictModal(data map[string]any) (e *apiError) {
	list := components(data["components"])
	if len(list) > 5 {
		return badForm("/data/components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	seen := make(map[string]bool)
	walkComponents(list, func(c map[string]any) {
		if id, ok := c["custom_id"].(string); ok {
			if seen[id] {
				e = badForm("/data/components", "COMPONENT_CUSTOM_ID_DUPLICATED", fmt.Sprintf("Component custom id cannot be duplicated: %q", id))
			}
			seen[id] = true
		}
	})
	return e
}
