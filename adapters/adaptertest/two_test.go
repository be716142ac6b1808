package adaptertest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/bolt"
)

const patience = 2 * time.Minute

// twin is a hospital on Mattermost and on Discord at once. Lin is known on both, Wu on Discord only.
type twin struct {
	t       *testing.T
	matter  *mmtest.Server
	team    *model.Team
	matters map[incident.PersonID]*model.User
	discord *discordtest.Server
	discos  map[incident.PersonID]*discordtest.User
	desk    *bot.Desk
}

func newTwin(t *testing.T) *twin {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w := &twin{
		t: t, matter: mmtest.New(t, mmtest.Options{}), discord: discordtest.New(t, discordtest.Options{MessageContent: true}),
		matters: map[incident.PersonID]*model.User{}, discos: map[incident.PersonID]*discordtest.User{},
	}
	w.team = w.matter.Team("hospital")
	options := adaptertest.Options(t)
	accounts := map[incident.PersonID]string{}
	for i, p := range options.People {
		known := map[string]string{}
		if p.ID != "wu" {
			w.matters[p.ID] = w.matter.User("m."+string(p.ID), "zh-CN", w.team)
			known["mattermost"], accounts[p.ID] = "m."+string(p.ID), "m."+string(p.ID)
		}
		if p.ID == "lin" || p.ID == "wu" {
			w.discos[p.ID] = w.discord.AddUser(p.Name)
			known["discord"] = w.discos[p.ID].ID()
		}
		options.People[i].Accounts = known
	}
	folder := t.TempDir()
	store, _, err := bolt.OpenStore(filepath.Join(folder, "wardline.db"), bolt.Options{NoSync: true})
	must(err)
	said := &lines{}
	log := slog.New(slog.NewTextHandler(said, nil))
	key := bytes.Repeat([]byte("k"), 32)
	callback := unused(t)
	matter := mattermost.Config{
		URL: w.matter.URL, Team: "hospital", Listen: callback, Callback: "http://" + callback, Key: key, Prefix: "wl", Lang: hospital.ZH,
		Zone: time.UTC, Accounts: accounts,
	}
	options.Store, options.Log, options.Settings.Mirror, options.Digests = store, log, true, nil
	empty, err := bot.New(t.Context(), options)
	must(err)
	file := filepath.Join(folder, "token")
	must(mattermost.Setup{
		Config: matter, Admin: w.matter.Client(w.matter.Admin()).AuthToken, Bot: "wardline", TokenFile: file, Desk: empty, Out: io.Discard,
	}.Run(t.Context()))
	token, err := os.ReadFile(file)
	must(err)
	matter.Token = strings.TrimSpace(string(token))
	m, err := mattermost.New(matter, store.Shelf("mattermost"), log)
	must(err)
	d, err := discord.New(discord.Config{
		API: w.discord.URL() + "/api/v10", Token: w.discord.Token(), Guild: w.discord.GuildID(), Key: key, Content: true, Lang: hospital.ZH, Zone: time.UTC,
	}, store.Shelf("discord"), log)
	must(err)
	options.Platforms = []bot.Platform{m, d}
	w.desk, err = bot.New(t.Context(), options)
	must(err)
	w.run(store, func(ctx context.Context, h *commands.Handler) error { return m.Serve(ctx, h, w.desk) },
		func(ctx context.Context, h *commands.Handler) error { return d.Serve(ctx, h, w.desk) })
	w.eventually("both know the commands", func() bool {
		return said.has("commands are registered") && said.has("mattermost is heard")
	})
	return w
}

// lines is what the bot logs.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) has(words string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), words)
}

// run runs the desk and what serves people, until the test ends.
func (w *twin) run(store *storage.Store, serve ...func(context.Context, *commands.Handler) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.t.Context()))
	handler := adaptertest.Hearer(w.desk)
	var parts sync.WaitGroup
	parts.Go(func() {
		if err := w.desk.Run(ctx); err != nil {
			w.t.Error(err)
		}
	})
	for _, s := range serve {
		parts.Go(func() {
			if err := s(ctx, handler); err != nil {
				w.t.Error(err)
			}
		})
	}
	w.t.Cleanup(func() {
		cancel()
		parts.Wait()
		if err := store.Close(); err != nil {
			w.t.Error(err)
		}
	})
}

func unused(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// onMattermost returns what a channel reads there, and whether it is archived; nothing while it is not there.
func (w *twin) onMattermost(name string) (texts []string, archived bool) {
	w.t.Helper()
	c, _, err := w.matter.Client(w.matter.Admin()).GetChannelByNameIncludeDeleted(w.t.Context(), name, w.team.Id, "")
	if err != nil {
		return nil, false
	}
	for _, p := range w.matter.Posts(c.Id) {
		text := p.Message
		for _, a := range p.Attachments() {
			text += "\n" + a.Title + "\n" + a.Text
		}
		texts = append(texts, text)
	}
	return texts, c.DeleteAt != 0
}

// onDiscord returns the channel of the outage there and what it reads.
func (w *twin) onDiscord(name string) (id, parent string, texts []string) {
	w.t.Helper()
	for _, c := range w.discord.Channels() {
		if !strings.HasPrefix(c.Name, name) {
			continue
		}
		for _, m := range w.discord.Messages(c.ID) {
			text := m.Content
			for _, e := range m.Embeds {
				text += fmt.Sprint("\n", e["author"], "\n", e["title"], "\n", e["description"])
			}
			texts = append(texts, text)
		}
		if c.ParentID != nil {
			parent = *c.ParentID
		}
		return c.ID, parent, texts
	}
	return "", "", nil
}

func (w *twin) eventually(what string, holds func() bool) {
	w.t.Helper()
	adaptertest.Eventually(w.t, patience, func() string {
		if holds() {
			return ""
		}
		return what
	})
}

func count(texts []string, words ...string) int {
	n := 0
	for _, text := range texts {
		found := true
		for _, word := range words {
			found = found && strings.Contains(text, word)
		}
		if found {
			n++
		}
	}
	return n
}

// typed has Lin give a command on Mattermost.
func (w *twin) typed(channel, text string) {
	w.t.Helper()
	c := w.matter.Channel(w.team, channel)
	w.eventually("the command is taken on Mattermost: "+text, func() bool {
		_, err := w.matter.Execute(w.matters["lin"], c.Id, w.team.Id, text)
		return err == nil
	})
}

// slashed has somebody give a command on Discord, and presses the button of its preview.
func (w *twin) slashed(who incident.PersonID, channel, path string, options map[string]any) {
	w.t.Helper()
	w.eventually(string(who)+" sees the channel", func() bool { return w.discos[who].Sees(channel) })
	i := w.discos[who].Slash(channel, path, options)
	i.AwaitFirst(patience)
	m := i.Answer()
	for _, row := range m.Components {
		list, _ := row["components"].([]any)
		for _, c := range list {
			b, _ := c.(map[string]any)
			if label, _ := b["label"].(string); label == "确认" || label == "Confirm" {
				id, _ := b["custom_id"].(string)
				w.discos[who].Press(m, id).AwaitFirst(patience)
				return
			}
		}
	}
}

// One outage on two chat systems: declared on one, worked on both, closed on the other.
func TestOneOutageOnTwoChats(t *testing.T) {
	t.Parallel()
	w := newTwin(t)
	w.typed("wl-it", "/outage declare his 全院停用 confirm:yes")

	// Both have the room and the same board.
	w.eventually("both have the room with its board", func() bool {
		here, _ := w.onMattermost("wl-inc-1")
		_, _, there := w.onDiscord("inc-1")
		return count(here, "INC-1 L2 停用中", "预计恢复：未知") == 1 && count(there, "INC-1 L2 停用中", "预计恢复：未知") == 1
	})
	id, open, _ := w.onDiscord("inc-1")

	// The engineer, who is on Discord only, gives a time; the ward on Mattermost reads it, and both boards know.
	w.slashed("wu", id, "fix eta", map[string]any{"eta": "45m"})
	w.eventually("everybody knows the time", func() bool {
		ward, _ := w.onMattermost("wl-dept-ed")
		here, _ := w.onMattermost("wl-inc-1")
		_, _, there := w.onDiscord("inc-1")
		return count(ward, "恢复时间从", "吴昊") == 1 && count(here, "停用中", "吴昊") == 1 && count(there, "停用中", "吴昊") == 1
	})

	// What is said on one side is read on the other, with a name, once.
	w.discos["wu"].Say(id, "交换机在重启")
	w.matter.Say(w.matters["lin"], w.matter.Channel(w.team, "wl-inc-1").Id, "好，我通知急诊")
	w.eventually("talk is passed on", func() bool {
		here, _ := w.onMattermost("wl-inc-1")
		_, _, there := w.onDiscord("inc-1")
		return count(here, "吴昊（Discord）", "交换机在重启") == 1 && count(there, "林岚（Mattermost）", "好，我通知急诊") == 1
	})

	// Lin is one person on both: she declared on Mattermost and ends it on Discord.
	w.slashed("lin", id, "outage restore", map[string]any{"override": "现场已逐台核对"})
	w.slashed("lin", id, "outage close", map[string]any{"override": "已补录"})
	w.eventually("both rooms are put away", func() bool {
		_, archived := w.onMattermost("wl-inc-1")
		_, parent, _ := w.onDiscord("inc-1")
		return archived && parent != open
	})
	here, _ := w.onMattermost("wl-inc-1")
	_, _, there := w.onDiscord("inc-1")
	if count(here, "交换机在重启") != 1 || count(there, "好，我通知急诊") != 1 || count(there, "交换机在重启") != 1 {
		t.Errorf("talk went round: %q and %q", here, there)
	}
	events, err := w.desk.Events(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var by []incident.PersonID
	for _, e := range events {
		switch e.Body.(type) {
		case incident.Declared, incident.ETASet, incident.SystemsRestored, incident.Ended:
			by = append(by, e.By)
		}
	}
	if got := fmt.Sprint(by); got != "[lin wu lin lin]" {
		t.Errorf("the one timeline says it was done by %s", got)
	}
}
