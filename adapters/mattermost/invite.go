package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// mostAtOnce is how many people the server takes in one call.
const mostAtOnce = 1000

// Invites implements bot.Inviter.
func (a *Adapter) Invites() bool { return true }

// invite lets people into a room. Who has no account, or is not in the team, is left out: only those who
// keep the server can change that.
func (a *Adapter) invite(ctx context.Context, m bot.Message) error {
	if _, known := a.rooms.known(m.Room); known && a.where(m) != m.Room {
		return nil // the outage is over, and its channel archived
	}
	c, err := a.rooms.place(ctx, m.Room, true, "")
	if err != nil {
		return err
	}
	users, without, err := a.people.all(ctx, m.Mention)
	if err != nil {
		return fmt.Errorf("find who belongs into the room: %w", err)
	}
	if len(without) > 0 {
		a.log.Info("people without an account are not let into the room", "room", m.Room, "people", without)
	}
	missing, err := a.outside(ctx, c.ID, users)
	if err != nil || len(missing) == 0 {
		return err
	}
	for chunk := range slices.Chunk(missing, mostAtOnce) {
		if err := a.let(ctx, m.Room, c.ID, chunk); err != nil {
			return err
		}
	}
	return nil
}

// follow lets into a room's next channel who belongs there: nobody looks for it by themselves. What was to
// be said is said already, so this is worth a try and no more.
func (a *Adapter) follow(ctx context.Context, room bot.RoomID, c channel) {
	_, desk := a.rooms.at()
	belong := desk.Roster(room)
	if about, known := desk.Room(room); known {
		for _, p := range desk.People() {
			if belongs(p, about) {
				belong = append(belong, p.ID)
			}
		}
	}
	users, _, err := a.people.all(ctx, belong)
	if err == nil {
		users, err = a.outside(ctx, c.ID, users)
	}
	if err == nil && len(users) > 0 {
		err = a.let(ctx, room, c.ID, users)
	}
	if err != nil {
		a.log.Warn("people were not let into the next channel of a room", "room", room, "channel", c.Name, "err", err)
	}
}

// outside returns those of some users who are not in a channel.
func (a *Adapter) outside(ctx context.Context, channelID string, users []*model.User) ([]*model.User, error) {
	if len(users) == 0 {
		return nil, nil
	}
	list, err := call(ctx, a.api, "list members", func(ctx context.Context, c *model.Client4) (model.ChannelMembers, *model.Response, error) {
		return c.GetChannelMembersByIds(ctx, channelID, ids(users))
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(users), func(u *model.User) bool {
		return slices.ContainsFunc(list, func(m model.ChannelMember) bool { return m.UserId == u.Id })
	}), nil
}

// inTeam returns those of some users who are in the bot's team.
func (a *Adapter) inTeam(ctx context.Context, users []*model.User) ([]*model.User, error) {
	if len(users) == 0 {
		return nil, nil
	}
	h, _ := a.rooms.at()
	list, err := call(ctx, a.api, "list members of the team", func(ctx context.Context, c *model.Client4) ([]*model.TeamMember, *model.Response, error) {
		return c.GetTeamMembersByIds(ctx, h.team.Id, ids(users))
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(users), func(u *model.User) bool {
		return !slices.ContainsFunc(list, func(m *model.TeamMember) bool { return m.UserId == u.Id && m.DeleteAt == 0 })
	}), nil
}

func ids(users []*model.User) []string {
	out := make([]string, len(users))
	for i, u := range users {
		out[i] = u.Id
	}
	return out
}

// let adds users to a channel: all at once where the server can, else one by one. Those who are not in
// the team are told in the log.
func (a *Adapter) let(ctx context.Context, room bot.RoomID, channelID string, users []*model.User) error {
	can, err := a.inTeam(ctx, users)
	if err != nil {
		return err
	}
	if out := slices.DeleteFunc(slices.Clone(users), func(u *model.User) bool { return slices.Contains(can, u) }); len(out) > 0 {
		a.log.Warn("people are not in the team, so they are not let into the room", "room", room, "accounts", listed(out),
			"remedy", "let them into the team "+a.config.Team)
	}
	if len(can) > 1 && !a.api.server().before(11) {
		_, err := call(ctx, a.api, "add members", func(ctx context.Context, c *model.Client4) ([]*model.ChannelMember, *model.Response, error) {
			return c.AddChannelMembers(ctx, channelID, "", ids(can))
		})
		if err == nil || !is(err, http.StatusBadRequest) && !unseen(err) {
			return err
		}
	}
	for _, u := range can {
		_, err := call(ctx, a.api, "add a member", func(ctx context.Context, c *model.Client4) (*model.ChannelMember, *model.Response, error) {
			return c.AddChannelMember(ctx, channelID, u.Id)
		})
		switch {
		case err == nil:
		case names(err, "get_member.missing"), is(err, http.StatusNotFound):
			a.log.Warn("somebody was not let into the room", "room", room, "account", u.Username, "err", err)
		default:
			return err // who was let in already stays in
		}
	}
	return nil
}
