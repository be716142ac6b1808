package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"wardline/adapters/seal"
	"wardline/bot"
	"wardline/bot/hospital"
)

// A caller asks Discord's REST interface for something.
type caller interface {
	do(ctx context.Context, class bot.Urgency, method, path string, in, out any) error
	// webhook answers interactions: outside the limit of all other requests.
	webhook(ctx context.Context, method, path string, in, out any) error
}

// A lodge knows which channel is which room.
type lodge interface {
	roomOf(channel string) (bot.RoomID, bool)
	channelOf(ctx context.Context, room bot.RoomID, wanted bool) (string, error)
	watched() []string
	self() string
}

// A crowd knows by what account and name a user is known.
type crowd interface {
	who(user, global, nick string) (account, name string)
}

// An identity is who the bot is on Discord.
type identity struct{ user, app string }

// ears hear everything that people do on Discord, and answer it.
type ears struct {
	config  Config
	shelf   Shelf
	log     *slog.Logger
	rest    caller
	rooms   lodge
	people  crowd
	buttons *buttons
	forms   seal.Sealer
	waits   waits
	limit   time.Duration // of one piece of work

	hearer    Hearer
	desk      Desk
	commands  map[string]string // "ask question" -> "ask"
	gateway   *gateway
	lanes     *lanes
	chores    sync.WaitGroup
	gate      sync.RWMutex // protects deaf; held for reading while an event is taken
	deaf      bool
	done      *memory
	spent     *memory // buttons that were used up
	cursors   *cursors
	self      atomic.Pointer[identity]
	plain     atomic.Bool                        // the server knows less than Discord: it takes only a plainer menu
	formless  atomic.Bool                        // it opens no forms
	formed    atomic.Bool                        // it has opened one
	unformed  atomic.Int32                       // how many it has refused
	unnamed   atomic.Int32                       // how many answers for one person only it has taken with their name alone
	byName    atomic.Bool                        // it takes answers for one person only with their name
	back      func()                             // called each time Discord was lost and is back
	came      atomic.Int64                       // when Discord was there for the first time, in Unix nanoseconds
	met       atomic.Bool                        // Discord was there before
	catching  sync.Mutex                         // one catches up at a time
	reading   atomic.Pointer[context.CancelFunc] // ends the catching up that lasts
	caught    sync.WaitGroup                     // messages that were fetched and wait for their turn
	enrolling atomic.Bool                        // somebody registers the commands
}

func newEars(config Config, shelf Shelf, log *slog.Logger, rest caller, rooms lodge, people crowd) *ears {
	return &ears{
		config: config, shelf: shelf, log: log, rest: rest, rooms: rooms, people: people,
		buttons: newButtons(config.Key, shelf), forms: seal.New(config.Key, "discord/form"), waits: usualWaits(), limit: time.Minute,
		lanes: newLanes(log), done: newMemory(8192), spent: newMemory(1024), cursors: newCursors(shelf), back: func() {},
	}
}

// serve hears until ctx ends; what has begun by then is finished.
func (e *ears) serve(ctx context.Context, hearer Hearer, desk Desk) error {
	e.hearer, e.desk = hearer, desk
	e.commands = bareNames(hearer.Menu(hospital.EN))
	e.gateway = newGateway(gatewaySetup{
		api: e.config.API, token: e.config.Token, content: e.config.Content, waits: e.waits, log: e.log,
		hear: func(kind string, data json.RawMessage) { e.hear(ctx, kind, data) },
		up:   func(resumed bool) { e.up(ctx, resumed) },
	})
	e.gateway.run(ctx)
	e.gate.Lock() // the library may still be in the middle of an event
	e.deaf = true
	e.gate.Unlock()
	e.chores.Wait()
	e.lanes.end()
	return nil
}

// hear takes one event. It runs in the read loop of the gateway and only hands on.
func (e *ears) hear(ctx context.Context, kind string, data json.RawMessage) {
	e.gate.RLock()
	defer e.gate.RUnlock()
	if e.deaf || ctx.Err() != nil {
		return // what was written is read at the next start
	}
	switch kind {
	case "READY":
		var ready struct {
			User        user `json:"user"`
			Application struct {
				ID string `json:"id"`
			} `json:"application"`
		}
		if err := read(data, &ready); err != nil { // it was asked at the start, too
			e.log.WarnContext(ctx, "who the bot is on discord cannot be read", "error", err)
		}
		me := cmp.Or(ready.User.ID, e.rooms.self()) // a server may leave out what it has said before
		e.self.Store(&identity{user: me, app: cmp.Or(ready.Application.ID, me)})
		e.came.CompareAndSwap(0, time.Now().UnixNano())
		e.cursors.freeze() // before the first message of the new session
	case "MESSAGE_CREATE":
		var m message
		if err := read(data, &m); err != nil {
			e.log.WarnContext(ctx, "a message of discord cannot be read", "error", err)
			return
		}
		e.message(ctx, m, func() {})
	case "INTERACTION_CREATE":
		var i interaction
		if err := read(data, &i); err != nil {
			e.log.WarnContext(ctx, "an interaction of discord cannot be read", "error", err)
			return
		}
		e.interaction(ctx, i)
	}
}

// up is called when events come again. What a session that could not be resumed has missed is fetched.
func (e *ears) up(ctx context.Context, resumed bool) {
	again := e.met.Swap(true)
	e.log.InfoContext(ctx, "discord is connected", "resumed", resumed)
	if again {
		e.back()
	}
	if resumed {
		return
	}
	e.chores.Go(func() { e.enroll(ctx) })
	reading, stop := context.WithCancel(ctx)
	if before := e.reading.Swap(&stop); before != nil { // what it has not read yet is read anew
		(*before)()
	}
	e.chores.Go(func() {
		defer stop()
		e.catching.Lock()
		defer e.catching.Unlock()
		if err := guarded("catch up", func() error { return e.catchUp(reading) }); err != nil && reading.Err() == nil {
			e.log.ErrorContext(ctx, "what was said while discord was away cannot be read", "error", err)
		}
	})
}

// work is the context of something that has begun: the end of the bot does not break it off, but it may
// not take for ever. An answer gets time of its own: what took long to make must still reach who asked.
func (e *ears) work(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), e.limit)
}

// memory remembers the last ids.
type memory struct {
	mu   sync.Mutex // protects what follows
	ids  map[string]bool
	ring []string
	next int
}

func newMemory(n int) *memory { return &memory{ids: map[string]bool{}, ring: make([]string, n)} }

// has reports whether an id is remembered.
func (m *memory) has(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ids[id]
}

// add remembers an id and reports whether it is new.
func (m *memory) add(id string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ids[id] {
		return false
	}
	delete(m.ids, m.ring[m.next])
	m.ring[m.next] = id
	m.next = (m.next + 1) % len(m.ring)
	m.ids[id] = true
	return true
}
