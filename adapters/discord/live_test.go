package discord_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
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

// The environment that names another server of Discord's kind. What is made there is put away again.
const (
	liveURL   = "WARDLINE_TEST_DISCORD_URL"   // base of its interface, such as http://127.0.0.1:3001/api/v9
	liveToken = "WARDLINE_TEST_DISCORD_TOKEN" // of the bot
	liveGuild = "WARDLINE_TEST_DISCORD_GUILD" // id of the server in which the bot and the cast are
	liveUsers = "WARDLINE_TEST_DISCORD_USERS" // "lin=<token>,wu=<token>,…": what each of the cast signs in with
)

func TestLifeOnAnotherServer(t *testing.T) {
	for _, name := range []string{liveURL, liveToken, liveGuild, liveUsers} {
		if os.Getenv(name) == "" {
			t.Skipf("set %s, %s, %s and %s to play it on another server", liveURL, liveToken, liveGuild, liveUsers)
		}
	}
	adaptertest.Life(t, newLive(t))
}

// A live is another server with the whole bot in it, used as people's own programs use it.
type live struct {
	*chat
	guild, app string
	bot        *account
	cast       map[incident.PersonID]*account
	log        *lines
	commands   map[string]map[string]any
	picture    string // why no picture can be sent, "" if it can
	dms        map[incident.PersonID]string
	before     []string // channels that were there before
	n          int
}

var _ adaptertest.Limited = (*live)(nil)

func newLive(t testing.TB) *live {
	t.Helper()
	base := strings.TrimRight(os.Getenv(liveURL), "/")
	l := &live{
		chat: &chat{}, guild: os.Getenv(liveGuild), bot: &account{base: base, auth: "Bot " + os.Getenv(liveToken)},
		cast: map[incident.PersonID]*account{}, log: &lines{}, commands: map[string]map[string]any{}, dms: map[incident.PersonID]string{},
	}
	var me struct{ ID string }
	l.bot.want(t, http.MethodGet, "/users/@me", nil, &me)
	l.bot.id, l.app = me.ID, me.ID
	for pair := range strings.SplitSeq(os.Getenv(liveUsers), ",") {
		name, token, _ := strings.Cut(strings.TrimSpace(pair), "=")
		a := &account{base: base, auth: token}
		a.want(t, http.MethodGet, "/users/@me", nil, &me)
		a.id = me.ID
		l.cast[incident.PersonID(name)] = a
	}
	for who := range l.cast { // before the bot listens: some servers never tell it of a private channel that is new
		l.dm(t, who)
	}
	l.serve(t)
	return l
}

// serve runs the bot with the hospital of the contract.
func (l *live) serve(t testing.TB) {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key) // rooms of an earlier run are not taken for this one's
	store, err := storage.Open(memory.New(), storage.Options{})
	must(t, err)
	config := discord.Config{API: l.bot.base, Token: os.Getenv(liveToken), Guild: l.guild, Key: key, Greets: true, Lang: hospital.ZH, Zone: time.UTC}
	l.adapter, err = discord.New(config, store.Shelf("discord"), slog.New(slog.NewTextHandler(l.log, nil)))
	must(t, err)
	options := adaptertest.Options(t)
	options.Store, options.Platforms, options.Log = store, []bot.Platform{l.adapter}, slog.New(slog.DiscardHandler)
	for i, p := range options.People {
		a := l.cast[p.ID]
		if a == nil {
			t.Fatalf("%s names nobody for %s", liveUsers, p.ID)
		}
		options.People[i].Accounts = map[string]string{"discord": a.id}
	}
	desk, err := bot.New(t.Context(), options)
	must(t, err)
	l.setUp(t, config, desk)
	handler := commands.New(desk)
	l.menu = handler.Menu(hospital.EN)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = desk.Run(ctx) })
	running.Go(func() { _ = l.adapter.Serve(ctx, handler, desk) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		must(t, store.Close())
		l.leave(t)
		if t.Failed() {
			t.Log(l.log.String())
		}
	})
	registered := regexp.MustCompile(`commands are (registered|as they were)`)
	adaptertest.Eventually(t, enough, func() string {
		if registered.MatchString(l.log.String()) {
			return ""
		}
		return "no commands are registered"
	})
	var known []map[string]any
	l.bot.want(t, http.MethodGet, "/applications/"+l.app+"/guilds/"+l.guild+"/commands", nil, &known)
	for _, c := range known {
		name, _ := c["name"].(string)
		l.commands[name] = c
	}
	for _, room := range []bot.RoomID{bot.IT, adaptertest.Leaders, adaptertest.ED, adaptertest.ICU} {
		_, err := l.adapter.MakeChannel(t.Context(), room) // finds what the set-up made
		must(t, err)
	}
	for line := range strings.Lines(l.log.String()) {
		if strings.Contains(line, "does not take the commands") {
			t.Logf("left out: suggestions and translations of commands: %.300s", line)
		}
	}
}

// setUp makes the rooms that are always there, before anybody listens, as an operator does.
func (l *live) setUp(t testing.TB, config discord.Config, desk *bot.Desk) {
	t.Helper()
	l.before = l.channels(t)
	var said strings.Builder
	err := discord.Setup{Config: config, Desk: desk, Out: &said, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
	if err != nil {
		t.Logf("the set-up says:\n%s", said.String())
	}
	must(t, err)
}

// channels are the ids of all channels of the server.
func (l *live) channels(t testing.TB) []string {
	t.Helper()
	var list []struct{ ID string }
	l.bot.want(t, http.MethodGet, "/guilds/"+l.guild+"/channels", nil, &list)
	var out []string
	for _, ch := range list {
		out = append(out, ch.ID)
	}
	return out
}

// leave deletes the channels of this run.
func (l *live) leave(t testing.TB) {
	for _, id := range l.channels(t) {
		if !slices.Contains(l.before, id) {
			l.bot.try(t, http.MethodDelete, "/channels/"+id, nil, nil)
		}
	}
}

// Lacks implements adaptertest.Limited.
func (l *live) Lacks(part adaptertest.Part) string {
	switch part {
	case adaptertest.Pictures:
		return l.picture
	case adaptertest.Forms:
		for line := range strings.Lines(l.log.String()) {
			if strings.Contains(line, "a form could not be opened") && strings.Contains(line, "rejected by the platform") {
				return "the server refused one: " + strings.TrimSpace(line)
			}
		}
	}
	return ""
}

// act sends what a person's program sends for a command, a button or a form, and returns what came back.
func (l *live) act(t testing.TB, who incident.PersonID, body map[string]any) adaptertest.Seen {
	t.Helper()
	a := l.cast[who]
	l.n++
	nonce := strconv.FormatInt(time.Now().UnixNano(), 10) + strconv.Itoa(l.n%10)
	maps.Copy(body, map[string]any{"application_id": l.app, "guild_id": l.guild, "nonce": nonce, "session_id": "test"})
	defer a.listen(t)() // nobody stays: some servers become slow with each who listens
	from, before := a.now(), l.private(t, who)
	a.want(t, http.MethodPost, "/interactions", body, nil)
	var seen adaptertest.Seen
	adaptertest.Eventually(t, enough, func() string {
		var ok bool
		if seen, ok = l.came(t, who, from, nonce, body["message_id"], before); ok {
			return ""
		}
		return fmt.Sprintf("%s got no answer to %v", who, body["data"])
	})
	return seen
}

// came looks for an answer: a form, a message for this interaction, or one in private.
func (l *live) came(t testing.TB, who incident.PersonID, from int, nonce string, pressed any, before []liveMessage) (adaptertest.Seen, bool) {
	t.Helper()
	a, ours := l.cast[who], ""
	for _, raw := range a.heard("INTERACTION_CREATE", from) {
		var i struct{ ID, Nonce string }
		if json.Unmarshal(raw, &i) == nil && i.Nonce == nonce {
			ours = i.ID
		}
	}
	for _, raw := range a.heard("INTERACTION_MODAL_CREATE", from) {
		var form map[string]any
		must(t, json.Unmarshal(raw, &form))
		if form["nonce"] == nonce {
			out := &adaptertest.Form{Raw: form}
			for name := range fieldsOf(form) {
				out.Fields = append(out.Fields, name)
			}
			return adaptertest.Seen{Form: out}, true
		}
	}
	var s adaptertest.Seen
	add := func(m liveMessage) {
		s.Text += words(m.shown()) + "\n"
		s.Buttons = append(s.Buttons, buttonsOf(m.shown())...)
	}
	found := false
	for _, kind := range []string{"MESSAGE_CREATE", "MESSAGE_UPDATE"} {
		for _, raw := range a.heard(kind, from) {
			var m liveMessage
			must(t, json.Unmarshal(raw, &m))
			if m.Author.ID == l.bot.id && m.Flags&discordtest.Loading == 0 && (m.Nonce == nonce || kind == "MESSAGE_UPDATE" && m.ID == pressed || ours != "" && m.Meta.ID == ours) {
				add(m)
				found = true
			}
		}
	}
	if now := l.private(t, who); !found && len(now) > len(before) {
		for _, m := range now[len(before):] {
			add(m)
			found = true
		}
	}
	return s, found
}

// Command implements adaptertest.Chat.
func (l *live) Command(t testing.TB, who incident.PersonID, room bot.RoomID, line string) adaptertest.Seen {
	t.Helper()
	path, given := l.options(t, line)
	root, sub, _ := strings.Cut(path, " ")
	var values []map[string]any
	for name, value := range given {
		values = append(values, map[string]any{"type": 3, "name": name, "value": value})
	}
	options := []map[string]any{{"type": 1, "name": sub, "options": values}}
	known := l.commands[root]
	if known == nil {
		t.Fatalf("the server knows no command %q", root)
	}
	return l.act(t, who, map[string]any{"type": 2, "channel_id": l.room(t, room), "data": map[string]any{
		"id": known["id"], "version": known["version"], "name": root, "type": 1, "options": options,
	}})
}

// Press implements adaptertest.Chat.
func (l *live) Press(t testing.TB, who incident.PersonID, _ bot.RoomID, b adaptertest.Button) adaptertest.Seen {
	t.Helper()
	m, _ := b.Raw.(discordtest.Message)
	return l.act(t, who, map[string]any{
		"type": 3, "channel_id": m.ChannelID, "message_id": m.ID, "message_flags": m.Flags, "data": map[string]any{"component_type": 2, "custom_id": b.ID},
	})
}

// Submit implements adaptertest.Chat.
func (l *live) Submit(t testing.TB, who incident.PersonID, room bot.RoomID, f *adaptertest.Form, fields map[string]string) adaptertest.Seen {
	t.Helper()
	form, _ := f.Raw.(map[string]any)
	left := maps.Clone(fields)
	list := []any{}
	for name, field := range fieldsOf(form) {
		v, given := left[name]
		delete(left, name)
		one := map[string]any{"type": field["type"], "custom_id": name}
		switch {
		case field["options"] != nil && given:
			one["values"] = []string{v}
		case field["options"] != nil:
			one["values"] = []string{}
		default:
			one["value"] = v
		}
		list = append(list, map[string]any{"type": 18, "component": one})
	}
	got := l.act(t, who, map[string]any{"type": 5, "channel_id": l.room(t, room), "data": map[string]any{
		"id": form["id"], "custom_id": form["custom_id"], "components": list,
	}})
	more, off := labelled(got.Buttons, "继续填写", "Fill in more"), labelled(got.Buttons, "就这样提交", "Send as it is")
	switch {
	case off == nil:
		return got
	case len(left) == 0:
		return l.Press(t, who, room, *off)
	}
	return l.Submit(t, who, room, l.Press(t, who, room, *more).Form, left)
}

// room is the channel of a room, once it is there.
func (l *live) room(t testing.TB, room bot.RoomID) string {
	t.Helper()
	adaptertest.Eventually(t, enough, func() string {
		if l.adapter.Channel(room) != "" {
			return ""
		}
		return "there is no channel for " + string(room)
	})
	return l.adapter.Channel(room)
}

// Mention implements adaptertest.Chat.
func (l *live) Mention(t testing.TB, who incident.PersonID, room bot.RoomID, text, picture string) {
	t.Helper()
	text = "<@" + l.bot.id + "> " + text
	if picture != "" {
		status := l.cast[who].upload(t, l.room(t, room), text, picture)
		if status < 300 {
			return
		}
		l.picture = "the server answers an upload with status " + strconv.Itoa(status)
	}
	l.cast[who].want(t, http.MethodPost, "/channels/"+l.room(t, room)+"/messages", map[string]any{"content": text}, nil)
}

// Talk implements adaptertest.Chat.
func (l *live) Talk(t testing.TB, who incident.PersonID, room bot.RoomID, text string) {
	t.Helper()
	l.cast[who].want(t, http.MethodPost, "/channels/"+l.room(t, room)+"/messages", map[string]any{"content": text}, nil)
}

// dm is the private channel of somebody with the bot.
func (l *live) dm(t testing.TB, who incident.PersonID) string {
	t.Helper()
	if known := l.dms[who]; known != "" {
		return known
	}
	var ch struct{ ID string }
	l.cast[who].want(t, http.MethodPost, "/users/@me/channels", map[string]any{"recipients": []string{l.bot.id}, "recipient_id": l.bot.id}, &ch)
	l.dms[who] = ch.ID
	return ch.ID
}

// Direct implements adaptertest.Chat.
func (l *live) Direct(t testing.TB, who incident.PersonID, text string) {
	t.Helper()
	l.cast[who].want(t, http.MethodPost, "/channels/"+l.dm(t, who)+"/messages", map[string]any{"content": text}, nil)
}

// private lists what the bot said to somebody in private, oldest first.
func (l *live) private(t testing.TB, who incident.PersonID) []liveMessage {
	t.Helper()
	return slices.DeleteFunc(l.read(t, who, l.dm(t, who)), func(m liveMessage) bool { return m.Author.ID != l.bot.id })
}

func (l *live) read(t testing.TB, who incident.PersonID, channel string) []liveMessage {
	t.Helper()
	var list []liveMessage
	l.cast[who].want(t, http.MethodGet, "/channels/"+channel+"/messages?limit=100", nil, &list)
	slices.Reverse(list)
	return list
}

// Private implements adaptertest.Chat.
func (l *live) Private(t testing.TB, who incident.PersonID) []string {
	t.Helper()
	var out []string
	for _, m := range l.private(t, who) {
		out = append(out, words(m.shown()))
	}
	return out
}

// Posts implements adaptertest.Chat.
func (l *live) Posts(t testing.TB, room bot.RoomID) []adaptertest.Post {
	t.Helper()
	id := l.adapter.Channel(room)
	if id == "" {
		return nil
	}
	out := []adaptertest.Post{}
	for _, m := range l.read(t, "lin", id) {
		if m.Flags&discordtest.Ephemeral != 0 || m.Type != 0 {
			continue
		}
		p := adaptertest.Post{ID: m.ID, Text: words(m.shown()), Key: keyOf(m.shown()), Bot: m.Author.ID == l.bot.id, Pinned: m.Pinned, Buttons: buttonsOf(m.shown())}
		for _, f := range m.Files {
			p.Files = append(p.Files, f.Filename)
		}
		out = append(out, p)
	}
	return out
}

// Room implements adaptertest.Chat.
func (l *live) Room(t testing.TB, room bot.RoomID) (adaptertest.State, bool) {
	t.Helper()
	var ch struct {
		Name       string
		Overwrites []struct{ ID, Deny string } `json:"permission_overwrites"`
	}
	if id := l.adapter.Channel(room); id == "" || l.bot.try(t, http.MethodGet, "/channels/"+id, nil, &ch) >= 300 {
		return adaptertest.State{}, false
	}
	s := adaptertest.State{Name: ch.Name}
	for _, o := range ch.Overwrites {
		deny, _ := strconv.ParseUint(o.Deny, 10, 64)
		s.Archived = s.Archived || o.ID == l.guild && discordtest.Permission(deny)&discordtest.SendMessages != 0
	}
	return s, true
}
