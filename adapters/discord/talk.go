package discord

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

// fullSlash is the slash of Chinese keyboards, which begins a command typed as text just as well.
const fullSlash = 0xFF0F

// isSlash tells a text that begins with a slash of either width.
func isSlash(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return first == '/' || first == fullSlash
}

// The signs that Chinese keyboards type behind a mention.
const (
	fullComma = 0xFF0C
	fullColon = 0xFF1A
	listComma = 0x3001
)

// A speaker is who said something, and where.
type speaker struct {
	user   string // Discord's id
	person bot.Person
	line   commands.Line // without words
	typed  bool          // forms are lines to type for them
}

// speaker finds out who said something in a channel. A channel that is none of the bot's rooms is the
// person's private one: what is answered there must reach them.
func (e *ears) speaker(u user, nick, locale, channel string) speaker {
	account, name := e.people.who(u.ID, u.Global, nick)
	if name == "" {
		name = u.Username
	}
	s := speaker{user: u.ID, person: e.desk.PersonFor(platform, account, name, locale)}
	room, known := e.rooms.roomOf(channel)
	if !known {
		room = bot.DirectRoomID(s.person.ID)
	}
	s.line = commands.Line{Platform: platform, User: account, Name: name, Locale: locale, Room: room}
	return s
}

// message takes what somebody wrote and calls dealt when it is dealt with. A message is dealt with once,
// however often it is heard.
func (e *ears) message(ctx context.Context, m message, dealt func()) {
	if m.Guild == "" && (m.Member != nil || e.public(m.Channel)) {
		m.Guild = e.config.Guild
	}
	if !m.byPerson() || m.Guild != "" && m.Guild != e.config.Guild || !e.done.add(m.ID) {
		dealt()
		return
	}
	e.lanes.put(ctx, m.Channel, task{id: m.ID, do: func(ctx context.Context) {
		defer dealt()
		acted := e.talk(ctx, m)
		ctx, cancel := e.work(ctx)
		defer cancel()
		name := m.Channel
		if m.Guild == "" {
			name = privateMark + name
		} else if _, known := e.rooms.roomOf(m.Channel); !known {
			return // nobody reads on in a channel that is no room
		}
		e.cursors.note(name, m.ID)
		if err := e.cursors.save(ctx, acted); err != nil {
			e.log.WarnContext(ctx, "how far discord was read cannot be kept", "error", err)
		}
	}})
}

// public tells a channel of the server, also where the server leaves out that it is one: what is said there, taken
// for private, would be answered whatever it is.
func (e *ears) public(channel string) bool {
	room, known := e.rooms.roomOf(channel)
	_, private := room.PersonOf()
	return known && !private
}

// talk acts on a message and reports whether it concerned the bot. Said to the bot, it is a question or a
// typed command; said in an outage's room to nobody in particular, it is passed on.
func (e *ears) talk(ctx context.Context, m message) bool {
	self := e.self.Load()
	if self == nil {
		return false
	}
	act, cancel := e.work(ctx)
	defer cancel()
	nick := ""
	if m.Member != nil {
		nick = m.Member.Nick
	}
	s := e.speaker(*m.Author, nick, "", m.Channel)
	_, isRoom := e.rooms.roomOf(m.Channel)
	text := strings.TrimSpace(m.Content)
	called := m.Guild == "" || m.names(self.user)
	if called {
		text = unmention(text, self.user)
	}
	if !called && !(isRoom && isSlash(text)) {
		return e.passOn(act, m, s, text)
	}
	l := s.line
	l.ID, l.Text, l.Files = m.ID, text, m.files()
	if text == "" && len(l.Files) > 0 { // a picture without a word is what somebody sees
		l.Command = "outage symptom"
	}
	if text == "" && l.Command == "" {
		l.Command = "wardline help"
	}
	reply := e.hearer.Handle(act, l)
	ctx, cancel = e.work(ctx)
	defer cancel()
	where := m.Channel
	if m.Guild != "" {
		where = ""
	}
	e.tell(ctx, s, reply, telling{id: m.ID, channel: where, fallback: m.Channel, answers: m.ID})
	return true
}

// passOn hands plain talk of a room on: to the other chat systems, and as a sign that a department reads.
func (e *ears) passOn(ctx context.Context, m message, s speaker, text string) bool {
	if s.line.Room == "" || text == "" && len(m.Attachments) == 0 {
		return false
	}
	err := e.desk.Relay(ctx, bot.Talk{Platform: platform, Post: m.ID, Room: s.line.Room, By: s.person, Text: text, Files: m.files()})
	if refusal, ok := errors.AsType[*incident.Refusal](err); ok { // for its author only, or not at all
		v := e.desk.Voice(s.person.Lang)
		reply := commands.Reply{Text: v.SayMap(refusal.Phrase, refusal.Args), Lang: v.Lang, Refused: true}
		e.tell(ctx, s, reply, telling{id: m.ID})
	} else if err != nil {
		e.log.WarnContext(ctx, "what was said could not be passed on", "room", s.line.Room, "error", err)
	}
	return true
}

// unmention takes the bot's own mention off the ends of a text, and signs that only set it apart.
func unmention(text, self string) string {
	called := regexp.MustCompile(`<@!?` + regexp.QuoteMeta(self) + `>`)
	text = called.ReplaceAllString(text, " ")
	return strings.TrimFunc(strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == ':' || r == fullComma || r == fullColon || r == listComma
	}), unicode.IsSpace)
}

// A telling says where an answer goes that is no answer to an interaction.
type telling struct {
	id       string // of what is answered; the answer is sent once for it
	channel  string // private one, "" to open it
	fallback string // channel where the person is called if nothing reaches them in private
	answers  string // message there that is answered
}

// tell answers somebody in private.
func (e *ears) tell(ctx context.Context, s speaker, reply commands.Reply, t telling) {
	posts, err := e.posts(ctx, s, reply)
	if err != nil {
		e.log.ErrorContext(ctx, "an answer could not be made", "room", s.line.Room, "error", err)
		return
	}
	e.deliver(ctx, s, posts, t)
}

// deliver sends messages to somebody in private. Who takes none is called in the channel instead.
func (e *ears) deliver(ctx context.Context, s speaker, posts []letter, t telling) {
	var err error
	channel := t.channel
	if channel == "" {
		if channel, err = e.rooms.channelOf(ctx, bot.DirectRoomID(s.person.ID), true); err != nil {
			e.log.InfoContext(ctx, "a private channel could not be opened", "person", s.person.ID, "error", err)
		}
	}
	if channel != "" {
		if err = e.send(ctx, channel, t.id, posts); err == nil {
			return
		}
		e.log.InfoContext(ctx, "somebody cannot be reached in private", "person", s.person.ID, "error", err)
	}
	if t.fallback == "" || t.fallback == channel {
		return
	}
	for i := range posts {
		posts[i].Mentions.Users = []string{s.user}
		if t.answers != "" {
			posts[i].Reference = &reference{Message: t.answers}
		}
	}
	posts[0].Content = "<@" + s.user + "> " + posts[0].Content
	if err := e.send(ctx, t.fallback, t.id+"c", posts); err != nil {
		e.log.ErrorContext(ctx, "an answer reached nobody", "person", s.person.ID, "room", s.line.Room, "error", err)
	}
}

// buttonsLast is how long the buttons of an answer to one person can be pressed.
const buttonsLast = 12 * time.Hour

// files of an interaction's options.
func (i interaction) files() []incident.File {
	var list []attachment
	for _, a := range i.Data.Resolved.Attachments {
		list = append(list, a)
	}
	return filesOf(list)
}
