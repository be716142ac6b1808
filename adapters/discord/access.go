package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"wardline/bot"
	"wardline/bot/incident"
)

// own is what the bot gives itself in each of its channels, so that nothing that is taken from everybody
// locks it out.
const own = mayView | maySend | mayEmbed | mayRead

// mostAdmitted bounds who is let into one room by name.
const mostAdmitted = 100

// private tells rooms that are for those only who belong there.
func (r *rooms) private(id bot.RoomID) bool {
	_, isIncident := id.IncidentOf()
	room, _ := r.people.desk().Room(id)
	return r.config.Private && (isIncident || room.Kind == bot.LeadersRoom || room.Kind == bot.ITRoom)
}

// access is who may do what in a new channel: the bot, and in a private one those who belong there.
func (r *rooms) access(id bot.RoomID, whom []incident.PersonID) []overwrite {
	out := []overwrite{{ID: r.self(), Type: forMember, Allow: own}}
	if !r.private(id) {
		return out
	}
	out = append(out, overwrite{ID: r.config.Guild, Type: forRole, Deny: mayView})
	for _, person := range whom {
		in := overwrite{ID: r.people.account(person), Type: forMember, Allow: mayView}
		if in.ID != "" && len(out) < mostAdmitted && !r.people.missing(person) && !slices.ContainsFunc(out, func(o overwrite) bool { return o.ID == in.ID }) {
			out = append(out, in)
		}
	}
	return out
}

// belong lists who is let into a room when it is made.
func (r *rooms) belong(room bot.Room) []incident.PersonID {
	switch room.Kind {
	case bot.LeadersRoom:
		return r.people.desk().Holders(incident.Incident{}, bot.Leader, bot.Coordinator)
	case bot.ITRoom:
		return r.people.desk().Holders(incident.Incident{}, bot.Engineer, bot.Coordinator)
	default:
		return r.people.desk().Roster(room.ID)
	}
}

// admit lets people into a private room. Whom Discord does not know is left out.
func (r *rooms) admit(ctx context.Context, class bot.Urgency, id bot.RoomID, channelID string, whom []incident.PersonID) error {
	if len(whom) == 0 || !r.private(id) {
		return nil
	}
	ch, err := r.fetch(ctx, class, channelID)
	if err != nil {
		return err
	}
	for _, person := range whom {
		account := r.people.account(person)
		if account == "" || ch.lets(account) {
			continue
		}
		if len(ch.Overwrites) >= mostAdmitted {
			r.log.WarnContext(ctx, "a room has too many members to let another in", "room", id, "most", mostAdmitted)
			return nil
		}
		err := r.api.do(ctx, class, http.MethodPut, "/channels/"+channelID+"/permissions/"+account, permit{ID: account, Type: forMember, Allow: mayView}, nil)
		switch {
		case refusedWith(err, unknownUser, unknownMember) || errors.Is(err, bot.ErrRejected) && !refusedWith(err, unknownChannel):
			r.people.miss(person)
			r.log.WarnContext(ctx, "somebody is not let into a room: discord does not know them on this server", "room", id, "person", person, "err", err)
		case err != nil:
			return fmt.Errorf("let somebody into the room %s: %w", id, partly(err))
		default:
			ch.Overwrites = append(ch.Overwrites, overwrite{ID: account, Type: forMember, Allow: mayView})
		}
	}
	return nil
}

// without leaves out those who are let in already.
func without(whom []incident.PersonID, in []overwrite, p *people) []incident.PersonID {
	return slices.DeleteFunc(slices.Clone(whom), func(person incident.PersonID) bool {
		return channel{Overwrites: in}.lets(p.account(person))
	})
}

// permit is the body that sets one overwrite.
type permit struct {
	ID    string `json:"id"` // stands in the address too; some servers want it here as well
	Type  int    `json:"type"`
	Allow rights `json:"allow"`
	Deny  rights `json:"deny"`
}

// lets reports whether a user is let in by name.
func (c channel) lets(account string) bool {
	return slices.ContainsFunc(c.Overwrites, func(o overwrite) bool { return o.ID == account && o.Type == forMember && o.Allow&mayView != 0 })
}

// fetch asks for one channel.
func (r *rooms) fetch(ctx context.Context, class bot.Urgency, id string) (channel, error) {
	var ch channel
	err := r.api.do(ctx, class, http.MethodGet, "/channels/"+id, nil, &ch)
	return ch, err
}

// locked returns the overwrites of a channel with the right to write taken from everybody, or given back.
func locked(list []overwrite, everyone string, lock bool) []overwrite {
	out := slices.Clone(list)
	at := slices.IndexFunc(out, func(o overwrite) bool { return o.ID == everyone })
	if at < 0 {
		out = append(out, overwrite{ID: everyone, Type: forRole})
		at = len(out) - 1
	}
	out[at].Deny &^= maySend
	if lock {
		out[at].Deny |= maySend
		out[at].Allow &^= maySend
	}
	return out
}

// partly is an error after which something has been done already, so it may not claim the opposite.
func partly(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(err.Error())
}
