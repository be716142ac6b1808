package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"wardline/adapters/discord"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
	"wardline/storage"
)

var (
	_ discord.Hearer = (*commands.Handler)(nil)
	_ discord.Desk   = (*bot.Desk)(nil)
	_ discord.Shelf  = (*storage.Shelf)(nil)
)

// discordConfig is what the adapter for Discord is told.
func (s setup) discordConfig() discord.Config {
	d := s.Discord
	c := discord.Config{
		API: d.API, Token: string(s.discordToken.reveal()), Guild: d.Guild, Key: s.key.reveal(), Private: d.Private, Keep: !d.Archive,
		Content: d.MessageContent, Greets: d.API != "" && !strings.HasPrefix(d.API, "https://discord.com/"), Rooms: map[bot.RoomID]string{}, Lang: hospital.Lang(s.Hospital.Language), Zone: s.zone,
	}
	for _, r := range s.Rooms {
		if r.Discord != "" {
			c.Rooms[bot.RoomID(r.ID)] = r.Discord
		}
	}
	return c
}

// discordChat makes the adapter for Discord. It does not speak to its server yet.
func (s setup) discordChat(store *storage.Store, log *slog.Logger) (chat, error) {
	a, err := discord.New(s.discordConfig(), store.Shelf("discord"), log.With("part", "discord"))
	if err != nil {
		return chat{}, err
	}
	return chat{a, func(ctx context.Context, h *commands.Handler, d *bot.Desk) error { return a.Serve(ctx, h, d) }}, nil
}

// setUpDiscord prepares a Discord server for the bot.
func setUpDiscord(ctx context.Context, stdout io.Writer, s setup, file string) error {
	switch {
	case s.Discord.Guild == "":
		return errors.New("set discord up: discord.guild is not set; write the id of your server into " + file)
	case s.noDiscord != "":
		return errors.New("set discord up: " + s.noDiscord)
	case s.key.none():
		return errors.New("set discord up: " + s.keyMissing())
	}
	desk, done, err := s.emptyDesk(ctx)
	if err != nil {
		return err
	}
	err = discord.Setup{Config: s.discordConfig(), Desk: desk, Out: stdout, Log: slog.New(slog.DiscardHandler)}.Run(ctx)
	if err = errors.Join(err, done()); err != nil {
		return fmt.Errorf("set discord up: %w", err)
	}
	return nil
}

// examineDiscord tries the connection to Discord.
func (s setup) examineDiscord(ctx context.Context, desk *bot.Desk, tell report) error {
	if s.noDiscord != "" {
		tell("token", "", errors.New(s.noDiscord))
		return nil
	}
	return discord.Examine(ctx, s.discordConfig(), desk, slog.New(slog.DiscardHandler), tell)
}
