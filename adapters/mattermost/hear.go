package mattermost

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/commands"
)

// soon is when somebody who waits is told that the work goes on. The server itself waits 30 s, people do not.
const soon = 800 * time.Millisecond

// roomFinder knows which channel is which room.
type roomFinder interface {
	// roomOf returns the room of a channel; false if the channel is none of ours.
	roomOf(ctx context.Context, channelID string) (bot.RoomID, bool)
	// watched lists the channels whose posts must not be missed.
	watched() []string
}

// peopleFinder knows who has which account.
type peopleFinder interface {
	// who tells how the configuration names a user, the name to show, and the language they read.
	who(ctx context.Context, userID string) (account, name, locale string, err error)
}

// earParts is what ears need of the rest of the adapter.
type earParts struct {
	hearer Hearer
	desk   Desk
	me     *model.User // the bot
	api    *api
	rooms  roomFinder
	people peopleFinder
	tokens *tokens
	// ours reports whether the bot wrote a post.
	ours func(ctx context.Context, postID string) (bool, error)
	// private tells one person something outside a callback, as privately as the server allows.
	private func(ctx context.Context, a asker, reply commands.Reply) error
	// whispers reports whether private tells things below the channel; else it writes direct messages.
	whispers func() bool
	// shown makes the desk's plain text into what the server shows as that text.
	shown func(text string) string
	// reconnected is told each time the server was lost and is back, and what was missed is caught up.
	reconnected func()
	tempo       tempo
}

// ears hear what people type, press, submit and write. Each of these is acted on once.
type ears struct {
	earParts
	config   Config
	shelf    Shelf
	log      *slog.Logger
	doors    doors
	buttons  buttons
	dialogs  dialogs
	triggers *triggers
	forged   *watch
	forms    *offered
	presses  *presses
	nonces   *nonces
	posts    *posts
	socket   *socket
	work     sync.WaitGroup // of what goes on behind an answered callback
}

func newEars(config Config, shelf Shelf, log *slog.Logger, parts earParts) *ears {
	if parts.shown == nil {
		parts.shown = func(text string) string { return text }
	}
	e := &ears{
		earParts: parts, config: config, shelf: shelf, log: log, doors: newDoors(config), buttons: newButtons(config), dialogs: newDialogs(config),
		triggers: newTriggers(parts.api.facts), forged: newWatch(log), forms: newOffered(), presses: newPresses(), nonces: newNonces(shelf),
	}
	e.posts = newPosts(e)
	e.socket = newSocket(e)
	return e
}

// serve hears until ctx ends, and returns when everything that was begun is finished.
func (e *ears) serve(ctx context.Context) error {
	if err := errors.Join(e.posts.load(ctx), e.nonces.sweep(ctx)); err != nil {
		return unlessOver(ctx, err)
	}
	var parts sync.WaitGroup
	parts.Go(func() { e.answerCallbacks(ctx) })
	parts.Go(func() { e.posts.run(ctx) })
	parts.Go(func() { e.socket.run(ctx) })
	parts.Wait()
	e.work.Wait()
	return e.posts.save(context.WithoutCancel(ctx))
}

// unlessOver is an error, but for one that came because the bot ends.
func unlessOver(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// handle has a line carried out. What was begun is finished, also when who asked has hung up.
func (e *ears) handle(ctx context.Context, l commands.Line) commands.Reply {
	return e.hearer.Handle(context.WithoutCancel(ctx), l)
}

// voiceOf words what the adapter itself has to say to a user.
func (e *ears) voiceOf(ctx context.Context, userID string) bot.Voice {
	account, name, locale, err := e.people.who(ctx, userID)
	if err != nil {
		return e.desk.Voice(e.config.Lang)
	}
	return e.desk.Voice(e.desk.PersonFor(platform, account, name, locale).Lang)
}
