package discord

import (
	"context"
	"time"

	"wardline/bot"
)

// mostIntroducing is how long listening may be put off.
const mostIntroducing = 5 * time.Second

// introduce opens the private channels with all who are known, where that is wanted. Some servers of Discord's kind
// never tell the bot what is said in a private channel that it did not open, and must be asked before it listens.
// Discord tells all, and does not want to be asked for everybody. Who cannot be reached now is asked for at the next
// start, or when there is something to say to them.
func (a *Adapter) introduce(ctx context.Context) {
	if !a.config.Greets {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, mostIntroducing)
	defer cancel()
	for _, p := range a.people.desk().People() {
		room := bot.DirectRoomID(p.ID)
		if ctx.Err() != nil || !a.people.has(room) {
			continue
		}
		if _, err := a.rooms.locate(ctx, want{room: room, class: bot.Show}); err != nil {
			a.log.InfoContext(ctx, "a private channel cannot be opened now", "person", p.ID, "error", err)
		}
	}
}
