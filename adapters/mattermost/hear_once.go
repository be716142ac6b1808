package mattermost

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"wardline/commands"
)

// offered keeps forms that a button may open, so that what somebody typed already stands in them. After
// a restart such a button opens the form empty.
type offered struct {
	mu    sync.Mutex // protects what follows
	forms map[string]offer
	order []string // the oldest first
}

type offer struct {
	form   commands.Form
	userID string
}

// offeredMost is how many forms are kept.
const offeredMost = 500

func newOffered() *offered { return &offered{forms: map[string]offer{}} }

// keep keeps a form for a user and returns its name.
func (o *offered) keep(userID string, form commands.Form) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	name := nonce()
	o.forms[name] = offer{form, userID}
	o.order = append(o.order, name)
	if len(o.order) > offeredMost {
		delete(o.forms, o.order[0])
		o.order = o.order[1:]
	}
	return name
}

// take returns a form that was kept for a user.
func (o *offered) take(userID, name string) (commands.Form, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, ok := o.forms[name]
	return kept.form, ok && kept.userID == userID
}

// presses tells a second press of the same button that follows at once: the server delivers both clicks
// of a double one.
type presses struct {
	mu   sync.Mutex // protects last
	last map[string]time.Time
}

// doubleClick is how close two presses of one button by one user are one.
const doubleClick = 3 * time.Second

func newPresses() *presses { return &presses{last: map[string]time.Time{}} }

// first reports whether a press is not the second of a double one.
func (p *presses) first(key string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	for k, at := range p.last {
		if now.Sub(at) > doubleClick {
			delete(p.last, k)
		}
	}
	if _, again := p.last[key]; again {
		return false
	}
	p.last[key] = now
	return true
}

// nonces remembers which forms were submitted. It may be used by several goroutines.
type nonces struct {
	shelf Shelf

	mu       sync.Mutex // protects underway
	underway map[string]bool
}

const noncePrefix = "form/"

func newNonces(shelf Shelf) *nonces { return &nonces{shelf: shelf, underway: map[string]bool{}} }

// claim takes a form for one submission. It is false if it was submitted, or is being.
func (n *nonces) claim(ctx context.Context, name string) (ok bool, err error) {
	n.mu.Lock()
	busy := n.underway[name]
	n.underway[name] = true
	n.mu.Unlock()
	if busy {
		return false, nil
	}
	_, spent, err := n.shelf.Get(ctx, noncePrefix+name)
	if spent || err != nil {
		n.release(name)
		return false, err
	}
	return true, nil
}

// release lets a form be submitted again.
func (n *nonces) release(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.underway, name)
}

// spend remembers that a form was submitted, until it is too old anyway.
func (n *nonces) spend(ctx context.Context, name string, until int64) error {
	defer n.release(name)
	return n.shelf.Put(ctx, Entry{Key: noncePrefix + name, Value: []byte(strconv.FormatInt(until, 10))})
}

// sweep forgets the forms that are too old to be submitted.
func (n *nonces) sweep(ctx context.Context) error {
	now := time.Now().Unix()
	return sweep(ctx, n.shelf, noncePrefix, func(value []byte) bool {
		until, err := strconv.ParseInt(string(value), 10, 64)
		return err != nil || until < now
	})
}

// sweep takes entries off a shelf that are of no use any more.
func sweep(ctx context.Context, shelf Shelf, prefix string, stale func(value []byte) bool) error {
	after := ""
	for {
		const most = 500
		entries, err := shelf.Range(ctx, prefix, after, most)
		if err != nil {
			return fmt.Errorf("tidy the shelf: %w", err)
		}
		var gone []Entry
		for _, e := range entries {
			if stale(e.Value) {
				gone = append(gone, Entry{Key: e.Key})
			}
		}
		if len(gone) > 0 {
			if err := shelf.Put(ctx, gone...); err != nil {
				return fmt.Errorf("tidy the shelf: %w", err)
			}
		}
		if len(entries) < most {
			return nil
		}
		after = entries[len(entries)-1].Key
	}
}
