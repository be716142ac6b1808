package mattermost

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	placePrefix = "place/"
	aliveKey    = "alive"
	epochKey    = "epoch"
	// overlap is how far before the newest post heard the place of a channel stays. Posts written at the
	// same time are told in any order, so that one from before may still be on its way.
	overlap = 10 * time.Second
)

// A place is a post up to which everything in its channel was heard.
type place struct {
	Post string `json:"post"`
	At   int64  `json:"at"` // when it was written, in milliseconds of the server's clock
}

// places keeps the place of each channel, durably. While something may have been missed they are frozen:
// a newer post that is heard meanwhile must not lead past it. It may be used by several goroutines.
type places struct {
	shelf Shelf

	mu     sync.Mutex // protects what follows
	at     map[string]place
	newer  map[string][]place // heard after the place, in the order they were heard
	frozen bool
	doubts int   // how often it was said that something may have been missed
	alive  int64 // the server's clock when it was last heard that nothing was missed
	epoch  int64 // the server's clock at the very first start: what is older is nobody's business
	dirty  map[string]bool
	kept   [2]int64 // alive and epoch as they are on the shelf

	begun chan struct{} // closed once the epoch is known
}

func newPlaces(shelf Shelf) *places {
	return &places{shelf: shelf, at: map[string]place{}, newer: map[string][]place{}, dirty: map[string]bool{}, frozen: true, begun: make(chan struct{})}
}

// load reads the places.
func (p *places) load(ctx context.Context) error {
	entries, err := p.shelf.Range(ctx, placePrefix, "", 0)
	if err != nil {
		return fmt.Errorf("read what was heard: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range entries {
		var at place
		if err := json.Unmarshal(e.Value, &at); err != nil {
			return fmt.Errorf("read what was heard at %s: %w", e.Key, err)
		}
		p.at[strings.TrimPrefix(e.Key, placePrefix)] = at
	}
	for key, into := range map[string]*int64{aliveKey: &p.alive, epochKey: &p.epoch} {
		value, found, err := p.shelf.Get(ctx, key)
		if err == nil && found {
			err = json.Unmarshal(value, into)
		}
		if err != nil {
			return fmt.Errorf("read what was heard at %s: %w", key, err)
		}
	}
	p.kept = [2]int64{p.alive, p.epoch}
	if p.epoch != 0 {
		close(p.begun)
	}
	return nil
}

// save writes what has changed.
func (p *places) save(ctx context.Context) error {
	p.mu.Lock()
	var entries []Entry
	changed := p.dirty
	for channel := range changed {
		value, err := json.Marshal(p.at[channel])
		if err != nil {
			p.mu.Unlock()
			return err
		}
		entries = append(entries, Entry{Key: placePrefix + channel, Value: value})
	}
	now := [2]int64{p.alive, p.epoch}
	if now != p.kept {
		for i, key := range []string{aliveKey, epochKey} {
			value, err := json.Marshal(now[i])
			if err != nil {
				p.mu.Unlock()
				return err
			}
			entries = append(entries, Entry{Key: key, Value: value})
		}
	}
	p.dirty = map[string]bool{}
	p.mu.Unlock()
	if len(entries) == 0 {
		return nil
	}
	err := p.shelf.Put(ctx, entries...)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		for channel := range changed {
			p.dirty[channel] = true
		}
		return err
	}
	p.kept = now
	return nil
}

// note says that a post was heard.
func (p *places) note(channelID, postID string, at int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.newer[channelID] = append(p.newer[channelID], place{postID, at})
	if !p.frozen {
		p.advance(channelID)
	}
}

// advance moves the place of a channel behind what can still be overtaken.
func (p *places) advance(channelID string) {
	list := p.newer[channelID]
	newest := int64(0)
	for _, heard := range list {
		newest = max(newest, heard.At)
	}
	to := p.at[channelID]
	var left []place
	for _, heard := range list {
		if heard.At > newest-overlap.Milliseconds() {
			left = append(left, heard)
		} else if heard.At > to.At {
			to = heard
		}
	}
	if to == (place{}) && len(left) > 0 { // no place yet: the first that was heard is one
		to = left[0]
		for _, heard := range left {
			if heard.At < to.At {
				to = heard
			}
		}
	}
	p.newer[channelID] = left
	if to != p.at[channelID] {
		p.at[channelID] = to
		p.dirty[channelID] = true
	}
}

// freeze keeps the places where they are: something may have been missed.
func (p *places) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = true
	p.doubts++
}

// state names the moment, for thaw.
func (p *places) state() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.doubts
}

// thaw lets the places move again: what may have been missed up to a moment was heard. It does nothing
// if there was a new doubt since.
func (p *places) thaw(state int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.doubts != state {
		return
	}
	p.frozen = false
	for channel := range p.newer {
		p.advance(channel)
	}
}

// tick says the server's clock: what it wrote before was told, unless something is known to be missing.
func (p *places) tick(now int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.epoch == 0 {
		p.epoch = now
		close(p.begun)
	}
	if !p.frozen {
		p.alive = max(p.alive, now)
	}
}

// missed returns from where on a channel must be caught up: after a post, or, if there is no place yet,
// what was written later than since.
func (p *places) missed(channelID string) (after place, since int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at[channelID], max(p.epoch, p.alive-overlap.Milliseconds())
}
