package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"wardline/adapters/mattermost"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
	"wardline/storage"
)

var (
	_ mattermost.Hearer = (*commands.Handler)(nil)
	_ mattermost.Desk   = (*bot.Desk)(nil)
	_ mattermost.Shelf  = (*storage.Shelf)(nil)
)

// serveAgain is the pause before a chat system that failed is served anew.
const serveAgain = 10 * time.Second

// chat is a chat system beside the web desk that the bot is on.
type chat struct {
	bot.Platform
	serve func(ctx context.Context, hearer *commands.Handler, desk *bot.Desk) error
}

// chatsMissing says what is missing before the configured chat systems can be used.
func (s setup) chatsMissing() error {
	var missing []error
	for _, m := range [][2]string{{"mattermost", s.noMattermost}, {"discord", s.noDiscord}} {
		if m[1] != "" {
			missing = append(missing, fmt.Errorf("run: %s: %s", m[0], m[1]))
		}
	}
	return errors.Join(missing...)
}

// chatList makes the adapters of the configured chat systems. None of them speaks to its server yet.
func (s setup) chatList(store *storage.Store, log *slog.Logger) ([]chat, error) {
	var out []chat
	if s.Mattermost.URL != "" {
		config, err := s.mattermostConfig()
		if err != nil {
			return nil, err
		}
		a, err := mattermost.New(config, store.Shelf("mattermost"), log.With("part", "mattermost"))
		if err != nil {
			return nil, err
		}
		out = append(out, chat{a, func(ctx context.Context, h *commands.Handler, d *bot.Desk) error { return a.Serve(ctx, h, d) }})
	}
	if s.Discord.Guild != "" {
		c, err := s.discordChat(store, log)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// platforms are what the desk speaks on: the web desk first, then the chat systems.
func (h *house) platforms() []bot.Platform {
	out := []bot.Platform{h.web}
	for _, c := range h.chats {
		out = append(out, c.Platform)
	}
	return out
}

// keepServing serves a chat system until ctx ends. That it fails is no reason to stop helping wards.
func (h *house) keepServing(ctx context.Context, c chat) {
	for ctx.Err() == nil {
		err := c.serve(ctx, h.hearer, h.desk)
		if err == nil || ctx.Err() != nil {
			return
		}
		h.log.ErrorContext(ctx, "a chat system is not served; trying again", "platform", c.Name(), "wait", serveAgain, "error", err)
		timer := time.NewTimer(serveAgain)
		select {
		case <-ctx.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// mattermostConfig is what the adapter for Mattermost is told.
func (s setup) mattermostConfig() (mattermost.Config, error) {
	m := s.Mattermost
	c := mattermost.Config{
		URL: m.URL, Token: string(s.mattermostToken.reveal()), Team: m.Team, Teams: m.Teams, Listen: m.Listen, Callback: m.CallbackURL,
		Key: s.key.reveal(), Prefix: m.RoomPrefix, Private: m.Private, Keep: !m.Archive, Rooms: map[bot.RoomID]string{},
		Accounts: map[incident.PersonID]string{}, Lang: hospital.Lang(s.Hospital.Language), Zone: s.zone,
	}
	for _, r := range s.Rooms {
		if r.Mattermost != "" {
			c.Rooms[bot.RoomID(r.ID)] = r.Mattermost
		}
	}
	for _, p := range s.People {
		if account := p.Accounts["mattermost"]; account != "" {
			c.Accounts[incident.PersonID(p.ID)] = account
		}
	}
	tokens, err := mattermost.ReadTokens(m.CommandFile)
	c.Tokens = tokens
	return c, err
}
