package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

var (
	_ bot.Platform  = (*Adapter)(nil)
	_ bot.Finder    = (*Adapter)(nil)
	_ bot.Inspector = (*Adapter)(nil)
	_ bot.Chooser   = (*Adapter)(nil)
	_ bot.Inviter   = (*Adapter)(nil)
)

// Pauses between two tries to reach the server.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// Adapter is the bot on one Mattermost server. It may be used by several goroutines.
type Adapter struct {
	config  Config
	shelf   Shelf
	log     *slog.Logger
	api     *api
	rooms   *rooms
	people  *people
	buttons buttons
	parts   parts
	posts   postCache
	worn    worn
	tokens  *tokens
	back    chan struct{}
	ready   atomic.Bool // connected once; what fails from then on fails by itself
	silent  atomic.Bool // ephemeral posts are not permitted
}

// New returns the adapter for a configuration. It does not speak to the server yet.
func New(config Config, shelf Shelf, log *slog.Logger) (*Adapter, error) {
	switch {
	case config.URL == "" || config.Team == "":
		return nil, errors.New("set mattermost up: url or team is not named")
	case config.Token == "":
		return nil, errors.New("set mattermost up: there is no token; make one with: wardline mattermost setup")
	case len(config.Key) < 32:
		return nil, errors.New("set mattermost up: the key that signs buttons has fewer than 32 bytes")
	case config.Callback == "":
		return nil, errors.New("set mattermost up: it is not known where the server calls back")
	}
	config.URL = strings.TrimRight(config.URL, "/")
	config.Callback = strings.TrimRight(config.Callback, "/")
	a := &Adapter{config: config, shelf: shelf, log: log, buttons: newButtons(config), tokens: newTokens(config), back: make(chan struct{}, 1)}
	a.api = newAPI(config.URL, config.Token, log)
	a.people = newPeople(config, a.api)
	a.rooms = newRooms(config, a.api, shelf, a.people, log)
	return a, nil
}

// Name implements bot.Platform.
func (a *Adapter) Name() string { return platform }

// Serve connects, hears what people say, and hands it on, until ctx ends. It never gives up because the
// server is away: it says why, and tries again.
func (a *Adapter) Serve(ctx context.Context, hearer Hearer, desk Desk) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := a.connect(ctx, desk)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return nil
		}
		a.log.Error("mattermost is not reached; trying again", "wait", pause, "err", err)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
	return a.listen(ctx, hearer, desk)
}

// connect finds out who and where the bot is, and makes ready to speak.
func (a *Adapter) connect(ctx context.Context, desk Desk) error {
	h, err := a.whereabouts(ctx)
	if err != nil {
		return err
	}
	if err := a.rooms.settle(ctx, h, desk); err != nil {
		return err
	}
	a.ready.Store(true)
	a.log.Info("connected to mattermost", "server", a.config.URL, "version", fmt.Sprintf("%d.%d", a.api.server().major, a.api.server().minor),
		"account", h.bot.Username, "team", h.team.Name)
	for room := range a.config.Rooms {
		if _, err := a.rooms.place(ctx, room, true, ""); err != nil {
			a.log.Error("a room is not usable", "room", room, "err", err)
		}
	}
	a.register(ctx, h, desk)
	a.reconnected()
	return nil
}

// whereabouts asks the server who the bot is and in which teams.
func (a *Adapter) whereabouts(ctx context.Context) (home, error) {
	me, err := call(ctx, a.api, "ask who the bot is", func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
		return c.GetMe(ctx, "")
	})
	if err != nil {
		return home{}, err
	}
	h := home{bot: me, site: a.config.URL}
	for _, name := range append([]string{a.config.Team}, a.config.Teams...) {
		team, err := a.team(ctx, name, me.Id)
		if err != nil {
			return home{}, err
		}
		h.teams = append(h.teams, team)
	}
	h.team = h.teams[0]
	if site, err := a.site(ctx); err == nil && site != "" {
		h.site = site
	}
	return h, nil
}

// team finds a team by name and makes sure that the bot is in it.
func (a *Adapter) team(ctx context.Context, name, me string) (*model.Team, error) {
	team, err := call(ctx, a.api, "look team "+name+" up", func(ctx context.Context, c *model.Client4) (*model.Team, *model.Response, error) {
		return c.GetTeamByName(ctx, name, "")
	})
	if unseen(err) {
		return nil, fmt.Errorf("there is no team %q that the bot can see; correct mattermost.team or teams, or let the bot into it with: wardline mattermost setup (%w)", name, err)
	}
	if err != nil {
		return nil, err
	}
	_, err = call(ctx, a.api, "look for the bot in team "+name, func(ctx context.Context, c *model.Client4) (*model.TeamMember, *model.Response, error) {
		return c.GetTeamMember(ctx, team.Id, me, "")
	})
	if unseen(err) {
		return nil, fmt.Errorf("the bot is not in team %q; let it in with: wardline mattermost setup (%w)", name, err)
	}
	return team, err
}

// site asks for the address by which people reach the server.
func (a *Adapter) site(ctx context.Context) (string, error) {
	settings, err := a.clientConfig(ctx)
	return strings.TrimRight(settings["SiteURL"], "/"), err
}

// clientConfig reads what the server tells every client. The library's own call fails on 9.10.
func (a *Adapter) clientConfig(ctx context.Context) (map[string]string, error) {
	return call(ctx, a.api, "read the server's settings", func(ctx context.Context, c *model.Client4) (map[string]string, *model.Response, error) {
		r, err := c.DoAPIGet(ctx, "/config/client?format=old", "")
		if err != nil {
			return nil, model.BuildResponse(r), err
		}
		defer func() { _ = r.Body.Close() }()
		out := map[string]string{}
		err = json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&out)
		return out, model.BuildResponse(r), err
	})
}
