package discord

import (
	"context"
	"log/slog"
	"slices"
	"sync"
)

// A task is one thing to be done, with the id of what it is about.
type task struct {
	id string
	do func(ctx context.Context)
}

// lanes do what is heard in one channel one after the other, in the order of ids, and what is heard in
// different channels side by side. Nobody who brings a task waits for it.
type lanes struct {
	log *slog.Logger

	mu      sync.Mutex // protects what follows
	waiting map[string][]task
	stopped bool
	working sync.WaitGroup
}

func newLanes(log *slog.Logger) *lanes { return &lanes{log: log, waiting: map[string][]task{}} }

// put adds a task to a lane. A task without an id goes last. Once the lanes have ended nothing is added.
func (l *lanes) put(ctx context.Context, lane string, t task) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return
	}
	queue, busy := l.waiting[lane]
	at := len(queue)
	for t.id != "" && at > 0 && queue[at-1].id != "" && older(t.id, queue[at-1].id) {
		at--
	}
	l.waiting[lane] = slices.Insert(queue, at, t)
	if !busy {
		l.working.Go(func() { l.work(ctx, lane) })
	}
}

// work does the tasks of a lane until there are none.
func (l *lanes) work(ctx context.Context, lane string) {
	for {
		l.mu.Lock()
		queue := l.waiting[lane]
		if len(queue) == 0 {
			delete(l.waiting, lane)
			l.mu.Unlock()
			return
		}
		l.waiting[lane] = queue[1:]
		l.mu.Unlock()
		if err := guarded("do what was heard", func() error { queue[0].do(ctx); return nil }); err != nil {
			l.log.ErrorContext(ctx, "something heard on discord could not be done", "error", err)
		}
	}
}

// end waits until everything that was added is done.
func (l *lanes) end() {
	l.mu.Lock()
	l.stopped = true
	l.mu.Unlock()
	l.working.Wait()
}
