package mattermost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// examination is one look at the whole connection.
type examination struct {
	*Adapter
	desk Desk
	tell func(what, seen string, wrong error)
	home home
}

// Examine tries every step of the connection to a server, and tells about each what was seen, or what is
// wrong and what helps. It posts one message into the room of the IT duty and takes it away again.
func Examine(ctx context.Context, config Config, desk Desk, log *slog.Logger, tell func(what, seen string, wrong error)) error {
	a, err := New(config, newScratch(), log)
	if err != nil {
		return err
	}
	e := &examination{Adapter: a, desk: desk, tell: tell}
	if e.home, err = a.whereabouts(ctx); err != nil {
		tell("server", "", err)
		return nil
	}
	v := a.api.server()
	tell("server", fmt.Sprintf("%s, version %d.%d", a.config.URL, v.major, v.minor), nil)
	tell("account", "@"+e.home.bot.Username+" in "+a.config.Team, asBot(e.home.bot))
	if err := a.rooms.settle(ctx, e.home, desk); err != nil {
		tell("rooms", "", err)
		return nil
	}
	it := e.examineRooms(ctx)
	e.examinePeople(ctx)
	e.examineCommands(ctx)
	if it == "" {
		return nil
	}
	e.examinePost(ctx, it)
	e.examineCallback(ctx, it)
	return nil
}

func asBot(u *model.User) error {
	if u.IsBot {
		return nil
	}
	return errors.New("the token is that of a person, not of a bot; run wardline mattermost setup")
}

// examineRooms looks for all rooms, and returns the channel of the IT duty.
func (e *examination) examineRooms(ctx context.Context) string {
	n, it := 0, ""
	var missing []string
	for _, room := range e.desk.ConfiguredRooms() {
		id, err := e.rooms.channelOf(ctx, room.ID, false)
		switch {
		case err != nil:
			e.tell("room "+string(room.ID), "", err)
			continue
		case id == "":
			missing = append(missing, string(room.ID))
			continue
		}
		n++
		if room.ID == bot.IT {
			it = id
		}
	}
	if len(missing) > 0 {
		e.tell("rooms", "", fmt.Errorf("%d have no channel yet: %s; run wardline mattermost setup", len(missing), strings.Join(missing, " ")))
		return it
	}
	e.tell("rooms", fmt.Sprintf("%d channels", n), nil)
	return it
}

// examinePeople looks for the accounts of the configuration.
func (e *examination) examinePeople(ctx context.Context) {
	var missing []string
	n := 0
	for _, p := range e.desk.People() {
		account, has := e.people.account(p.ID)
		if !has {
			continue
		}
		user, err := e.people.of(ctx, p.ID)
		switch {
		case err != nil:
			e.tell("people", "", err)
			return
		case user == nil:
			missing = append(missing, fmt.Sprintf("%s (%s)", p.ID, account))
		default:
			n++
		}
	}
	if len(missing) > 0 {
		e.tell("people", "", fmt.Errorf("there is no account for %s, or it is switched off; correct accounts.mattermost below [[people]]", strings.Join(missing, ", ")))
		return
	}
	e.tell("people", fmt.Sprintf("%d accounts", n), nil)
}

// examineCommands looks whether the slash commands are there and call us.
func (e *examination) examineCommands(ctx context.Context) {
	for _, team := range e.home.teams {
		list, err := call(ctx, e.api, "list the commands of team "+team.Name, func(ctx context.Context, c *model.Client4) ([]*model.Command, *model.Response, error) {
			return c.ListCommands(ctx, team.Id, true)
		})
		what := "commands in " + team.Name
		if unseen(err) {
			e.tell(what, "registered by an administrator", e.handed(team))
			continue
		}
		if err != nil {
			e.tell(what, "", err)
			continue
		}
		var wrong []string
		for _, want := range commandsOf(e.config, team, e.desk.Voice(e.config.Lang).Say) {
			i := slices.IndexFunc(list, func(c *model.Command) bool { return c.Trigger == want.Trigger })
			switch {
			case i < 0:
				wrong = append(wrong, "/"+want.Trigger+" is not registered")
			case list[i].URL != want.URL:
				wrong = append(wrong, "/"+want.Trigger+" calls another address")
			}
		}
		if len(wrong) > 0 {
			e.tell(what, "", fmt.Errorf("%s; run wardline mattermost setup, or start the bot: it registers them", strings.Join(wrong, ", ")))
			continue
		}
		e.tell(what, "/"+strings.Join(commands.Roots(), " /"), nil)
	}
}

// handed tells which tokens an administrator did not hand over.
func (e *examination) handed(team *model.Team) error {
	var missing []string
	for _, root := range commands.Roots() {
		if e.config.Tokens[team.Name+"/"+root] == "" {
			missing = append(missing, "/"+root)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("the bot may not register commands, and command_file has no token of %s; run wardline mattermost setup", strings.Join(missing, " "))
}

// examinePost posts, pins and deletes.
func (e *examination) examinePost(ctx context.Context, channelID string) {
	about, _ := e.desk.Room(bot.IT)
	s := sheet{key: "doctor/" + time.Now().UTC().Format(time.RFC3339Nano), text: e.desk.Voice(about.Lang).Say("mattermost.probe")}
	p, err := e.create(ctx, channelID, s)
	if err != nil {
		e.tell("post", "", err)
		return
	}
	err = e.pin(ctx, p.Id)
	gone := done(ctx, e.api, "delete the message", func(ctx context.Context, c *model.Client4) (*model.Response, error) {
		return c.DeletePost(ctx, p.Id)
	})
	e.tell("post", "posted, pinned and deleted in the room of the IT duty", errors.Join(err, gone))
	_, err = call(ctx, e.api, "answer below a channel", func(ctx context.Context, c *model.Client4) (*model.Post, *model.Response, error) {
		return c.CreatePostEphemeral(ctx, &model.PostEphemeral{UserID: e.home.bot.Id, Post: &model.Post{ChannelId: channelID, Message: s.text}})
	})
	if unseen(err) { // works too
		e.tell("private answers", "as direct messages: the bot may not answer below a channel", nil)
		return
	}
	e.tell("private answers", "below the channel", err)
}

// examineCallback has the server call the bot, by a command of the bot's own. Where no bot runs, it
// listens itself.
func (e *examination) examineCallback(ctx context.Context, channelID string) {
	heard := make(chan string, 1)
	by := "the running bot answered"
	stop, here := e.listenHere(ctx, heard)
	if here {
		defer stop()
		by = "the server reached " + e.config.Listen + " (no bot runs)"
	}
	_, err := call(ctx, e.api, "have the server call back", func(ctx context.Context, c *model.Client4) (*model.CommandResponse, *model.Response, error) {
		return c.ExecuteCommandWithTeam(ctx, channelID, e.home.team.Id, "/wardline help")
	})
	if err != nil {
		err = fmt.Errorf("%w; the server must reach %s: look at callback_url and listen, at firewalls, and at AllowedUntrustedInternalConnections "+
			"(wardline mattermost setup --fix sets it)", err, e.config.Callback)
	}
	if here && err == nil {
		select {
		case path := <-heard:
			if path != newDoors(e.config).commandPath() {
				err = errors.New("the server called another path than that of this configuration: the key was changed; run wardline mattermost setup")
			}
		default:
			err = fmt.Errorf("somebody answered, but not at %s: another bot has the address %s", e.config.Listen, e.config.Callback)
		}
	}
	e.tell("callback", by, err)
}

// listenHere hears one callback in the place of the bot, if nobody else does.
func (e *examination) listenHere(ctx context.Context, heard chan<- string) (stop func(), ok bool) {
	var l net.ListenConfig
	listener, err := l.Listen(ctx, "tcp", e.config.Listen)
	if err != nil {
		return nil, false
	}
	server := &http.Server{ReadHeaderTimeout: patience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case heard <- r.URL.Path:
		default:
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}")) // who has hung up reads nothing
	})}
	var serving sync.WaitGroup
	serving.Go(func() {
		_ = server.Serve(listener) // it ends by being closed
	})
	return func() {
		_ = server.Close() // nothing is lost with it
		serving.Wait()
	}, true
}
