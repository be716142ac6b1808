package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"wardline/bot"
)

var (
	_ bot.Finder    = (*Adapter)(nil)
	_ bot.Pacer     = (*Adapter)(nil)
	_ bot.Inspector = (*Adapter)(nil)
	_ bot.Chooser   = (*Adapter)(nil)
	_ bot.Inviter   = (*Adapter)(nil)
)

// Figures of connecting.
const (
	readyWait    = 5 * time.Second // what is to be said waits so long for the first connection
	connectFirst = time.Second
	connectLast  = time.Minute
	connectSlow  = 5 * time.Minute // at most between tries that only a person can make succeed
)

// Adapter is a Discord server as one of the desk's platforms. It may be used by several goroutines.
type Adapter struct {
	config   Config
	api      *rest
	rooms    *rooms
	people   *people
	buttons  *buttons
	log      *slog.Logger
	ears     *ears
	ready    chan struct{} // closed by opened once the bot knows who it is
	opened   sync.Once
	unpinned sync.Map // channels in which the bot may not pin

	reconnected chan struct{}
}

// New returns an adapter that keeps what it must remember on a shelf. It does not use the network before
// Serve.
func New(config Config, shelf Shelf, log *slog.Logger) (*Adapter, error) {
	if config.Token == "" || config.Guild == "" {
		return nil, errors.New("open discord: token or server is missing")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p := newPeople()
	api := newREST(config.API, config.Token, log)
	r, err := newRooms(context.Background(), api, config, shelf, p, log)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		config: config, api: api, rooms: r, people: p, buttons: newButtons(config.Key, shelf), log: log,
		ready: make(chan struct{}), reconnected: make(chan struct{}, 1),
	}
	api.back = a.cameBack
	r.born = func(ctx context.Context, channel string) { a.ears.born(ctx, channel) }
	a.ears = newEars(config, shelf, log, api, r, p)
	a.ears.back = a.cameBack
	return a, nil
}

// Name returns "discord".
func (a *Adapter) Name() string { return platform }

// Pace implements bot.Pacer. The desk is held a little below what requests are: who waits for a request is
// overtaken by nobody of the desk, however urgent, and some messages take several.
func (a *Adapter) Pace() (perSecond float64, burst int) { return usualPace - 0.1, 2 * paceBurst }

// Has implements bot.Chooser: the private room of somebody without an account is not on Discord.
func (a *Adapter) Has(room bot.RoomID) bool { return a.people.has(room) }

// Invites implements bot.Inviter.
func (a *Adapter) Invites() bool { return a.config.Private }

// Serve connects, as often as it takes, and hears people until ctx ends. Without a hearer the bot
// only speaks. After an error it may be called again.
func (a *Adapter) Serve(ctx context.Context, hearer Hearer, desk Desk) error {
	a.people.meet(desk)
	if !a.connect(ctx) {
		return nil
	}
	a.opened.Do(func() { close(a.ready) })
	a.log.InfoContext(ctx, "discord is connected", "bot", a.rooms.self())
	if hearer == nil {
		<-ctx.Done()
		return nil
	}
	a.introduce(ctx)
	return a.ears.serve(ctx, hearer, desk)
}

// connect finds out who the bot is. It reports false when ctx ended first.
func (a *Adapter) connect(ctx context.Context) bool {
	wait := connectFirst
	for {
		err := a.greet(ctx)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		remedy, most := "", connectLast
		if refused, ok := errors.AsType[*refusal](err); ok {
			if remedy = remedyFor(refused); remedy != "" {
				most = connectSlow
			}
		}
		a.log.ErrorContext(ctx, "discord is not connected", "err", err, "remedy", remedy, "again", wait)
		if !pause(ctx, wait) {
			return false
		}
		wait = min(2*wait, most)
	}
}

// remedyFor says what a person must do about a refusal when connecting; "" if time may mend it.
func remedyFor(r *refusal) string {
	switch {
	case r.status == http.StatusUnauthorized:
		return "copy the bot's token from the developer portal into the configuration"
	case r.Code == unknownGuild || r.Code == missingAccess:
		return "invite the bot to the server that discord.guild names: wardline discord setup prints the link"
	}
	return ""
}

// greet asks who the bot is, and whether it is on the server.
func (a *Adapter) greet(ctx context.Context) error {
	var me struct {
		ID string `json:"id"`
	}
	if err := a.api.do(ctx, bot.Reply, http.MethodGet, "/users/@me", nil, &me); err != nil {
		return err
	}
	var guild struct {
		ID string `json:"id"`
	}
	if err := a.api.do(ctx, bot.Reply, http.MethodGet, "/guilds/"+a.config.Guild, nil, &guild); err != nil {
		return err
	}
	a.rooms.meet(me.ID)
	return nil
}

// awaited waits a little for the first connection.
func (a *Adapter) awaited(ctx context.Context) error {
	select {
	case <-a.ready:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, readyWait)
	defer cancel()
	select {
	case <-a.ready:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("discord is not connected yet: %w", bot.ErrNotSent)
	}
}
