package discord

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"wardline/bot"
)

// topicMark begins the mark by which a channel is known as a room's.
const topicMark = "wardline "

// list returns all channels of the server, and says in time when it becomes full.
func (r *rooms) list(ctx context.Context, class bot.Urgency) ([]channel, error) {
	var all []channel
	if err := r.api.do(ctx, class, http.MethodGet, "/guilds/"+r.config.Guild+"/channels", nil, &all); err != nil {
		return nil, fmt.Errorf("list the channels: %w", err)
	}
	if n := len(all); n >= channelsWarn {
		r.log.WarnContext(ctx, "the discord server is nearly full of channels", "channels", n, "most", mostChannels, "remedy", "delete channels of past outages")
	}
	return all, nil
}

// mark is what the topic of a room's channel ends with. Nobody else can make one.
func (r *rooms) mark(id bot.RoomID) string {
	return topicMark + string(id) + " " + r.seal.Mark(r.config.Guild, string(id))
}

// ours finds the channel of a room among all: the oldest, should there be several.
func (r *rooms) ours(all []channel, id bot.RoomID) (channel, bool) {
	var found channel
	for _, ch := range all {
		if ch.Type == textChannel && strings.HasSuffix(ch.Topic, r.mark(id)) && (found.ID == "" || older(ch.ID, found.ID)) {
			found = ch
		}
	}
	return found, found.ID != ""
}

// older reports whether one of Discord's ids was given out before another.
func older(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
