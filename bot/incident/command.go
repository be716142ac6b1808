package incident

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Command is one thing a person, or the clock, wants done. Decide looks at the incident as it is and
// returns what happens, in order, or a *Refusal; nothing else.
type Command interface {
	Decide(in Incident, now time.Time) ([]Body, error)
}

// MaxText bounds every text a person gives, in characters. It is what a phone screen can still be
// asked to carry, and well below what any platform posts in one message.
const MaxText = 4000

// ongoing refuses what makes sense only while something is owed.
func ongoing(in Incident) error {
	switch {
	case !in.Declared():
		return refuse("refused.not_declared")
	case in.Phase == Cancelled:
		return refuse("refused.cancelled", "id", in.ID)
	case in.Phase == Merged:
		return refuse("refused.joined", "id", in.ID, "into", in.PartOf)
	case in.Phase.Ended():
		return refuse("refused.ended", "id", in.ID, "phase", in.Phase)
	}
	return nil
}

// active refuses what makes sense only while systems are out of use.
func active(in Incident) error {
	if err := ongoing(in); err != nil {
		return err
	}
	if in.Phase != Open {
		return refuse("refused.not_open", "id", in.ID, "phase", in.Phase)
	}
	return nil
}

// wanted refuses an empty or endless text.
func wanted(name, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return refuse("refused.missing", "field", name)
	case utf8.RuneCountInString(text) > MaxText:
		return refuse("refused.too_long", "field", name, "max", MaxText)
	}
	return nil
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// bodies is shorthand for what Decide returns.
func bodies(b ...Body) ([]Body, error) { return b, nil }
