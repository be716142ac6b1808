package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// The server's limits, and ours.
const (
	longestName    = 64
	longestDisplay = 64
	longestPurpose = 250
	longestHeader  = 1024
	mostNames      = 20 // "wl-inc-7", "wl-inc-7-2", … "wl-inc-7-20"
)

// name is the n-th name a room's channel may have. It follows from the room, so that a repeat finds what
// an earlier try made.
func (r *rooms) name(room bot.RoomID, n int) string {
	clean := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			return c
		}
		return '-'
	}, string(room))
	suffix := ""
	if n > 1 {
		suffix = "-" + strconv.Itoa(n)
	}
	name := r.config.Prefix + "-" + clean
	return strings.TrimRight(name[:min(len(name), longestName-len(suffix))], "-") + suffix
}

// channelOf returns the channel of a room, "" if there is none and none shall be made.
func (r *rooms) channelOf(ctx context.Context, room bot.RoomID, wanted bool) (string, error) {
	c, err := r.place(ctx, room, wanted, "")
	return c.ID, err
}

// place returns the channel of a room that can be spoken in, as far as is known. Its display name is
// taken from the desk if title is empty.
func (r *rooms) place(ctx context.Context, room bot.RoomID, wanted bool, title string) (channel, error) {
	if c, ok := r.known(room); ok && !c.Archived {
		return c, nil
	}
	if _, desk := r.at(); desk == nil {
		return channel{}, fmt.Errorf("look for a room: %w", bot.ErrNotSent)
	}
	defer r.lock(room)()
	before, known := r.known(room)
	if known && !before.Archived { // somebody else found it meanwhile
		return before, nil
	}
	var c channel
	var err error
	switch _, isDirect := room.PersonOf(); {
	case isDirect:
		c, err = r.open(ctx, room)
	case r.config.Rooms[room] != "":
		c, err = r.named(ctx, room)
	default:
		c, err = r.ours(ctx, room, wanted, title, before)
	}
	if err != nil || c.ID == "" {
		return channel{}, err
	}
	made := c.made
	c.made = false // others find it, they did not make it
	err = r.keep(ctx, room, c)
	c.made = made
	return c, err
}

// open opens the direct channel of a person.
func (r *rooms) open(ctx context.Context, room bot.RoomID) (channel, error) {
	h, _ := r.at()
	person, _ := room.PersonOf()
	user, err := r.people.of(ctx, person)
	if err != nil {
		return channel{}, err
	}
	if user == nil {
		return channel{}, fmt.Errorf("%w: no account on mattermost is known for %s; name it in the configuration", bot.ErrRejected, person)
	}
	c, err := call(ctx, r.api, "open a direct channel", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.CreateDirectChannel(ctx, h.bot.Id, user.Id)
	})
	if err != nil {
		return channel{}, err
	}
	return channel{ID: c.Id, Name: c.Name}, nil
}

// named finds the channel that the configuration names, and goes into it where everybody may.
func (r *rooms) named(ctx context.Context, room bot.RoomID) (channel, error) {
	h, _ := r.at()
	is, remedy := r.config.Rooms[room], "; create it, or let the bot's account into it, or correct the configuration"
	c, err := r.lookUp(ctx, is)
	switch {
	case err != nil:
		return channel{}, err
	case c == nil:
		return channel{}, fmt.Errorf("%w: there is no channel %q for room %s that the bot can see%s", bot.ErrRejected, is, room, remedy)
	case c.DeleteAt != 0:
		return channel{}, fmt.Errorf("%w: channel %q of room %s is archived; unarchive it, or name another", bot.ErrRejected, is, room)
	}
	if err := r.join(ctx, c, h.bot.Id); err != nil {
		return channel{}, fmt.Errorf("go into channel %q of room %s: %w", is, room, err)
	}
	return channel{ID: c.Id, Name: c.Name, Named: true}, nil
}

// lookUp finds a channel by its id, or by its name in the bot's team; nil if there is none it can see.
func (r *rooms) lookUp(ctx context.Context, is string) (*model.Channel, error) {
	h, _ := r.at()
	if model.IsValidId(is) {
		c, err := call(ctx, r.api, "look a channel up", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
			return cl.GetChannel(ctx, is)
		})
		if err == nil || !unseen(err) {
			return c, err
		}
	}
	c, err := call(ctx, r.api, "look channel "+is+" up", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.GetChannelByNameIncludeDeleted(ctx, is, h.team.Id, "")
	})
	if unseen(err) {
		return nil, nil
	}
	return c, err
}

// unseen tells that something is not there, or must not be seen.
func unseen(err error) bool { return is(err, http.StatusNotFound) || is(err, http.StatusForbidden) }

// join makes the bot a member of a channel, if it is not.
func (r *rooms) join(ctx context.Context, c *model.Channel, user string) error {
	_, err := call(ctx, r.api, "look for the bot among the members", func(ctx context.Context, cl *model.Client4) (*model.ChannelMember, *model.Response, error) {
		return cl.GetChannelMember(ctx, c.Id, user, "")
	})
	if err == nil || !unseen(err) {
		return err
	}
	_, err = call(ctx, r.api, "join", func(ctx context.Context, cl *model.Client4) (*model.ChannelMember, *model.Response, error) {
		return cl.AddChannelMember(ctx, c.Id, user)
	})
	return err
}

// ours makes a room's channel, or finds the one the bot made before. One that is archived stays so, because
// a bot may not bring it back: the room goes on under the next name.
func (r *rooms) ours(ctx context.Context, room bot.RoomID, wanted bool, title string, before channel) (channel, error) {
	earlier := r.nameNow(ctx, before)
	for n := 1; n <= mostNames; n++ {
		name := r.name(room, n)
		if wanted { // tried before looking: most rooms are new, and somebody waits for them
			made, err := r.create(ctx, room, name, title, earlier)
			if err == nil {
				r.mu.Lock()
				r.bare[made.Id], r.fresh[made.Id] = true, true
				r.mu.Unlock()
				return channel{ID: made.Id, Name: name, Header: made.Header, Earlier: earlier, made: true}, nil
			}
			if !names(err, "save_channel.exists") {
				return channel{}, err
			}
		}
		found, err := r.lookUp(ctx, name)
		if err != nil || found == nil && !wanted {
			return channel{}, err
		}
		if found == nil { // it is somebody's whom we must not see
			continue
		}
		c, err := r.adopt(ctx, found, earlier)
		if c.ID == before.ID { // the bot was put out of it, and went in again: it is no other one
			c.Earlier = before.Earlier
		}
		if err != nil || c.ID != "" {
			return c, err
		}
		if h, _ := r.at(); found.CreatorId == h.bot.Id {
			earlier = name
		}
	}
	return channel{}, fmt.Errorf("%w: all names of room %s are taken, up to %s; choose another mattermost.room_prefix", bot.ErrRejected, room, r.name(room, mostNames))
}

// nameNow is the name of the channel a room had before: people rename channels.
func (r *rooms) nameNow(ctx context.Context, before channel) string {
	if before.ID == "" {
		return ""
	}
	if c, err := r.lookUp(ctx, before.ID); err == nil && c != nil {
		return c.Name
	}
	return before.Name
}

// adopt takes over a channel that the bot made and may still speak in; otherwise its ID is empty.
func (r *rooms) adopt(ctx context.Context, found *model.Channel, earlier string) (channel, error) {
	h, _ := r.at()
	if found.CreatorId != h.bot.Id || found.DeleteAt != 0 {
		return channel{}, nil
	}
	switch err := r.join(ctx, found, h.bot.Id); {
	case err == nil:
		return channel{ID: found.Id, Name: found.Name, Header: found.Header, Earlier: earlier}, nil
	case unseen(err):
		return channel{}, nil
	default:
		return channel{}, err
	}
}

// create makes a channel for a room.
func (r *rooms) create(ctx context.Context, room bot.RoomID, name, title, earlier string) (*model.Channel, error) {
	h, desk := r.at()
	about, _ := desk.Room(room)
	voice := desk.Voice(about.Lang)
	if title == "" {
		title = about.Name.In(about.Lang)
	}
	if strings.TrimSpace(title) == "" {
		title = name
	}
	c := &model.Channel{TeamId: h.team.Id, Name: name, DisplayName: cut(title, longestDisplay), Type: model.ChannelTypeOpen}
	if r.config.Private && about.Kind != bot.DepartmentRoom {
		c.Type = model.ChannelTypePrivate
	}
	switch about.Kind {
	case bot.IncidentRoom:
		c.Purpose = voice.Say("room.purpose", "id", about.Incident)
	case bot.DepartmentRoom:
		c.Purpose = voice.Say("mattermost.purpose_department")
	case bot.LeadersRoom:
		c.Purpose = voice.Say("mattermost.purpose_leaders")
	default:
		c.Purpose = voice.Say("mattermost.purpose_it")
	}
	c.Purpose = cut(c.Purpose, longestPurpose)
	if earlier != "" {
		c.Header = r.headerText("", earlier, about)
	}
	return call(ctx, r.api, "create channel "+name, func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.CreateChannel(ctx, c)
	})
}

// headerText is the line above a channel: how things stand, and where the room was before.
func (r *rooms) headerText(brief, earlier string, about bot.Room) string {
	h, desk := r.at()
	s := escape(brief)
	if earlier != "" {
		link := fmt.Sprintf("%s/%s/channels/%s", h.site, h.team.Name, earlier)
		if s != "" {
			s += " | "
		}
		s += desk.Voice(about.Lang).Say("mattermost.earlier", "link", link)
	}
	if utf8.RuneCountInString(s) > longestHeader {
		return cut(escape(brief), longestHeader)
	}
	return s
}

// state shows how things stand above a channel. It is worth a try and no more: the board says it too.
func (r *rooms) state(ctx context.Context, room bot.RoomID, brief string) {
	c, ok := r.known(room)
	_, desk := r.at()
	if !ok || c.Named || c.Archived || brief == "" || desk == nil {
		return
	}
	about, _ := desk.Room(room)
	header := r.headerText(brief, c.Earlier, about)
	if header == c.Header {
		return
	}
	_, err := call(ctx, r.api, "change a header", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.PatchChannel(ctx, c.ID, &model.ChannelPatch{Header: &header})
	})
	if err == nil {
		c.Header = header
		err = r.keep(ctx, room, c)
	}
	if err != nil {
		r.log.Warn("the line above a channel is out of date", "room", room, "err", err)
	}
}

// openRoom makes the room of an outage be there, with its name and purpose.
func (r *rooms) openRoom(ctx context.Context, m bot.Message) error {
	c, err := r.place(ctx, m.Room, true, m.Title)
	if err != nil || c.Named || c.made {
		return err
	}
	found, err := call(ctx, r.api, "look a channel up", func(ctx context.Context, cl *model.Client4) (*model.Channel, *model.Response, error) {
		return cl.GetChannel(ctx, c.ID)
	})
	if err == nil && found.DeleteAt == 0 {
		return nil
	}
	if err != nil && !unseen(err) {
		return err
	}
	if err := r.lost(ctx, m.Room, c); err != nil {
		return err
	}
	_, err = r.place(ctx, m.Room, true, m.Title)
	return err
}

// closeRoom archives the room of an outage that is over.
func (r *rooms) closeRoom(ctx context.Context, room bot.RoomID) error {
	if c, ok := r.known(room); ok && c.Archived {
		return nil
	}
	c, err := r.place(ctx, room, false, "")
	if err != nil || c.ID == "" || c.Named || r.config.Keep {
		return err
	}
	err = done(ctx, r.api, "archive channel "+c.Name, func(ctx context.Context, cl *model.Client4) (*model.Response, error) {
		return cl.DeleteChannel(ctx, c.ID)
	})
	switch {
	case err == nil, names(err, "deleted"), is(err, http.StatusNotFound):
	case errors.Is(err, bot.ErrRejected): // it stays open, which hurts nobody
		r.log.Warn("the channel of an outage that is over was not archived", "room", room, "channel", c.Name, "err", err)
		return nil
	default:
		return err
	}
	c.Archived = true
	return r.keep(ctx, room, c)
}

// lost notes that a room's channel cannot be spoken in any more, so that the next one is looked for.
func (r *rooms) lost(ctx context.Context, room bot.RoomID, c channel) error {
	r.log.Warn("the channel of a room is archived, or the bot was put out of it", "room", room, "channel", c.Name)
	r.mu.Lock()
	if now := r.byRoom[room]; now.ID != c.ID { // somebody noticed before
		r.mu.Unlock()
		return nil
	}
	r.mu.Unlock()
	c.Archived = true
	return r.keep(ctx, room, c)
}

// cut shortens a text to so many characters, with a mark where something is missing.
func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
