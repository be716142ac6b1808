package mattermost_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/adaptertest"
	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/bolt"
)

// stage is a hospital with the bot on a stand-in server: a real desk, a real database, a real adapter.
type stage struct {
	t       *testing.T
	server  *mmtest.Server
	team    *model.Team
	bot     *model.User
	token   string
	users   map[incident.PersonID]*model.User
	file    string
	change  func(*mattermost.Config)
	store   *storage.Store
	desk    *bot.Desk
	hearer  *commands.Handler
	adapter *mattermost.Adapter
	limit   time.Duration                             // of one piece of work, if not the usual
	ear     func(mattermost.Hearer) mattermost.Hearer // what stands before the hearer; may be nil
	mouth   func(mattermost.Desk) mattermost.Desk     // what stands before the desk; may be nil
	hurry   bool                                      // losses are noticed soon
	log     *logs
	stop    func()
}

// key signs what the stage's bot hands out.
var key = []byte("only for tests, only for tests, 32")

// logs keeps what the bot logs, for stories about what operators read.
type logs struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// accounts are the names of the cast on the server.
var accounts = map[incident.PersonID]string{"lin": "it.lin", "wu": "it.wu", "zhou": "dean.zhou", "chen": "clin.chen", "kate": "nurse.kate"}

// newStage builds the hospital. The bot is not started yet.
func newStage(t *testing.T, o mmtest.Options, change func(*mattermost.Config)) *stage {
	t.Helper()
	s := &stage{
		t: t, server: mmtest.New(t, o), users: map[incident.PersonID]*model.User{}, file: filepath.Join(t.TempDir(), "w.db"),
		change: change, log: &logs{}, stop: func() {},
	}
	s.team = s.server.Team("hospital")
	for person, account := range accounts {
		locale := "zh-CN"
		if person == "kate" {
			locale = "en"
		}
		s.users[person] = s.server.User(account, locale, s.team)
	}
	s.bot, s.token = s.server.Bot("wardline", s.team)
	t.Cleanup(func() { s.stop() })
	return s
}

// start starts the bot, also again after a stop.
func (s *stage) start() *stage {
	s.t.Helper()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	s.store, _, err = bolt.OpenStore(s.file, bolt.Options{NoSync: true})
	must(err)
	config := mattermost.Config{
		URL: s.server.URL, Token: s.token, Team: "hospital", Listen: "127.0.0.1:0", Callback: "http://127.0.0.1:1", Key: key, Prefix: "wl",
		Lang: hospital.ZH, Zone: time.UTC, Accounts: accounts,
	}
	if s.change != nil {
		s.change(&config)
	}
	s.adapter, err = mattermost.New(config, s.store.Shelf("mattermost"), log)
	must(err)
	options := adaptertest.Options(s.t)
	options.Store, options.Log, options.Platforms = s.store, log, []bot.Platform{s.adapter}
	options.Digests = nil
	options.Backoff = bot.Backoff{First: 20 * time.Millisecond, Last: 200 * time.Millisecond}
	for i, p := range options.People {
		options.People[i].Accounts = map[string]string{"mattermost": accounts[p.ID]}
	}
	s.desk, err = bot.New(s.t.Context(), options)
	must(err)
	s.hearer = adaptertest.Hearer(s.desk)
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := s.desk.Run(ctx); err != nil {
			s.t.Error(err)
		}
	})
	var hearer mattermost.Hearer = s.hearer
	if s.ear != nil {
		hearer = s.ear(hearer)
	}
	var desk mattermost.Desk = s.desk
	if s.mouth != nil {
		desk = s.mouth(desk)
	}
	if s.limit > 0 {
		s.adapter.Limit(s.limit)
	}
	if s.hurry {
		s.adapter.Hurry(400*time.Millisecond, 600*time.Millisecond, 40*time.Millisecond)
	}
	parts.Go(func() {
		if err := s.adapter.Serve(ctx, hearer, desk); err != nil {
			s.t.Error(err)
		}
	})
	s.stop = func() {
		s.stop = func() {}
		cancel()
		parts.Wait()
		if err := s.store.Close(); err != nil {
			s.t.Error(err)
		}
	}
	return s
}

// types has a person give a command to the desk, past the chat system.
func (s *stage) types(who incident.PersonID, room bot.RoomID, text string) commands.Reply {
	s.t.Helper()
	reply := s.hearer.Handle(s.t.Context(), commands.Line{Platform: "mattermost", User: accounts[who], Room: room, Text: text})
	if i := slices.IndexFunc(reply.Actions, func(a bot.Action) bool { return strings.Contains(a.Line, "confirm:yes") }); i >= 0 {
		return s.types(who, room, reply.Actions[i].Line)
	}
	if reply.Refused {
		s.t.Fatalf("%q was refused: %s", text, reply.Text)
	}
	return reply
}

// quiet waits until everything is said.
func (s *stage) quiet() {
	s.t.Helper()
	s.until("everything is said", func() bool { return s.desk.Unsaid("mattermost") == 0 })
}

func (s *stage) until(what string, holds func() bool) {
	s.t.Helper()
	for end := time.Now().Add(long); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("not within %s: %s\n%s", long, what, tail(s.log.String()))
		}
	}
}

// long is how long something may take on a machine with few and busy hands, under the race detector.
const long = 4 * time.Minute

func tail(s string) string { return s[max(0, len(s)-3000):] }

// channel returns a channel by its name.
func (s *stage) channel(name string) *model.Channel {
	s.t.Helper()
	c, _, err := s.server.Client(s.server.Admin()).GetChannelByNameIncludeDeleted(s.t.Context(), name, s.team.Id, "")
	if err != nil {
		s.t.Fatalf("channel %s: %v", name, err)
	}
	return c
}

// posts returns the bot's own posts of a channel, oldest first, without those of the server.
func (s *stage) posts(name string) []*model.Post {
	s.t.Helper()
	return slices.DeleteFunc(s.server.Posts(s.channel(name).Id), func(p *model.Post) bool {
		return p.UserId != s.bot.Id || p.Type != "" || p.DeleteAt != 0
	})
}

// text is everything that is read in a post.
func text(p *model.Post) string {
	out := p.Message
	for _, a := range p.Attachments() {
		out += "\n" + a.Title + "\n" + a.Text
	}
	return strings.TrimSpace(out)
}

// board returns the pinned board of a channel.
func (s *stage) board(name string) *model.Post {
	s.t.Helper()
	var found []*model.Post
	for _, p := range s.posts(name) {
		if p.IsPinned {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		s.t.Fatalf("%d boards are pinned in %s", len(found), name)
	}
	return found[0]
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}
