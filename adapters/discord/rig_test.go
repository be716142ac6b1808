package discord_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
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
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/memory"
)

// beat is the heartbeat of the stand-in, and slack what a busy machine and the library's own second for
// closing a connection may add to what a recovery takes.
const (
	beat  = 400 * time.Millisecond
	slack = 8 * time.Second
)

// A rig is a Discord with the adapter, and a real desk behind it that is overheard.
type rig struct {
	t       *testing.T
	discord *discordtest.Server
	adapter *discord.Adapter
	handler *commands.Handler
	desk    *bot.Desk
	log     *lines
	people  map[string]*discordtest.User
	rooms   map[bot.RoomID]string
	shelf   *storage.Shelf
	light   bool // nothing is handled, and the menu is short
	front   *front
	long    time.Duration // the longest wait between two connections, if not the usual
	limit   time.Duration // of one piece of work, if not the usual
	end     context.CancelFunc

	mu     sync.Mutex    // protects what follows
	laden  time.Duration // how long the store takes to keep a form or a button
	heard  []commands.Line
	answer func(commands.Line) *commands.Reply // instead of the bot, unless it returns nil
	talk   []bot.Talk
}

// overheard is a desk whose mirror is watched.
type overheard struct {
	*bot.Desk
	r *rig
}

// Relay implements discord.Desk.
func (o overheard) Relay(_ context.Context, t bot.Talk) error {
	o.r.mu.Lock()
	defer o.r.mu.Unlock()
	o.r.talk = append(o.r.talk, t)
	return nil
}

// answers puts a function before the bot.
func (r *rig) answers(f func(commands.Line) *commands.Reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// Handle implements discord.Hearer.
func (r *rig) Handle(ctx context.Context, l commands.Line) commands.Reply {
	r.mu.Lock()
	r.heard = append(r.heard, l)
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		if reply := answer(l); reply != nil {
			return *reply
		}
	}
	if r.light {
		return commands.Reply{Text: "ok", Lang: hospital.ZH}
	}
	return r.handler.Handle(ctx, l)
}

// newRig starts both; the people of the cast and the rooms of the contract are there.
func newRig(t *testing.T, change func(*discordtest.Options, *discord.Config)) *rig {
	t.Helper()
	return startRig(t, change, nil, nil)
}

// newEars is newRig for what is about hearing alone, with a fault that waits for the first connection.
func newEars(t *testing.T, fault func(discordtest.Gateway)) *rig {
	t.Helper()
	return startRig(t, nil, fault, nil)
}

// newFronted is newCalm with somebody in between who changes what the gateway says.
func newFronted(t *testing.T, change func(n int, said frame) [][]byte) *rig {
	t.Helper()
	return startRig(t, calm, func(discordtest.Gateway) {}, change)
}

// newCalm is newEars on a server whose heartbeat is so slow that no busy machine misses one.
func newCalm(t *testing.T) *rig {
	t.Helper()
	return startRig(t, calm, func(discordtest.Gateway) {}, nil)
}

func calm(o *discordtest.Options, _ *discord.Config) { o.Heartbeat = 10 * beat }

// briefly answers questions without looking for an answer, which takes long on a busy machine.
func (r *rig) briefly() {
	r.answers(func(l commands.Line) *commands.Reply {
		if l.Command != "" || strings.HasPrefix(l.Text, "/") {
			return nil
		}
		return &commands.Reply{Text: "ok", Lang: hospital.ZH}
	})
}

func startRig(t *testing.T, change func(*discordtest.Options, *discord.Config), fault func(discordtest.Gateway), says func(n int, said frame) [][]byte, with ...func(*rig)) *rig {
	t.Helper()
	described, err := description()
	if err != nil {
		t.Fatal(err)
	}
	o := discordtest.Options{Description: described, Heartbeat: beat}
	config := discord.Config{Key: bytes.Repeat([]byte("k"), 32), Lang: "zh", Zone: time.UTC}
	if change != nil {
		change(&o, &config)
	}
	o.Rates.Off = fault != nil
	r := &rig{t: t, discord: discordtest.New(t, o), log: &lines{}, people: map[string]*discordtest.User{}, rooms: map[bot.RoomID]string{}}
	if fault != nil {
		r.light = true
		fault(r.discord.Gateway())
	}
	config.API, config.Token, config.Guild = r.discord.URL()+"/api/v10", r.discord.Token(), r.discord.GuildID()
	if o.Heartbeat != beat { // a server that is in no hurry
		r.long = time.Minute
	}
	if says != nil {
		r.front = newFront(t, config.API)
		r.front.says(says)
		config.API = r.front.base()
	}
	for _, w := range with {
		w(r)
	}
	r.settle(config)
	return r
}

// settle makes the desk and the ears and lets them run.
func (r *rig) settle(config discord.Config) {
	r.t.Helper()
	store, err := storage.Open(memory.New(), storage.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	r.shelf = store.Shelf("discord")
	options := adaptertest.Options(r.t)
	for _, id := range []bot.RoomID{bot.IT, adaptertest.Leaders, adaptertest.ED, adaptertest.ICU} {
		r.rooms[id] = r.discord.AddChannel(strings.ReplaceAll(string(id), "/", "-"), 0, "")
	}
	config.Rooms = r.rooms
	log := slog.New(slog.NewTextHandler(r.log, nil))
	if r.adapter, err = discord.New(config, laden{r.shelf, r}, log); err != nil {
		r.t.Fatal(err)
	}
	r.adapter.SetWaits(discord.Waits{
		Open: 5 * time.Second, First: 2 * time.Second, Short: 20 * time.Millisecond, Near: 160 * time.Millisecond, Long: max(r.long, 500*time.Millisecond), Fatal: 700 * time.Millisecond,
	})
	if r.limit > 0 {
		r.adapter.Limit(r.limit)
	}
	options.Store, options.Log, options.Platforms = store, slog.New(slog.DiscardHandler), []bot.Platform{r.adapter}
	for i, p := range options.People {
		u := r.discord.AddUser(p.Name)
		if u.SetLocale("zh-CN"); p.Lang == "en" {
			u.SetLocale("en-US")
		}
		r.people[string(p.ID)] = u
		options.People[i].Accounts = map[string]string{"discord": u.ID()}
	}
	if r.desk, err = bot.New(r.t.Context(), options); err != nil {
		r.t.Fatal(err)
	}
	r.handler = adaptertest.Hearer(r.desk)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := r.desk.Run(ctx); err != nil {
			r.t.Errorf("the desk stopped: %v", err)
		}
	})
	running.Go(func() {
		if err := r.adapter.Serve(ctx, r, overheard{r.desk, r}); err != nil {
			r.t.Errorf("the adapter stopped: %v", err)
		}
	})
	r.end = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			r.t.Error(err)
		}
	})
	r.t.Cleanup(r.end)
}

// Offer implements discord.Hearer.
func (r *rig) Offer(ctx context.Context, l commands.Line, arg, typed string) []commands.Option {
	return r.handler.Offer(ctx, l, arg, typed)
}

// Menu implements discord.Hearer.
func (r *rig) Menu(lang hospital.Lang) []commands.Entry {
	menu := r.handler.Menu(lang)
	if r.light {
		return menu[:3]
	}
	return menu
}

// lines returns what was heard with words.
func (r *rig) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, l := range r.heard {
		out = append(out, l.Text)
	}
	return out
}

// hears waits until exactly these lines were heard, in any order, and reports how long it took.
func (r *rig) hears(within time.Duration, want ...string) time.Duration {
	r.t.Helper()
	began := time.Now()
	slices.Sort(want)
	adaptertest.Eventually(r.t, within, func() string {
		got := r.lines()
		slices.Sort(got)
		if slices.Equal(got, want) {
			return ""
		}
		return fmt.Sprintf("heard %q, want %q\nlog:\n%s", got, want, r.log)
	})
	return time.Since(began)
}

// ready waits until the bot is connected and its menu is there.
func (r *rig) ready() {
	r.t.Helper()
	if !r.discord.Gateway().AwaitReady(enough) {
		r.t.Fatalf("the bot did not connect:\n%s", r.log)
	}
	adaptertest.Eventually(r.t, enough, func() string {
		if strings.Contains(r.log.String(), "commands are registered") {
			return ""
		}
		return "no commands are registered:\n" + r.log.String()
	})
}

// lines is a log that can be read while it is written.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String returns the log so far.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// waitFor waits until something is so.
func (r *rig) waitFor(so func() bool) {
	r.t.Helper()
	adaptertest.Eventually(r.t, enough, func() string {
		if so() {
			return ""
		}
		return "waited in vain\n" + r.log.String()
	})
}
