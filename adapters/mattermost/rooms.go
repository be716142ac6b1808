package mattermost

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// roomKey begins the shelf's records of which channel a room is.
const roomKey = "room/"

// channel is the channel of a room, as it is kept on the shelf.
type channel struct {
	ID       string
	Name     string
	Named    bool   `json:",omitempty"` // by the configuration; the bot did not make it and never archives it
	Archived bool   `json:",omitempty"`
	Header   string `json:",omitempty"` // last set by the bot
	Earlier  string `json:",omitempty"` // name of the archived channel the room had before
	made     bool   // by the call that returned it
}

// rooms knows which channel each room is. It may be used by several goroutines.
type rooms struct {
	config Config
	api    *api
	shelf  Shelf
	people *people
	log    *slog.Logger

	mu     sync.Mutex // protects what follows
	home   home
	desk   Desk
	byRoom map[bot.RoomID]channel
	byID   map[string]bot.RoomID
	not    map[string]time.Time       // channels that are no room, and how long that is believed
	making map[bot.RoomID]*sync.Mutex // held while a room's channel is looked for
	bare   map[string]bool            // channels made since the start in which no board was tried yet
	fresh  map[string]bool            // channels made since the start in which nothing but the board was said yet
	brief  map[bot.RoomID]string      // what the line above a new channel shall say, once its card is there
}

// home is who and where the bot is; known once it is connected.
type home struct {
	bot   *model.User
	team  *model.Team
	teams []*model.Team // all in which its commands are known, team first
	site  string        // the address by which people reach the server
}

func newRooms(config Config, a *api, shelf Shelf, p *people, log *slog.Logger) *rooms {
	return &rooms{
		config: config, api: a, shelf: shelf, people: p, log: log,
		byRoom: map[bot.RoomID]channel{}, byID: map[string]bot.RoomID{}, not: map[string]time.Time{},
		making: map[bot.RoomID]*sync.Mutex{}, bare: map[string]bool{}, fresh: map[string]bool{}, brief: map[bot.RoomID]string{},
	}
}

// settle takes who and where the bot is, and learns all rooms there are: from the shelf, and from the
// channels the bot is in, whose names follow from the rooms.
func (r *rooms) settle(ctx context.Context, h home, desk Desk) error {
	r.mu.Lock()
	r.home, r.desk = h, desk
	r.mu.Unlock()
	entries, err := r.shelf.Range(ctx, roomKey, "", 0)
	if err != nil {
		return fmt.Errorf("read which rooms there are: %w", err)
	}
	for _, e := range entries {
		var c channel
		if err := json.Unmarshal(e.Value, &c); err != nil {
			return fmt.Errorf("read which channel %s is: %w", e.Key, err)
		}
		r.know(bot.RoomID(strings.TrimPrefix(e.Key, roomKey)), c)
	}
	return r.warm(ctx)
}

// warm learns the rooms that another process made, such as the set-up.
func (r *rooms) warm(ctx context.Context) error {
	h, desk := r.at()
	list, err := call(ctx, r.api, "list the bot's channels", func(ctx context.Context, c *model.Client4) ([]*model.Channel, *model.Response, error) {
		return c.GetChannelsForTeamForUser(ctx, h.team.Id, h.bot.Id, false, "")
	})
	if err != nil {
		return err
	}
	byName := map[string]*model.Channel{}
	for _, c := range list {
		byName[c.Name] = c
	}
	for _, room := range desk.ConfiguredRooms() {
		if _, known := r.known(room.ID); known || r.config.Rooms[room.ID] != "" {
			continue
		}
		for n := 1; n <= mostNames; n++ {
			name := r.name(room.ID, n)
			if c := byName[name]; c != nil && c.CreatorId == h.bot.Id {
				if err := r.keep(ctx, room.ID, channel{ID: c.Id, Name: c.Name}); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// at returns where the bot is. The desk is nil while it is not connected.
func (r *rooms) at() (home, Desk) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.home, r.desk
}

func (r *rooms) known(room bot.RoomID) (channel, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.byRoom[room]
	return c, ok
}

func (r *rooms) know(room bot.RoomID, c channel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byRoom[room] = c
	r.byID[c.ID] = room // the channel it was before still means this room
}

// keep makes durable which channel a room is.
func (r *rooms) keep(ctx context.Context, room bot.RoomID, c channel) error {
	value, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode a channel: %w", err)
	}
	if err := r.shelf.Put(ctx, Entry{Key: roomKey + string(room), Value: value}); err != nil {
		return fmt.Errorf("note which channel a room is: %w", err)
	}
	r.know(room, c)
	return nil
}

// lock lets only one goroutine at a time look for a room's channel.
func (r *rooms) lock(room bot.RoomID) func() {
	r.mu.Lock()
	l := r.making[room]
	if l == nil {
		l = &sync.Mutex{}
		r.making[room] = l
	}
	r.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// roomOf returns the room of a channel. Direct channels between a person and the bot are that person's
// room; any other channel the bot happens to be in is no room.
func (r *rooms) roomOf(ctx context.Context, channelID string) (bot.RoomID, bool) {
	r.mu.Lock()
	room, ok := r.byID[channelID]
	no := time.Now().Before(r.not[channelID])
	r.mu.Unlock()
	if ok || no || channelID == "" {
		return room, ok
	}
	h, desk := r.at()
	if desk == nil {
		return "", false
	}
	c, err := call(ctx, r.api, "look a channel up", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.GetChannel(ctx, channelID)
	})
	if err == nil && c.Type == model.ChannelTypeDirect {
		if room, ok := r.direct(ctx, c, h, desk); ok {
			return room, true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.not) > 1000 {
		clear(r.not)
	}
	r.not[channelID] = time.Now().Add(time.Minute)
	return "", false
}

// direct takes note of a direct channel that a person opened.
func (r *rooms) direct(ctx context.Context, c *model.Channel, h home, desk Desk) (bot.RoomID, bool) {
	user := c.GetOtherUserIdForDM(h.bot.Id)
	if user == "" || user == h.bot.Id {
		return "", false
	}
	account, name, locale, err := r.people.who(ctx, user)
	if err != nil {
		return "", false
	}
	room := bot.DirectRoomID(desk.PersonFor(platform, account, name, locale).ID)
	if err := r.keep(ctx, room, channel{ID: c.Id, Name: c.Name}); err != nil {
		r.log.Warn("a direct channel was not noted", "room", room, "err", err)
	}
	return room, true
}

// watched lists the channels in which people may have said something: all of the bot's rooms.
func (r *rooms) watched() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, c := range r.byRoom {
		if !c.Archived {
			out = append(out, c.ID)
		}
	}
	return out
}

// over tells an incident's room whose incident has ended.
func (r *rooms) over(room bot.RoomID) bool {
	id, ok := room.IncidentOf()
	_, desk := r.at()
	if !ok || desk == nil {
		return false
	}
	for _, h := range desk.Heads() {
		if h.ID == id {
			return h.Phase.Ended()
		}
	}
	return false
}

// noBoard reports whether a room's channel is so new that no board can be in it: there is no need to look.
func (r *rooms) noBoard(room bot.RoomID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.byRoom[room]
	return ok && r.bare[c.ID]
}

// boardTried notes that a board may be in a channel from now on.
func (r *rooms) boardTried(channelID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.bare, channelID)
}

// later keeps what the line above a channel shall say until something else is said there, and reports
// whether it did: a new room is of use once its card is pinned, and the line would hold that up. Elsewhere
// it might be long until something is said.
func (r *rooms) later(room bot.RoomID, channelID, brief string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fresh[channelID] {
		r.brief[room] = brief
	}
	return r.fresh[channelID]
}

// late returns what was kept, once, now that something was said.
func (r *rooms) late(room bot.RoomID, channelID string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.fresh, channelID)
	brief := r.brief[room]
	delete(r.brief, room)
	return brief
}
