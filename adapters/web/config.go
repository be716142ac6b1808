package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"wardline/bot"
	"wardline/bot/guard"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
)

// Config is what the web desk is told by the hospital's configuration.
type Config struct {
	Listen      string   // host:port; port 0 takes a free one
	Hosts       []string // names people reach the desk by, beside this machine's own; empty = any (not in a demo)
	BehindProxy bool     // a proxy in front of it speaks TLS
	TLSCert     string   // file; with TLSKey the desk speaks TLS itself
	TLSKey      string
	Demo        bool   // whoever opens the page picks who they are
	Key         []byte // signs sign-in links and sessions; not used in a demo
	Lang        hospital.Lang
	Zone        *time.Location
	Hospital    hospital.Text
	Commit      string // of the program, shown to people who report a fault
}

// Hearer hears what people say to the bot, and helps them say it.
type Hearer interface {
	Handle(ctx context.Context, l commands.Line) commands.Reply
	Complete(ctx context.Context, l commands.Line) []commands.Suggestion
}

// Desk knows the people and which rooms each of them may see.
type Desk interface {
	// Rooms lists the rooms a person may see, in the order in which they are shown.
	Rooms(p bot.Person) []bot.Room
	// People lists everybody who may sign in.
	People() []bot.Person
	// PersonFor returns the person behind a platform's user, with their roles of this moment.
	PersonFor(platform, user, name, locale string) bot.Person
	// Relay shows plain talk of an incident's room on the other chat systems.
	Relay(ctx context.Context, t bot.Talk) error
	// Guard looks for what must not be kept or shown: patients' data and secrets.
	Guard(text string) (guard.Class, bool)
	// Sheet returns what is to be printed under a name, and whether there is such a thing.
	Sheet(ctx context.Context, name string, lang hospital.Lang) (bot.Sheet, bool)
}

// Entry is one record on a shelf.
type Entry = struct {
	Key   string
	Value []byte
}

// Shelf keeps records durably, ordered by key. Put writes all entries or none. Range returns what
// has the prefix and comes after the key after, at most limit entries (0 = all); Last returns the
// last of them, in the order of their keys.
type Shelf interface {
	Put(ctx context.Context, entries ...Entry) error
	Range(ctx context.Context, prefix, after string, limit int) ([]Entry, error)
	Last(ctx context.Context, prefix string, limit int) ([]Entry, error)
	Get(ctx context.Context, key string) ([]byte, bool, error)
}

// leastKey is the shortest signing key accepted: as long as the sum it makes.
const leastKey = 32

// check refuses a configuration that would not work, or would be open to everybody.
func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("read web.listen %q: want host:port, such as 127.0.0.1:8420: %w", c.Listen, err)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("read web.tls_cert_file and web.tls_key_file: set both or neither")
	}
	if !loopback(host) && c.TLSCert == "" && !c.BehindProxy {
		return fmt.Errorf("listen on %s: beyond this machine the desk needs TLS (web.tls_cert_file and web.tls_key_file) "+
			"or a proxy that speaks it (web.behind_proxy = true); or set web.listen to 127.0.0.1", c.Listen)
	}
	if !c.Demo && len(c.Key) < leastKey {
		return fmt.Errorf("read the key of sign-in links: it has %d bytes, want at least %d", len(c.Key), leastKey)
	}
	if c.Zone == nil {
		return errors.New("start the web desk: the hospital's time zone is missing")
	}
	return nil
}

// secure tells whether browsers reach the desk over TLS.
func (c Config) secure() bool { return c.TLSCert != "" || c.BehindProxy }

// loopback tells a host that only this machine can reach.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// user is the name by which the rest of the bot knows a person on this platform.
func user(p bot.Person) string {
	if u := p.Accounts[platform]; u != "" {
		return u
	}
	return string(p.ID)
}

// find returns the person with an id, with the roles of this moment.
func find(desk Desk, id incident.PersonID, locale string) (bot.Person, bool) {
	for _, p := range desk.People() {
		if p.ID == id {
			return desk.PersonFor(platform, user(p), p.Name, locale), true
		}
	}
	return bot.Person{}, false
}
