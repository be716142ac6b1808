package mattermost

import (
	"context"
	"strings"
	"unicode"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

// asker is who waits for an answer, and where.
type asker struct {
	userID    string
	channelID string
	room      bot.RoomID
	thread    string // the post at its head; "" if it was said in the channel itself
	files     string // the post that brought files along; "" if none did
	trigger   string // opens a form for some seconds; "" after a mention
}

// line begins a line that a user said in a room. Who they are is looked up; when the server does not tell,
// they are taken for somebody without any role.
func (e *ears) line(ctx context.Context, userID, userName string, room bot.RoomID) commands.Line {
	account, name, locale, err := e.people.who(ctx, userID)
	if err != nil {
		e.log.Warn("a user of mattermost could not be looked up, and is treated as a stranger", "user", userID, "err", err)
		account, name, locale = userID, userName, ""
	}
	return commands.Line{Platform: platform, User: account, Name: name, Locale: locale, Room: room}
}

// roomOf returns the room of a channel, "" if it is none of ours.
func (e *ears) roomOf(ctx context.Context, channelID string) bot.RoomID {
	room, ok := e.rooms.roomOf(ctx, channelID)
	if !ok {
		return ""
	}
	return room
}

// The space, the slash and the at sign of Chinese keyboards.
const (
	fullSpace = 0x3000
	fullSlash = 0xFF0F // the server knows no commands that begin with it
	fullAt    = `\x{FF20}`
)

// tidy drops bytes that are no text and signs that cannot be seen, and makes every kind of space one the
// grammar knows. The server cuts a full-width space after the trigger in two and passes its rest on.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u2060':
			return -1
		case r == '\n' || r == '\t' || r == fullSpace:
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.TrimFunc(text, unicode.IsSpace)
}

// filesOf are the files of a post that was heard before.
func (e *ears) filesOf(ctx context.Context, postID string) []incident.File {
	if postID == "" {
		return nil
	}
	p, err := call(ctx, e.api, "read a post", func(ctx context.Context, c *model.Client4) (*model.Post, *model.Response, error) {
		return c.GetPost(ctx, postID, "")
	})
	if err != nil {
		e.log.Warn("the files of a post are left out", "post", postID, "err", err)
		return nil
	}
	return e.attached(ctx, p)
}

// attached are the files of a post, as links that those who may read the post can open.
func (e *ears) attached(ctx context.Context, p *model.Post) []incident.File {
	if len(p.FileIds) == 0 {
		return nil
	}
	site := e.triggers.known(ctx).site
	if site == "" {
		site = e.config.URL
	}
	link := strings.TrimRight(site, "/") + "/_redirect/pl/" + p.Id
	e.carryable(ctx, p.Id)
	var infos []*model.FileInfo
	if p.Metadata != nil {
		infos = p.Metadata.Files
	}
	if len(infos) < len(p.FileIds) {
		if all, err := e.api.files(ctx, p.Id); err == nil {
			infos = all
		}
	}
	var out []incident.File
	for _, id := range p.FileIds {
		name := id
		for _, info := range infos {
			if info.Id == id {
				name = info.Name
			}
		}
		out = append(out, incident.File{Name: name, Link: link})
	}
	return out
}
