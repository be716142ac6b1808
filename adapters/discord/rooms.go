package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"wardline/adapters/seal"
	"wardline/bot"
)

// rooms maps rooms to channels. What is known stands on the shelf; a channel that was made and not noted,
// because we were stopped in between, is recognised by a mark in its topic and taken over.
type rooms struct {
	api    *rest
	config Config
	shelf  Shelf
	seal   seal.Sealer
	people *people
	log    *slog.Logger
	making chan struct{}                             // one at a time makes channels, so that nobody makes one twice
	born   func(ctx context.Context, channel string) // called when a channel is there

	mu         sync.Mutex // protects what follows
	me         string     // the bot's own user
	known      map[bot.RoomID]record
	byID       map[string]bot.RoomID
	categories map[string]string // "outages/1" -> id
}

// A record is what is known about a room.
type record struct {
	Channel string `json:"channel"`
	Name    string `json:"name"` // as Discord calls it, which is not quite what we asked for
	Closed  bool   `json:"closed,omitempty"`
	given   bool   // named by the configuration: it is neither moved nor locked
}

// A want is a room that somebody needs.
type want struct {
	room  bot.RoomID
	class bot.Urgency
	title string // "" is the room's own name
	about string
}

const (
	shelfRoom     = "room/"
	shelfCategory = "category/"
)

func newRooms(ctx context.Context, api *rest, config Config, shelf Shelf, p *people, log *slog.Logger) (*rooms, error) {
	r := &rooms{
		api: api, config: config, shelf: shelf, seal: seal.New(config.Key, "discord/room"), people: p, log: log, making: make(chan struct{}, 1), born: func(context.Context, string) {},
		known: map[bot.RoomID]record{}, byID: map[string]bot.RoomID{}, categories: map[string]string{},
	}
	entries, err := shelf.Range(ctx, shelfRoom, "", 0)
	if err != nil {
		return nil, fmt.Errorf("read the rooms on discord: %w", err)
	}
	for _, e := range entries {
		var rec record
		if err := json.Unmarshal(e.Value, &rec); err != nil {
			return nil, fmt.Errorf("read the room %s on discord: %w", e.Key, err)
		}
		r.learn(bot.RoomID(strings.TrimPrefix(e.Key, shelfRoom)), rec)
	}
	if entries, err = shelf.Range(ctx, shelfCategory, "", 0); err != nil {
		return nil, fmt.Errorf("read the categories on discord: %w", err)
	}
	for _, e := range entries {
		r.categories[strings.TrimPrefix(e.Key, shelfCategory)] = string(e.Value)
	}
	for id, ch := range config.Rooms { // what is configured outranks what was
		r.learn(id, record{Channel: ch, given: true})
	}
	return r, nil
}

func (r *rooms) learn(id bot.RoomID, rec record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, ok := r.known[id]; ok && old.Channel != rec.Channel && r.byID[old.Channel] == id {
		delete(r.byID, old.Channel)
	}
	r.known[id] = rec
	r.byID[rec.Channel] = id
}

// meet tells who the bot is.
func (r *rooms) meet(me string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.me = me
}

func (r *rooms) self() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.me
}

// record returns what is known about a room.
func (r *rooms) record(id bot.RoomID) (record, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec, ok := r.known[id]
	return rec, ok
}

// roomOf returns the room that a channel is.
func (r *rooms) roomOf(channelID string) (bot.RoomID, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.byID[channelID]
	return id, ok
}

// watched lists the channels that are rooms, in a steady order.
func (r *rooms) watched() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for id := range r.byID {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// channelOf returns the channel of a room; with wanted it is made if it is not there, else it is "".
func (r *rooms) channelOf(ctx context.Context, id bot.RoomID, wanted bool) (string, error) {
	if rec, ok := r.record(id); ok {
		return rec.Channel, nil
	}
	if !wanted {
		return "", nil
	}
	rec, err := r.locate(ctx, want{room: id, class: bot.Reply})
	return rec.Channel, err
}

// keep notes a room durably before anything is said in it.
func (r *rooms) keep(ctx context.Context, id bot.RoomID, rec record) error {
	value, err := json.Marshal(rec)
	if err != nil {
		return fmt.Errorf("note the room %s: %w", id, err)
	}
	if !rec.given {
		if err := r.shelf.Put(ctx, Entry{Key: shelfRoom + string(id), Value: value}); err != nil {
			return fmt.Errorf("note the room %s: %w", id, err)
		}
	}
	r.learn(id, rec)
	return nil
}

// forget drops a channel that somebody deleted, unless the room has another by now.
func (r *rooms) forget(ctx context.Context, id bot.RoomID, gone string) error {
	rec, ok := r.record(id)
	if !ok || rec.Channel != gone || rec.given {
		return nil
	}
	if err := r.shelf.Put(ctx, Entry{Key: shelfRoom + string(id)}); err != nil {
		return fmt.Errorf("forget the room %s: %w", id, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
	delete(r.byID, gone)
	return nil
}

// locate returns a room's channel and makes it if it is not there.
func (r *rooms) locate(ctx context.Context, w want) (record, error) {
	if rec, ok := r.record(w.room); ok {
		return rec, nil
	}
	if person, ok := w.room.PersonOf(); ok {
		return r.direct(ctx, w, r.people.account(person))
	}
	if err := r.lock(ctx); err != nil {
		return record{}, err
	}
	defer r.unlock()
	if rec, ok := r.record(w.room); ok { // made while we waited
		return rec, nil
	}
	all, err := r.list(ctx, w.class)
	if err != nil {
		return record{}, err
	}
	if ch, ok := r.ours(all, w.room); ok {
		rec := record{Channel: ch.ID, Name: ch.Name}
		if err := r.keep(ctx, w.room, rec); err != nil {
			return record{}, err
		}
		r.born(ctx, rec.Channel)
		return rec, nil
	}
	return r.create(ctx, w, all)
}

func (r *rooms) lock(ctx context.Context) error {
	select {
	case r.making <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to make a channel: %w: %w", bot.ErrNotSent, ctx.Err())
	}
}

func (r *rooms) unlock() { <-r.making }

// errNameless is an answer that says that something was made, and not what. Whoever asks again finds it.
var errNameless = errors.New("the answer names no channel")

// direct opens the private channel with a person.
func (r *rooms) direct(ctx context.Context, w want, account string) (record, error) {
	if account == "" {
		return record{}, fmt.Errorf("open the room %s: nobody on discord is known for it: %w", w.room, bot.ErrRejected)
	}
	var made channel
	in := map[string]string{"recipient_id": account}
	if err := r.api.do(ctx, w.class, http.MethodPost, "/users/@me/channels", in, &made); err != nil {
		return record{}, fmt.Errorf("open the room %s: %w", w.room, err)
	}
	if made.ID == "" {
		return record{}, fmt.Errorf("open the room %s: %w", w.room, errNameless)
	}
	rec := record{Channel: made.ID}
	return rec, r.keep(ctx, w.room, rec)
}

// create makes a room's channel. Name and topic are set once: Discord lets them change twice in ten
// minutes, so they never say how an outage stands.
func (r *rooms) create(ctx context.Context, w want, all []channel) (record, error) {
	room, ok := r.people.desk().Room(w.room)
	if !ok {
		return record{}, fmt.Errorf("make the room %s: there is no such room: %w", w.room, bot.ErrRejected)
	}
	if w.title == "" {
		w.title = room.Name.In(r.lang(room.Lang))
	}
	whom := r.belong(room)
	in := channel{
		Type: textChannel, Name: channelName(w.title, w.room), Topic: topic(w.about, r.mark(w.room)), Overwrites: r.access(w.room, whom),
	}
	for range 3 {
		parent, err := r.category(ctx, w.class, shelfOf(room.Kind), all)
		if err != nil {
			return record{}, err
		}
		in.Parent = parent
		var made channel
		err = r.api.do(ctx, w.class, http.MethodPost, "/guilds/"+r.config.Guild+"/channels", in, &made)
		if refusedFor(err, fullCategory) { // somebody was faster
			for range mostChildren {
				all = append(all, channel{Parent: parent})
			}
			continue
		}
		if bare := r.access(w.room, nil); errors.Is(err, bot.ErrRejected) && len(in.Overwrites) > len(bare) {
			// Somebody who left the server must not keep the room from being made: people are let in one by one.
			in.Overwrites = bare
			continue
		}
		if err != nil {
			return record{}, fmt.Errorf("make the room %s: %w", w.room, err)
		}
		if made.ID == "" {
			return record{}, fmt.Errorf("make the room %s: %w", w.room, errNameless)
		}
		rec := record{Channel: made.ID, Name: made.Name}
		if err := r.keep(ctx, w.room, rec); err != nil {
			return record{}, err
		}
		r.born(ctx, rec.Channel)
		if err := r.admit(ctx, w.class, w.room, rec.Channel, without(whom, in.Overwrites, r.people)); err != nil { // an inspection will see it
			r.log.WarnContext(ctx, "not everybody was let into a new room yet", "room", w.room, "err", err)
		}
		return rec, nil
	}
	return record{}, errors.New("make the room " + string(w.room) + ": every category is full")
}
