package discord_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/memory"
)

// A chat is a Discord with the whole bot in it, used as people use it.
type chat struct {
	discord *discordtest.Server
	adapter *discord.Adapter
	menu    []commands.Entry
	people  map[incident.PersonID]*discordtest.User
}

var _ adaptertest.Chat = (*chat)(nil)

// newChat starts the bot with the hospital of the contract.
func newChat(t testing.TB, change func(*discordtest.Options, *discord.Config)) *chat {
	t.Helper()
	described, err := description()
	must(t, err)
	o := discordtest.Options{Description: described}
	config := discord.Config{Key: []byte(strings.Repeat("k", 32)), Lang: hospital.ZH, Zone: time.UTC}
	if change != nil {
		change(&o, &config)
	}
	c := &chat{discord: discordtest.New(t, o), people: map[incident.PersonID]*discordtest.User{}}
	config.API, config.Token, config.Guild = c.discord.URL()+"/api/v10", c.discord.Token(), c.discord.GuildID()
	store, err := storage.Open(memory.New(), storage.Options{})
	must(t, err)
	log := &lines{}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(log.String())
		}
	})
	c.adapter, err = discord.New(config, store.Shelf("discord"), slog.New(slog.NewTextHandler(log, nil)))
	must(t, err)
	options := adaptertest.Options(t)
	options.Store, options.Platforms, options.Log = store, []bot.Platform{c.adapter}, slog.New(slog.DiscardHandler)
	for i, p := range options.People {
		u := c.discord.AddUser(p.Name)
		if u.SetLocale("zh-CN"); p.Lang == hospital.EN {
			u.SetLocale("en-US")
		}
		c.people[p.ID] = u
		options.People[i].Accounts = map[string]string{"discord": u.ID()}
	}
	desk, err := bot.New(t.Context(), options)
	must(t, err)
	handler := adaptertest.Hearer(desk)
	c.menu = handler.Menu(hospital.EN)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := desk.Run(ctx); err != nil {
			t.Errorf("the desk stopped: %v", err)
		}
	})
	running.Go(func() {
		if err := c.adapter.Serve(ctx, handler, desk); err != nil {
			t.Errorf("the adapter stopped: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
		must(t, store.Close())
	})
	adaptertest.Eventually(t, enough, func() string {
		if strings.Contains(log.String(), "commands are registered") {
			return ""
		}
		return "no commands are registered"
	})
	for _, room := range []bot.RoomID{bot.IT, adaptertest.Leaders, adaptertest.ED, adaptertest.ICU} {
		_, err := c.adapter.MakeChannel(t.Context(), room)
		must(t, err)
	}
	return c
}

// channel is the channel of a room, once somebody sees it.
func (c *chat) channel(t testing.TB, who incident.PersonID, room bot.RoomID) string {
	t.Helper()
	adaptertest.Eventually(t, enough, func() string {
		if id := c.adapter.Channel(room); id != "" && c.people[who].Sees(id) {
			return ""
		}
		return fmt.Sprintf("%s sees no channel for %s", who, room)
	})
	return c.adapter.Channel(room)
}

// Command implements adaptertest.Chat. A line becomes what Discord's window makes of it: words in the order
// of the menu, or by name.
func (c *chat) Command(t testing.TB, who incident.PersonID, room bot.RoomID, line string) adaptertest.Seen {
	t.Helper()
	path, options := c.options(t, line)
	return seen(t, c.people[who].Slash(c.channel(t, who, room), path, options))
}

func (c *chat) options(t testing.TB, line string) (string, map[string]any) {
	t.Helper()
	words := strings.Fields(strings.TrimPrefix(line, "/"))
	i := slices.IndexFunc(c.menu, func(e commands.Entry) bool { return len(words) > 1 && e.Root == words[0] && e.Verb == words[1] })
	path, rest := "", []string(nil)
	if i >= 0 {
		path, rest = words[0]+" "+words[1], words[2:]
	} else if i = slices.IndexFunc(c.menu, func(e commands.Entry) bool { return e.Root == words[0] && e.Verb == "" }); i >= 0 {
		path, rest = words[0]+" "+c.menu[i].Args[0].Name, words[1:]
	} else {
		t.Fatalf("no command for %q", line)
	}
	options := map[string]any{}
	var plain []string
	for _, w := range rest {
		name, value, ok := strings.Cut(w, ":")
		if ok && slices.ContainsFunc(c.menu[i].Args, func(a commands.Described) bool { return a.Name == name }) {
			options[name] = value
		} else {
			plain = append(plain, w)
		}
	}
	for _, a := range c.menu[i].Args {
		switch {
		case len(plain) == 0 || !a.Plain:
		case a.Kind == commands.Words:
			options[a.Name], plain = strings.Join(plain, " "), nil
		default:
			options[a.Name], plain = plain[0], plain[1:]
		}
	}
	return path, options
}

// seen is what came back for something somebody did.
func seen(t testing.TB, i *discordtest.Interaction) adaptertest.Seen {
	t.Helper()
	if first := i.AwaitFirst(enough); first == discordtest.AnswerForm {
		form := i.Form()
		out := &adaptertest.Form{Raw: i}
		out.Title, _ = form["title"].(string)
		for name := range fieldsOf(form) {
			out.Fields = append(out.Fields, name)
		}
		return adaptertest.Seen{Form: out}
	} else if first == 0 {
		t.Fatalf("%s was not answered in time", i)
	}
	m := i.Answer()
	s := adaptertest.Seen{Text: words(m), Buttons: buttonsOf(m)}
	for _, more := range i.FollowUps() {
		s.Text += "\n" + words(more)
		s.Buttons = append(s.Buttons, buttonsOf(more)...)
	}
	return s
}

// fieldsOf are the fields of a form by name: what is typed in, or chosen.
func fieldsOf(form map[string]any) map[string]map[string]any {
	out := map[string]map[string]any{}
	list, _ := form["components"].([]any)
	for _, c := range list {
		label, _ := c.(map[string]any)
		field, _ := label["component"].(map[string]any)
		name, _ := field["custom_id"].(string)
		out[name] = field
	}
	return out
}

func buttonsOf(m discordtest.Message) []adaptertest.Button {
	var out []adaptertest.Button
	for _, row := range m.Components {
		list, _ := row["components"].([]any)
		for _, c := range list {
			b, _ := c.(map[string]any)
			label, _ := b["label"].(string)
			id, _ := b["custom_id"].(string)
			out = append(out, adaptertest.Button{Label: label, ID: id, Of: m.ID, Raw: m})
		}
	}
	return out
}

// Press implements adaptertest.Chat.
func (c *chat) Press(t testing.TB, who incident.PersonID, room bot.RoomID, b adaptertest.Button) adaptertest.Seen {
	t.Helper()
	m, _ := b.Raw.(discordtest.Message)
	if !c.people[who].Sees(m.ChannelID) { // Discord itself keeps them out
		return adaptertest.Seen{}
	}
	return seen(t, c.people[who].Press(m, b.ID))
}

// Submit implements adaptertest.Chat. It goes through as many pages as it has something to write on.
func (c *chat) Submit(t testing.TB, who incident.PersonID, room bot.RoomID, f *adaptertest.Form, fields map[string]string) adaptertest.Seen {
	t.Helper()
	left := map[string]string{}
	maps.Copy(left, fields)
	for {
		from, _ := f.Raw.(*discordtest.Interaction)
		values := map[string]any{}
		for name, field := range fieldsOf(from.Form()) {
			v, given := left[name]
			delete(left, name)
			switch {
			case !given:
			case field["options"] != nil:
				values[name] = []string{v}
			default:
				values[name] = v
			}
		}
		got := seen(t, c.people[who].Submit(from, values))
		more := labelled(got.Buttons, "继续填写", "Fill in more")
		off := labelled(got.Buttons, "就这样提交", "Send as it is")
		switch {
		case off == nil && len(left) > 0:
			t.Fatalf("the form has no fields for %v: %q", left, got.Text)
		case off == nil:
			return got
		case len(left) == 0:
			return c.Press(t, who, room, *off)
		}
		if got = c.Press(t, who, room, *more); got.Form == nil {
			t.Fatalf("no further page was opened, but said %q", got.Text)
		}
		f = got.Form
	}
}

func labelled(list []adaptertest.Button, labels ...string) *adaptertest.Button {
	for _, b := range list {
		if slices.Contains(labels, b.Label) {
			return &b
		}
	}
	return nil
}

// Mention implements adaptertest.Chat.
func (c *chat) Mention(t testing.TB, who incident.PersonID, room bot.RoomID, text, picture string) {
	t.Helper()
	var files []discordtest.File
	if picture != "" {
		files = append(files, discordtest.File{Name: picture, Kind: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")})
	}
	c.people[who].Say(c.channel(t, who, room), "<@"+c.discord.BotID()+"> "+text, files...)
}

// Direct implements adaptertest.Chat.
func (c *chat) Direct(t testing.TB, who incident.PersonID, text string) {
	t.Helper()
	c.people[who].DM(text)
}

// Talk implements adaptertest.Chat.
func (c *chat) Talk(t testing.TB, who incident.PersonID, room bot.RoomID, text string) {
	t.Helper()
	c.people[who].Say(c.channel(t, who, room), text)
}

// Private implements adaptertest.Chat.
func (c *chat) Private(t testing.TB, who incident.PersonID) []string {
	t.Helper()
	var out []string
	u := c.people[who]
	for _, m := range u.Messages(u.DMChannel()) {
		if m.Author.ID == c.discord.BotID() {
			out = append(out, words(m))
		}
	}
	return out
}

// Posts implements adaptertest.Chat.
func (c *chat) Posts(t testing.TB, room bot.RoomID) []adaptertest.Post {
	t.Helper()
	id := c.adapter.Channel(room)
	if id == "" {
		return nil
	}
	out := []adaptertest.Post{}
	for _, m := range c.discord.Messages(id) {
		if m.OnlyFor != "" || m.Type != 0 {
			continue
		}
		p := adaptertest.Post{ID: m.ID, Text: words(m), Key: keyOf(m), Bot: m.Author.ID == c.discord.BotID(), Pinned: m.Pinned, Buttons: buttonsOf(m)}
		for _, a := range m.Attachments {
			p.Files = append(p.Files, a.Filename)
		}
		out = append(out, p)
	}
	return out
}

// Room implements adaptertest.Chat.
func (c *chat) Room(t testing.TB, room bot.RoomID) (adaptertest.State, bool) {
	t.Helper()
	ch, ok := c.discord.Channel(c.adapter.Channel(room))
	if !ok {
		return adaptertest.State{}, false
	}
	everyone := may(ch.Overwrites, c.discord.GuildID())
	s := adaptertest.State{Name: ch.Name, Archived: everyone.Deny&discordtest.SendMessages != 0}
	if everyone.Deny&discordtest.ViewChannel != 0 {
		s.Members = []incident.PersonID{}
		for id, u := range c.people {
			if u.Sees(ch.ID) {
				s.Members = append(s.Members, id)
			}
		}
	}
	return s, true
}

// TestLife plays the contract of a chat adapter.
func TestLife(t *testing.T) {
	if testing.Short() {
		t.Skip("a digest comes by the minute")
	}
	t.Parallel()
	for name, change := range map[string]func(*discordtest.Options, *discord.Config){
		"open": nil, "private": func(_ *discordtest.Options, c *discord.Config) { c.Private = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			adaptertest.Life(t, newChat(t, change))
		})
	}
}
