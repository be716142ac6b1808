package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// A glance is what the list of rooms must know of a post.
type glance struct {
	id     uint64
	author incident.PersonID
}

// glances is how many posts of a room are counted at most; beyond it people read "many".
const glances = 50

// A roomRecord is what became of a room.
type roomRecord struct {
	Title  string    `json:"title,omitempty"`
	About  string    `json:"about,omitempty"`
	Closed time.Time `json:"closed,omitzero"`
}

// notice keeps the newest posts of rooms whose news somebody asked for. The caller holds mu.
func (d *diary) notice(p post) {
	known, asked := d.news[p.Room]
	if !asked || !p.counts() || p.ID != p.Rev {
		return
	}
	known = append(known, glance{p.ID, p.Author})
	d.news[p.Room] = known[max(0, len(known)-glances):]
}

// latest returns the newest posts of a room that count, oldest first.
func (d *diary) latest(ctx context.Context, room bot.RoomID) ([]glance, error) {
	d.mu.Lock()
	known, asked := d.news[room]
	head := d.head
	d.mu.Unlock()
	if asked {
		return slices.Clone(known), nil
	}
	entries, err := d.shelf.Last(ctx, shelfOf(room, ""), glances)
	if err != nil {
		return nil, fmt.Errorf("read the news of %s: %w", room, err)
	}
	var found []glance
	for _, e := range entries {
		var p post
		if err := json.Unmarshal(e.Value, &p); err != nil {
			return nil, fmt.Errorf("read post %s: %w", e.Key, err)
		}
		if p.counts() {
			found = append(found, glance{p.ID, p.Author})
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.head == head { // else a post may have slipped in between; the next reader tries again
		d.news[room] = found
	}
	return slices.Clone(found), nil
}

// history returns the last posts of a room with an id below before (0 = the newest) that a person
// sees, oldest first, and whether there are older ones. The board is not among them.
func (d *diary) history(ctx context.Context, room bot.RoomID, who incident.PersonID, before uint64, limit int) (posts []post, more bool, err error) {
	for _, prefix := range []string{shelfOf(room, ""), shelfOf(room, who)} {
		some, older, err := d.tail(ctx, prefix, before, limit)
		if err != nil {
			return nil, false, err
		}
		posts, more = append(posts, some...), more || older
	}
	slices.SortFunc(posts, func(a, b post) int { return cmp.Compare(a.ID, b.ID) })
	if n := len(posts) - limit; n > 0 {
		posts, more = posts[n:], true
	}
	return posts, more, nil
}

// tail reads the last posts below a number from one prefix. The shelf reads from its end only, so
// it widens the net until enough are in it.
func (d *diary) tail(ctx context.Context, prefix string, before uint64, limit int) (posts []post, more bool, err error) {
	for net := limit + 1; ; net *= 4 {
		entries, err := d.shelf.Last(ctx, prefix, net)
		if err != nil {
			return nil, false, fmt.Errorf("read the posts of a room: %w", err)
		}
		posts = posts[:0]
		for _, e := range entries {
			var p post
			if err := json.Unmarshal(e.Value, &p); err != nil {
				return nil, false, fmt.Errorf("read post %s: %w", e.Key, err)
			}
			if p.Key == "" && (before == 0 || p.ID < before) {
				posts = append(posts, p)
			}
		}
		if all := len(entries) < net; all || len(posts) > limit {
			n := max(0, len(posts)-limit)
			return posts[n:], n > 0, nil
		}
	}
}

// pinned returns the posts of a room that are kept at its top: those with a message key.
func (d *diary) pinned(ctx context.Context, room bot.RoomID) ([]post, error) {
	entries, err := d.shelf.Range(ctx, keyPrefix(room), "", 0)
	if err != nil {
		return nil, fmt.Errorf("read the board of %s: %w", room, err)
	}
	var posts []post
	for _, e := range entries {
		p, found, err := d.load(ctx, string(e.Value))
		if err != nil {
			return nil, err
		}
		if found {
			posts = append(posts, p)
		}
	}
	return posts, nil
}

// room returns what became of a room; a room nobody opened is simply open.
func (d *diary) room(ctx context.Context, id bot.RoomID) (r roomRecord, err error) {
	value, found, err := d.shelf.Get(ctx, roomKey(id))
	if err != nil || !found {
		return roomRecord{}, err
	}
	if err := json.Unmarshal(value, &r); err != nil {
		return roomRecord{}, fmt.Errorf("read room %s: %w", id, err)
	}
	return r, nil
}

func roomKey(id bot.RoomID) string { return roomPrefix + url.PathEscape(string(id)) }

func keyPrefix(id bot.RoomID) string { return "key/" + url.PathEscape(string(id)) + "/" }
