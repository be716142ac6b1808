package mmtest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

// A world is a server with a hospital's team, a nurse, an engineer and a bot.
type world struct {
	*mmtest.Server
	t           *testing.T
	team        *model.Team
	wang, zhang *model.User
	bot         *model.User
	token       string
	asBot       *model.Client4
	asWang      *model.Client4
	asZhang     *model.Client4
	asAdmin     *model.Client4
}

func newWorld(t *testing.T, o mmtest.Options) *world {
	t.Helper()
	w := &world{Server: mmtest.New(t, o), t: t}
	w.team = w.Team("hospital")
	w.wang = w.User("clin.wang", "zh-CN", w.team)
	w.zhang = w.User("it.zhang", "en", w.team)
	w.bot, w.token = w.Bot("wardline", w.team)
	w.asBot, w.asWang, w.asZhang, w.asAdmin = w.ClientWith(w.token), w.Client(w.wang), w.Client(w.zhang), w.Client(w.Admin())
	return w
}

// room makes a channel of the bot's with some members.
func (w *world) room(name string, kind model.ChannelType, members ...*model.User) *model.Channel {
	w.t.Helper()
	ch, _, err := w.asBot.CreateChannel(w.t.Context(), &model.Channel{TeamId: w.team.Id, Name: name, DisplayName: "故障 " + name, Type: kind})
	w.must(err)
	for _, u := range members {
		_, _, err = w.asBot.AddChannelMember(w.t.Context(), ch.Id, u.Id)
		w.must(err)
	}
	return ch
}

func (w *world) post(c *model.Client4, p *model.Post) *model.Post {
	w.t.Helper()
	got, _, err := c.CreatePost(w.t.Context(), p)
	w.must(err)
	return got
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused holds an error to a status and the id of a real server's error.
func refused(t *testing.T, err error, status int, id string) {
	t.Helper()
	var app *model.AppError
	if !errors.As(err, &app) {
		t.Fatalf("got %v, want %d %s", err, status, id)
	}
	if app.StatusCode != status || app.Id != id {
		t.Fatalf("got %d %s, want %d %s", app.StatusCode, app.Id, status, id)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

const noRights = "api.context.permissions.app_error"

// A desk stands for a bot's listener: it keeps what it got and answers what it is told.
type desk struct {
	*httptest.Server
	mu     sync.Mutex
	got    []received
	answer func(http.ResponseWriter, *http.Request)
}

type received struct {
	path, query, proto string
	header             http.Header
	body               []byte
}

func (r received) json(t *testing.T) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(r.body, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func newDesk(t *testing.T) *desk {
	d := &desk{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		d.mu.Lock()
		d.got = append(d.got, received{r.Method + " " + r.URL.Path, r.URL.RawQuery, r.Proto, r.Header.Clone(), body})
		answer := d.answer
		d.mu.Unlock()
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

// says makes the desk answer with a status, a content type and a body.
func (d *desk) says(status int, kind, body string) {
	d.does(func(w http.ResponseWriter, _ *http.Request) {
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		io.WriteString(w, body) //nolint:errcheck // the test sees what is missing
	})
}

func (d *desk) does(answer func(http.ResponseWriter, *http.Request)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answer = answer
}

// last is what came in last.
func (d *desk) last(t *testing.T) received {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.got) == 0 {
		t.Fatal("nothing was delivered")
	}
	return d.got[len(d.got)-1]
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.got)
}

// card is a post with one button and one menu.
func card(channelID, url string) *model.Post {
	return &model.Post{ChannelId: channelID, Message: "INC-1", Props: model.StringInterface{"attachments": []any{map[string]any{
		"text": "HIS down",
		"actions": []any{
			map[string]any{"id": "ack", "type": "button", "name": "收到", "integration": map[string]any{"url": url, "context": map[string]any{"incident": 1}}},
			map[string]any{"id": "with_sign", "type": "button", "name": "broken", "integration": map[string]any{"url": url}},
			map[string]any{
				"id": "menu", "type": "select", "name": "Level",
				"options":     []any{map[string]any{"text": "L2", "value": "2"}, map[string]any{"text": "L3", "value": "3"}},
				"integration": map[string]any{"url": url, "context": map[string]any{"incident": 1}},
			},
		},
	}}}}
}

