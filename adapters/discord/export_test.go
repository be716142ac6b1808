package discord

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// What stories and rules below the surface need.

// Plain, Pieces and ChannelName are how texts are written.
func Plain(text string) string                       { return plain(text) }
func Pieces(text string, most int) []string          { return pieces(text, most) }
func ChannelName(title string, id bot.RoomID) string { return channelName(title, id) }

// A Limiter is the limiter alone.
type Limiter struct{ l *limiter }

// NewLimiter returns a limiter.
func NewLimiter() Limiter { return Limiter{newLimiter()} }

// Pass waits for the turn of a request.
func (l Limiter) Pass(ctx context.Context, class bot.Urgency, method, path string, patience time.Duration) (leave func(h http.Header), err error) {
	t, err := l.l.enter(ctx, class, routeOf(method, path), patience)
	return func(h http.Header) { l.l.leave(t, h) }, err
}

// A Caller is the REST client alone.
type Caller struct{ c *rest }

// NewCaller returns a client that waits as long as a set-up does.
func NewCaller(base, token string, log *slog.Logger) Caller {
	c := newREST(base, token, log)
	c.patience = veryPatient
	return Caller{c}
}

// Do makes one request.
func (c Caller) Do(ctx context.Context, class bot.Urgency, method, path string, in, out any) error {
	return c.c.do(ctx, class, method, path, in, out)
}

// Webhook makes a request to an interaction's endpoint.
func (c Caller) Webhook(ctx context.Context, method, path string, in, out any) error {
	return c.c.webhook(ctx, method, path, in, out)
}

// DoFast makes one request outside the limiter's pace.
func (c Caller) DoFast(ctx context.Context, method, path string) error {
	r := routeOf(method, path)
	r.apart = true
	return c.c.try(ctx, bot.Reply, method, path, r, nil, nil)
}

// Waits are how patient a gateway is in a test.
type Waits struct{ Open, First, Short, Near, Long, Fatal time.Duration }

// SetWaits changes how patient the adapter's gateway is. It must come before Serve.
func (a *Adapter) SetWaits(w Waits) {
	a.ears.waits = waits{open: w.Open, first: w.First, short: w.Short, near: w.Near, long: w.Long, fatal: w.Fatal}
}

// Limit changes how long one piece of work may take. It must come before Serve.
func (a *Adapter) Limit(work time.Duration) { a.ears.limit = work }

// Hear takes one event as the gateway hands it on.
func (a *Adapter) Hear(ctx context.Context, kind, data string) {
	a.ears.hear(ctx, kind, json.RawMessage(data))
}

// Menu makes the application commands as JSON.
func Menu(en, zh []commands.Entry) ([]byte, error) {
	return json.Marshal(menu(en, zh, hospital.Text{ZH: "截图", EN: "screenshot"}, hospital.Text{ZH: "更多", EN: "more"}))
}

// Frames returns the messages among bytes that come in pieces of a size.
func Frames(stream []byte, size int) []string {
	var out []string
	var f framer
	for len(stream) > 0 {
		n := min(size, len(stream))
		err := f.feed(stream[:n], func([]byte) {}, func(op byte, payload []byte) { out = append(out, string('0'+rune(op))+" "+string(payload)) })
		if err != nil {
			return append(out, err.Error())
		}
		stream = stream[n:]
	}
	return out
}

// Fatal says why a close code needs a person, and what to do.
func Fatal(code int) (cause, remedy string) { return fatal(code) }

// Channel is the channel of a room, "" while there is none.
func (a *Adapter) Channel(room bot.RoomID) string {
	rec, _ := a.rooms.record(room)
	return rec.Channel
}

// MakeChannel makes the channel of a room, as a set-up does.
func (a *Adapter) MakeChannel(ctx context.Context, room bot.RoomID) (string, error) {
	return a.rooms.channelOf(ctx, room, true)
}

// Dial connects a websocket over a wire, through a proxy if one is given; code tells with what the peer closed.
func Dial(ctx context.Context, address string, roots *tls.Config, via *url.URL, first time.Duration) (ws *websocket.Conn, code func() int, err error) {
	var made *wire
	d := dialer{limit: first, first: func() time.Duration { return first }, known: &sequence{}, roots: roots, proxy: func(*http.Request) (*url.URL, error) { return via, nil }, made: func(w *wire) { made = w }}
	ws, answer, err := d.websocket().DialContext(ctx, address, nil)
	if answer != nil {
		_ = answer.Body.Close()
	}
	return ws, func() int { return made.known().code }, err
}

// Read reads what a server wrote.
func Read(raw string, out any) error { return read([]byte(raw), out) }

// RefusedWith reports whether an error is a refusal with a code.
func RefusedWith(err error, code int) bool { return refusedWith(err, code) }

// Menus are the menu as Discord takes it, and the plainer ones, as JSON.
func Menus(en, zh []commands.Entry) []string {
	var out []string
	for _, m := range plainerMenus(menu(en, zh, hospital.Text{ZH: "截图", EN: "screenshot"}, hospital.Text{ZH: "更多", EN: "more"})) {
		out = append(out, string(asJSON(m)))
	}
	return out
}

// Written is a message as Discord is given it.
func (a *Adapter) Written(m bot.Message) []byte { return asJSON(a.render(m, time.Now())) }

// Input is one field of a form as Discord is given it.
func Input(f commands.Field) []byte { return asJSON(input(f)) }

func asJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}

// TooLate reports whether an interaction with an id comes too late to be answered.
func TooLate(id string, now time.Time) bool { return interaction{ID: id}.tooLate(now) }

// NewHurried returns a client that waits for no limit.
func NewHurried(base string, log *slog.Logger) Caller { return Caller{newREST(base, "t", log)} }
