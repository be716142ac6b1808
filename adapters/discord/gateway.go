package discord

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
)

// A gatewaySetup is what a gateway is made of.
type gatewaySetup struct {
	api     string // base of the REST interface, which tells where the gateway is
	token   string
	content bool // ask for the words of all messages
	waits   waits
	roots   *tls.Config // whom to trust; nil is the machine's own
	log     *slog.Logger
	hear    func(kind string, data json.RawMessage) // called in the order of events; must not block
	up      func(resumed bool)                      // called when events come again
}

// waits are how patient a gateway is.
type waits struct {
	open  time.Duration // for a session to be open, whatever it hangs on
	first time.Duration // for a connection, and for the server's first word
	short time.Duration // before the first new try; each failure doubles it
	long  time.Duration // at most between two tries
	fatal time.Duration // between tries that only a person can make succeed
}

// usualWaits fit Discord: it wants a heartbeat each 41 s and lets a bot sign in 1000 times a day.
func usualWaits() waits {
	return waits{open: time.Minute, first: 15 * time.Second, short: time.Second, long: 2 * time.Minute, fatal: 5 * time.Minute}
}

// A gateway keeps one session with Discord alive and hands on what comes in. It stands between the
// library and the rest: the library never reconnects by itself, and a session of it that hangs is left
// behind.
type gateway struct {
	gatewaySetup
	client *http.Client
	live   atomic.Bool
}

func newGateway(s gatewaySetup) *gateway {
	s.api = cmp.Or(s.api, discordAPI)
	return &gateway{gatewaySetup: s, client: &http.Client{Timeout: s.waits.first, Transport: moved{base: s.api, next: http.DefaultTransport}}}
}

// A session is one object of the library with what we know about it. It may open several connections,
// one after another; the later ones resume what was missed.
type session struct {
	*discordgo.Session
	wire  atomic.Pointer[wire]
	ready chan bool     // true: resumed
	lost  chan struct{} // the library has put the connection down
}

// run keeps a session open until ctx ends.
func (g *gateway) run(ctx context.Context) {
	var s *session
	wait := g.waits.short
	for ctx.Err() == nil {
		if s == nil {
			s = g.session(ctx)
		}
		began := time.Now()
		keep, err := g.spend(ctx, s)
		if ctx.Err() != nil {
			return
		}
		code, _, _ := s.known()
		if !keep || forgets(code) {
			s = nil
		}
		if time.Since(began) > g.waits.long {
			wait = g.waits.short
		}
		pause := wait/2 + rand.N(wait) // spread, so that bots that were cut off together do not come back together
		wait = min(2*wait, g.waits.long)
		if cause, remedy := fatal(code); cause != "" {
			pause, wait = g.waits.fatal, g.waits.short
			g.log.ErrorContext(ctx, "discord refuses the bot", "code", code, "cause", cause, "remedy", remedy, "again", pause)
		} else {
			g.log.WarnContext(ctx, "the connection with discord is lost", "code", code, "error", err, "resume", s != nil, "again", pause.Round(time.Millisecond))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// spend opens a connection and returns when it is lost. keep tells whether the session may be used
// again: one that hangs may not.
func (g *gateway) spend(ctx context.Context, s *session) (keep bool, err error) {
	s.forget()
	opened := make(chan error, 1)
	// The one goroutine nobody waits for: a session that is asked to reconnect before it is ready waits
	// for itself, for ever. It holds no connection, and there is one for each such rare event.
	go func() { opened <- guarded("open the session", s.Open) }()
	limit := time.NewTimer(g.waits.open)
	defer limit.Stop()
	look := time.NewTicker(min(g.waits.first, time.Second) / 8)
	defer look.Stop()
	defer g.live.Store(false)
	for {
		select {
		case <-ctx.Done():
			s.cut()
			return false, nil
		case err := <-opened:
			if err != nil {
				s.cut()
				return true, err
			}
			return g.attend(ctx, s, limit)
		case <-look.C:
			if _, _, asked := s.known(); asked && len(opened) == 0 {
				s.cut()
				return false, errors.New("asked to reconnect before the session was ready")
			}
		case <-limit.C:
			s.cut()
			return false, errors.New("the session did not open in time")
		}
	}
}

// attend waits for an open session to end. limit is when it must be ready.
func (g *gateway) attend(ctx context.Context, s *session, limit *time.Timer) (keep bool, err error) {
	w := s.wire.Load()
	look := time.NewTicker(min(g.waits.first, time.Second) / 8)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			s.leave()
			return false, nil
		case resumed := <-s.ready:
			limit.Stop()
			g.live.Store(true)
			g.up(resumed)
		case <-s.lost:
			return true, errors.New("the session ended")
		case <-w.ended:
			return g.afterwards(ctx, s)
		case <-look.C:
			if _, refused, _ := s.known(); refused > 1 {
				s.cut()
				return false, errors.New("the session was refused twice")
			}
		case <-limit.C:
			s.cut()
			return false, errors.New("the session did not become ready in time")
		}
	}
}

// afterwards lets the library put down a connection that broke: it takes a second for it, and a session
// on which it is not through cannot be used again.
func (g *gateway) afterwards(ctx context.Context, s *session) (keep bool, err error) {
	g.live.Store(false)
	limit := time.NewTimer(g.waits.first)
	defer limit.Stop()
	select {
	case <-s.lost:
		return true, errors.New("the connection broke")
	case <-limit.C:
		return false, errors.New("the connection broke and the session hangs")
	case <-ctx.Done():
		return false, nil
	}
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
	lib.Dialer = dialer{first: g.waits.first, proxy: http.ProxyFromEnvironment, roots: g.roots, made: func(w *wire) { s.wire.Store(w) }}.websocket()
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

// take hands on one event. It runs in the library's read loop.
func (g *gateway) take(s *session, e *discordgo.Event) {
	if e == nil || e.Operation != 0 {
		return
	}
	g.hear(e.Type, e.RawData)
	if e.Type == "READY" || e.Type == "RESUMED" {
		select {
		case s.ready <- e.Type == "RESUMED":
		default: // nobody waits for it any more
		}
	}
}

// forget drops what was known about the connection before.
func (s *session) forget() {
	s.wire.Store(nil)
	for {
		select {
		case <-s.ready:
		case <-s.lost:
		default:
			return
		}
	}
}

func (s *session) known() (code, refused int, seventh bool) {
	if w := s.wire.Load(); w != nil {
		return w.known()
	}
	return 0, 0, false
}

// cut ends the connection without asking the library, which may hang.
func (s *session) cut() {
	if w := s.wire.Load(); w != nil {
		_ = w.Close()
	}
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
		s.cut()
	}
}

// guarded turns a panic into an error.
func guarded(what string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: panic: %v\n%s", what, p, debug.Stack())
		}
	}()
	return do()
}

// fatal says why Discord will not let the bot in until a person has done something, and what.
func fatal(code int) (cause, remedy string) {
	switch code {
	case 4004:
		return "the token is wrong or was reset", "copy the bot's token from the developer portal into the configuration"
	case 4010, 4011:
		return "the bot is in too many servers for one connection", "use an application of its own for this hospital's server"
	case 4012:
		return "this version of the gateway is not served any more", "install a newer version of the bot"
	case 4013:
		return "the bot asks for intents that are not known", "install a newer version of the bot"
	case 4014:
		return "the bot asks for the message content intent, which is not switched on", "switch it on in the developer portal under Bot, or set content to false"
	}
	return "", ""
}

// forgets tells the codes after which a session cannot be resumed.
func forgets(code int) bool {
	cause, _ := fatal(code)
	return cause != "" || code == 4003 || code == 4007 || code == 4009
}

// discordAPI is the base of Discord's own REST interface.
const discordAPI = "https://discord.com/api/v10"

// moved sends the library's few requests to the configured base.
type moved struct {
	base string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (m moved) RoundTrip(r *http.Request) (*http.Response, error) {
	base, err := url.Parse(m.base)
	if err != nil {
		return nil, fmt.Errorf("read the base address: %w", err)
	}
	out := r.Clone(r.Context())
	out.URL.Scheme, out.URL.Host, out.Host = base.Scheme, base.Host, base.Host
	out.URL.Path = base.Path + strings.TrimPrefix(r.URL.Path, "/api/v"+discordgo.APIVersion)
	return m.next.RoundTrip(out)
}
