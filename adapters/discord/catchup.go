package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"wardline/bot"
)

// catchUp reads what was said while no events came: in each watched channel and each private one, all
// after the last message that was dealt with. A message that came in otherwise meanwhile is known by its
// id and not heard twice.
func (e *ears) catchUp(ctx context.Context) error {
	freezing := e.cursors.freezing()
	err := e.catchUpAll(ctx)
	e.caught.Wait()
	if err != nil { // what was not read stays before the cursors as they were kept, and is read at the next start
		return err
	}
	if err := e.cursors.thaw(context.WithoutCancel(ctx), freezing); err != nil {
		e.log.WarnContext(ctx, "how far discord was read cannot be kept", "error", err)
	}
	return nil
}

// catchUpAll reads all channels, each until it could be read.
func (e *ears) catchUpAll(ctx context.Context) error {
	channels, err := e.cursors.channels(ctx, e.watched())
	if err != nil {
		return err
	}
	pause := time.Second
	for len(channels) > 0 {
		left := map[string]string{}
		for channel, after := range channels {
			err := e.catchUpIn(ctx, channel, after)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case errors.Is(err, bot.ErrRejected) || refusedWith(err, missingAccess, missingPermissions): // the others do not wait for it
				e.log.WarnContext(ctx, "a channel cannot be read", "channel", channel, "error", err)
			case err != nil:
				e.log.WarnContext(ctx, "a channel cannot be read now", "channel", channel, "error", err, "again", pause)
				left[channel] = after
			}
		}
		if channels = left; len(left) > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
			pause = min(2*pause, time.Minute)
		}
	}
	return nil
}

// watched lists the channels in which something may be said to the bot. Rooms of outages that are over are
// locked, and there are more of them each week.
func (e *ears) watched() []string {
	open := map[bot.RoomID]bool{}
	for _, h := range e.desk.Heads() {
		open[bot.IncidentRoomID(h.ID)] = h.Open || time.Since(h.Ended) < watchedAfter
	}
	var out []string
	for _, id := range e.rooms.watched() {
		room, _ := e.rooms.roomOf(id)
		_, private := room.PersonOf()
		_, outage := room.IncidentOf()
		switch {
		case private:
			out = append(out, privateMark+id)
		case !outage || open[room]:
			out = append(out, id)
		}
	}
	return out
}

// watchedAfter is how long the room of an outage that is over is still read.
const watchedAfter = 24 * time.Hour

// catchUpIn reads one channel. A channel that is read for the first time begins now: what was said
// before the bot came was not said to it.
func (e *ears) catchUpIn(ctx context.Context, channel, after string) error {
	private := strings.HasPrefix(channel, privateMark)
	id := strings.TrimPrefix(channel, privateMark)
	path := "/channels/" + id + "/messages"
	if after == "" {
		begin, owed, err := e.beginning(ctx, path, private)
		if err != nil {
			return err
		}
		if !owed {
			e.cursors.note(channel, begin)
			return nil
		}
		after = begin
	}
	for {
		var page []message
		if err := e.rest.do(ctx, bot.Ask, "GET", path+"?limit=100&after="+after, nil, &page); err != nil {
			return fmt.Errorf("read messages: %w", err)
		}
		slices.SortFunc(page, func(a, b message) int { return first(older(b.ID, a.ID)) - first(older(a.ID, b.ID)) })
		read := after
		for _, m := range page {
			if !older(after, m.ID) { // a server that does not heed what it is asked
				continue
			}
			m.Channel = id
			if m.Guild = ""; !private {
				m.Guild = e.config.Guild
			}
			e.caught.Add(1)
			e.message(ctx, m, e.caught.Done)
			after = m.ID
		}
		if len(page) < 100 || after == read {
			return nil
		}
	}
}

// beginning is where a channel that was never read begins, and whether anything after it is still to be heard. What
// was said before the bot came was not said to it; in private everything after the bot's own last word is to be
// answered.
func (e *ears) beginning(ctx context.Context, path string, private bool) (id string, owed bool, err error) {
	var newest []message
	if err := e.rest.do(ctx, bot.Ask, "GET", path+"?limit=100", nil, &newest); err != nil {
		return "", false, fmt.Errorf("read the newest messages: %w", err)
	}
	slices.SortFunc(newest, func(a, b message) int { return first(older(a.ID, b.ID)) - first(older(b.ID, a.ID)) })
	came := time.Unix(0, e.came.Load())
	for n, m := range newest {
		own := m.Author != nil && m.Author.ID == e.rooms.self()
		if private && own || !private && m.when().Before(came) {
			return m.ID, n > 0, nil
		}
	}
	switch {
	case len(newest) == 0:
		return "0", false, nil
	case private:
		return newest[0].ID, false, nil
	}
	return "0", true, nil
}

// born notes a channel that was made just now: all that will be said in it is to be heard.
func (e *ears) born(ctx context.Context, channel string) {
	e.cursors.begin(channel, channel) // no message has an older id
	if err := e.cursors.save(ctx, true); err != nil {
		e.log.WarnContext(ctx, "how far discord was read cannot be kept", "error", err)
	}
}

// privateMark begins the names of private channels among the cursors: some are in no list of rooms, so the
// cursors themselves remember them.
const privateMark = "dm/"

// cursors remember durably, per channel, the last message that was dealt with.
type cursors struct {
	shelf Shelf

	mu     sync.Mutex // protects what follows
	last   map[string]string
	born   map[string]string // where channels begin that were made a short while ago
	dirty  map[string]bool
	saved  time.Time
	frozen int // which freezing lasts, 0 if none does
	times  int // there was one
}

func newCursors(shelf Shelf) *cursors {
	return &cursors{shelf: shelf, last: map[string]string{}, born: map[string]string{}, dirty: map[string]bool{}}
}

const (
	cursorKey = "seen/"
	// seldom is how long it may stay unsaved that words were said which did not concern the bot.
	seldom = 30 * time.Second
)

// channels returns how far the watched channels and all private ones were read.
func (c *cursors) channels(ctx context.Context, watched []string) (map[string]string, error) {
	entries, err := c.shelf.Range(ctx, cursorKey, "", 0)
	if err != nil {
		return nil, fmt.Errorf("read how far channels were read: %w", err)
	}
	out := map[string]string{}
	for _, id := range watched {
		out[id] = ""
	}
	for _, entry := range entries {
		name := strings.TrimPrefix(entry.Key, cursorKey)
		if _, wanted := out[name]; wanted || strings.HasPrefix(name, privateMark) {
			out[name] = string(entry.Value)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.last { // not durable yet; how far it was read says nothing of what came before
		if _, known := out[name]; known || strings.HasPrefix(name, privateMark) {
			out[name] = cmp.Or(out[name], c.born[name])
		}
	}
	return out, nil
}

// begin notes where a channel begins, unless something was dealt with in it.
func (c *cursors) begin(channel, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last[channel] == "" {
		c.last[channel], c.born[channel] = id, id
		c.dirty[channel] = true
	}
}

// note remembers that a message was dealt with, and all before it.
func (c *cursors) note(channel, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.last[channel]; old == "" || older(old, id) {
		c.last[channel] = id
		c.dirty[channel] = true
	}
}

// freeze keeps cursors from becoming durable: while older messages are still to be fetched, a newer one
// that was dealt with says nothing about them.
func (c *cursors) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times++
	c.frozen = c.times
}

// freezing names the freezing that lasts.
func (c *cursors) freezing() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// thaw ends a freezing, unless another has begun since.
func (c *cursors) thaw(ctx context.Context, freezing int) error {
	c.mu.Lock()
	if c.frozen == freezing {
		c.frozen = 0
	}
	c.mu.Unlock()
	return c.save(ctx, true)
}

// save makes durable what was noted; what is not urgent, seldom.
func (c *cursors) save(ctx context.Context, urgent bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen != 0 || len(c.dirty) == 0 || !urgent && time.Since(c.saved) < seldom {
		return nil
	}
	var entries []Entry
	for channel := range c.dirty {
		entries = append(entries, Entry{Key: cursorKey + channel, Value: []byte(c.last[channel])})
	}
	if err := c.shelf.Put(ctx, entries...); err != nil {
		return fmt.Errorf("keep how far channels were read: %w", err)
	}
	c.saved = time.Now()
	clear(c.dirty)
	clear(c.born)
	return nil
}
