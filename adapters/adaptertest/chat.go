package adaptertest

import (
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// Chat is a chat system with the bot and the cast in it, driven as people drive it. People are named by
// their ids of the cast, rooms by the bot's ids. What cannot be done fails the test.
type Chat interface {
	// Command types a slash command in a room and returns what only its author saw.
	Command(t testing.TB, who incident.PersonID, room bot.RoomID, line string) Seen
	// Press presses a button that only who saw, or one on a post of the room.
	Press(t testing.TB, who incident.PersonID, room bot.RoomID, b Button) Seen
	// Submit fills in a form that was opened and sends it off.
	Submit(t testing.TB, who incident.PersonID, room bot.RoomID, f *Form, fields map[string]string) Seen
	// Mention says something to the bot in a room, with a picture if name is not empty.
	Mention(t testing.TB, who incident.PersonID, room bot.RoomID, text, picture string)
	// Direct says something to the bot in private.
	Direct(t testing.TB, who incident.PersonID, text string)
	// Talk says something in a room to nobody in particular.
	Talk(t testing.TB, who incident.PersonID, room bot.RoomID, text string)
	// Private lists what the bot said to who alone and not as the answer to a command, oldest first.
	Private(t testing.TB, who incident.PersonID) []string
	// Posts lists what everybody in a room reads, oldest first; nil while the room is not there.
	Posts(t testing.TB, room bot.RoomID) []Post
	// Room tells how a room is; ok is false while it is not there.
	Room(t testing.TB, room bot.RoomID) (State, bool)
}

// Seen is what came back to one person.
type Seen struct {
	Text    string
	Buttons []Button
	Form    *Form // was opened
}

// Button can be pressed by somebody who sees it. ID and Of are the chat system's own.
type Button struct {
	Label string
	ID    string
	Of    string // the post it stands on
	Raw   any    // whatever else the chat needs to press it
}

// Form is a form that was opened. Raw is the chat system's own.
type Form struct {
	Title  string
	Fields []string // names
	Raw    any
}

// Post is what a room reads. Text holds all words of it, cards and fields included.
type Post struct {
	ID      string
	Text    string
	Key     string // the effect key the post carries, "" if none
	Bot     bool   // by the bot itself
	Pinned  bool
	Buttons []Button
	Files   []string // names
}

// State is how a room is.
type State struct {
	Archived bool
	Members  []incident.PersonID // of the cast; nil where everybody may read the room
	Name     string
}

// A Part is a part of the contract that not every chat system can take part in.
type Part string

// The parts.
const (
	Forms    Part = "forms"
	Pictures Part = "pictures"
)

// Limited is a chat system that may lack parts, and says of each why: what it was seen to do.
type Limited interface {
	Lacks(part Part) (why string)
}

// lacks reports whether a part must be left out, and says so.
func (p *play) lacks(part Part) bool {
	p.t.Helper()
	limited, ok := p.chat.(Limited)
	if !ok {
		return false
	}
	why := limited.Lacks(part)
	if why != "" {
		p.t.Logf("left out: %s: %s", part, why)
	}
	return why != ""
}

// patience is how long something may take to be seen; real servers on a busy machine take seconds.
const patience = 2 * time.Minute

// Eventually waits until check returns "", which says what is missing meanwhile.
func Eventually(t testing.TB, within time.Duration, check func() string) {
	t.Helper()
	deadline := time.Now().Add(within)
	for {
		missing := check()
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %s", within, missing)
		}
		time.Sleep(25 * time.Millisecond)
	}
}
