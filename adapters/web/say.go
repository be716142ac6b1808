package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// platform is the adapter's name.
const platform = "web"

var _ bot.Platform = (*Server)(nil)

// Name returns "web".
func (s *Server) Name() string { return platform }

// Say shows a message, or changes the one it replaces. A message that was already said is not
// shown again, also after a crash: its name is written in the same Put as its post. The Ref is the
// place of the post on the shelf.
func (s *Server) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	if m.Room == "" || m.ID == "" {
		return "", fmt.Errorf("say a message without room or id: %w", bot.ErrRejected)
	}
	// One message at a time: whether it was said, and saying it, must not be torn apart.
	s.saying.Lock()
	defer s.saying.Unlock()
	once := "once/say/" + string(m.Kind) + "/" + url.PathEscape(string(m.ID))
	shown, found, err := s.shown(ctx, m, old, once)
	if err != nil {
		return "", fmt.Errorf("look for message %s: %w", m.ID, err)
	}
	p := messagePost(m)
	if found {
		if m.Key == "" && old == "" || same(shown, p) {
			return bot.Ref(shown.place()), nil
		}
		// An edit keeps its place in the room.
		p.ID, p.At, p.Edited = shown.ID, shown.At, p.At
	}
	room, err := s.diary.room(ctx, m.Room)
	if err != nil {
		return "", fmt.Errorf("say message %s: %w", m.ID, err)
	}
	p, err = s.diary.write(ctx, p, func(p post) ([]Entry, error) { return traces(p, m, once, room) })
	if err != nil {
		return "", fmt.Errorf("say message %s: %w", m.ID, err)
	}
	return bot.Ref(p.place()), nil
}

// shown finds the post that a message is already shown by, or that it replaces.
func (s *Server) shown(ctx context.Context, m bot.Message, old bot.Ref, once string) (post, bool, error) {
	if old != "" {
		if p, found, err := s.diary.load(ctx, string(old)); found || err != nil {
			return p, found && p.Room == m.Room, err
		}
	}
	if m.Key != "" {
		// The answer to an earlier Say may have been lost, so a board is also known by its key.
		if p, found, err := s.diary.pointed(ctx, keyPrefix(m.Room)+url.PathEscape(m.Key)); found || err != nil {
			return p, found, err
		}
	}
	return s.diary.pointed(ctx, once)
}

// messagePost turns a message into a post.
func messagePost(m bot.Message) post {
	at := m.At
	if at.IsZero() {
		at = time.Now()
	}
	if m.Kind == bot.Relay { // a person's own words, who sits on another platform
		return post{Room: m.Room, Kind: kindWords, Author: elsewhere, Name: m.Title, Lang: m.Lang, Text: m.Text, Message: m.ID, At: at}
	}
	return post{
		Room: m.Room, Kind: string(m.Kind), Lang: m.Lang, Level: m.Level, Title: m.Title, Text: m.Text,
		Actions: actionsOf(m.Actions), Mention: m.Mention, Key: m.Key, Message: m.ID, At: at,
	}
}

// elsewhere is the author of what was said on another platform; the name says who and where.
const elsewhere incident.PersonID = "elsewhere"

// same tells whether an edit would change nothing that people see.
func same(a, b post) bool {
	if a.Title != b.Title || a.Text != b.Text || a.Level != b.Level || len(a.Actions) != len(b.Actions) {
		return false
	}
	for i := range a.Actions {
		if a.Actions[i] != b.Actions[i] {
			return false
		}
	}
	return true
}

// traces is what is written together with the post of a message.
func traces(p post, m bot.Message, once string, room roomRecord) ([]Entry, error) {
	place := []byte(p.place())
	entries := []Entry{{Key: once, Value: place}}
	if m.Key != "" {
		entries = append(entries, Entry{Key: keyPrefix(m.Room) + url.PathEscape(m.Key), Value: place})
	}
	if m.Kind == bot.OpenRoom {
		room = roomRecord{Title: m.Title, About: m.Text}
	}
	if m.Kind == bot.CloseRoom {
		room.Closed = p.At
	}
	if m.Kind != bot.OpenRoom && m.Kind != bot.CloseRoom {
		return entries, nil
	}
	value, err := json.Marshal(room)
	if err != nil {
		return nil, fmt.Errorf("encode a room: %w", err)
	}
	return append(entries, Entry{Key: roomKey(m.Room), Value: value}), nil
}
