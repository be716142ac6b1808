package mattermost

import (
	"errors"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/seal"
	"wardline/bot"
)

// buttons makes the buttons of posts and reads what comes back when one is pressed. What a button does
// stands sealed in its context: anybody can post a button that calls us.
type buttons struct {
	sealer seal.Sealer
	url    string
}

func newButtons(config Config) buttons {
	return buttons{sealer: seal.New(config.Key, "mattermost/button"), url: newDoors(config).button()}
}

// pressed is what a button of ours says.
type pressed struct {
	line    string
	room    bot.RoomID
	forUser string    // who alone may press it; "" = everybody who reads the post
	until   time.Time // zero = for ever
	once    bool      // it answers a question, which is answered then
	changes bool      // it stands on a post that can be changed for its user alone
	files   string    // the post whose files the question was about
	mark    string    // tells buttons apart: no two of different meaning, person or second have the same
}

// errForged is the error of what was not made here.
var errForged = errors.New("the seal is not ours")

// attach makes the buttons of a post in a room: for everybody, or for one user alone. They are good
// until a moment, for ever if it is zero.
func (b buttons) attach(actions []bot.Action, room bot.RoomID, forUser string, until time.Time) []*model.PostAction {
	var out []*model.PostAction
	seen := map[string]int{}
	for _, a := range actions {
		expiry := int64(0)
		if !until.IsZero() {
			expiry = until.Unix()
		}
		out = append(out, &model.PostAction{
			Id:   buttonID(a.Line, seen),
			Type: model.PostActionTypeButton, Name: a.Label, Style: style(a.Style),
			Integration: &model.PostActionIntegration{URL: b.url, Context: map[string]any{
				"line": a.Line, "room": string(room), "for": forUser, "until": expiry,
				"once": forUser != "" && a.Style != bot.Plain,
				"mark": b.mark(a.Line, room, forUser, expiry),
			}},
		})
	}
	return out
}

// withFiles has buttons speak of the files of a post as well: what is asked back about a picture would have
// the picture lost.
func (b buttons) withFiles(list []*model.PostAction, post string) []*model.PostAction {
	if post == "" {
		return list
	}
	for _, a := range list {
		mark, _ := a.Integration.Context["mark"].(string)
		a.Integration.Context["files"] = post
		a.Integration.Context["filesmark"] = b.sealer.Mark("files", post, mark)
	}
	return list
}

// buttonID names a button after what it does. Whoever presses on a screen that is behind the board means what
// stood there: a name by place would have the server press another button. Letters and digits only: with
// any other sign the server does not find it again.
func buttonID(line string, seen map[string]int) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(line)) // a hash takes everything
	id := "b" + strconv.FormatUint(h.Sum64(), 36)
	seen[id]++
	if n := seen[id]; n > 1 {
		id += "n" + strconv.Itoa(n)
	}
	return id
}

func (b buttons) mark(line string, room bot.RoomID, forUser string, until int64) string {
	return b.sealer.Mark(line, string(room), forUser, strconv.FormatInt(until, 10))
}

// read returns what a button says; errForged if we did not make it.
func (b buttons) read(context map[string]any) (pressed, error) {
	text := func(key string) string { s, _ := context[key].(string); return s }
	number, _ := context["until"].(float64)
	until := int64(number)
	p := pressed{line: text("line"), room: bot.RoomID(text("room")), forUser: text("for"), mark: text("mark")}
	if !b.sealer.Holds(p.mark, p.line, string(p.room), p.forUser, strconv.FormatInt(until, 10)) {
		return pressed{}, errForged
	}
	p.once, _ = context["once"].(bool) // only changes what is shown afterwards
	if post := text("files"); b.sealer.Holds(text("filesmark"), "files", post, p.mark) {
		p.files = post
	}
	if until != 0 {
		p.until = time.Unix(until, 0)
	}
	return p, nil
}

func style(s bot.ActionStyle) string {
	switch s {
	case bot.Primary:
		return "primary"
	case bot.Danger:
		return "danger"
	case bot.Plain:
	}
	return "default"
}
