package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"wardline/bot"
)

// A reference is a bot.Ref in its parts: the channel and the message in it, so that a board in a channel
// that is gone is not looked for in the new one.
func refOf(channelID, id string) bot.Ref { return bot.Ref(channelID + "/" + id) }

func splitRef(ref bot.Ref) (channelID, id string) {
	channelID, id, _ = strings.Cut(string(ref), "/")
	return channelID, id
}

// showBoard brings a board up to date: in place as long as Discord allows, by a new card when the old one
// is too old to be changed.
func (a *Adapter) showBoard(ctx context.Context, m bot.Message, old bot.Ref, rec record, out outgoing) (bot.Ref, error) {
	if channelID, _ := splitRef(old); old != "" && channelID != rec.Channel {
		return "", fmt.Errorf("the board's channel is not the room's any more: %w", bot.ErrGone)
	}
	if old == "" {
		ref, err := a.post(ctx, m.Urgency, rec.Channel, out)
		if refusedWith(err, unknownMessage) { // posted a moment ago, and deleted since
			out.Nonce = nonceOf(m.EffectKey(), string(m.ID))
			ref, err = a.post(ctx, m.Urgency, rec.Channel, out)
		}
		if err != nil {
			return "", err
		}
		return ref, partly(a.pin(ctx, m.Urgency, ref))
	}
	now, err := a.change(ctx, m.Urgency, old, out)
	switch {
	case refusedWith(err, tooManyOldEdits):
		return a.replace(ctx, m, old, rec, out)
	case err != nil:
		return "", err
	case !now.Pinned:
		err = partly(a.pin(ctx, m.Urgency, old))
	}
	return old, err
}

// replace shows a board by a new card and takes the old one away. Its nonce names the card it replaces, so
// that a repeat of this makes no third one.
func (a *Adapter) replace(ctx context.Context, m bot.Message, old bot.Ref, rec record, out outgoing) (bot.Ref, error) {
	_, oldID := splitRef(old)
	var ref bot.Ref
	err := a.walk(ctx, m.Urgency, rec.Channel, time.Time{}, fewPages, func(p post) bool {
		if older(oldID, p.ID) && signed(p, m.EffectKey()) { // made by an earlier try
			ref = refOf(rec.Channel, p.ID)
		}
		return ref != "" || !older(oldID, p.ID)
	})
	if err != nil {
		return "", err
	}
	if ref == "" {
		out.Nonce = nonceOf(m.EffectKey(), oldID)
		if ref, err = a.post(ctx, m.Urgency, rec.Channel, out); err != nil {
			return "", err
		}
	} else if _, err := a.change(ctx, m.Urgency, ref, out); err != nil {
		return "", err
	}
	if err := a.pin(ctx, m.Urgency, ref); err != nil {
		return "", partly(err)
	}
	// Two boards in a room are one too many, but no reason to say that the new one is not there.
	path := "/channels/" + rec.Channel + "/messages/" + oldID
	if err := a.api.do(ctx, bot.Sum, http.MethodDelete, path, nil, nil); err != nil && !refusedWith(err, unknownMessage) {
		a.log.WarnContext(ctx, "the old board is not taken away", "room", m.Room, "err", err)
		a.unpin(ctx, rec.Channel, oldID)
	}
	return ref, nil
}

func nonceOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}

// pin puts a message among the pinned ones. Where that is not allowed, or there are too many, the board is
// shown all the same.
func (a *Adapter) pin(ctx context.Context, class bot.Urgency, ref bot.Ref) error {
	channelID, id := splitRef(ref)
	err := a.pins(ctx, class, http.MethodPut, channelID, id)
	switch {
	case refusedWith(err, missingPermissions, missingAccess, tooManyPins):
		a.log.WarnContext(ctx, "a board is not pinned", "channel", channelID, "err", err, "remedy", "give the bot the right to pin messages, or unpin some")
		a.unpinned.Store(channelID, true)
		return nil
	case err != nil:
		return fmt.Errorf("pin the board: %w", err)
	}
	a.unpinned.Delete(channelID)
	return nil
}

func (a *Adapter) unpin(ctx context.Context, channelID, id string) {
	if err := a.pins(ctx, bot.Sum, http.MethodDelete, channelID, id); err != nil {
		a.log.WarnContext(ctx, "the old board stays pinned", "channel", channelID, "err", err)
	}
}

// pins changes a pin, by the older address where a server does not know the newer one.
func (a *Adapter) pins(ctx context.Context, class bot.Urgency, method, channelID, id string) error {
	err := a.api.do(ctx, class, method, "/channels/"+channelID+"/messages/pins/"+id, nil, nil)
	if perhapsOlder(err) {
		err = a.api.do(ctx, class, method, "/channels/"+channelID+"/pins/"+id, nil, nil)
	}
	return err
}

// perhapsOlder tells answers that a server may give which takes the newer address of pins for something else.
func perhapsOlder(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.status != http.StatusForbidden && r.status != http.StatusUnauthorized && r.status != http.StatusTooManyRequests &&
		!refusedWith(err, unknownChannel, missingPermissions, missingAccess, tooManyPins)
}

// noSuchRoute tells a server that does not know an address from one that does not know what it names.
func noSuchRoute(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.Code < 10000 && (r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed)
}
