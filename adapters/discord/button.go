package discord

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"wardline/adapters/seal"
	"wardline/bot"
)

// buttons make and read buttons. What stands behind one is a line that its presser types in that room; it
// is sealed, so that nobody makes one up, and bound to its room, and where it is private also to a person
// and a time.
type buttons struct {
	seal  seal.Sealer
	shelf Shelf
}

const (
	shelfLine   = "line/"
	shortLine   = 60 // a line as long as this stands in the button itself
	buttonMark  = "b"
	privateMark = "p"
	noButton    = ""
)

func newButtons(key []byte, shelf Shelf) *buttons {
	return &buttons{seal: seal.New(key, "discord/button"), shelf: shelf}
}

// rows lays actions out in rows of buttons. A line that is too long for its button is durable before the
// button can be pressed.
func (b *buttons) rows(ctx context.Context, actions []bot.Action, room bot.RoomID, forUser string, until time.Time) ([]component, error) {
	var rows []component
	seen := map[string]bool{}
	for _, action := range actions {
		id, err := b.id(ctx, action.Line, room, forUser, until)
		if err != nil {
			return nil, err
		}
		if seen[id] || len(seen) == mostInRow*mostRows {
			continue
		}
		seen[id] = true
		if len(rows) == 0 || len(rows[len(rows)-1].Components) == mostInRow {
			rows = append(rows, component{Type: actionRow})
		}
		row := &rows[len(rows)-1]
		row.Components = append(row.Components, component{Type: buttonOfRow, Style: styleOf(action.Style), Label: cut(action.Label, longestLabel), CustomID: id})
	}
	return rows, nil
}

func styleOf(s bot.ActionStyle) int {
	switch s {
	case bot.Primary:
		return 1
	case bot.Danger:
		return 4
	default:
		return 2
	}
}

// id names a button: what it does, or where that stands, and the mark that proves it is ours.
func (b *buttons) id(ctx context.Context, line string, room bot.RoomID, forUser string, until time.Time) (string, error) {
	key := line
	if len(line) > shortLine {
		sum := sha256.Sum256([]byte(line))
		key = "#" + base64.RawURLEncoding.EncodeToString(sum[:])[:22]
		if err := b.shelf.Put(ctx, Entry{Key: shelfLine + key, Value: []byte(line)}); err != nil {
			return "", fmt.Errorf("note what a button does: %w", err)
		}
	}
	if forUser == "" {
		return buttonMark + ":" + key + ":" + b.seal.Mark(buttonMark, key, string(room)), nil
	}
	end := strconv.FormatInt(until.Unix(), 36)
	return privateMark + end + ":" + key + ":" + b.seal.Mark(privateMark, key, string(room), forUser, end), nil
}

// line returns what a pressed button does, and whether it is one of ours for this room, this user and now.
func (b *buttons) line(ctx context.Context, id string, room bot.RoomID, user string, now time.Time) (string, bool, error) {
	kind, rest, _ := strings.Cut(id, ":")
	at := strings.LastIndex(rest, ":")
	if at < 0 {
		return noButton, false, nil
	}
	key, mark := rest[:at], rest[at+1:]
	ok := false
	if end, private := strings.CutPrefix(kind, privateMark); private {
		seconds, err := strconv.ParseInt(end, 36, 64)
		ok = err == nil && b.seal.Holds(mark, privateMark, key, string(room), user, end) && now.Before(time.Unix(seconds, 0))
	} else {
		ok = kind == buttonMark && b.seal.Holds(mark, buttonMark, key, string(room))
	}
	if !ok {
		return noButton, false, nil
	}
	if !strings.HasPrefix(key, "#") {
		return key, true, nil
	}
	value, found, err := b.shelf.Get(ctx, shelfLine+key)
	if err != nil {
		return noButton, false, fmt.Errorf("read what a button does: %w", err)
	}
	return string(value), found, nil
}
