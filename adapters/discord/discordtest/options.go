package discordtest

import "time"

// Options say how a Server differs from Discord as it is on an ordinary day. The zero value is that day.
type Options struct {
	// Description is shared by tests that start many servers; New loads one when there is none.
	Description *Description
	// Token is what the bot signs in with.
	Token string
	// Permissions are those of the bot's own role.
	Permissions Permission
	// MessageContent and GuildMembers are the privileged intents that are switched on in the portal.
	MessageContent, GuildMembers bool
	// Now is the clock of everything that is remembered: times and ids of messages, ages, windows and the life
	// of tokens. Rates and heartbeats follow the machine's clock always.
	Now func() time.Time

	// Heartbeat is the interval the gateway asks for, 41.25 s by default.
	Heartbeat time.Duration
	// NonceFor is how long a nonce is remembered, 3 min by default.
	NonceFor time.Duration
	// RenameWindow is the time in which a channel's name and topic may change twice, 10 min by default.
	RenameWindow time.Duration
	// AnswerWithin is the time for the first answer to an interaction, 3 s by default.
	AnswerWithin time.Duration
	// TokenLife is how long an interaction's token serves for edits and follow-ups, 15 min by default.
	TokenLife time.Duration
	// OldAfter is the age from which edits of a message are counted, 1 h by default; OldEdits is how many of them
	// there may be. Discord does not say how many it lets pass, so none is the default.
	OldAfter time.Duration
	OldEdits int
	// IdentifyEvery is the least time between two sign-ins at the gateway. Discord's is 5 s; none by default.
	IdentifyEvery time.Duration
	// Replay is how many events a session keeps for a resume, 1000 by default.
	Replay int

	// Rates are the limits of requests.
	Rates Rates
	// BanAfter is the number of invalid requests in 10 min that leads to a ban, 10,000 by default.
	BanAfter int
	// MaxChannels and MaxChildren are the most channels of a guild and of a category: 500 and 50 by default.
	MaxChannels, MaxChildren int
	// OnlyOpened keeps from the bot what is said in private channels that it did not open itself. Discord tells it;
	// some servers of its kind do not.
	OnlyOpened bool
	// Latency is added to each answer.
	Latency time.Duration

	// KeepQuiet leaves violations to the test; without it they fail the test at its end.
	KeepQuiet bool
}

// Rates are the limits of requests. The zero value is what is known of Discord's.
type Rates struct {
	Off          bool          // no limit at all
	Global       int           // requests of the bot per GlobalWindow, 50 by default
	GlobalWindow time.Duration // 1 s by default
	Channel      int           // messages or edits per channel and ChannelWindow, 5 by default
	Window       time.Duration // the window of messages and edits of one channel, 5 s by default
	Hook         int           // follow-ups and edits per interaction token and 2 s, 5 by default
}

// epoch is the start of Discord's ids.
const epoch = 1420070400000

// defaults fills in the ordinary day.
func (o Options) defaults() Options {
	number(&o.Replay, 1000)
	number(&o.BanAfter, 10_000)
	number(&o.MaxChannels, 500)
	number(&o.MaxChildren, 50)
	number(&o.Rates.Global, 50)
	number(&o.Rates.Channel, 5)
	number(&o.Rates.Hook, 5)
	length(&o.Heartbeat, 41250*time.Millisecond)
	length(&o.NonceFor, 3*time.Minute)
	length(&o.RenameWindow, 10*time.Minute)
	length(&o.AnswerWithin, 3*time.Second)
	length(&o.TokenLife, 15*time.Minute)
	length(&o.OldAfter, time.Hour)
	length(&o.Rates.GlobalWindow, time.Second)
	length(&o.Rates.Window, 5*time.Second)
	if o.Token == "" {
		o.Token = "a-bot-in-a-test"
	}
	if o.Permissions == 0 {
		o.Permissions = Core
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func number(n *int, otherwise int) {
	if *n == 0 {
		*n = otherwise
	}
}

func length(d *time.Duration, otherwise time.Duration) {
	if *d == 0 {
		*d = otherwise
	}
}
