package mattermost

import (
	"context"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// Has implements bot.Chooser: private rooms are there for people with an account.
func (a *Adapter) Has(room bot.RoomID) bool {
	person, direct := room.PersonOf()
	if !direct {
		return true
	}
	_, ok := a.people.account(person)
	return ok
}

// Reconnected implements bot.Inspector.
func (a *Adapter) Reconnected() <-chan struct{} { return a.back }

// reconnected tells that the server was lost and is back.
func (a *Adapter) reconnected() {
	select {
	case a.back <- struct{}{}:
	default: // it is told already, and nobody has looked yet
	}
}

// Inspect implements bot.Inspector.
func (a *Adapter) Inspect(ctx context.Context, room bot.RoomID, board bot.Ref) (bot.Found, error) {
	if !a.ready.Load() {
		return bot.Found{}, bot.ErrNotSent
	}
	c, err := a.rooms.place(ctx, room, false, "")
	if err != nil || c.ID == "" {
		return bot.Found{}, err
	}
	there, err := call(ctx, a.api, "look a channel up", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.GetChannel(ctx, c.ID)
	})
	if unseen(err) || err == nil && there.DeleteAt != 0 {
		return bot.Found{}, a.rooms.lost(ctx, room, c)
	}
	if err != nil {
		return bot.Found{}, err
	}
	found := bot.Found{Room: true}
	if board != "" {
		p, err := a.get(ctx, string(board))
		if err != nil && !unseen(err) {
			return bot.Found{}, err
		}
		found.Board = err == nil && p.DeleteAt == 0 && p.IsPinned && p.ChannelId == c.ID
	}
	return found, a.absent(ctx, room, c, &found)
}

// absent notes who belongs in the room and could be let in.
func (a *Adapter) absent(ctx context.Context, room bot.RoomID, c channel, found *bot.Found) error {
	_, desk := a.rooms.at()
	for _, person := range desk.Roster(room) {
		user, err := a.people.of(ctx, person)
		if err != nil {
			return err
		}
		if user == nil {
			continue
		}
		_, out, err := a.members(ctx, c.ID, []*model.User{user})
		if err == nil {
			out, err = a.inTeam(ctx, out)
		}
		if err != nil {
			return err
		}
		if len(out) > 0 {
			found.Out = append(found.Out, person)
		}
	}
	return nil
}
