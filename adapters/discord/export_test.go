package discord

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"wardline/bot"
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
