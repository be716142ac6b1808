package bot

import (
	"log/slog"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Options is what a desk is made of.
type Options struct {
	Store     Store
	Pack      *hospital.Pack
	Name      hospital.Text     // the hospital's name
	Lang      hospital.Lang     // of rooms that name none
	Zone      *time.Location    // the hospital's clock
	Fill      map[string]string // values of the pack's placeholders, such as it_hotline
	Rooms     []Room            // configured rooms; departments without one get a default room
	People    []Person
	Digests   []Subscription // configured subscriptions, kept apart from those made by /digest
	Platforms []Platform
	Settings  Settings
	Backoff   Backoff
	Observer  Observer       // may be nil
	Inspect   func() []Check // what those who keep the bot's data found; may be nil
	Log       *slog.Logger
}

// Observer hears how the desk does, for metrics. It must not block and may be called by several
// goroutines.
type Observer interface {
	Committed(took time.Duration, err error) // a decision was made durable, or was not
	Late(by time.Duration)                   // something that fell due was done this late
}

// unobserved is the Observer of a desk that has none.
type unobserved struct{}

// Committed hears nothing.
func (unobserved) Committed(time.Duration, error) {}

// Late hears nothing.
func (unobserved) Late(time.Duration) {}

// Settings are the hospital's own figures; DefaultSettings gives the defaults.
type Settings struct {
	Watch        time.Duration // how long after restoring a relapse is watched for
	ConfirmAbove int           // an act that tells more departments than this asks once before it does
	AskRemind    time.Duration // an unanswered question is brought up again after this
	StaleAfter   time.Duration // an engineer silent for this long is asked for progress; 0 = the level's clinical interval
	Mirror       bool          // what people say in an incident's room on one platform is shown on the others
	CatchUp      time.Duration // a digest missed by no more than this is sent late, once; older ones are skipped and said so

	RefuseTemplates bool // a procedure the hospital has not approved is not quoted while an outage is open

	RemindSilent   time.Duration // a department that has not answered is reminded in its room; counted, as the next two, from the word to it; 0 = never
	EscalateSilent time.Duration // one that has given no sign is named to the supervisor
	PhoneSilent    time.Duration // one that still has not is put on the phone list
	RemindScript   time.Duration // reading the loudspeaker text is asked for again after this; 0 = never
}

// DefaultSettings returns the figures a hospital starts with: a 30 minute watch, a preview above
// 5 departments, 10 minutes for a question, the level's interval for progress, 12 hours of catch-up, and
// for a silent department 5, 10 and 15 minutes.
func DefaultSettings() Settings {
	return Settings{
		Watch: 30 * time.Minute, ConfirmAbove: 5, AskRemind: 10 * time.Minute, CatchUp: 12 * time.Hour,
		RemindSilent: 5 * time.Minute, EscalateSilent: 10 * time.Minute, PhoneSilent: 15 * time.Minute, RemindScript: 5 * time.Minute,
	}
}

// Subscription sends the leaders' digest of every open incident to a room.
type Subscription struct {
	ID   string // stable: "config/1" or "room/<room>"
	Room RoomID
	Cron string // five fields; "" = the level's own interval while an incident is open
	Zone string // IANA name; "" = the hospital's
	Lang hospital.Lang
	By   incident.PersonID
}
