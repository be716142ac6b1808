package commands_test

import (
	"context"
	"errors"
	"slices"
	"sync"

	"wardline/bot"
)

// record is a platform that writes down what it is told to say, once per message.
type record struct {
	mu     sync.Mutex // protects what follows
	down   bool
	seen   map[bot.MessageID]bool
	posts  []bot.Message
	all    []bot.Message
	boards []bot.Message
}

var errDown = errors.New("the platform does not answer")

// Name is what the web desk is called, so that people are themselves.
func (r *record) Name() string { return "web" }

// Say writes the message down.
func (r *record) Say(_ context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down {
		return "", errDown
	}
	if m.Kind == bot.Board {
		r.boards = append(r.boards, m)
		return "board", nil
	}
	if r.seen[m.ID] {
		return bot.Ref(m.ID), nil
	}
	r.seen[m.ID] = true
	r.posts = append(r.posts, m)
	r.all = append(r.all, m)
	return bot.Ref(m.ID), nil
}

func (r *record) setDown(down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = down
}

func (r *record) up() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.down
}

func (r *record) take() []bot.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.posts
	r.posts = nil
	return out
}

// everything is what was ever said, boards aside.
func (r *record) everything() []bot.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

func (r *record) board(room bot.RoomID) bot.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range slices.Backward(r.boards) {
		if m.Room == room {
			return m
		}
	}
	return bot.Message{}
}

func (r *record) actions(room bot.RoomID) []bot.Action {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []bot.Action
	for _, m := range slices.Backward(r.all) {
		if m.Room == room {
			out = append(out, m.Actions...)
		}
	}
	return out
}
