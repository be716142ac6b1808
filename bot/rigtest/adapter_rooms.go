package rigtest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"wardline/bot"
)

// owner begins the marker of every room that is ours.
const owner = "wardline "

// Owner returns whose room this is, "" if it is not ours.
func (r Room) Owner() bot.RoomID {
	id, ours := strings.CutPrefix(r.Marker, owner)
	if !ours {
		return ""
	}
	return bot.RoomID(id)
}

// Warm learns all rooms there are by one request, as an adapter does when it connects.
func (a *Adapter) Warm(ctx context.Context) error {
	var rooms []Room
	if err := a.do(ctx, http.MethodGet, "/rooms", nil, &rooms); err != nil {
		return err
	}
	for _, r := range rooms {
		if r.Owner() != "" {
			a.know(r.Owner(), r)
		}
	}
	return nil
}

// room returns the channel of a room. Its name follows from the room's id: what is there and ours is
// taken over, what is there and somebody else's makes us use the next name, and what is not there is
// made if wanted. Killed at any moment, it goes on where it was.
func (a *Adapter) room(ctx context.Context, id bot.RoomID, wanted bool) (Room, error) {
	a.mu.Lock()
	known, ok := a.rooms[id]
	a.mu.Unlock()
	if ok {
		return known, nil
	}
	name := "wl-" + strings.ReplaceAll(string(id), "/", "-")
	for n := 1; n < 10; {
		candidate := name
		if n > 1 {
			candidate += "-" + strconv.Itoa(n)
		}
		var found Room
		err := a.do(ctx, http.MethodGet, "/names/"+candidate, nil, &found)
		switch {
		case err == nil && found.Owner() == id:
			a.know(id, found)
			return found, nil
		case err == nil:
			n++
			continue
		case !is(err, http.StatusNotFound):
			return Room{}, err
		case !wanted:
			return Room{}, nil
		}
		err = a.do(ctx, http.MethodPost, "/rooms", Room{Name: candidate, Marker: owner + string(id)}, &found)
		switch {
		case err == nil:
			a.know(id, found)
			return found, nil
		case !strings.Contains(err.Error(), "save_channel.exists"):
			return Room{}, err
		}
		// It was made while we looked, perhaps by a request of ours that came late: look again.
	}
	return Room{}, errors.Join(bot.ErrRejected, errors.New("all names of the room are taken"))
}

func (a *Adapter) know(id bot.RoomID, r Room) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.rooms[id] = r
}
