package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Ref is a platform's own name for a message it shows, needed to edit it later.
type Ref string

// Platform shows messages. Say posts m, or changes the message old when old is not empty (a board).
// Saying the same Message.ID again must not show it twice. An error is temporary unless it wraps
// ErrRejected; a RetryAfter says how long to wait.
//
// OpenRoom and CloseRoom messages are said like any other; Say returns once the room is there.
type Platform interface {
	Name() string
	Say(ctx context.Context, m Message, old Ref) (Ref, error)
}

// Chooser is a Platform that has only some of the rooms. What it does not have is not said there.
type Chooser interface {
	Has(room RoomID) bool
}

// ErrRejected marks an error that trying again cannot mend.
var ErrRejected = errors.New("rejected by the platform")

// RetryAfter is the error of a platform that asks for patience.
type RetryAfter struct {
	Wait time.Duration
}

// Error says how long to wait.
func (r RetryAfter) Error() string { return fmt.Sprintf("platform asks to wait %s", r.Wait) }
