package mattermost_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/adaptertest"
	"wardline/bot"
	"wardline/bot/incident"
)

// townsfolk is a Mattermost server with the cast on it, driven through its own interface as the apps do it.
type townsfolk struct {
	url    string
	team   *model.Team
	prefix string
	bot    *model.User
	admin  *model.Client4
	people map[incident.PersonID]*person
}

// person is one of the cast, signed in, with an open websocket: what only they see comes that way.
type person struct {
	user   *model.User
	client *model.Client4
	socket *model.WebSocketClient

	mu      sync.Mutex // protects what follows
	private []*model.Post
	dialogs []model.OpenDialogRequest
	news    int // grows with each of both
}

// listen notes what only this person sees, until the socket is closed.
func (p *person) listen() {
	for event := range p.socket.EventChannel {
		text := func(key string) []byte { s, _ := event.GetData()[key].(string); return []byte(s) }
		p.mu.Lock()
		switch event.EventType() {
		case model.WebsocketEventEphemeralMessage:
			var post model.Post
			if json.Unmarshal(text("post"), &post) == nil {
				p.private = append(p.private, &post)
				p.news++
			}
		case model.WebsocketEventOpenDialog:
			var dialog model.OpenDialogRequest
			if json.Unmarshal(text("dialog"), &dialog) == nil {
				p.dialogs = append(p.dialogs, dialog)
				p.news++
			}
		default: // everybody in the channel sees it
		}
		p.mu.Unlock()
	}
}

// after waits for what an act of this person brings to them alone, and returns it.
func (p *person) after(t testing.TB, act func()) adaptertest.Seen {
	t.Helper()
	p.mu.Lock()
	posts, dialogs := len(p.private), len(p.dialogs)
	p.mu.Unlock()
	act()
	deadline := time.Now().Add(20 * time.Second) // not every act brings something
	for {
		p.mu.Lock()
		post, dialog := (*model.Post)(nil), (*model.OpenDialogRequest)(nil)
		if len(p.private) > posts {
			post = p.private[len(p.private)-1]
		}
		if len(p.dialogs) > dialogs {
			dialog = &p.dialogs[len(p.dialogs)-1]
		}
		p.mu.Unlock()
		if post != nil || dialog != nil {
			return seenOf(post, dialog)
		}
		if time.Now().After(deadline) {
			return adaptertest.Seen{}
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func seenOf(post *model.Post, dialog *model.OpenDialogRequest) adaptertest.Seen {
	var seen adaptertest.Seen
	if post != nil {
		seen.Text = wordsOf(post)
		seen.Buttons = buttonsOf(post)
	}
	if dialog != nil {
		seen.Form = &adaptertest.Form{Title: dialog.Dialog.Title, Raw: *dialog}
		for _, e := range dialog.Dialog.Elements {
			seen.Form.Fields = append(seen.Form.Fields, e.Name)
		}
	}
	return seen
}

// wordsOf is all that people read of a post. What Markdown would swallow is taken away.
func wordsOf(post *model.Post) string {
	words := []string{post.Message}
	for _, a := range post.Attachments() {
		words = append(words, a.Pretext, a.Title, a.Text)
		for _, f := range a.Fields {
			words = append(words, f.Title, fmt.Sprint(f.Value))
		}
	}
	return strings.NewReplacer(`\`, "").Replace(strings.Join(words, "\n"))
}

func buttonsOf(post *model.Post) []adaptertest.Button {
	var out []adaptertest.Button
	for _, a := range post.Attachments() {
		for _, action := range a.Actions {
			out = append(out, adaptertest.Button{Label: action.Name, ID: action.Id, Of: post.Id, Raw: action.Cookie})
		}
	}
	return out
}

// channel returns the channel of a room, archived or not.
func (c *townsfolk) channel(t testing.TB, room bot.RoomID) *model.Channel {
	t.Helper()
	name := c.prefix + "-" + strings.ReplaceAll(strings.ReplaceAll(string(room), "/", "-"), "_", "-")
	for _, candidate := range []string{name, c.prefix + "-" + strings.ReplaceAll(string(room), "/", "-")} {
		channel, resp, err := c.admin.GetChannelByNameIncludeDeleted(t.Context(), candidate, c.team.Id, "")
		if err == nil {
			return channel
		}
		if resp == nil || resp.StatusCode != http.StatusNotFound {
			t.Fatalf("look for the channel of %s: %v", room, err)
		}
	}
	return nil
}

// enter makes sure that a person is in the channel they are going to write in.
func (c *townsfolk) enter(t testing.TB, who incident.PersonID, room bot.RoomID) (*person, *model.Channel) {
	t.Helper()
	adaptertest.Eventually(t, long, func() string {
		if c.channel(t, room) == nil {
			return "there is no channel for " + string(room)
		}
		return ""
	})
	channel := c.channel(t, room)
	p := c.people[who]
	if _, _, err := c.admin.AddChannelMember(t.Context(), channel.Id, p.user.Id); err != nil {
		t.Logf("%s does not enter %s: %v", who, room, err)
	}
	return p, channel
}

func (c *townsfolk) Command(t testing.TB, who incident.PersonID, room bot.RoomID, line string) adaptertest.Seen {
	t.Helper()
	p, channel := c.enter(t, who, room)
	return p.after(t, func() {
		if _, _, err := p.client.ExecuteCommand(t.Context(), channel.Id, line); err != nil {
			t.Fatalf("%s types %q: %v", who, line, err)
		}
	})
}

func (c *townsfolk) Press(t testing.TB, who incident.PersonID, _ bot.RoomID, b adaptertest.Button) adaptertest.Seen {
	t.Helper()
	p := c.people[who]
	cookie, _ := b.Raw.(string)
	var refused error
	seen := p.after(t, func() { _, refused = p.client.DoPostActionWithCookie(t.Context(), b.Of, b.ID, "", cookie) })
	if refused != nil {
		seen.Text = refused.Error()
	}
	return seen
}

func (c *townsfolk) Submit(t testing.TB, who incident.PersonID, room bot.RoomID, f *adaptertest.Form, fields map[string]string) adaptertest.Seen {
	t.Helper()
	p, channel := c.enter(t, who, room)
	dialog, _ := f.Raw.(model.OpenDialogRequest)
	submission := map[string]any{}
	for _, e := range dialog.Dialog.Elements {
		value, given := fields[e.Name]
		switch {
		case given && e.MultiSelect:
			submission[e.Name] = strings.Split(value, ",")
		case given:
			submission[e.Name] = value
		case e.Default != "":
			submission[e.Name] = e.Default
		}
	}
	for name := range fields {
		if !slices.ContainsFunc(dialog.Dialog.Elements, func(e model.DialogElement) bool { return e.Name == name }) {
			t.Logf("the form has no field %s, but %v", name, f.Fields)
		}
	}
	var objection string
	seen := p.after(t, func() {
		resp, _, err := p.client.SubmitInteractiveDialog(t.Context(), model.SubmitDialogRequest{
			URL: dialog.URL, CallbackId: dialog.Dialog.CallbackId, State: dialog.Dialog.State, UserId: p.user.Id, ChannelId: channel.Id,
			TeamId: c.team.Id, Submission: submission,
		})
		if err != nil {
			t.Fatalf("%s submits the form: %v", who, err)
		}
		if resp != nil && (resp.Error != "" || len(resp.Errors) > 0) {
			objection = fmt.Sprint(resp.Error, resp.Errors)
		}
	})
	if objection != "" {
		t.Fatalf("the form was not taken: %s", objection)
	}
	return seen
}

func (c *townsfolk) say(t testing.TB, p *person, channel, text string, files ...string) {
	t.Helper()
	if _, _, err := p.client.CreatePost(t.Context(), &model.Post{ChannelId: channel, Message: text, FileIds: files}); err != nil {
		t.Fatalf("%s says %q: %v", p.user.Username, text, err)
	}
}

// dot is the smallest picture there is.
var dot = bytes.TrimSpace([]byte("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))

func (c *townsfolk) Mention(t testing.TB, who incident.PersonID, room bot.RoomID, text, picture string) {
	t.Helper()
	p, channel := c.enter(t, who, room)
	var files []string
	if picture != "" {
		data, err := base64.StdEncoding.DecodeString(string(dot))
		if err != nil {
			t.Fatal(err)
		}
		up, _, err := p.client.UploadFile(t.Context(), data, channel.Id, picture)
		if err != nil {
			t.Fatalf("upload %s: %v", picture, err)
		}
		files = append(files, up.FileInfos[0].Id)
	}
	c.say(t, p, channel.Id, "@"+c.bot.Username+" "+text, files...)
}

func (c *townsfolk) direct(t testing.TB, p *person) *model.Channel {
	t.Helper()
	channel, _, err := p.client.CreateDirectChannel(t.Context(), p.user.Id, c.bot.Id)
	if err != nil {
		t.Fatalf("open a direct channel: %v", err)
	}
	return channel
}

func (c *townsfolk) Direct(t testing.TB, who incident.PersonID, text string) {
	t.Helper()
	p := c.people[who]
	c.say(t, p, c.direct(t, p).Id, text)
}

func (c *townsfolk) Talk(t testing.TB, who incident.PersonID, room bot.RoomID, text string) {
	t.Helper()
	p, channel := c.enter(t, who, room)
	c.say(t, p, channel.Id, text)
}

func (c *townsfolk) Private(t testing.TB, who incident.PersonID) []string {
	t.Helper()
	p := c.people[who]
	var out []string
	p.mu.Lock()
	for _, post := range p.private {
		out = append(out, wordsOf(post))
	}
	p.mu.Unlock()
	for _, post := range c.posts(t, p.client, c.direct(t, p).Id) {
		if post.UserId == c.bot.Id {
			out = append(out, wordsOf(post))
		}
	}
	return out
}

// posts reads a whole channel, oldest first, as a person who is in it.
func (c *townsfolk) posts(t testing.TB, as *model.Client4, channel string) []*model.Post {
	t.Helper()
	var out []*model.Post
	for page := 0; ; page++ {
		list, _, err := as.GetPostsForChannel(t.Context(), channel, page, 200, "", false, false)
		if err != nil {
			t.Fatalf("read a channel: %v", err)
		}
		out = append(out, list.ToSlice()...)
		if len(list.Order) < 200 {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b *model.Post) int { return int(a.CreateAt - b.CreateAt) })
	return out
}

func (c *townsfolk) Posts(t testing.TB, room bot.RoomID) []adaptertest.Post {
	t.Helper()
	channel := c.channel(t, room)
	if channel == nil {
		return nil
	}
	var out []adaptertest.Post
	for _, post := range c.posts(t, c.admin, channel.Id) {
		if strings.HasPrefix(post.Type, model.PostSystemMessagePrefix) {
			continue
		}
		key, _ := post.GetProp("wardline_key").(string)
		shown := adaptertest.Post{
			ID: post.Id, Text: wordsOf(post), Key: key, Bot: post.UserId == c.bot.Id, Pinned: post.IsPinned, Buttons: buttonsOf(post),
		}
		for _, id := range post.FileIds {
			if info, _, err := c.admin.GetFileInfo(t.Context(), id); err == nil {
				shown.Files = append(shown.Files, info.Name)
			}
		}
		out = append(out, shown)
	}
	return out
}

func (c *townsfolk) Room(t testing.TB, room bot.RoomID) (adaptertest.State, bool) {
	t.Helper()
	channel := c.channel(t, room)
	if channel == nil {
		return adaptertest.State{}, false
	}
	state := adaptertest.State{Archived: channel.DeleteAt > 0, Name: channel.DisplayName, Members: []incident.PersonID{}}
	members, _, err := c.admin.GetChannelMembers(t.Context(), channel.Id, 0, 200, "")
	if err != nil {
		t.Fatalf("list the members of %s: %v", room, err)
	}
	for _, m := range members {
		for id, p := range c.people {
			if p.user.Id == m.UserId {
				state.Members = append(state.Members, id)
			}
		}
	}
	return state, true
}
