package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"wardline/bot"
)

// Setup prepares a Discord server for the bot. What is there already is left as it is, so it can be run again
// after each change of the configuration, also while the bot runs.
type Setup struct {
	Config Config
	Desk   Desk
	Out    io.Writer
	Log    *slog.Logger
}

// Run checks token, application, server and rights, and makes the rooms that are always there. It prints what
// it sees and does, line by line, and fails when something is left for a person to do.
func (s Setup) Run(ctx context.Context) error {
	wrong := 0
	tell := func(what, seen string, err error) {
		if err != nil {
			wrong++
			fmt.Fprintf(s.Out, "TO DO  %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(s.Out, "ok     %s: %s\n", what, seen)
	}
	e, err := newExaminer(s.Config, s.Desk, s.Log, tell)
	if err != nil {
		return err
	}
	if !e.entry(ctx) {
		return errors.New("the bot cannot get onto the server yet")
	}
	fmt.Fprintf(s.Out, "note   the link to let the bot in, with the rights it needs: %s\n", InviteLink(e.app, s.Config.Guild))
	all, err := e.rooms.list(ctx, bot.Reply)
	if err != nil {
		return err
	}
	e.existing(all)
	e.members(ctx)
	if err := s.furnish(ctx, e, all); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d left to do", wrong)
	}
	return nil
}

// furnish makes the rooms that are always there. The running bot knows them by their mark.
func (s Setup) furnish(ctx context.Context, e *examiner, all []channel) error {
	for _, room := range s.Desk.ConfiguredRooms() {
		if _, given := s.Config.Rooms[room.ID]; given {
			continue
		}
		if ch, ok := e.rooms.ours(all, room.ID); ok {
			if err := e.rooms.keep(ctx, room.ID, record{Channel: ch.ID, Name: ch.Name}); err != nil {
				return err
			}
			if err := e.rooms.admit(ctx, bot.Reply, room.ID, ch.ID, e.rooms.belong(room)); err != nil {
				e.tell("room "+string(room.ID), "", err)
				continue
			}
			e.tell("room "+string(room.ID), "#"+ch.Name, nil)
			continue
		}
		rec, err := e.rooms.locate(ctx, want{room: room.ID, class: bot.Reply})
		if err != nil {
			e.tell("room "+string(room.ID), "", err)
			continue
		}
		e.tell("room "+string(room.ID), "#"+rec.Name+", made", nil)
	}
	return nil
}

// A scratch is a shelf that remembers nothing beyond its use: the server itself shows what is there.
type scratch struct{ entries map[string][]byte }

// Put implements Shelf.
func (s *scratch) Put(_ context.Context, entries ...Entry) error {
	if s.entries == nil {
		s.entries = map[string][]byte{}
	}
	for _, e := range entries {
		if e.Value == nil {
			delete(s.entries, e.Key)
		} else {
			s.entries[e.Key] = e.Value
		}
	}
	return nil
}

// Get implements Shelf.
func (s *scratch) Get(_ context.Context, key string) ([]byte, bool, error) {
	v, ok := s.entries[key]
	return v, ok, nil
}

// Range implements Shelf.
func (s *scratch) Range(_ context.Context, prefix, after string, limit int) ([]Entry, error) {
	var out []Entry
	for _, key := range slices.Sorted(maps.Keys(s.entries)) {
		if strings.HasPrefix(key, prefix) && key > after && (limit == 0 || len(out) < limit) {
			out = append(out, Entry{Key: key, Value: s.entries[key]})
		}
	}
	return out, nil
}
