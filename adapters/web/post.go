package web

import (
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Kinds of post that people cause; the bot's own posts have the kind of their message.
const (
	kindWords = "words" // what a person said to the room
	kindReply = "reply" // what the bot answered in private
)

// A post is one thing shown in a room, as it is kept on the shelf. ID is the number of the change
// that made it, Rev the number of the change that last touched it: a reader who has a post with the
// same or a higher Rev has nothing to learn from it.
type post struct {
	ID      uint64              `json:"id"`
	Rev     uint64              `json:"rev"`
	Room    bot.RoomID          `json:"room"`
	Kind    string              `json:"kind"`
	Echo    string              `json:"echo,omitempty"`   // the command this answers
	Author  incident.PersonID   `json:"author,omitempty"` // "" = the bot
	Name    string              `json:"name,omitempty"`   // the author's, as it was then
	To      incident.PersonID   `json:"to,omitempty"`     // the only person who sees it
	Lang    hospital.Lang       `json:"lang,omitempty"`
	Level   string              `json:"level,omitempty"`
	Title   string              `json:"title,omitempty"`
	Text    string              `json:"text,omitempty"`
	Refused bool                `json:"refused,omitempty"`
	Actions []action            `json:"actions,omitempty"`
	Mention []incident.PersonID `json:"mention,omitempty"`
	Key     string              `json:"key,omitempty"`
	Message bot.MessageID       `json:"message,omitempty"`
	At      time.Time           `json:"at"`
	Edited  time.Time           `json:"edited,omitzero"`
}

// action is a button on the wire and on the shelf.
type action struct {
	Label string `json:"label"`
	Line  string `json:"line"`
	Style string `json:"style,omitempty"`
}

func actionsOf(list []bot.Action) []action {
	var out []action
	for _, a := range list {
		out = append(out, action{Label: a.Label, Line: a.Line, Style: string(a.Style)})
	}
	return out
}

// seenBy tells whether a person who may see the room may see the post.
func (p post) seenBy(who incident.PersonID) bool { return p.To == "" || p.To == who }

// counts tells whether the post makes its room unread.
func (p post) counts() bool {
	frame := p.Kind == string(bot.OpenRoom) || p.Kind == string(bot.CloseRoom)
	return p.To == "" && p.Key == "" && !frame
}

// A shownPost is a post as a browser gets it. The server writes day and clock, because a browser
// knows only the zone of its own machine, which is often wrong on a borrowed phone.
type shownPost struct {
	ID      uint64   `json:"id"`
	Rev     uint64   `json:"rev"`
	Room    string   `json:"room"`
	Kind    string   `json:"kind"`
	Echo    string   `json:"echo"`
	Author  string   `json:"author"`
	Name    string   `json:"name"`
	Private bool     `json:"private"`
	Lang    string   `json:"lang"`
	Level   string   `json:"level"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Refused bool     `json:"refused"`
	Actions []action `json:"actions"`
	Called  bool     `json:"called"` // the reader is called by name
	Key     string   `json:"key"`
	Counts  bool     `json:"counts"`
	Day     string   `json:"day"`
	Clock   string   `json:"clock"`
	At      string   `json:"at"`
	Edited  string   `json:"edited"`
}

// show prepares a post for one reader.
func (p post) show(reader incident.PersonID, zone *time.Location) shownPost {
	at := p.At.In(zone)
	s := shownPost{
		ID: p.ID, Rev: p.Rev, Room: string(p.Room), Kind: p.Kind, Echo: p.Echo,
		Author: string(p.Author), Name: p.Name, Private: p.To != "", Lang: string(p.Lang),
		Level: p.Level, Title: p.Title, Text: p.Text, Refused: p.Refused, Actions: p.Actions,
		Key: p.Key, Counts: p.counts() && p.Author != reader,
		Day: at.Format(time.DateOnly), Clock: at.Format("15:04"), At: at.Format(time.RFC3339),
	}
	for _, id := range p.Mention {
		s.Called = s.Called || id == reader
	}
	if !p.Edited.IsZero() {
		s.Edited = p.Edited.In(zone).Format("15:04")
	}
	return s
}
