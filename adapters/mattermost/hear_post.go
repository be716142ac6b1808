package mattermost

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

const heardPrefix = "heard/"

// mentionOf finds the name of an account that is called. Names go on with letters, digits, dots, dashes
// and low lines; a dot at the end of a sentence is no part of one.
func mentionOf(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^a-z0-9_.@` + fullAt + `-])[@` + fullAt + `]` + regexp.QuoteMeta(name) + `(?:\.+(\s|$)|([^a-z0-9_.-])|$)`)
}

// called takes the name of the bot out of a text, and reports whether it stood there.
func called(mention *regexp.Regexp, text string) (rest string, yes bool) {
	if !mention.MatchString(text) {
		return text, false
	}
	for range 4 { // a match takes the sign before the next one
		text = mention.ReplaceAllString(text, "$1 $2$3")
	}
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || pause(r) }), true
}

// pause reports whether a sign stands between a name and what is said to who bears it, in either script.
func pause(r rune) bool {
	switch r {
	case ',', ':', ';', 0xFF0C, 0xFF1A, 0xFF1B, 0x3001:
		return true
	}
	return false
}

// hearPost hears one post: words to the bot are a command or a question, other words in one of its rooms are
// talk among people.
func (e *ears) hearPost(ctx context.Context, p *model.Post, direct bool) {
	if !e.spoken(p) || e.posts.acted(p.Id) {
		return
	}
	text := tidy(p.Message)
	room := e.roomOf(ctx, p.ChannelId)
	words, yes := called(e.posts.mention, text)
	first, size := utf8.DecodeRuneInString(text)
	if typed := first == fullSlash || first == '/'; !yes && typed && (direct || room != "") && startsWord(text[size:]) {
		words, yes = "/"+text[size:], true
	}
	switch {
	case yes || direct:
		e.hearWords(ctx, p, room, words)
	case room != "":
		e.relay(ctx, p, room, text)
	}
}

// startsWord reports whether a text begins like the name of a command.
func startsWord(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

// spoken reports whether a post is what a person wrote. What came in by a webhook or was made by a bot
// bears the name of its owner, who did not write it.
func (e *ears) spoken(p *model.Post) bool {
	return p.UserId != e.me.Id && p.Type == "" && p.DeleteAt == 0 && p.OriginalId == "" &&
		p.GetProp(model.PostPropsFromWebhook) == nil && p.GetProp(model.PostPropsFromBot) == nil
}

// hearWords hears what was said to the bot, once.
func (e *ears) hearWords(ctx context.Context, p *model.Post, room bot.RoomID, words string) {
	if _, heard, err := e.shelf.Get(ctx, heardPrefix+p.Id); heard || err != nil {
		if err != nil {
			e.log.Error("a post to the bot could not be looked up, and is left out", "post", p.Id, "err", err)
		}
		return
	}
	files := e.attached(ctx, p)
	switch {
	case words == "" && len(files) == 0:
		words = "/wardline help"
	case words == "": // a picture of an error says enough
		words = "/outage symptom"
	}
	l := e.line(ctx, p.UserId, "", room)
	l.ID, l.Text, l.Files = p.Id, words, files
	reply := e.handle(ctx, l)
	ctx, cancel := e.workTime(ctx)
	defer cancel()
	e.posts.act(p.Id)
	a := asker{userID: p.UserId, channelID: p.ChannelId, room: room, thread: p.RootId}
	if len(files) > 0 {
		a.files = p.Id
	}
	e.send(ctx, a, reply)
	e.noteHeard(ctx, p)
}

// relay hands on what people say to each other: the desk decides where else it is shown. What it refuses to
// show there, its author is told, and nobody else.
func (e *ears) relay(ctx context.Context, p *model.Post, room bot.RoomID, text string) {
	l := e.line(ctx, p.UserId, "", room)
	by := e.desk.PersonFor(l.Platform, l.User, l.Name, l.Locale)
	err := e.desk.Relay(ctx, bot.Talk{Platform: platform, Post: p.Id, Room: room, By: by, Text: text, Files: e.attached(ctx, p)})
	var refusal *incident.Refusal
	switch {
	case errors.As(err, &refusal):
		e.tellRefusal(ctx, p, room, by, refusal)
	case err != nil:
		e.log.Error("talk could not be passed on", "room", room, "post", p.Id, "err", err)
		return
	}
	e.posts.act(p.Id)
}

// tellRefusal tells the author of a post, once, why it is not passed on.
func (e *ears) tellRefusal(ctx context.Context, p *model.Post, room bot.RoomID, by bot.Person, refusal *incident.Refusal) {
	if _, told, err := e.shelf.Get(ctx, heardPrefix+p.Id); told || err != nil {
		return
	}
	v := e.desk.Voice(by.Lang)
	reply := commands.Reply{Text: v.SayMap(refusal.Phrase, refusal.Args), Lang: v.Lang, Refused: true}
	e.send(ctx, asker{userID: p.UserId, channelID: p.ChannelId, room: room, thread: p.RootId}, reply)
	e.noteHeard(ctx, p)
}

// noteHeard remembers that a post was answered.
func (e *ears) noteHeard(ctx context.Context, p *model.Post) {
	err := e.shelf.Put(ctx, Entry{Key: heardPrefix + p.Id, Value: []byte(time.Now().UTC().Format(time.RFC3339))})
	if err != nil {
		e.log.Error("a post to the bot could not be noted as heard", "post", p.Id, "err", err) // the desk acts on it once
	}
}
