package web_test

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"wardline/adapters/adaptertest"
	"wardline/adapters/web"
	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// reader is people in front of the web desk, as adaptertest drives them.
type reader struct {
	*house
	lines atomic.Int64
}

// shown is a post with what a page makes of it.
type shown struct {
	ID      uint64
	Key     string
	Text    string
	Title   string
	Name    string
	Author  string
	Private bool
	Actions []struct{ Label, Line string }
}

func (b *reader) send(t testing.TB, who incident.PersonID, body map[string]any) adaptertest.Seen {
	t.Helper()
	body["id"] = "life-" + strconv.FormatInt(b.lines.Add(1)+1000, 10)
	var a struct {
		Text, Error string
		Form        *struct {
			Command, Title string
			Fields         []struct{ Name string }
			Hidden         map[string]string
		}
		Actions []struct{ Label, Line string }
	}
	b.ask(http.MethodPost, "/api/say", who, body, &a)
	seen := adaptertest.Seen{Text: a.Text + a.Error}
	for _, action := range a.Actions {
		seen.Buttons = append(seen.Buttons, adaptertest.Button{Label: action.Label, ID: action.Line})
	}
	if a.Form != nil {
		seen.Form = &adaptertest.Form{Title: a.Form.Title, Raw: map[string]any{"command": a.Form.Command, "hidden": a.Form.Hidden}}
		for _, f := range a.Form.Fields {
			seen.Form.Fields = append(seen.Form.Fields, f.Name)
		}
	}
	return seen
}

func (b *reader) Command(t testing.TB, who incident.PersonID, room bot.RoomID, line string) adaptertest.Seen {
	return b.send(t, who, map[string]any{"room": room, "text": line})
}

func (b *reader) Press(t testing.TB, who incident.PersonID, room bot.RoomID, button adaptertest.Button) adaptertest.Seen {
	return b.send(t, who, map[string]any{"room": room, "text": button.ID, "label": button.Label})
}

func (b *reader) Submit(t testing.TB, who incident.PersonID, room bot.RoomID, f *adaptertest.Form, fields map[string]string) adaptertest.Seen {
	raw, _ := f.Raw.(map[string]any)
	args := map[string]string{}
	hidden, _ := raw["hidden"].(map[string]string)
	maps.Copy(args, hidden)
	maps.Copy(args, fields)
	return b.send(t, who, map[string]any{"room": room, "command": raw["command"], "args": args})
}

// Mention types the picture's name: the web desk takes no pictures.
func (b *reader) Mention(t testing.TB, who incident.PersonID, room bot.RoomID, text, picture string) {
	if picture != "" {
		text += " " + picture
	}
	b.send(t, who, map[string]any{"room": room, "text": "@wardline " + text})
}

func (b *reader) Direct(t testing.TB, who incident.PersonID, text string) {
	b.send(t, who, map[string]any{"room": bot.DirectRoomID(who), "text": text})
}

func (b *reader) Talk(t testing.TB, who incident.PersonID, room bot.RoomID, text string) {
	b.send(t, who, map[string]any{"room": room, "text": text})
}

func (b *reader) Private(t testing.TB, who incident.PersonID) []string {
	t.Helper()
	var out []string
	for _, room := range []bot.RoomID{bot.DirectRoomID(who), adaptertest.ED, adaptertest.ICU} {
		for _, p := range b.read(who, room) {
			if p.Private || room == bot.DirectRoomID(who) && p.Author == "" {
				out = append(out, p.Text)
			}
		}
	}
	return out
}

func (b *reader) read(who incident.PersonID, room bot.RoomID) []shown {
	b.t.Helper()
	var a struct{ Posts, Pinned []shown }
	b.ask(http.MethodGet, "/api/posts?limit=200&room="+string(room), who, nil, &a)
	for i := range a.Pinned {
		a.Pinned[i].Key = "board"
	}
	return append(a.Posts, a.Pinned...)
}

func (b *reader) Posts(_ testing.TB, room bot.RoomID) []adaptertest.Post {
	who := incident.PersonID("lin")
	if room == adaptertest.Leaders {
		who = "zhou"
	}
	var out []adaptertest.Post
	for _, p := range b.read(who, room) {
		if p.Private {
			continue
		}
		post := adaptertest.Post{ID: strconv.FormatUint(p.ID, 10), Text: p.Title + "\n" + p.Text, Bot: p.Author == "", Pinned: p.Key == "board"}
		for _, a := range p.Actions {
			post.Buttons = append(post.Buttons, adaptertest.Button{Label: a.Label, ID: a.Line})
		}
		out = append(out, post)
	}
	return out
}

func (b *reader) Room(_ testing.TB, room bot.RoomID) (adaptertest.State, bool) {
	var list struct {
		Rooms []struct {
			ID     string
			Closed bool
		}
	}
	b.ask(http.MethodGet, "/api/rooms", "lin", nil, &list)
	for _, r := range list.Rooms {
		if r.ID == string(room) {
			return adaptertest.State{Archived: r.Closed, Name: r.ID}, true
		}
	}
	return adaptertest.State{}, false
}

// The web desk passes the same contract as the adapters of other chat systems.
func TestLifeOfAnOutage(t *testing.T) {
	t.Parallel()
	store, _, err := bolt.OpenStore(filepath.Join(t.TempDir(), "wardline.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	config := demo()
	server, err := web.New(t.Context(), config, store.Shelf("web"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o := adaptertest.Options(t)
	o.Store, o.Platforms = store, []bot.Platform{server}
	desk, err := bot.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	hearer := adaptertest.Hearer(desk)
	running.Go(func() { _ = desk.Run(ctx) })
	running.Go(func() { _ = server.Serve(ctx, hearer, desk) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	adaptertest.Life(t, &reader{house: &house{t: t, server: server, base: "http://" + server.Addr()}})
}
