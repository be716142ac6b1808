package mattermost

import (
	"context"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/commands"
)

// register makes the slash commands known in every team, where the bot may; else it takes the tokens of
// those an administrator registered. Without it the bot still hears mentions and direct messages.
func (a *Adapter) register(ctx context.Context, h home, desk Desk) {
	for _, team := range h.teams {
		registered, err := registerIn(ctx, a.api, team, commandsOf(a.config, team, desk.Voice(a.config.Lang).Say))
		if err != nil {
			a.log.Warn("slash commands are not registered", "team", team.Name, "err", err,
				"remedy", "run wardline mattermost setup, with --no-role if the bot shall not register them itself")
		}
		for _, c := range registered {
			a.tokens.know(team.Id, c.Trigger, c.Token)
		}
		unheard := slices.DeleteFunc(commands.Roots(), func(root string) bool {
			return a.config.Tokens[team.Name+"/"+root] != "" || slices.ContainsFunc(registered, func(c *model.Command) bool { return c.Trigger == root })
		})
		if len(unheard) > 0 {
			a.log.Error("slash commands are not heard", "team", team.Name, "commands", unheard)
		}
	}
}

// say words a phrase without arguments.
type say = func(name string, pairs ...any) string

// commandsOf are the slash commands of a team: one for each root of the grammar.
func commandsOf(config Config, team *model.Team, words say) []*model.Command {
	var out []*model.Command
	for _, root := range commands.Roots() {
		out = append(out, &model.Command{
			TeamId: team.Id, Trigger: root, Method: model.CommandMethodPost, URL: newDoors(config).command(), DisplayName: "Wardline " + root,
			Description:      cutBytes(words("root."+root), mostDescription),
			AutoComplete:     true,
			AutoCompleteDesc: words("mattermost.about_" + root), AutoCompleteHint: words("mattermost.hint_" + root),
		})
	}
	return out
}

// mostDescription is how many bytes the server takes as the description of a command.
const mostDescription = 128

// cutBytes shortens a text to so many bytes, never in the middle of a character.
func cutBytes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	at := 0
	for i := range s {
		if i > most {
			break
		}
		at = i
	}
	return s[:at]
}

// registerIn creates the commands that are not there and corrects those that are; their tokens stay.
func registerIn(ctx context.Context, a *api, team *model.Team, wanted []*model.Command) ([]*model.Command, error) {
	list, err := call(ctx, a, "list the commands of team "+team.Name, func(ctx context.Context, c *model.Client4) ([]*model.Command, *model.Response, error) {
		return c.ListCommands(ctx, team.Id, true)
	})
	if err != nil {
		return nil, err
	}
	there := map[string]*model.Command{}
	for _, c := range list {
		there[c.Trigger] = c
	}
	var out []*model.Command
	for _, w := range wanted {
		c := there[w.Trigger]
		switch {
		case c == nil:
			c, err = call(ctx, a, "register /"+w.Trigger, func(ctx context.Context, cl *model.Client4) (*model.Command, *model.Response, error) {
				return cl.CreateCommand(ctx, w)
			})
		case !sameCommand(c, w):
			changed := *w
			changed.Id, changed.Token, changed.CreatorId = c.Id, c.Token, c.CreatorId
			changed.CreateAt, changed.UpdateAt, changed.Username, changed.IconURL = c.CreateAt, c.UpdateAt, c.Username, c.IconURL
			c, err = call(ctx, a, "correct /"+w.Trigger, func(ctx context.Context, cl *model.Client4) (*model.Command, *model.Response, error) {
				return cl.UpdateCommand(ctx, &changed)
			})
		}
		if err != nil {
			return out, err
		}
		out = append(out, c)
	}
	return out, nil
}

func sameCommand(a, b *model.Command) bool {
	return a.URL == b.URL && a.Method == b.Method && a.AutoComplete == b.AutoComplete && a.AutoCompleteDesc == b.AutoCompleteDesc &&
		a.AutoCompleteHint == b.AutoCompleteHint && a.DisplayName == b.DisplayName && a.Description == b.Description
}
