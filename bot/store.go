package bot

import (
	"context"
	"errors"
	"time"

	"wardline/bot/incident"
)

// Store keeps what must survive: the incidents' logs, what is still to be said, and marks.
// It is safe for use by several goroutines.
type Store interface {
	// Commit makes all changes durable, all of them or none, in this order. It returns
	// ErrConflict if a change was decided on another version than the store has, and
	// ErrFull if the disk is full; after any error nothing was written, but for ErrBroken: then
	// the outcome is unknown until the store is opened again.
	Commit(ctx context.Context, changes ...Change) error
	// Heads lists every incident there is, oldest first.
	Heads(ctx context.Context) ([]Head, error)
	// Load returns the newest snapshot of an incident (nil if there is none) with its version,
	// and the events after it.
	Load(ctx context.Context, id incident.ID) (snapshot []byte, version int, tail []incident.Event, err error)
	// Events returns the events numbered from+1 and on, at most limit of them (0 = all).
	Events(ctx context.Context, id incident.ID, from, limit int) ([]incident.Event, error)
	// Unsaid returns what a platform still has to say, oldest first.
	Unsaid(ctx context.Context, platform string) ([]Message, error)
	// Marks returns all marks whose name has the prefix, by name.
	Marks(ctx context.Context, prefix string) ([]Mark, error)
}

// Errors of a Store.
var (
	ErrConflict = errors.New("the incident has changed meanwhile")
	ErrFull     = errors.New("the disk is full")
	ErrBroken   = errors.New("the store stopped writing and must be opened again")
)

// Change is all that one request changes. The zero values of its fields change nothing.
type Change struct {
	Incident incident.ID
	Version  int              // number of events the decision was made on
	Events   []incident.Event // appended as Version+1, Version+2, …
	Head     *Head            // replaces the incident's line in lists
	Snapshot []byte           // state after Events; replaces the older snapshot
	Strike   []int            // numbers of events whose bodies are blanked in place
	Say      []Message        // to be said
	Settled  []Settled        // were said, or never will be
	Marks    []Mark           // small durable facts; an empty value deletes
}

// Head is an incident's line in a list, enough to start without reading its log.
type Head struct {
	ID      incident.ID
	Version int // set by the store
	Open    bool
	Title   string
	Level   incident.Level
	Phase   incident.Phase
	Since   time.Time
	Ended   time.Time // zero while open
}

// Settled tells what became of a message.
type Settled struct {
	Platform string
	ID       MessageID
	Rejected string // why it will never be said; empty if it was
}

// Mark is a small durable fact beside the logs: when a digest was last sent, who reads which
// language, which input was already acted on, which post is a room's board.
type Mark struct {
	Name  string
	Value string
}
