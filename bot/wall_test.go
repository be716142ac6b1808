package bot_test

import (
	"context"
	"slices"
	"sync"

	"wardline/bot"
)

// wall is a platform where everything can be seen, and looked for by its key. What goes wrong is up to
// the story.
type wall struct {
	mu    sync.Mutex // protects what follows
	notes []note
	said  int                                                                 // how often it was asked to show something
	trip  func(ctx context.Context, m bot.Message, old bot.Ref) (bool, error) // whether it is shown, and what is told
	blind error                                                               // of looking
}

// note is a post on a wall.
type note struct {
	bot.Message
	ref  bot.Ref
	gone bool
}

var _ bot.Finder = (*wall)(nil)

func (w *wall) Name() string { return "web" }

func (w *wall) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	w.mu.Lock()
	w.said++
	trip := w.trip
	w.mu.Unlock()
	shown, err := true, error(nil)
	if trip != nil {
		shown, err = trip(ctx, m, old)
	}
	if !shown {
		return "", err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if old != "" {
		i := slices.IndexFunc(w.notes, func(n note) bool { return n.ref == old && !n.gone })
		if i < 0 {
			return "", bot.ErrGone
		}
		w.notes[i].Message = m
		return old, err
	}
	ref := bot.Ref(m.EffectKey() + "#" + string(rune('0'+len(w.notes)%10)))
	w.notes = append(w.notes, note{Message: m, ref: ref})
	return ref, err
}

func (w *wall) Find(_ context.Context, m bot.Message) (bot.Ref, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.blind != nil {
		return "", false, w.blind
	}
	for _, n := range w.notes {
		if !n.gone && n.EffectKey() == m.EffectKey() {
			return n.ref, true, nil
		}
	}
	return "", false, nil
}

// set changes what goes wrong.
func (w *wall) set(trip func(context.Context, bot.Message, bot.Ref) (bool, error), blind error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.trip, w.blind = trip, blind
}

// in returns what is on the wall of a room.
func (w *wall) in(room bot.RoomID, kind bot.MessageKind) []note {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []note
	for _, n := range w.notes {
		if n.Room == room && n.Kind == kind && !n.gone {
			out = append(out, n)
		}
	}
	return out
}

// scrawl changes all boards behind the bot's back.
func (w *wall) scrawl(title string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.notes {
		if w.notes[i].Kind == bot.Board {
			w.notes[i].Title = title
		}
	}
}

// tear takes all boards off.
func (w *wall) tear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.notes {
		w.notes[i].gone = w.notes[i].gone || w.notes[i].Kind == bot.Board
	}
}

func (w *wall) asked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.said
}
