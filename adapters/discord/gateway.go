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
	near  time.Duration // at most after one that did not come as far as a sign-in, of which no server counts many
	long  time.Duration // at most between two tries
	fatal time.Duration // between tries that only a person can make succeed
}

// usualWaits fit Discord: it wants a heartbeat each 41 s and lets a bot sign in 1000 times a day.
func usualWaits() waits {
	return waits{open: time.Minute, first: 15 * time.Second, short: time.Second, near: 8 * time.Second, long: 2 * time.Minute, fatal: 5 * time.Minute}
}

// A gateway keeps one session with Discord alive and hands on what comes in. It stands between the
// library and the rest: the library never reconnects by itself, and a session of it that hangs is left
// behind.
type gateway struct {
	gatewaySetup
	client *http.Client
	beat   atomic.Int64 // how often the server wanted a sign of life when it last said so, in nanoseconds
	tries  atomic.Int64 // in a row that led to nothing
}

func newGateway(s gatewaySetup) *gateway {
	s.api = cmp.Or(s.api, discordAPI)
	return &gateway{gatewaySetup: s, client: &http.Client{Timeout: s.waits.first, Transport: moved{base: s.api, next: http.DefaultTransport}}}
}

// first is how long the next connection may take for each step and for its first word. A server that wants
// heartbeats often is near and quick; one that was not quick enough is given more time at the next try.
func (g *gateway) first() time.Duration {
	beat := time.Duration(g.beat.Load())
	if beat == 0 {
		return g.waits.first
	}
	return min(max(beat+beat/2, quickest)<<min(g.tries.Load(), 5), g.waits.first)
}

// quickest is the least a server is given to answer.
const quickest = 2 * time.Second

// run keeps a session open until ctx ends.
func (g *gateway) run(ctx context.Context) {
	var s *session
	wait := g.waits.short
	for ctx.Err() == nil {
		if s == nil {
			s = g.session(ctx)
		}
		keep, err := g.spend(ctx, s)
		if ctx.Err() != nil {
			return
		}
		known := s.known()
		if g.tries.Add(1); !s.up.IsZero() {
			g.tries.Store(0)
			if time.Since(s.up) > steady*g.waits.short {
				wait = g.waits.short
			}
		}
		if known.beat > 0 {
			g.beat.Store(int64(known.beat))
		}
		if s.spent(known) || !keep {
			s.abandon()
			s = nil
		}
		pause := wait
		if !known.greeted { // people talk to a server that is there again
			pause = min(wait, g.waits.near)
		}
		pause = pause/2 + rand.N(pause) // spread, so that bots that were cut off together do not come back together
		wait = min(2*wait, g.waits.long)
		if known.refused > 0 && s == nil { // Discord takes one sign-in each five seconds
			pause = max(pause, steady*g.waits.short)
		}
		if cause, remedy := fatal(known.code); cause != "" {
			pause, wait = g.waits.fatal, g.waits.short
			g.log.ErrorContext(ctx, "discord refuses the bot", "code", known.code, "cause", cause, "remedy", remedy, "again", pause)
		} else {
			g.log.WarnContext(ctx, "the connection with discord is lost", "code", known.code, "error", plainly(err), "resume", s != nil, "again", pause.Round(time.Millisecond))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// plainly leaves out the address of a request, which is Discord's wherever it was sent.
func plainly(err error) error {
	if request, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("look for the gateway: %w", request.Err)
	}
	return err
}

// steady is how many first waits a connection must last to be counted as good: then the next try comes soon
// again. Signing in is allowed a thousand times a day, so that one who is thrown out at once must slow down.
const steady = 5

// spend opens a connection and returns when it is lost. keep tells whether the session may be used
// again: one that hangs may not.
func (g *gateway) spend(ctx context.Context, s *session) (keep bool, err error) {
	s.forget()
	opened := make(chan error, 1)
	// The one goroutine nobody waits for: should the library wait for itself while it opens a session, it does so
	// for ever.
	go func() { opened <- guarded("open the session", s.Open) }()
	limit := time.NewTimer(g.waits.open)
	defer limit.Stop()
	select {
	case <-ctx.Done():
		s.abandon()
		return false, nil
	case err := <-opened:
		if err != nil {
			s.cut()
			return true, err
		}
		return g.attend(ctx, s, limit)
	case <-limit.C:
		return false, errors.New("the session did not open in time")
	}
}

// attend waits for an open session to end. limit is when it must be ready.
func (g *gateway) attend(ctx context.Context, s *session, limit *time.Timer) (keep bool, err error) {
	w := s.wire.Load()
	for {
		select {
		case <-ctx.Done():
			s.leave()
			return false, nil
		case resumed := <-s.ready:
			limit.Stop()
			s.up = time.Now()
			g.up(resumed)
		case <-s.lost:
			return true, errors.New("the session ended")
		case <-w.ended:
			return g.afterwards(ctx, s)
		case <-limit.C:
			return false, errors.New("the session did not become ready in time")
		}
	}
}

// afterwards lets the library put down a connection that broke: it takes a second for it, and a session
// on which it is not through cannot be used again.
func (g *gateway) afterwards(ctx context.Context, s *session) (keep bool, err error) {
	limit := time.NewTimer(g.waits.first)
	defer limit.Stop()
	for {
		select {
		case resumed := <-s.ready: // it was, and broke at once
			s.up = time.Now()
			g.up(resumed)
		case <-s.lost:
			return true, errors.New("the connection broke")
		case <-limit.C:
			return false, errors.New("the connection broke and the session hangs")
		case <-ctx.Done():
			return false, nil
		}
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
