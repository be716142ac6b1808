package bot

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"wardline/bot/incident"
)

// Marks of a store that was restored from a backup.
const (
	mendedMark = "mended" // when it last was; part of the names of messages from then on
	lastMark   = "last"   // the newest incident there was before
)

// Mended says how a store came back.
type Mended struct {
	At        time.Time   // when it was restored
	Last      incident.ID // the newest incident there was before, as far as is known
	Platforms []string    // that may have said what the store takes for unsaid
}

// Mend makes a store fit to speak that was restored from a backup; it must be done before New. What is
// unsaid in it may have been said since, so every platform is asked before it is said again. What is
// said from now on has new names, because the old ones may have been used for something that is lost.
// Doing it twice changes nothing.
func Mend(ctx context.Context, store Store, m Mended) error {
	at := m.At.UTC().Format(time.RFC3339Nano)
	marks := []Mark{{Name: mendedMark, Value: at}, {Name: lastMark, Value: strconv.Itoa(int(m.Last))}}
	for _, platform := range m.Platforms {
		unsaid, err := store.Unsaid(ctx, platform)
		if err != nil {
			return fmt.Errorf("read what %s has to say: %w", platform, err)
		}
		for _, message := range unsaid {
			marks = append(marks, Mark{Name: triedPrefix + platform + "/" + string(message.ID), Value: at})
		}
	}
	if err := store.Commit(ctx, Change{Marks: marks}); err != nil {
		return fmt.Errorf("note what may have been said: %w", err)
	}
	return nil
}

// sinceMended gives a message a name that was never used before the store was restored.
func (d *Desk) sinceMended(id MessageID) MessageID {
	if at := d.state.marks[mendedMark]; at != "" { // set before the start, and never changed after
		return id + MessageID("@"+at)
	}
	return id
}

// lastKnown is the newest incident a store that was restored may have lost.
func lastKnown(marks map[string]string) incident.ID {
	n, err := strconv.Atoi(marks[lastMark])
	if err != nil {
		return 0
	}
	return incident.ID(n)
}
