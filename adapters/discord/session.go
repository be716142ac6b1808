package discord

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// A session is one object of the library with what we know about it. It may open several connections,
// one after another; the later ones resume what was missed.
type session struct {
	*discordgo.Session
	wire    atomic.Pointer[wire]
	left    atomic.Bool   // behind, so that no connection of it may live
	numbers sequence      // of the events that were heard
	ready   chan bool     // true: resumed
	lost    chan struct{} // the library has put the connection down
	up      time.Time     // when the connection of this moment was ready; zero if it was not
	failed  int           // connections in a row that were greeted and not made ready
}

// session makes a session of the library that leaves everything of importance to us.
func (g *gateway) session(ctx context.Context) *session {
	s := &session{ready: make(chan bool, 8), lost: make(chan struct{}, 8)}
	lib, err := discordgo.New("Bot " + g.token)
	if err != nil { // the library returns none
		panic("discordgo.New: " + err.Error())
	}
	s.Session = lib
	lib.ShouldReconnectOnError, lib.ShouldReconnectVoiceOnSessionError, lib.ShouldRetryOnRateLimit = false, false, false
	lib.LogLevel = -1 // it writes to nobody's log but its own
	lib.StateEnabled, lib.SyncEvents, lib.Compress = false, true, false
	lib.Identify.Compress = false // the wire reads along
	lib.MaxRestRetries = 0
	lib.Client = g.client
	lib.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	if g.content {
		lib.Identify.Intents |= discordgo.IntentMessageContent
	}
	lib.Dialer = dialer{
		limit: g.waits.first, first: g.first, known: &s.numbers, proxy: http.ProxyFromEnvironment, roots: g.roots, made: s.use,
	}.websocket()
	lib.AddHandler(func(_ *discordgo.Session, _ *discordgo.Disconnect) {
		select {
		case s.lost <- struct{}{}:
		default: // one is as good as many
		}
	})
	lib.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) {
		if err := guarded("hear an event", func() error { g.take(s, e); return nil }); err != nil {
			g.log.ErrorContext(ctx, "an event of discord could not be heard", "kind", e.Type, "error", err)
		}
	})
	return s
}

// use takes a new connection.
func (s *session) use(w *wire) {
	if s.wire.Store(w); s.left.Load() { // it was on its way when the session was given up
		_ = w.Close()
	}
}

// take hands on one event. It runs in the library's read loop.
func (g *gateway) take(s *session, e *discordgo.Event) {
	if e == nil || e.Operation != 0 || s.left.Load() {
		return
	}
	kind, data := untold(e.Type, e.RawData)
	g.hear(kind, data)
	if kind == "READY" || kind == "RESUMED" {
		select {
		case s.ready <- kind == "RESUMED":
		default: // nobody waits for it any more
		}
	}
}

// forget drops what was known about the connection before.
func (s *session) forget() {
	s.wire.Store(nil)
	s.up = time.Time{}
	for {
		select {
		case <-s.ready:
		case <-s.lost:
		default:
			return
		}
	}
}

func (s *session) known() state {
	if w := s.wire.Load(); w != nil {
		return w.known()
	}
	return state{named: true} // nothing was heard that says otherwise
}

// spent reports whether it is no use to take the session up again. A server that greets and will not have it
// twice in a row does not know it any more, whatever it says.
func (s *session) spent(now state) bool {
	switch {
	case !s.up.IsZero():
		s.failed = 0
	case now.greeted:
		s.failed++
	}
	return forgets(now.code) || !now.named || s.failed > 1
}

// cut ends the connection without asking the library, which may hang.
func (s *session) cut() {
	if w := s.wire.Load(); w != nil {
		_ = w.Close()
	}
}

// abandon leaves the session behind for good, whatever it is doing.
func (s *session) abandon() {
	s.left.Store(true)
	s.cut()
}

// leave says good-bye.
func (s *session) leave() {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = guarded("close the session", s.Close)
	}()
	select {
	case <-gone:
	case <-time.After(3 * time.Second):
		s.abandon()
	}
}
