package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
)

// enroll registers the commands, until they are. Who cannot find a command in the menu does not know it is there.
func (e *ears) enroll(ctx context.Context) {
	if !e.enrolling.CompareAndSwap(false, true) {
		return
	}
	defer e.enrolling.Store(false)
	for try, wait := 1, enrollFirst; ; try, wait = try+1, min(2*wait, enrollLast) {
		err := guarded("register commands", func() error { return e.register(ctx, e.self.Load().app) })
		switch {
		case err == nil || ctx.Err() != nil:
			return
		case errors.Is(err, errNoMenu) && try >= enrollTries:
			e.log.WarnContext(ctx, "the server has no commands of applications; people mention the bot or type commands", "error", err)
			return
		case !errors.Is(err, errNoMenu):
			e.log.ErrorContext(ctx, "commands are not registered", "error", err, "again", wait)
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// Figures of registering the commands.
const (
	enrollFirst = 2 * time.Second
	enrollLast  = 10 * time.Minute
	enrollTries = 3 // of a server that says that it knows none
)

// register makes the server know the commands, unless it knows exactly these. Other applications'
// commands are never seen here. A server that does not take all that Discord takes is given less; one that
// knows no commands is left alone, since people can type them.
func (e *ears) register(ctx context.Context, app string) error {
	path := "/applications/" + app + "/guilds/" + e.config.Guild + "/commands"
	menus := e.menus()
	have, err := e.registered(ctx, path)
	if errors.Is(err, bot.ErrRejected) {
		e.plain.Store(true)
		return fmt.Errorf("%w: %w", errNoMenu, err)
	}
	if err != nil {
		return err
	}
	for n, menu := range menus {
		if same(menu, have) {
			e.plain.Store(n > 0)
			e.log.InfoContext(ctx, "commands are as they were", "n", len(have), "plainer", n)
			return nil
		}
	}
	for n, menu := range menus {
		err = e.rest.do(ctx, bot.Show, http.MethodPut, path, menu, nil)
		if errors.Is(err, bot.ErrRejected) { // less is registered only for who does not take more, and stays so
			err = e.rest.do(ctx, bot.Show, http.MethodPut, path, menu, nil)
		}
		if err == nil {
			e.plain.Store(n > 0)
			return e.confirm(ctx, path, menu, n)
		}
		if !errors.Is(err, bot.ErrRejected) {
			break
		}
		e.log.WarnContext(ctx, "the server does not take the commands as Discord does", "plainer", n, "error", err)
	}
	return fmt.Errorf("register commands: %w", err)
}

// errNoMenu is a server that knows nothing of commands.
var errNoMenu = errors.New("the server has no commands of applications")

// menus are the commands as Discord takes them, and then with less and less of what other servers may not
// know: first without suggestions, files and translations of arguments, then with nothing but names.
func (e *ears) menus() [][]menuCommand {
	zh, en := e.desk.Voice(hospital.ZH), e.desk.Voice(hospital.EN)
	file := hospital.Text{ZH: zh.Say("discord.file"), EN: en.Say("discord.file")}
	more := hospital.Text{ZH: zh.Say("discord.more"), EN: en.Say("discord.more")}
	return plainerMenus(menu(e.hearer.Menu(hospital.EN), e.hearer.Menu(hospital.ZH), file, more))
}

func plainerMenus(whole []menuCommand) [][]menuCommand {
	lean, bare := slices.Clone(whole), slices.Clone(whole)
	for i, c := range whole {
		lean[i].Options = plainer(c.Options, true)
		bare[i].Options = plainer(c.Options, false)
		bare[i].NameIn, bare[i].DescriptionIn = nil, nil
	}
	return [][]menuCommand{whole, lean, bare}
}

// plainer takes from options what not every server knows.
func plainer(options []menuOption, withChoices bool) []menuOption {
	var out []menuOption
	for _, o := range options {
		if o.Type == fileOption {
			continue
		}
		o.NameIn, o.DescriptionIn, o.Autocomplete = nil, nil, false
		o.Options = plainer(o.Options, withChoices)
		o.Choices = slices.Clone(o.Choices)
		for i := range o.Choices {
			o.Choices[i].NameIn = nil
		}
		if !withChoices {
			o.Choices = nil
		}
		out = append(out, o)
	}
	return out
}

// registered reads the commands that the server knows.
func (e *ears) registered(ctx context.Context, path string) ([]menuCommand, error) {
	var have []menuCommand
	if err := e.rest.do(ctx, bot.Show, http.MethodGet, path+"?with_localizations=true", nil, &have); err != nil {
		return nil, fmt.Errorf("read the server's commands: %w", err)
	}
	return have, nil
}

// confirm reads back what was registered: some servers answer without ids, or take less than they were given.
// What counts is what they know.
func (e *ears) confirm(ctx context.Context, path string, want []menuCommand, plainer int) error {
	now, err := e.registered(ctx, path)
	switch {
	case err != nil:
		return err
	case same(want, now):
		e.log.InfoContext(ctx, "commands are registered", "n", len(now), "plainer", plainer)
		return nil
	case slices.Equal(names(want), names(now)):
		e.plain.Store(true)
		e.log.WarnContext(ctx, "commands are registered, but the server did not keep all of them", "n", len(now), "plainer", plainer)
		return nil
	}
	return fmt.Errorf("the server knows other commands than it was given: %d of %d", len(now), len(want))
}

func names(list []menuCommand) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Name)
	}
	slices.Sort(out)
	return out
}

// same reports whether the server knows exactly the commands wanted.
func same(want, have []menuCommand) bool {
	if len(want) != len(have) {
		return false
	}
	key := func(list []menuCommand) []byte {
		list = slices.Clone(list)
		for i := range list {
			list[i].ID, list[i].Type = "", 0
		}
		slices.SortFunc(list, func(a, b menuCommand) int { return strings.Compare(a.Name, b.Name) })
		raw, err := json.Marshal(list)
		if err != nil {
			return nil // strings and maps of strings always can be written
		}
		return raw
	}
	return bytes.Equal(key(want), key(have))
}
