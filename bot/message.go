package bot

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// MessageID names a message by coordinates, such as "7/12/3" (incident, event, number) or
// "digest/lead-1/2026-05-12T10:30:00Z". Nothing in it is random, so a repeat is recognised.
type MessageID string

// MessageKind says what a message is for, so that an adapter can choose its form.
type MessageKind string

// The kinds of message.
const (
	OpenRoom  MessageKind = "open_room" // the room itself shall exist: Title names it, Text is its purpose
	Notice    MessageKind = "notice"    // what happened, for the people working on it
	Broadcast MessageKind = "broadcast" // clinical: what to do now
	Request   MessageKind = "request"   // somebody is asked for something: buttons
	Board     MessageKind = "board"     // the one pinned message of a room, edited in place
	Digest    MessageKind = "digest"    // leaders' summary
	Answer    MessageKind = "answer"    // an answer to a question asked in this room
	Script    MessageKind = "script"    // read aloud over the loudspeaker
	CloseRoom MessageKind = "close_room"
	Invite    MessageKind = "invite" // Mention are let into the room; only for platforms that are an Inviter
	Relay     MessageKind = "relay"  // what a person said in the same room on another platform: Title is who, Text what
)

// wordless tells the kinds that have no words of their own when they are stored.
func (k MessageKind) wordless() bool {
	return k == OpenRoom || k == Board || k == CloseRoom || k == Invite
}

// Urgency orders what waits to be said; lower goes first.
type Urgency int

// The classes of urgency.
const (
	Reply  Urgency = iota // somebody waits for this answer
	Safety                // clinical broadcast
	Ask                   // request, ETA change
	Show                  // board
	Sum                   // digest
)

// String names the class for logs and metrics.
func (u Urgency) String() string {
	switch u {
	case Reply:
		return "reply"
	case Safety:
		return "safety"
	case Ask:
		return "request"
	case Show:
		return "board"
	case Sum:
		return "digest"
	}
	return "unknown"
}

// Message is what shall be said in one room on one platform, independent of how the platform shows it.
// Text is plain text with line breaks; *bold* is not used. A Board has no Text when stored: it is
// rendered from the state of the moment it is sent, so that boards never lag behind and may be merged.
type Message struct {
	ID       MessageID
	Platform string
	Room     RoomID
	Kind     MessageKind
	Urgency  Urgency
	Lang     hospital.Lang
	Level    string // "L1".."L4" or "", for colour; never the only carrier of meaning
	Title    string
	Text     string
	Actions  []Action            // buttons
	Mention  []incident.PersonID // who is called on purpose; nobody else ever is
	Key      string              // messages of one room with the same key replace each other ("board")
	Note     string              // what a newer digest keeps of this one if it overtakes it unsaid
	Brief    string              `json:"-"` // of an incident's board: how things stand, in one line; it changes only when they do
	Incident incident.ID
	At       time.Time
}

// EffectKey returns the message's idempotency key towards its platform: 22 characters, the same for
// ever, different for every other post. It fits Discord's nonce (25) and Mattermost's pending_post_id.
func (m Message) EffectKey() string {
	name := string(m.ID)
	if m.Key != "" { // all versions of a board are one post
		name = string(m.Room) + "\x00" + m.Key
	}
	sum := sha256.Sum256([]byte(m.Platform + "\x00" + name))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}

// Action is a button. Pressing it is the same as the presser typing Line in that room; a line that
// lacks its fields opens the form of its command.
type Action struct {
	Label string
	Line  string
	Style ActionStyle
}

// ActionStyle hints how a button looks.
type ActionStyle string

// The styles of a button.
const (
	Plain   ActionStyle = ""
	Primary ActionStyle = "primary"
	Danger  ActionStyle = "danger"
)
