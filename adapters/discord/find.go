package discord

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"wardline/bot"
)

// Figures of looking for what was said.
const (
	pageSize  = 100
	manyPages = 50
	fewPages  = 5
	clockSkew = time.Minute // clocks differ
)

// Find implements bot.Finder. Boards are looked for among what is pinned first: they may have been shown for
// an older message than the one that is said now.
func (a *Adapter) Find(ctx context.Context, m bot.Message) (bot.Ref, bool, error) {
	if m.Kind == bot.OpenRoom || m.Kind == bot.CloseRoom || m.Kind == bot.Invite { // doing these again does no harm
		return "", false, nil
	}
	if err := a.awaited(ctx); err != nil {
		return "", false, err
	}
	rec, ok := a.rooms.record(m.Room)
	if !ok {
		return "", false, nil // nothing can have been said in a room that was never noted
	}
	var ref bot.Ref
	look := func(p post) bool {
		if signed(p, m.EffectKey()) {
			ref = refOf(rec.Channel, p.ID)
		}
		return ref != ""
	}
	err := a.search(ctx, m, rec.Channel, look)
	if refusedWith(err, unknownChannel) {
		return "", false, nil
	}
	return ref, ref != "", err
}

func (a *Adapter) search(ctx context.Context, m bot.Message, channelID string, look func(p post) bool) error {
	if m.Kind != bot.Board {
		return a.walk(ctx, m.Urgency, channelID, m.At.Add(-clockSkew), manyPages, look)
	}
	pinned, err := a.pinned(ctx, m.Urgency, channelID)
	if err != nil {
		return err
	}
	for _, p := range pinned {
		if p.Author.ID == a.rooms.self() && look(p) {
			return nil
		}
	}
	return a.walk(ctx, m.Urgency, channelID, time.Time{}, fewPages, look)
}

// walk shows what the bot itself wrote in a channel, newest first, back to a time, until look says enough.
func (a *Adapter) walk(ctx context.Context, class bot.Urgency, channelID string, back time.Time, pages int, look func(p post) bool) error {
	before := ""
	for range pages {
		var page []post
		path := "/channels/" + channelID + "/messages?limit=" + strconv.Itoa(pageSize) + before
		if err := a.api.do(ctx, class, http.MethodGet, path, nil, &page); err != nil {
			return err
		}
		for _, p := range page {
			if p.Author.ID == a.rooms.self() && look(p) {
				return nil
			}
		}
		if len(page) < pageSize || page[len(page)-1].when().Before(back) {
			return nil
		}
		before = "&before=" + page[len(page)-1].ID
	}
	return nil
}

// pinned lists what is pinned in a channel, the newest pins first.
func (a *Adapter) pinned(ctx context.Context, class bot.Urgency, channelID string) ([]post, error) {
	var list struct {
		Items []struct {
			Message post `json:"message"`
		} `json:"items"`
	}
	err := a.api.do(ctx, class, http.MethodGet, "/channels/"+channelID+"/messages/pins?limit=50", nil, &list)
	var out []post
	if perhapsOlder(err) {
		err = a.api.do(ctx, class, http.MethodGet, "/channels/"+channelID+"/pins", nil, &out)
		return out, err
	}
	for _, item := range list.Items {
		out = append(out, item.Message)
	}
	return out, err
}
