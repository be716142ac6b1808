package rigtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"wardline/bot"
)

var (
	_ bot.Finder = (*Adapter)(nil)
	_ bot.Pacer  = (*Adapter)(nil)
)

// AdapterSettings are what an Adapter is made of.
type AdapterSettings struct {
	URL   string
	Limit Limit // of the platform; the zero value is none
	NoKey bool  // for controls: a post carries no key that the system could recognise
}

// Adapter speaks to a Chat as every adapter must: rooms have names that follow from their ids, posts
// carry their effect key twice, for the system's window and to be found later, and errors say what is
// known. It may be used by several goroutines.
type Adapter struct {
	settings AdapterSettings
	client   *http.Client
	pace     pacer // of all requests: a message may take several

	mu     sync.Mutex // protects what follows
	rooms  map[bot.RoomID]Room
	closed map[string]time.Time // per path: not to be asked before, as an answer said
}

// NewAdapter returns an adapter to the system at a URL.
func NewAdapter(s AdapterSettings) *Adapter {
	return &Adapter{
		settings: s, pace: pacer{limit: s.Limit}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}},
		rooms: map[bot.RoomID]Room{}, closed: map[string]time.Time{},
	}
}

// Name implements bot.Platform.
func (a *Adapter) Name() string { return "rig" }

// Pace implements bot.Pacer. The desk is held a little below what requests are: who waits for a request
// is overtaken by nobody, however urgent, and some messages take several.
func (a *Adapter) Pace() (perSecond float64, burst int) {
	if l := a.settings.Limit; l.Requests > 0 {
		return 0.965 * float64(l.Requests) / l.Per.Seconds(), max(2, l.Requests/20)
	}
	return 1e9, 1e6
}

// Close lets go of idle connections.
func (a *Adapter) Close() { a.client.CloseIdleConnections() }

// Say implements bot.Platform.
func (a *Adapter) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	room, err := a.room(ctx, m.Room, true)
	if err != nil {
		return "", err
	}
	if m.Kind == bot.OpenRoom || m.Kind == bot.CloseRoom {
		return "", a.archive(ctx, m.Room, room, m.Kind == bot.CloseRoom)
	}
	ref, err := a.show(ctx, room, m, old)
	if err != nil && strings.Contains(err.Error(), "_deleted.error") {
		// Somebody closed the room, or our own closing came late. What is to be said there comes first,
		// be it a new post or a board that changes.
		if err = a.archive(ctx, m.Room, room, false); err == nil {
			ref, err = a.show(ctx, room, m, old)
		}
	}
	if err == nil && old == "" && m.Kind == bot.Board {
		// Pinned by a step of its own, which may be repeated. Something was done: no error may say the opposite.
		if err := a.edit(ctx, ref, m); err != nil {
			return "", errors.New("pin the board: " + err.Error())
		}
	}
	return ref, err
}

// show posts a message, or changes what it was shown as before.
func (a *Adapter) show(ctx context.Context, room Room, m bot.Message, old bot.Ref) (bot.Ref, error) {
	if old != "" {
		return old, a.edit(ctx, old, m)
	}
	return a.post(ctx, room, m)
}

func (a *Adapter) post(ctx context.Context, room Room, m bot.Message) (bot.Ref, error) {
	in := Post{Text: m.Title + "\n" + m.Text, Key: m.EffectKey(), Pending: m.EffectKey()}
	if a.settings.NoKey {
		in.Pending = ""
	}
	var out Post
	err := a.do(ctx, http.MethodPost, fmt.Sprintf("/rooms/%d/posts", room.ID), in, &out)
	return bot.Ref(strconv.Itoa(out.ID)), err
}

func (a *Adapter) edit(ctx context.Context, ref bot.Ref, m bot.Message) error {
	err := a.do(ctx, http.MethodPut, "/posts/"+string(ref), Post{Text: m.Title + "\n" + m.Text, Pinned: m.Kind == bot.Board}, nil)
	if is(err, http.StatusNotFound) {
		return fmt.Errorf("%w: %w", bot.ErrGone, err)
	}
	return err
}

func (a *Adapter) archive(ctx context.Context, id bot.RoomID, room Room, archived bool) error {
	room.Archived = archived
	if err := a.do(ctx, http.MethodPut, fmt.Sprintf("/rooms/%d", room.ID), room, nil); err != nil {
		return err
	}
	a.know(id, room)
	return nil
}

// Find implements bot.Finder. A board is looked for among what is pinned, and further back than others:
// it may have been said for an older message than the one that is said now.
func (a *Adapter) Find(ctx context.Context, m bot.Message) (bot.Ref, bool, error) {
	room, err := a.room(ctx, m.Room, false)
	if err != nil || room.ID == 0 || m.Kind == bot.OpenRoom || m.Kind == bot.CloseRoom {
		return "", false, err
	}
	oldest := m.At.Add(-time.Minute) // clocks differ
	before, pinned := "", "?pinned"
	if m.Kind != bot.Board {
		pinned = "?"
	}
	for range 100 {
		var page []Post
		if err := a.do(ctx, http.MethodGet, fmt.Sprintf("/rooms/%d/posts%s%s", room.ID, pinned, before), nil, &page); err != nil {
			return "", false, err
		}
		for _, p := range page {
			if p.Key == m.EffectKey() {
				return bot.Ref(strconv.Itoa(p.ID)), true, nil
			}
			before = "&before=" + strconv.Itoa(p.ID)
		}
		last := len(page) == 0 || m.Key == "" && page[len(page)-1].At.Before(oldest)
		switch {
		case last && pinned == "?":
			return "", false, nil
		case last:
			pinned, before = "?", ""
		}
	}
	return "", false, errors.New("find: the room has too many posts")
}

// Blind is an Adapter that cannot look for what it said, and is used all the same: a control.
type Blind struct{ Adapter *Adapter }

// Name implements bot.Platform.
func (b Blind) Name() string { return b.Adapter.Name() }

// Say implements bot.Platform, but breaks its promise: what is said late is shown again.
func (b Blind) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	return b.Adapter.Say(ctx, m, old)
}
