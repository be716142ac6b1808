package discord_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
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
	"wardline/storage"
	"wardline/storage/bolt"
)

// enough is how long a story waits for what must come.
const enough = time.Minute

// The rooms of the stage, beside those of outages.
const (
	leaders bot.RoomID = "leaders/main"
	ed      bot.RoomID = "dept/ed"
)

// read once for all stories; nobody changes them.
var (
	defaultPack = sync.OnceValues(hospital.Default)
	description = sync.OnceValues(discordtest.LoadDescription)
)

// A stage is the desk on a real file, speaking on the stand-in through the real adapter. A restart keeps
// the file and what was said.
type stage struct {
	t       testing.TB
	path    string
	discord *discordtest.Server
	config  discord.Config
	opts    bot.Options
	desk    *bot.Desk
	adapter *discord.Adapter
	store   *storage.Store
	cancel  context.CancelFunc
	running sync.WaitGroup
	chen    *discordtest.User // coordinator
	lin     *discordtest.User // engineer
	nurse   *discordtest.User // somebody of the server
	hears   bool              // the bot hears people, beside speaking
	log     *logbook
}

// newStage makes a stage that is not started yet.
func newStage(t testing.TB, change func(o *discordtest.Options)) *stage {
	t.Helper()
	d, err := description()
	must(t, err)
	o := discordtest.Options{Description: d}
	if change != nil {
		change(&o)
	}
	pack, err := defaultPack()
	must(t, err)
	s := &stage{t: t, path: filepath.Join(t.TempDir(), "wardline.db"), discord: discordtest.New(t, o), log: &logbook{}}
	s.chen, s.lin, s.nurse = s.discord.AddUser("chen"), s.discord.AddUser("lin"), s.discord.AddUser("nurse")
	s.config = discord.Config{
		API: s.discord.URL() + "/api/v10", Token: s.discord.Token(), Guild: s.discord.GuildID(), Key: []byte(strings.Repeat("k", 32)),
		Lang: hospital.EN, Zone: time.UTC,
	}
	s.opts = bot.Options{
		Pack: pack, Lang: hospital.EN, Zone: time.UTC, Settings: bot.DefaultSettings(), Log: slog.New(slog.DiscardHandler),
		Backoff: bot.Backoff{First: 50 * time.Millisecond, Last: 500 * time.Millisecond},
		Rooms: []bot.Room{
			{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息科", EN: "IT"}},
			{ID: leaders, Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
			{ID: ed, Kind: bot.DepartmentRoom, Department: "ed", Name: hospital.Text{ZH: "急诊科", EN: "Emergency"}, Lang: hospital.ZH},
		},
		People: []bot.Person{
			{ID: "chen", Name: "Chen", Roles: []bot.Role{bot.Coordinator}, Accounts: map[string]string{"discord": s.chen.ID()}},
			{ID: "lin", Name: "Lin", Roles: []bot.Role{bot.Engineer}, Accounts: map[string]string{"discord": s.lin.ID()}},
			{ID: "gone", Name: "Gone", Roles: []bot.Role{bot.Engineer}, Accounts: map[string]string{"discord": "1290338712345678999"}},
		},
	}
	return s
}

// start opens the store and runs desk and adapter on it.
func (s *stage) start() {
	s.t.Helper()
	var err error
	s.store, _, err = bolt.OpenStore(s.path, bolt.Options{NoSync: true}) // no story pulls the plug
	must(s.t, err)
	s.adapter, err = discord.New(s.config, s.store.Shelf("discord"), slog.New(s.log))
	must(s.t, err)
	s.opts.Store, s.opts.Platforms = s.store, []bot.Platform{s.adapter}
	s.desk, err = bot.New(s.t.Context(), s.opts)
	must(s.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	var hearer discord.Hearer
	if s.hears {
		hearer = adaptertest.Hearer(s.desk)
	}
	s.running.Go(func() {
		if err := s.adapter.Serve(ctx, hearer, s.desk); err != nil {
			s.t.Errorf("serve: %v", err)
		}
	})
	s.running.Go(func() {
		if err := s.desk.Run(ctx); err != nil {
			s.t.Errorf("run: %v", err)
		}
	})
}

// connected waits until the bot hears.
func (s *stage) connected() {
	s.t.Helper()
	if !s.discord.Gateway().AwaitReady(enough) {
		s.t.Fatalf("the bot does not hear\n%s", s.log)
	}
}

func (s *stage) stop() {
	s.t.Helper()
	s.cancel()
	s.running.Wait()
	must(s.t, s.store.Close())
}

// declare has Chen declare that the hospital information system is down, and returns the incident.
func (s *stage) declare(level incident.Level) incident.ID {
	s.t.Helper()
	who, _ := s.desk.PersonByID("chen")
	now := time.Now()
	o, err := s.desk.Do(s.t.Context(), bot.Act{
		Command: s.desk.Expand(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Level: level}, now), By: who,
	})
	must(s.t, err)
	return o.After.ID
}

// do has Chen do something in an incident.
func (s *stage) do(id incident.ID, c incident.Command) {
	s.t.Helper()
	who, _ := s.desk.PersonByID("chen")
	_, err := s.desk.Do(s.t.Context(), bot.Act{Incident: id, Command: c, By: who})
	must(s.t, err)
}

// said waits until nothing is left to be said on Discord.
func (s *stage) said() {
	s.t.Helper()
	deadline := time.Now().Add(enough)
	for s.desk.Unsaid("discord") > 0 {
		if time.Now().After(deadline) {
			s.t.Fatalf("still unsaid: %+v\n%s", s.desk.Stats(), s.log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// channel returns a channel by name, which must be there.
func (s *stage) channel(name string) discordtest.Channel {
	s.t.Helper()
	ch, ok := s.discord.Channel(name)
	if !ok {
		var names []string
		for _, c := range s.discord.Channels() {
			names = append(names, c.Name)
		}
		s.t.Fatalf("there is no one channel %q among %q\n%s", name, names, s.log)
	}
	return ch
}

// posts are the bot's own messages in a channel: the words above each card, and the card's.
func (s *stage) posts(channel string) []string {
	s.t.Helper()
	var out []string
	for _, m := range s.discord.Messages(s.channel(channel).ID) {
		if m.Type == 0 {
			out = append(out, words(m))
		}
	}
	return out
}

func words(m discordtest.Message) string {
	out := m.Content
	for _, e := range m.Embeds {
		for _, key := range []string{"title", "description"} {
			if s, _ := e[key].(string); s != "" {
				out = strings.TrimSpace(out + "\n" + s)
			}
		}
	}
	return out
}

// keyOf is the key at the end of a message's card.
func keyOf(m discordtest.Message) string {
	for _, e := range m.Embeds {
		if f, ok := e["footer"].(map[string]any); ok {
			words := strings.Fields(f["text"].(string))
			return words[len(words)-1]
		}
	}
	return ""
}

// noneTwice fails when two messages on the server have the same key.
func (s *stage) noneTwice() {
	s.t.Helper()
	seen := map[string]string{}
	for _, ch := range s.discord.Channels() {
		for _, m := range s.discord.Messages(ch.ID) {
			key := keyOf(m)
			if key != "" && seen[key] != "" {
				s.t.Errorf("said twice in %s: %q", ch.Name, words(m))
			}
			seen[key] = m.ID
		}
	}
}

func countOf(list []string, part string) int {
	n := 0
	for _, s := range list {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A logbook keeps what the adapter logs, to be shown when a story fails or to be looked at.
type logbook struct {
	mu    sync.Mutex
	lines []string
}

func (l *logbook) Enabled(context.Context, slog.Level) bool { return true }

func (l *logbook) Handle(_ context.Context, r slog.Record) error {
	line := r.Level.String() + " " + r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += fmt.Sprintf(" %s=%v", a.Key, a.Value)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	return nil
}

func (l *logbook) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l *logbook) WithGroup(string) slog.Handler      { return l }

// String returns all lines.
func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// forget drops all lines.
func (l *logbook) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = nil
}

// wrote reports whether a line holds all of some words.
func (l *logbook) wrote(words ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.lines, func(line string) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) })
	})
}
