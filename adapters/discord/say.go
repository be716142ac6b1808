package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"wardline/bot"
)

// Say implements bot.Platform.
func (a *Adapter) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	if err := a.awaited(ctx); err != nil {
		return "", err
	}
	switch m.Kind {
	case bot.OpenRoom:
		return "", a.rooms.open(ctx, m)
	case bot.CloseRoom:
		return "", a.rooms.close(ctx, m)
	case bot.Invite:
		rec, err := a.rooms.locate(ctx, want{room: m.Room, class: m.Urgency})
		if err != nil {
			return "", err
		}
		return "", a.rooms.admit(ctx, m.Urgency, m.Room, rec.Channel, m.Mention)
	default: // all others are shown
		return a.showIn(ctx, m, old)
	}
}

// showIn shows a message in its room, which is made anew if somebody deleted its channel.
func (a *Adapter) showIn(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	for again := false; ; again = true {
		rec, err := a.rooms.locate(ctx, want{room: m.Room, class: m.Urgency})
		if err != nil {
			return "", err
		}
		ref, err := a.show(ctx, m, old, rec)
		if again || !refusedWith(err, unknownChannel) {
			return ref, err
		}
		// Somebody deleted the channel. Nothing was shown, so the room is made anew.
		a.log.WarnContext(ctx, "a room's channel is gone", "room", m.Room, "channel", rec.Channel)
		if rec.given {
			return "", fmt.Errorf("the channel that the configuration names is not there: %w: %w", bot.ErrNotSent, partly(err))
		}
		if err := a.rooms.forget(ctx, m.Room, rec.Channel); err != nil {
			return "", err
		}
		old = ""
	}
}

// show posts a message, or changes the one that shows an older version of it.
func (a *Adapter) show(ctx context.Context, m bot.Message, old bot.Ref, rec record) (bot.Ref, error) {
	parts := a.render(m, time.Now())
	rows, err := a.buttons.rows(ctx, m.Actions, m.Room, "", time.Time{})
	if err != nil {
		return "", fmt.Errorf("make the buttons: %w", err)
	}
	if rows != nil {
		parts[len(parts)-1].Components = rows
	}
	switch {
	case m.Kind == bot.Board:
		return a.showBoard(ctx, m, old, rec, parts[0])
	case old != "":
		return a.edit(ctx, m.Urgency, old, parts[0])
	case len(parts) > 1:
		return a.postParts(ctx, m, rec, parts)
	}
	return a.post(ctx, m.Urgency, rec.Channel, parts[0])
}

// post writes one message. A repeat within a few minutes is recognised by Discord.
func (a *Adapter) post(ctx context.Context, class bot.Urgency, channelID string, out outgoing) (bot.Ref, error) {
	var made post
	err := a.api.do(ctx, class, http.MethodPost, "/channels/"+channelID+"/messages", out, &made)
	switch {
	case refusedWith(err, cannotMessageUser):
		return "", fmt.Errorf("the person takes no direct messages: %w", err)
	case err != nil:
		return "", err
	case made.ID == "":
		return "", errors.New("post a message: the answer names none")
	}
	return refOf(channelID, made.ID), nil
}

// postParts writes a message that needs several. Those that are there from an earlier try are left alone.
func (a *Adapter) postParts(ctx context.Context, m bot.Message, rec record, parts []outgoing) (bot.Ref, error) {
	there := map[string]bool{}
	err := a.walk(ctx, m.Urgency, rec.Channel, m.At.Add(-clockSkew), manyPages, func(p post) bool {
		for _, part := range parts {
			if signed(p, part.Nonce) {
				there[part.Nonce] = true
			}
		}
		return false
	})
	if err != nil {
		return "", err
	}
	var ref bot.Ref
	for i, part := range parts {
		if there[part.Nonce] {
			continue
		}
		// A limit of the channel is waited for: to give up now would say that nothing was shown.
		for {
			ref, err = a.post(ctx, m.Urgency, rec.Channel, part)
			var asked bot.RetryAfter
			if !errors.As(err, &asked) || asked.Everywhere || i == 0 || !pause(ctx, asked.Wait) {
				break
			}
		}
		if err != nil && i > 0 {
			return "", partly(err)
		}
		if err != nil {
			return "", err
		}
	}
	return ref, nil
}

// pause waits, and reports whether the wait came to its end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// edit changes a message. One that is not there any more is bot.ErrGone.
func (a *Adapter) edit(ctx context.Context, class bot.Urgency, old bot.Ref, out outgoing) (bot.Ref, error) {
	_, err := a.change(ctx, class, old, out)
	return old, err
}

func (a *Adapter) change(ctx context.Context, class bot.Urgency, old bot.Ref, out outgoing) (post, error) {
	var now post
	channelID, id := splitRef(old)
	out.Nonce, out.Enforce = "", false
	err := a.api.do(ctx, class, http.MethodPatch, "/channels/"+channelID+"/messages/"+id, out, &now)
	if refusedWith(err, unknownMessage) {
		return now, fmt.Errorf("%w: %w", bot.ErrGone, partly(err))
	}
	return now, err
}
