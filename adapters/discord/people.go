package discord

import (
	"cmp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// platform is the adapter's name.
const platform = "discord"

// missedFor is how long somebody who is not on the server is not let in again.
const missedFor = time.Hour

// people tells who somebody is on Discord.
type people struct {
	held atomic.Pointer[Desk] // set when the adapter begins to serve

	mu     sync.Mutex // protects what follows
	missed map[incident.PersonID]time.Time
}

func newPeople() *people { return &people{missed: map[incident.PersonID]time.Time{}} }

func (p *people) meet(d Desk) { p.held.Store(&d) }

// desk returns the desk; nil before the adapter serves.
func (p *people) desk() Desk {
	if d := p.held.Load(); d != nil {
		return *d
	}
	return nil
}

// account returns a person's user id on Discord, "" if none is known.
func (p *people) account(id incident.PersonID) string {
	if user, ok := strings.CutPrefix(string(id), platform+":"); ok { // nobody of the directory
		return accountNumber(user)
	}
	desk := p.desk()
	if desk == nil {
		return ""
	}
	who, ok := desk.PersonByID(id)
	if !ok {
		return ""
	}
	return accountNumber(who.Accounts[platform])
}

// accountNumber is an account as Discord numbers it. A name in its place is nobody's: Discord refuses a message that
// calls it as a whole, and a mistake in one line of the configuration must not silence a ward.
func accountNumber(account string) string {
	if account == "" || len(account) > 20 || strings.Trim(account, "0123456789") != "" {
		return ""
	}
	return account
}

// who returns what the desk is told about a user: the account, and the name people know.
func (p *people) who(userID, globalName, nick string) (account, name string) {
	return userID, cmp.Or(nick, globalName, userID)
}

// miss notes that somebody is not on the server.
func (p *people) miss(id incident.PersonID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missed[id] = time.Now()
}

// missing reports whether somebody was not on the server a short while ago.
func (p *people) missing(id incident.PersonID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.missed[id]
	return ok && time.Since(at) < missedFor
}

// has reports whether a room can be on Discord at all: a person's own needs an account. Before the adapter
// serves nobody's account is known, and what is said to them is kept rather than dropped.
func (p *people) has(room bot.RoomID) bool {
	person, direct := room.PersonOf()
	return !direct || p.desk() == nil || p.account(person) != ""
}
