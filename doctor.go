package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"wardline/adapters/mattermost"
	"wardline/bot"
)

// report tells the outcome of one check: what was looked at, what was seen, and what is wrong with it.
type report = func(what, seen string, wrong error)

// examiner tries one connection of the bot.
type examiner struct {
	name    string
	examine func(ctx context.Context, desk *bot.Desk, tell report) error
}

// examiners are those of the chat systems that are used.
func (s setup) examiners() []examiner {
	var out []examiner
	if s.Mattermost.URL != "" {
		out = append(out, examiner{"mattermost", s.examineMattermost})
	}
	if s.Discord.Guild != "" {
		out = append(out, examiner{"discord", s.examineDiscord})
	}
	return out
}

// doctor tries every connection, and fails if anything is wrong.
func doctor(ctx context.Context, w io.Writer, s setup) error {
	desk, done, err := s.emptyDesk(ctx)
	if err != nil {
		return fmt.Errorf("doctor: %w", err)
	}
	wrong := 0
	say := func(chat, what, seen string, err error) {
		if err != nil {
			wrong++
			fmt.Fprintf(w, "WRONG  %s: %s: %v\n", chat, what, err)
			return
		}
		fmt.Fprintf(w, "ok     %s: %s: %s\n", chat, what, seen)
	}
	for _, text := range s.warnings {
		fmt.Fprintf(w, "note   configuration: %s\n", text)
	}
	if s.key.none() {
		say("web", "key", "", errors.New(s.keyMissing()))
	} else {
		say("web", "key", "is there", nil)
	}
	for _, e := range s.examiners() {
		err := e.examine(ctx, desk, func(what, seen string, wrong error) { say(e.name, what, seen, wrong) })
		if err != nil {
			say(e.name, "examination", "", err)
		}
	}
	if len(s.examiners()) == 0 {
		fmt.Fprintln(w, "note   no chat system is configured beside the web desk")
	}
	if err := done(); err != nil {
		return fmt.Errorf("doctor: %w", err)
	}
	if wrong > 0 {
		return fmt.Errorf("doctor: %s found", counted(wrong, "fault"))
	}
	return nil
}

// examineMattermost tries the connection to Mattermost.
func (s setup) examineMattermost(ctx context.Context, desk *bot.Desk, tell report) error {
	if s.noMattermost != "" {
		tell("token", "", errors.New(s.noMattermost))
		return nil
	}
	config, err := s.mattermostConfig()
	if err != nil {
		return err
	}
	return mattermost.Examine(ctx, config, desk, slog.New(slog.DiscardHandler), tell)
}
