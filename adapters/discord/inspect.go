package discord

import (
	"context"
	"fmt"
	"net/http"

	"wardline/bot"
)

// Inspect implements bot.Inspector.
func (a *Adapter) Inspect(ctx context.Context, id bot.RoomID, board bot.Ref) (bot.Found, error) {
	if err := a.awaited(ctx); err != nil {
		return bot.Found{}, err
	}
	rec, ok := a.rooms.record(id)
	if !ok {
		return bot.Found{}, nil
	}
	ch, err := a.rooms.fetch(ctx, bot.Sum, rec.Channel)
	if refusedWith(err, unknownChannel) {
		return bot.Found{}, a.rooms.forget(ctx, id, rec.Channel)
	}
	if err != nil {
		return bot.Found{}, fmt.Errorf("inspect the room %s: %w", id, err)
	}
	found := bot.Found{Room: true}
	if found.Board, err = a.boardThere(ctx, rec, board); err != nil {
		return bot.Found{}, fmt.Errorf("inspect the board of %s: %w", id, err)
	}
	if !a.rooms.private(id) || rec.given {
		return found, nil
	}
	room, ok := a.people.desk().Room(id)
	if !ok {
		return found, nil
	}
	for _, person := range a.rooms.belong(room) {
		if user := a.people.account(person); user != "" && !ch.lets(user) && !a.people.missing(person) {
			found.Out = append(found.Out, person)
		}
	}
	return found, nil
}

// boardThere reports whether a board is shown, and pinned where that is possible.
func (a *Adapter) boardThere(ctx context.Context, rec record, board bot.Ref) (bool, error) {
	channelID, id := splitRef(board)
	if id == "" || channelID != rec.Channel {
		return false, nil
	}
	var p post
	err := a.api.do(ctx, bot.Sum, http.MethodGet, "/channels/"+channelID+"/messages/"+id, nil, &p)
	if refusedWith(err, unknownMessage) {
		return false, nil
	}
	_, impossible := a.unpinned.Load(channelID)
	return p.Pinned || impossible, err
}

// Reconnected implements bot.Inspector.
func (a *Adapter) Reconnected() <-chan struct{} { return a.reconnected }

// cameBack tells that Discord was lost and is back.
func (a *Adapter) cameBack() {
	select {
	case a.reconnected <- struct{}{}:
	default: // one that nobody has heard yet is enough
	}
}
