package mmtest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// builtIn are the commands a server has of its own; their names are taken.
var builtIn = []string{
	"away", "code", "collapse", "dnd", "echo", "expand", "groupmsg", "header", "help", "invite", "join", "kick", "leave",
	"logout", "marketplace", "me", "msg", "mute", "offline", "online", "open", "purpose", "remove", "rename", "search",
	"settings", "shortcuts", "shrug", "status",
}

func createCommand(c *call) (reply, *model.AppError) {
	var in model.Command
	if !c.read(&in) {
		return fail(badBody())
	}
	if !c.s.mayInTeam(c.me(), in.TeamId, c.s.manageCommands()) {
		return fail(forbidden())
	}
	in.Id, in.Token, in.CreatorId, in.DeleteAt, in.PluginId = "", "", c.me().Id, 0, ""
	in.Trigger = strings.ToLower(in.Trigger)
	if slices.Contains(builtIn, in.Trigger) || c.s.commandNamed(in.TeamId, in.Trigger) != nil {
		return no(http.StatusBadRequest, "api.command.duplicate_trigger.app_error")
	}
	in.PreSave()
	if err := in.IsValid(); err != nil {
		return no(err.StatusCode, err.Id)
	}
	kept := in
	kept.AutocompleteData, kept.AutocompleteIconData = nil, "" // echoed once, and stored nowhere
	c.s.data.commands[kept.Id] = &kept
	return created(in)
}

func (s *Server) commandNamed(teamID, trigger string) *model.Command {
	for _, cmd := range s.data.commands {
		if cmd.TeamId == teamID && cmd.Trigger == trigger {
			return cmd
		}
	}
	return nil
}

// commandsWhere lists copies by name.
func (s *Server) commandsWhere(keep func(*model.Command) bool) []*model.Command {
	list := []*model.Command{}
	for _, cmd := range s.data.commands {
		if keep(cmd) {
			list = append(list, deep(cmd))
		}
	}
	slices.SortFunc(list, func(a, b *model.Command) int { return cmp.Compare(a.Trigger, b.Trigger) })
	return list
}

// listCommands gives those one may manage with their tokens; others see them without.
func listCommands(c *call) (reply, *model.AppError) {
	id, me := c.query("team_id"), c.me()
	manages := c.s.mayInTeam(me, id, c.s.manageCommands())
	switch {
	case !c.s.mayInTeam(me, id, "view_team"):
		return fail(forbidden())
	case c.query("custom_only") == "true" && !manages:
		return fail(forbidden())
	}
	all := c.s.v9() || c.s.mayInTeam(me, id, "manage_others_slash_commands")
	list := c.s.commandsWhere(func(cmd *model.Command) bool {
		return cmd.TeamId == id && (!manages && cmd.AutoComplete || manages && (all || cmd.CreatorId == me.Id))
	})
	if !manages {
		for _, cmd := range list {
			cmd.Sanitize()
		}
	}
	return ok(list)
}

// command finds the command named in the path for somebody who may manage it.
func (c *call) command() (*model.Command, *model.AppError) {
	cmd := c.s.data.commands[c.p["command"]]
	if cmd == nil || !c.s.mayInTeam(c.me(), cmd.TeamId, c.s.manageCommands()) {
		return nil, wrong(http.StatusNotFound, "store.sql_command.save.get.app_error")
	}
	if cmd.CreatorId != c.me().Id && !c.s.mayInTeam(c.me(), cmd.TeamId, "manage_others_slash_commands") {
		return nil, forbidden()
	}
	return cmd, nil
}

func getCommand(c *call) (reply, *model.AppError) {
	cmd, err := c.command()
	if err != nil {
		return fail(err)
	}
	return ok(cmd)
}

// updateCommand changes everything but the token and what says where it came from.
func updateCommand(c *call) (reply, *model.AppError) {
	var in model.Command
	if !c.read(&in) || in.Id != c.p["command"] {
		return fail(badBody())
	}
	old, err := c.command()
	if err != nil {
		return fail(err)
	}
	if in.TeamId != old.TeamId {
		return no(http.StatusBadRequest, "api.command.team_mismatch.app_error")
	}
	in.Trigger = strings.ToLower(in.Trigger)
	in.Token, in.CreateAt, in.UpdateAt, in.DeleteAt = old.Token, old.CreateAt, now(), old.DeleteAt
	in.CreatorId, in.PluginId, in.AutocompleteData = old.CreatorId, "", nil
	if err := in.IsValid(); err != nil {
		return no(err.StatusCode, err.Id)
	}
	c.s.data.commands[in.Id] = &in
	return ok(in)
}

func deleteCommand(c *call) (reply, *model.AppError) {
	cmd, err := c.command()
	if err != nil {
		return fail(err)
	}
	delete(c.s.data.commands, cmd.Id)
	return done()
}

// suggestCommands offers triggers, and nothing any more once a trigger is complete.
func suggestCommands(c *call) (reply, *model.AppError) {
	t, err := c.viewedTeam()
	if err != nil {
		return fail(err)
	}
	typed := strings.ToLower(strings.TrimPrefix(c.query("user_input"), "/"))
	list := []model.AutocompleteSuggestion{}
	if c.query("user_input") == "" {
		return fail(badBody())
	}
	for _, cmd := range c.s.commandsWhere(func(cmd *model.Command) bool {
		return cmd.TeamId == t.Id && cmd.AutoComplete && strings.HasPrefix(cmd.Trigger, typed)
	}) {
		list = append(list, model.AutocompleteSuggestion{
			Complete: cmd.Trigger, Suggestion: cmd.Trigger, Hint: cmd.AutoCompleteHint, Description: cmd.AutoCompleteDesc,
		})
	}
	return ok(list)
}
