package discordtest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// commandName is what commands and options may be called; lower case where a letter has one.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// strictCommands holds a list of commands to the limits the description leaves out.
func strictCommands(list []map[string]any) *apiError {
	count := make(map[int]int)
	seen := make(map[string]bool)
	for i, c := range list {
		at := fmt.Sprintf("/%d", i)
		kind := max(whole(c["type"]), 1)
		count[kind]++
		key := fmt.Sprint(kind, c["name"])
		if seen[key] {
			return badForm(at+"/name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		seen[key] = true
		if kind != 1 {
			continue
		}
		if e := strictCommand(at, c, false); e != nil {
			return e
		}
		if n := commandLength(c); n > 8000 {
			return badForm(at, "APPLICATION_COMMAND_TOO_LARGE", fmt.Sprintf("Command exceeds maximum size (8000): %d", n))
		}
	}
	if count[1] > 100 || count[2] > 15 || count[3] > 15 {
		return &apiError{status: 400, code: 30032, message: "Maximum number of application commands reached (100)", fields: []fieldError{{"", "MAX", "too many commands of one kind"}}}
	}
	return nil
}

// strictCommand checks a command, or an option in one: names, descriptions and what is in it.
func strictCommand(at string, c map[string]any, option bool) *apiError {
	names := map[string]any{"name": c["name"]}
	for locale, name := range object(c["name_localizations"]) {
		names["name_localizations/"+locale] = name
	}
	for key, value := range names {
		if name, _ := value.(string); !commandName.MatchString(name) || strings.ToLower(name) != name {
			return badForm(at+"/"+key, "APPLICATION_COMMAND_INVALID_NAME", fmt.Sprintf("Command name is invalid: %q", name))
		}
	}
	if text, _ := c["description"].(string); text == "" || utf8.RuneCountInString(text) > 100 {
		return badForm(at+"/description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	}
	if e := strictChoices(at, c); e != nil {
		return e
	}
	return strictOptions(at, c, option)
}

// strictOptions checks the list of a command's options.
func strictOptions(at string, c map[string]any, inOption bool) *apiError {
	optional, subs, plain := false, false, false
	seen := make(map[string]bool)
	for i, o := range components(c["options"]) {
		here := fmt.Sprintf("%s/options/%d", at, i)
		name, _ := o["name"].(string)
		if seen[name] {
			return badForm(here+"/name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		}
		seen[name] = true
		kind := kindOf(o)
		sub := kind == optionSub || kind == optionGroup
		subs, plain = subs || sub, plain || !sub
		required, _ := o["required"].(bool)
		switch {
		case subs && plain:
			return badForm(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
		case sub && inOption && (kind == optionGroup || kindOf(c) == optionSub):
			return badForm(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "groups are one level deep")
		case kindOf(c) == optionGroup && inOption && kind != optionSub:
			return badForm(here, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "a group holds subcommands only")
		case !sub && required && optional:
			return badForm(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !sub && !required
		if e := strictCommand(here, o, true); e != nil {
			return e
		}
	}
	return nil
}

// strictChoices checks the values an option offers.
func strictChoices(at string, o map[string]any) *apiError {
	choices := components(o["choices"])
	if auto, _ := o["autocomplete"].(bool); auto && len(choices) > 0 {
		return badForm(at+"/choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "choices and autocomplete exclude each other")
	}
	return strictChoiceList(at+"/choices", choices)
}

func strictChoiceList(at string, choices []map[string]any) *apiError {
	for i, choice := range choices {
		if value, _ := choice["value"].(string); utf8.RuneCountInString(value) > 100 {
			return badForm(fmt.Sprintf("%s/%d/value", at, i), "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		}
		if name, _ := choice["name"].(string); name == "" || utf8.RuneCountInString(name) > 100 {
			return badForm(fmt.Sprintf("%s/%d/name", at, i), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
		}
	}
	if len(choices) > 25 {
		return badForm(at, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	return nil
}

// commandLength counts names, descriptions and values; of several languages the longest counts.
func commandLength(c map[string]any) int {
	longest := func(key string) int {
		text, _ := c[key].(string)
		n := utf8.RuneCountInString(text)
		for _, other := range object(c[key+"_localizations"]) {
			text, _ := other.(string)
			n = max(n, utf8.RuneCountInString(text))
		}
		return n
	}
	sum := longest("name") + longest("description")
	if value, ok := c["value"].(string); ok {
		sum += utf8.RuneCountInString(value)
	}
	for _, inner := range append(components(c["options"]), components(c["choices"])...) {
		sum += commandLength(inner)
	}
	return sum
}

// object reads a JSON object, or nothing.
func object(v any) map[string]any {
	found, _ := v.(map[string]any)
	return found
}
