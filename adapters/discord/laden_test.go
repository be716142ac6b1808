package discord_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
)

// A laden shelf takes its time.
type laden struct {
	discord.Shelf
	r *rig
}

// Put implements discord.Shelf.
func (l laden) Put(ctx context.Context, entries ...discord.Entry) error {
	l.r.mu.Lock()
	d := l.r.laden
	l.r.mu.Unlock()
	if d > 0 && len(entries) > 0 && (strings.HasPrefix(entries[0].Key, "form/") || strings.HasPrefix(entries[0].Key, "button/")) {
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return l.Shelf.Put(ctx, entries...)
}

// TestASlowStoreIsNotWaitedFor has the store take long to keep a form, and what stands behind a button.
func TestASlowStoreIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	r.mu.Lock()
	r.laden = 2 * time.Second
	r.mu.Unlock()
	form := lin.Slash(it, "outage declare", nil)
	if first := form.AwaitFirst(enough); first != discordtest.AnswerDeferred {
		t.Errorf("the first answer is of type %d", first)
	}
	if m := form.Answer(); labelled(buttonsOf(m), "打开表单") == nil {
		t.Errorf("a late form is answered with %q", m.Content)
	}
	preview := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": strings.Repeat("全院停用", 40)})
	if first := preview.AwaitFirst(enough); first != discordtest.AnswerDeferred {
		t.Errorf("the first answer is of type %d", first)
	}
	if m := preview.Answer(); labelled(buttonsOf(m), "确认") == nil {
		t.Errorf("a late preview is %q", m.Content)
	}
}
