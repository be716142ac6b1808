package discord

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"wardline/bot"
)

// Limits of a server.
const (
	mostChannels  = 500
	channelsWarn  = 450
	mostChildren  = 50
	mostRotations = 20
)

// The categories, by what they hold. Their names are phrases.
const (
	outagesShelf     = "outages"
	pastShelf        = "past"
	departmentsShelf = "departments"
	staffShelf       = "staff"
)

// shelfOf says in which category a kind of room stands.
func shelfOf(kind bot.RoomKind) string {
	switch kind {
	case bot.IncidentRoom:
		return outagesShelf
	case bot.DepartmentRoom:
		return departmentsShelf
	default:
		return staffShelf
	}
}

// category returns a category with room for another channel, and makes one if there is none. all are the
// channels of the server as they were just now.
func (r *rooms) category(ctx context.Context, class bot.Urgency, kind string, all []channel) (string, error) {
	children := map[string]int{}
	for _, ch := range all {
		children[ch.Parent]++
	}
	base := r.people.desk().Voice(r.config.Lang).Say("discord.category." + kind)
	for n := 1; n <= mostRotations; n++ {
		key, name := kind+"/"+strconv.Itoa(n), base
		if n > 1 {
			name += " " + strconv.Itoa(n)
		}
		id := r.standing(key, name, all)
		if id != "" && children[id] >= mostChildren {
			continue
		}
		if id == "" {
			var made channel
			in := channel{Type: categoryChannel, Name: name}
			if err := r.api.do(ctx, class, http.MethodPost, "/guilds/"+r.config.Guild+"/channels", in, &made); err != nil {
				return "", fmt.Errorf("make the category %s: %w", key, err)
			}
			if id = made.ID; id == "" {
				return "", fmt.Errorf("make the category %s: %w", key, errNameless)
			}
		}
		return id, r.keepCategory(ctx, key, id)
	}
	return "", fmt.Errorf("make a category: %s has %d, and all are full", kind, mostRotations)
}

// standing finds a category that is there: the one on the shelf, however it is called now, or else one of the
// name, which we may have made and not noted.
func (r *rooms) standing(key, name string, all []channel) string {
	r.mu.Lock()
	noted := r.categories[key]
	r.mu.Unlock()
	named := ""
	for _, ch := range all {
		switch {
		case ch.Type != categoryChannel:
		case ch.ID == noted:
			return noted
		case ch.Name == name && (named == "" || older(ch.ID, named)):
			named = ch.ID
		}
	}
	return named
}

func (r *rooms) keepCategory(ctx context.Context, key, id string) error {
	r.mu.Lock()
	same := r.categories[key] == id
	r.mu.Unlock()
	if same {
		return nil
	}
	if err := r.shelf.Put(ctx, Entry{Key: shelfCategory + key, Value: []byte(id)}); err != nil {
		return fmt.Errorf("note the category %s: %w", key, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.categories[key] = id
	return nil
}
