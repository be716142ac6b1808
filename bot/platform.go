package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"wardline/bot/incident"
)

// Ref is a platform's own name for a message it shows, needed to edit it later.
type Ref string

// Platform shows messages. Say posts m, or changes the message old when old is not empty (a board).
// A RetryAfter says how long to wait and that nothing was done; ErrRejected, that trying again cannot
// mend it; ErrNotSent, that nothing reached the platform; ErrGone, that old is not there any more and
// nothing was done. After any other error the outcome is unknown.
//
// OpenRoom and CloseRoom messages are said like any other, and saying them again must do no harm: the
// room's name follows from its id, and a room that is there is taken over. A Platform that is no Finder
// must never show the same Message.ID twice, however often and however late it is said again.
type Platform interface {
	Name() string
	Say(ctx context.Context, m Message, old Ref) (Ref, error)
}

// Finder is a Platform that can look for a message by its effect key among what the bot itself posted
// in the message's room. The speaker looks before it says again what it may have said.
type Finder interface {
	Find(ctx context.Context, m Message) (Ref, bool, error)
}

// Pacer is a Platform that takes only so many messages a second, over all rooms.
type Pacer interface {
	Pace() (perSecond float64, burst int)
}

// Inspector is a Platform that can be asked what is there, so that only what is missing is mended.
type Inspector interface {
	// Inspect reports whether a room is there and whether its board is shown and pinned.
	Inspect(ctx context.Context, room RoomID, board Ref) (Found, error)
	// Reconnected tells each time the platform was lost and is back.
	Reconnected() <-chan struct{}
}

// Found is what an Inspector saw.
type Found struct {
	Room  bool
	Board bool
	Out   []incident.PersonID // belong in the room, as Desk.Roster says, and are not in it
}

// Chooser is a Platform that has only some of the rooms. What it does not have is not said there.
type Chooser interface {
	Has(room RoomID) bool
}

// Inviter is a Platform whose rooms people must be let into. It is given Invite messages like any other,
// after the room's board: whom it does not know it leaves out, who is in already stays in.
type Inviter interface {
	Invites() bool
}

// Errors of a Platform.
var (
	ErrRejected = errors.New("rejected by the platform")
	ErrNotSent  = errors.New("not sent to the platform")
	ErrGone     = errors.New("the message to change is gone")
)

// RetryAfter is the error of a platform that asks for patience. Nothing was done.
type RetryAfter struct {
	Wait       time.Duration
	Everywhere bool // no room is served meanwhile, not only this one
}

// Error says how long to wait.
func (r RetryAfter) Error() string { return fmt.Sprintf("platform asks to wait %s", r.Wait) }
