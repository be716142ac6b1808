package mattermost

import (
	"context"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
)

// Config is what the adapter is told by the hospital's configuration.
type Config struct {
	URL      string                       // of the server, as the bot reaches it: "https://chat.hospital.example"
	Token    string                       // of the bot's account
	Team     string                       // name of the team in which the bot's rooms are
	Teams    []string                     // names of further teams in which its commands are known
	Listen   string                       // host:port where the server calls back
	Callback string                       // the address of Listen as the server reaches it
	Key      []byte                       // signs buttons and forms, 32 bytes or more
	Prefix   string                       // begins the names of the bot's channels, such as "wl"
	Private  bool                         // an outage's room is for those invited only
	Keep     bool                         // the room of a closed outage stays open instead of being archived
	Tokens   map[string]string            // of slash commands an administrator registered: "<team>/<trigger>" -> token
	Rooms    map[bot.RoomID]string        // rooms that are existing channels: by name or id
	Accounts map[incident.PersonID]string // who has which account: its id, or its user name or address
	Lang     hospital.Lang
	Zone     *time.Location
}

// Hearer hears what people say to the bot.
type Hearer interface {
	Handle(ctx context.Context, l commands.Line) commands.Reply
}

// Desk knows rooms and people, and passes talk on to other chat systems.
type Desk interface {
	Room(id bot.RoomID) (bot.Room, bool)
	ConfiguredRooms() []bot.Room
	Heads() []bot.Head
	People() []bot.Person
	PersonByID(id incident.PersonID) (bot.Person, bool)
	// PersonFor returns the person behind a platform's user, with their roles of this moment.
	PersonFor(platform, user, name, locale string) bot.Person
	// Roster lists who belongs in an incident's room.
	Roster(room bot.RoomID) []incident.PersonID
	// Relay shows plain talk of an incident's room on the other chat systems.
	Relay(ctx context.Context, t bot.Talk) error
	// Voice words the few things an adapter says by itself.
	Voice(lang hospital.Lang) bot.Voice
}

// Entry is one record on a shelf.
type Entry = struct {
	Key   string
	Value []byte
}

// Shelf keeps records durably, ordered by key. Put writes all entries or none.
type Shelf interface {
	Put(ctx context.Context, entries ...Entry) error
	Range(ctx context.Context, prefix, after string, limit int) ([]Entry, error)
	Get(ctx context.Context, key string) ([]byte, bool, error)
}
