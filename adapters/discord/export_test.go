package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// Waits are how patient a gateway is in a test.
type Waits struct{ Open, First, Short, Long, Fatal time.Duration }

// Ears are the hearing half by itself.
type Ears struct{ *ears }

// A House says which channel is which room.
type House interface {
	RoomOf(channel string) (bot.RoomID, bool)
	ChannelOf(ctx context.Context, room bot.RoomID) (string, error)
	Watched() []string
}

type lodging struct{ House }

func (l lodging) roomOf(c string) (bot.RoomID, bool) { return l.RoomOf(c) }
func (l lodging) watched() []string                  { return l.Watched() }
func (l lodging) channelOf(ctx context.Context, room bot.RoomID, _ bool) (string, error) {
	return l.ChannelOf(ctx, room)
}

// NewEars makes the hearing half over a plain way to ask Discord.
func NewEars(config Config, shelf Shelf, log *slog.Logger, house House, w Waits) Ears {
	api := plainREST{config.API, config.Token}
	e := newEars(config, shelf, log, api, lodging{house}, strangers{})
	e.waits = waits{open: w.Open, first: w.First, short: w.Short, long: w.Long, fatal: w.Fatal}
	return Ears{e}
}

// Serve hears until ctx ends.
func (e Ears) Serve(ctx context.Context, h Hearer, d Desk) error { return e.serve(ctx, h, d) }

// Hear takes one event as the gateway hands it on.
func (e Ears) Hear(ctx context.Context, kind, data string) { e.hear(ctx, kind, json.RawMessage(data)) }

// Back tells each time Discord was lost and is back.
func (e Ears) Back() <-chan struct{} { return e.back }

// Menu makes the application commands as JSON.
func Menu(en, zh []commands.Entry, file hospital.Text) ([]byte, error) {
	return json.Marshal(menu(en, zh, file))
}

// Split cuts a text as answers are cut.
func Split(text string, most int) []string { return split(text, most) }

// Frames returns the short frames among bytes that come in pieces of a size.
func Frames(stream []byte, size int) []string {
	var out []string
	var w walker
	for len(stream) > 0 {
		n := min(size, len(stream))
		w.feed(stream[:n], func(op byte, payload []byte) { out = append(out, string('0'+rune(op))+" "+string(payload)) })
		stream = stream[n:]
	}
	return out
}

// Fatal says why a close code needs a person, and what to do.
func Fatal(code int) (cause, remedy string) { return fatal(code) }

// strangers are known by nothing but their ids.
type strangers struct{}

func (strangers) who(user, global, nick string) (account, name string) {
	if nick != "" {
		return user, nick
	}
	return user, global
}

// plainREST asks Discord without any care for limits.
type plainREST struct{ api, token string }

func (p plainREST) webhook(ctx context.Context, method, path string, in, out any) error {
	return p.do(ctx, bot.Reply, method, path, in, out)
}

func (p plainREST) do(ctx context.Context, _ bot.Urgency, method, path string, in, out any) error {
	return plainCall(ctx, http.DefaultClient, method, p.api+path, p.token, in, out)
}
