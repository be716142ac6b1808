package discord

import (
	"context"
	"fmt"
	"net/http"

	"wardline/bot"
)

// move is the body that puts a channel into another category, with the rights that go with it. Name and
// topic stay as they are.
type move struct {
	Parent     string      `json:"parent_id"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

// open sees to it that a room is there and may be written in, also one that was closed.
func (r *rooms) open(ctx context.Context, m bot.Message) error {
	rec, err := r.locate(ctx, want{room: m.Room, class: m.Urgency, title: m.Title, about: m.Text})
	if err != nil || !rec.Closed {
		return err
	}
	return r.shift(ctx, m, rec, outagesShelf)
}

// close puts the room of a closed outage among the past ones and locks it. What is not there, or was there
// before the bot, stays as it is.
func (r *rooms) close(ctx context.Context, m bot.Message) error {
	rec, ok := r.record(m.Room)
	if !ok || rec.given || rec.Closed || r.config.Keep {
		return nil
	}
	return r.shift(ctx, m, rec, pastShelf)
}

// shift moves a room to the outages that go on or to the past ones.
func (r *rooms) shift(ctx context.Context, m bot.Message, rec record, to string) error {
	if err := r.lock(ctx); err != nil {
		return err
	}
	defer r.unlock()
	ch, err := r.fetch(ctx, m.Urgency, rec.Channel)
	if refusedWith(err, unknownChannel) {
		return r.forget(ctx, m.Room, rec.Channel) // whoever speaks there next makes it anew
	}
	if err != nil {
		return fmt.Errorf("move the room %s: %w", m.Room, err)
	}
	all, err := r.list(ctx, m.Urgency)
	if err != nil {
		return err
	}
	for range 3 {
		parent, err := r.category(ctx, m.Urgency, to, all)
		if err != nil {
			return err
		}
		in := move{Parent: parent, Overwrites: locked(ch.Overwrites, r.config.Guild, to == pastShelf)}
		var moved channel
		err = r.api.do(ctx, m.Urgency, http.MethodPatch, "/channels/"+rec.Channel, in, &moved)
		if refusedFor(err, fullCategory) {
			for range mostChildren {
				all = append(all, channel{Parent: parent})
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("move the room %s: %w", m.Room, err)
		}
		rec.Closed, rec.Name = to == pastShelf, moved.Name
		return r.keep(ctx, m.Room, rec)
	}
	return fmt.Errorf("move the room %s: every category is full", m.Room)
}
