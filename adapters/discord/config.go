package discord

import (
	"context"
	"time"

	"wardline/bot"
	patients "wardline/bot/guard"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
)

// Config is what the adapter is told by the hospital's configuration.
type Config struct {
	API     string                // base of the REST interface; "" is Discord's own
	Token   string                // of the bot
	Guild   string                // id of the server ("guild") in which the bot works
	Key     []byte                // signs buttons and forms, 32 bytes or more
	Private bool                  // an outage's room is for those invited only
	Keep    bool                  // the room of a closed outage stays where it is instead of being archived
	Content bool                  // the bot may read all messages of its rooms: the privileged intent is switched on
	Greets  bool                  // private channels are opened before listening, where a server tells of no others
	Rooms   map[bot.RoomID]string // rooms that are existing channels, by id
	Lang    hospital.Lang
	Zone    *time.Location
}

// Hearer hears what people say to the bot, and helps them say it.
type Hearer interface {
	Handle(ctx context.Context, l commands.Line) commands.Reply
	// Offer returns how the value of one argument of l.Command may go on, best first.
	Offer(ctx context.Context, l commands.Line, arg, typed string) []commands.Option
	// Menu describes all commands in a language.
	Menu(lang hospital.Lang) []commands.Entry
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
	// Holders names the people who have one of the roles by configuration.
	Holders(in incident.Incident, roles ...bot.Role) []incident.PersonID
	// Relay shows plain talk of an incident's room on the other chat systems.
	Relay(ctx context.Context, t bot.Talk) error
	// Guard tells whether a text holds patients' data or a secret.
	Guard(text string) (patients.Class, bool)
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
