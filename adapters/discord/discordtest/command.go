package discordtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// The types of options that mean something to this server.
const (
	optionSub        = 1
	optionGroup      = 2
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionUser       = 6
	optionChannel    = 7
	optionRole       = 8
	optionMention    = 9
	optionNumber     = 10
	optionAttachment = 11
)

// A command is a registered application command.
type command struct {
	id, version, guild string
	body               map[string]any // as it was sent, without nulls
	rights             *Permission    // what people need to see it
}

func (c *command) name() string { return c.body["name"].(string) }

// kind is the type of the command: 1 for slash commands, which is the default.
func (c *command) kind() int { return max(whole(c.body["type"]), 1) }

// shown is the command as the API gives it back.
func (c *command) shown(appID string, localised bool) map[string]any {
	body := map[string]any{
		"id": c.id, "application_id": appID, "version": c.version, "type": c.kind(), "name": c.name(), "description": "",
		"default_member_permissions": nil, "nsfw": false, "integration_types": []int{0}, "dm_permission": true, "contexts": nil,
	}
	maps.Copy(body, c.body)
	if c.rights != nil {
		body["default_member_permissions"] = *c.rights
	}
	if c.guild != "" {
		body["guild_id"] = c.guild
	}
	if !localised {
		body = cleaned(body).(map[string]any)
		dropLocalisations(body)
		body["default_member_permissions"] = nil
		if c.rights != nil {
			body["default_member_permissions"] = *c.rights
		}
	}
	return body
}

// dropLocalisations takes names and descriptions in other languages out, as the short list does.
func dropLocalisations(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "name_localizations")
		delete(v, "description_localizations")
		for _, inner := range v {
			dropLocalisations(inner)
		}
	case []any:
		for _, inner := range v {
			dropLocalisations(inner)
		}
	}
}

// scope gives the place of the commands a path speaks of.
func (s *Server) scope(c *call) (guild string, e *apiError) {
	if c.vars["application_id"] != s.appID {
		return "", &apiError{status: http.StatusForbidden, code: 20012, message: "You are not authorized to perform this action on this application"}
	}
	guild, local := c.vars["guild_id"]
	if local && guild != s.guildID {
		return "", missingAccess()
	}
	return guild, nil
}

func (s *Server) getCommands(c *call) (answer, *apiError) {
	guild, e := s.scope(c)
	if e != nil {
		return no(e)
	}
	list := []any{}
	for _, known := range s.commands[guild] {
		list = append(list, known.shown(s.appID, c.query.Get("with_localizations") == "true"))
	}
	return ok(list)
}

// putCommands replaces all commands of a scope. Names that are known keep their ids, and only new ones
// count against the 200 a day.
func (s *Server) putCommands(c *call) (answer, *apiError) {
	guild, e := s.scope(c)
	if e != nil {
		return no(e)
	}
	bodies := components(c.value)
	if e := strictCommands(bodies); e != nil {
		return no(e)
	}
	next := []*command{}
	list := []any{}
	for _, body := range bodies {
		made, e := s.command(guild, body)
		if e != nil {
			return no(e)
		}
		next = append(next, made)
		list = append(list, made.shown(s.appID, true))
	}
	s.commands[guild] = next
	s.tell()
	return ok(list)
}

// createCommand makes one command, or replaces that of its name.
func (s *Server) createCommand(c *call) (answer, *apiError) {
	guild, e := s.scope(c)
	if e != nil {
		return no(e)
	}
	body := c.object()
	if e := strictCommands([]map[string]any{body}); e != nil {
		return no(e)
	}
	before := s.named(guild, body)
	made, e := s.command(guild, body)
	if e != nil {
		return no(e)
	}
	status := http.StatusCreated
	if before != nil {
		status = http.StatusOK
	}
	s.commands[guild] = append(slices.DeleteFunc(slices.Clone(s.commands[guild]), func(k *command) bool { return k == before }), made)
	s.tell()
	return answer{status: status, body: made.shown(s.appID, true)}, nil
}

// named gives the command that has the name and type of a body.
func (s *Server) named(guild string, body map[string]any) *command {
	for _, known := range s.commands[guild] {
		if known.name() == body["name"] && known.kind() == max(whole(body["type"]), 1) {
			return known
		}
	}
	return nil
}

// command makes a command out of a body.
func (s *Server) command(guild string, body map[string]any) (*command, *apiError) {
	made := &command{guild: guild, body: cleaned(body).(map[string]any), version: s.newID()}
	if rights, given := made.body["default_member_permissions"]; given {
		var p Permission
		if err := p.UnmarshalJSON(marshal(rights)); err != nil {
			return nil, badForm("/default_member_permissions", "BASE_TYPE_CHOICES", err.Error())
		}
		made.rights = &p
		delete(made.body, "default_member_permissions")
	}
	if known := s.named(guild, body); known != nil {
		made.id = known.id
		return made, nil
	}
	day := guild + s.options.Now().Format(time.DateOnly)
	s.commandsMade[day]++
	if s.commandsMade[day] > 200 {
		return nil, &apiError{status: http.StatusBadRequest, code: 30034, message: "Max number of daily application command creates has been reached (200)"}
	}
	made.id = s.newID()
	return made, nil
}

func (s *Server) getCommand(c *call) (answer, *apiError) {
	guild, e := s.scope(c)
	if e != nil {
		return no(e)
	}
	for _, known := range s.commands[guild] {
		if known.id == c.vars["command_id"] {
			return ok(known.shown(s.appID, true))
		}
	}
	return no(unknownCommand())
}

func (s *Server) deleteCommand(c *call) (answer, *apiError) {
	guild, e := s.scope(c)
	if e != nil {
		return no(e)
	}
	before := len(s.commands[guild])
	s.commands[guild] = slices.DeleteFunc(slices.Clone(s.commands[guild]), func(k *command) bool { return k.id == c.vars["command_id"] })
	if len(s.commands[guild]) == before {
		return no(unknownCommand())
	}
	s.tell()
	return nothing()
}

func unknownCommand() *apiError {
	return &apiError{status: http.StatusNotFound, code: 10063, message: "Unknown application command"}
}

// Commands are the names of the registered slash commands, those of the guild before the global ones.
func (s *Server) Commands() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, guild := range []string{s.guildID, ""} {
		for _, c := range s.commands[guild] {
			names = append(names, c.name())
		}
	}
	return names
}

// AwaitCommand waits until a slash command is registered.
func (s *Server) AwaitCommand(name string, limit time.Duration) bool {
	return s.await(limit, func() bool { return s.slash(name) != nil })
}

// slash gives a slash command by name, the guild's own before the global one.
func (s *Server) slash(name string) *command {
	for _, guild := range []string{s.guildID, ""} {
		if c := s.named(guild, map[string]any{"name": name}); c != nil {
			return c
		}
	}
	return nil
}

// inner finds the options of a command's path, such as "outage declare".
func (c *command) inner(words []string) (options []map[string]any, err error) {
	options = components(c.body["options"])
	for i, word := range words {
		at := slices.IndexFunc(options, func(o map[string]any) bool {
			return o["name"] == word && (kindOf(o) == optionSub || kindOf(o) == optionGroup)
		})
		if at < 0 {
			return nil, fmt.Errorf("/%s has no %q", c.name(), words[:i+1])
		}
		options = components(options[at]["options"])
	}
	for _, o := range options {
		if kind := kindOf(o); kind == optionSub || kind == optionGroup {
			return nil, fmt.Errorf("/%s %v cannot be called itself: it has subcommands", c.name(), words)
		}
	}
	return options, nil
}
