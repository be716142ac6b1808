package mattermost_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wardline/adapters/adaptertest"
	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/memory"
)

// install is what an administrator has before the bot is there.
type install struct {
	t     *testing.T
	stage *stage
	setup mattermost.Setup
	out   *strings.Builder
}

func newInstall(t *testing.T, version string) *install {
	t.Helper()
	s := newStage(t, mmtest.Options{Version: version, GuardInternal: true, AllowedInternal: "10.0.0.0/8"}, nil)
	store, err := storage.Open(memory.New(), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // it is memory
	o := adaptertest.Options(t)
	o.Store, o.Log = store, slog.New(slog.DiscardHandler)
	desk, err := bot.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	out := &strings.Builder{}
	return &install{t: t, stage: s, out: out, setup: mattermost.Setup{
		Config: mattermost.Config{
			URL: s.server.URL, Team: "hospital", Listen: "127.0.0.1:0", Callback: "http://127.0.0.1:1", Key: key, Prefix: "wl", Lang: hospital.ZH, Accounts: accounts,
		},
		Admin: s.server.Token(s.server.Admin().Id), Bot: "outage-bot", TokenFile: filepath.Join(t.TempDir(), "token"),
		CommandFile: filepath.Join(t.TempDir(), "commands"), Desk: desk, Out: out,
	}}
}

// run sets up, and has the bot's token where the bot finds it.
func (i *install) run() string {
	i.t.Helper()
	i.out.Reset()
	i.setup.Fix = true
	if err := i.setup.Run(i.t.Context()); err != nil {
		i.t.Fatalf("%v\n%s", err, i.out)
	}
	text, err := os.ReadFile(i.setup.TokenFile)
	if err != nil {
		i.t.Fatal(err)
	}
	i.setup.Config.Token = strings.TrimSpace(string(text))
	return i.out.String()
}

func TestASetUpMakesEverythingOnce(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			i := newInstall(t, version)
			first := i.run()
			for _, want := range []string{
				"@outage-bot was created", "was made and written to", "rooms       40 made, 0 there already",
				`AllowedUntrustedInternalConnections is set to "10.0.0.0/8 127.0.0.1"`, "Done. Start the bot", "/outage /fix /ask",
			} {
				if !strings.Contains(first, want) {
					t.Errorf("the first time it does not say %q:\n%s", want, first)
				}
			}
			again := i.run()
			for _, want := range []string{"@outage-bot is there", "works, and was kept", "settings    checked", "rooms       0 made, 40 there already"} {
				if !strings.Contains(again, want) {
					t.Errorf("the second time it does not say %q:\n%s", want, again)
				}
			}
			equal(t, "commands", len(i.stage.server.Commands(i.stage.team)), len(commands.Roots()))
			members := strings.Join(i.stage.server.Members(i.stage.channel("wl-leaders-main").Id), " ")
			if !strings.Contains(members, "dean.zhou") || strings.Contains(members, "clin.chen") {
				t.Errorf("in the leaders' room: %s", members)
			}
			info, err := os.Stat(i.setup.TokenFile)
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the token's file: %v, %v", info.Mode(), err)
			}
			if log := i.out.String(); strings.Contains(log, i.setup.Config.Token) || strings.Contains(log, i.setup.Admin) {
				t.Error("a token is printed")
			}
		})
	}
}

func TestASetUpOnlyNamesSettingsUnlessItShallFixThem(t *testing.T) {
	i := newInstall(t, mmtest.V11)
	if err := i.setup.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := `set ServiceSettings.AllowedUntrustedInternalConnections to "10.0.0.0/8 127.0.0.1" (the server refuses to call the bot at an internal address): ` +
		`in the System Console, with: mmctl config set ServiceSettings.AllowedUntrustedInternalConnections "10.0.0.0/8 127.0.0.1", or by running this again with --fix`
	if !strings.Contains(i.out.String(), "1. "+want) {
		t.Errorf("it says:\n%s", i.out)
	}
	text, err := os.ReadFile(i.setup.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	i.setup.Config.Token = strings.TrimSpace(string(text))
	if got := i.examine()["callback"]; !strings.Contains(got, "WRONG") {
		t.Errorf("the doctor does not see that the server may not call: %s", got)
	}
}

func TestWithoutARoleTheAdministratorRegistersTheCommands(t *testing.T) {
	i := newInstall(t, mmtest.V11)
	i.run()
	i.setup.NoRole = true
	i.run()
	tokens, err := mattermost.ReadTokens(i.setup.CommandFile)
	if err != nil {
		t.Fatal(err)
	}
	list := i.stage.server.Commands(i.stage.team)
	equal(t, "commands", len(list), len(commands.Roots()))
	equal(t, "tokens", len(tokens), len(list))
	for _, c := range list {
		equal(t, "token of /"+c.Trigger, tokens["hospital/"+c.Trigger], c.Token)
		equal(t, "who made it", c.CreatorId, i.stage.server.Admin().Id)
	}
}

func TestASetUpSaysWhatStandsInItsWay(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*install)
		want   string
	}{
		"not an administrator": {func(i *install) { i.setup.Admin = i.stage.server.Token(i.stage.users["lin"].Id) }, "it.lin is not a system administrator"},
		"a wrong token":        {func(i *install) { i.setup.Admin = strings.Repeat("x", 26) }, "does not accept the administrator's token"},
		"no such team":         {func(i *install) { i.setup.Config.Team = "clinic" }, `there is no team "clinic"`},
		"a person's name":      {func(i *install) { i.setup.Bot = "it.lin" }, "it.lin is the account of a person"},
		"no place":             {func(i *install) { i.setup.TokenFile = "" }, "set token_file"},
		"somebody's token":     {func(i *install) { i.setup.Config.Token = i.stage.token }, "the configured token is that of @wardline"},
	} {
		t.Run(name, func(t *testing.T) {
			i := newInstall(t, mmtest.V11)
			c.change(i)
			if err := i.setup.Run(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestTheDoctorTriesEachStep(t *testing.T) {
	i := newInstall(t, mmtest.V11)
	i.run()
	l := freeAddress(t)
	i.setup.Config.Listen, i.setup.Config.Callback = l, "http://"+l
	found := i.examine()
	if want := "the server reached " + l + " (no bot runs)"; !strings.Contains(found["callback"], want) && !strings.Contains(found["commands in hospital"], "calls another address") {
		t.Errorf("before the commands call here: %v", found)
	}
	i.run() // the commands follow the new address
	found = i.examine()
	for what, want := range map[string]string{
		"server": i.stage.server.URL + ", version 11.6", "account": "@outage-bot in hospital", "rooms": "40 channels", "people": "5 accounts",
		"commands in hospital": "/" + strings.Join(commands.Roots(), " /"), "post": "posted, pinned and deleted in the room of the IT duty",
		"private answers": "below the channel", "callback": "the server reached " + l + " (no bot runs)",
	} {
		equal(t, what, found[what], want)
	}
	equal(t, "posts that stay", len(i.stage.posts("wl-it")), 0)
	i.setup.Config.Callback = "http://127.0.0.1:1"
	i.run()
	if got := i.examine()["callback"]; !strings.Contains(got, "WRONG") || !strings.Contains(got, "the server must reach http://127.0.0.1:1") {
		t.Errorf("where nobody listens: %s", got)
	}
}

// examine returns what the doctor says about each step.
func (i *install) examine() map[string]string {
	i.t.Helper()
	out := map[string]string{}
	err := mattermost.Examine(context.WithoutCancel(i.t.Context()), i.setup.Config, i.setup.Desk, slog.New(slog.DiscardHandler), func(what, seen string, wrong error) {
		out[what] = seen
		if wrong != nil {
			out[what] = "WRONG " + wrong.Error()
		}
	})
	if err != nil {
		i.t.Fatal(err)
	}
	return out
}

func TestEveryCommandTeachesItsGrammarInBothLanguages(t *testing.T) {
	i := newInstall(t, mmtest.V11)
	for _, lang := range hospital.Langs() {
		v := i.setup.Desk.Voice(lang)
		for _, root := range commands.Roots() {
			hint, about := v.Say("mattermost.hint_"+root), v.Say("root."+root)
			if strings.HasPrefix(hint, "<mattermost.") || strings.HasPrefix(about, "<root.") || len(about) > 128 || len(hint) > 1024 {
				t.Errorf("%s /%s: %q, %q (%d bytes)", lang, root, about, hint, len(about))
			}
		}
	}
}
