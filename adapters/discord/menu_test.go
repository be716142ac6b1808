package discord_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/memory"
)

// An entry is any part of the menu: command, subcommand, option.
type entry struct {
	Type          int               `json:"type"`
	Name          string            `json:"name"`
	NameIn        map[string]string `json:"name_localizations"`
	Description   string            `json:"description"`
	DescriptionIn map[string]string `json:"description_localizations"`
	Required      bool              `json:"required"`
	Autocomplete  bool              `json:"autocomplete"`
	Rights        *string           `json:"default_member_permissions"`
	Choices       []struct {
		Name   string            `json:"name"`
		NameIn map[string]string `json:"name_localizations"`
		Value  string            `json:"value"`
	} `json:"choices"`
	Options []entry `json:"options"`
}

// defaultMenu is the menu of the built-in hospital.
func defaultMenu(t *testing.T) ([]entry, *commands.Handler) {
	t.Helper()
	store, err := storage.Open(memory.New(), storage.Options{})
	must(t, err)
	o := adaptertest.Options(t)
	o.Store = store
	desk, err := bot.New(t.Context(), o)
	must(t, err)
	h := commands.New(desk)
	raw, err := discord.Menu(h.Menu(hospital.EN), h.Menu(hospital.ZH))
	must(t, err)
	var menu []entry
	must(t, json.Unmarshal(raw, &menu))
	return menu, h
}

var nameRule = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// TestTheMenuKeepsDiscordsLimits holds the menu of the built-in hospital to every limit there is.
func TestTheMenuKeepsDiscordsLimits(t *testing.T) {
	menu, _ := defaultMenu(t)
	if len(menu) != 6 || len(menu) > 100 {
		t.Fatalf("%d commands", len(menu))
	}
	for _, c := range menu {
		t.Logf("/%s has %d of 8000 characters and %d of 25 commands", c.Name, weight(c), len(c.Options))
		if n := weight(c); n > 8000 {
			t.Errorf("/%s has %d characters of 8000", c.Name, n)
		}
		if c.Rights != nil {
			t.Errorf("/%s needs the right %s; who may is ours to say", c.Name, *c.Rights)
		}
		check(t, "/"+c.Name, c, 0)
	}
}

func check(t *testing.T, path string, e entry, depth int) {
	t.Helper()
	names := append([]string{e.Name}, values(e.NameIn)...)
	for _, n := range names {
		if !nameRule.MatchString(n) || n != strings.ToLower(n) {
			t.Errorf("%s may not be called %q", path, n)
		}
	}
	for _, d := range append([]string{e.Description}, values(e.DescriptionIn)...) {
		if n := utf8.RuneCountInString(d); n < 1 || n > 100 || strings.HasPrefix(d, "<") {
			t.Errorf("%s is described as %q", path, d)
		}
	}
	if len(e.Options) > 25 || len(e.Choices) > 25 || e.Autocomplete && len(e.Choices) > 0 {
		t.Errorf("%s has %d options and %d choices", path, len(e.Options), len(e.Choices))
	}
	if depth > 3 {
		t.Errorf("%s lies too deep", path)
	}
	for _, c := range e.Choices {
		for _, n := range append([]string{c.Name, c.Value}, values(c.NameIn)...) {
			if k := utf8.RuneCountInString(n); k < 1 || k > 100 {
				t.Errorf("%s offers %q", path, n)
			}
		}
	}
	optional := false
	for _, o := range e.Options {
		if optional && o.Required {
			t.Errorf("%s: %s is required after one that is not", path, o.Name)
		}
		optional = optional || !o.Required
		check(t, path+" "+o.Name, o, depth+1)
	}
	for _, in := range []func(entry) string{
		func(o entry) string { return o.Name }, func(o entry) string { return o.NameIn["zh-CN"] }, func(o entry) string { return o.NameIn["zh-TW"] },
	} {
		seen := map[string]bool{}
		for _, o := range e.Options {
			if n := in(o); n != "" && seen[n] {
				t.Errorf("%s has %q twice", path, n)
			} else {
				seen[n] = true
			}
		}
	}
}

// weight counts what Discord counts: names, descriptions and values, of texts in many languages the longest.
func weight(e entry) int {
	n := longest(e.Name, e.NameIn) + longest(e.Description, e.DescriptionIn)
	for _, c := range e.Choices {
		n += longest(c.Name, c.NameIn) + utf8.RuneCountInString(c.Value)
	}
	for _, o := range e.Options {
		n += weight(o)
	}
	return n
}

func longest(s string, in map[string]string) int {
	n := utf8.RuneCountInString(s)
	for _, other := range in {
		n = max(n, utf8.RuneCountInString(other))
	}
	return n
}

func values(in map[string]string) (out []string) {
	for _, v := range in {
		out = append(out, v)
	}
	return out
}

// TestAMenuThatIsTooLongHasARoomBehind gives one root more commands than Discord shows.
func TestAMenuThatIsTooLongHasARoomBehind(t *testing.T) {
	var table []commands.Entry
	for i := range 40 {
		table = append(table, commands.Entry{Root: "outage", RootDescription: "x", Verb: fmt.Sprintf("verb-%d", i), Description: "x"})
	}
	raw, err := discord.Menu(table, table)
	must(t, err)
	var menu []entry
	must(t, json.Unmarshal(raw, &menu))
	check(t, "/outage", menu[0], 0)
	last := menu[0].Options[len(menu[0].Options)-1]
	if menu[0].Options[23].Name != "verb-23" || last.Name != "more" || len(last.Options) != 16 || last.Options[15].Name != "verb-39" {
		t.Errorf("the menu ends with %s, which holds %d", last.Name, len(last.Options))
	}
}

// TestTheMenuIsTheTable finds every command and every argument of the table in the menu, in Chinese too.
func TestTheMenuIsTheTable(t *testing.T) {
	menu, h := defaultMenu(t)
	find := func(list []entry, name string) (entry, bool) {
		i := slices.IndexFunc(list, func(e entry) bool { return e.Name == name })
		if i < 0 {
			return entry{}, false
		}
		return list[i], true
	}
	unnamed := 0
	for _, want := range h.Menu(hospital.EN) {
		root, _ := find(menu, want.Root)
		name := want.Verb
		if name == "" {
			name = want.Args[0].Name
		}
		sub, ok := find(root.Options, name)
		if !ok || sub.NameIn["zh-CN"] == "" {
			t.Errorf("/%s %s is not in the menu, or not in Chinese", want.Root, want.Verb)
			continue
		}
		for _, a := range want.Args {
			o, ok := find(sub.Options, a.Name)
			switch {
			case !ok:
				t.Errorf("/%s %s takes no %s", want.Root, name, a.Name)
			case o.NameIn["zh-CN"] == "":
				unnamed++
			}
			few := a.Kind == commands.Choice || a.Kind == commands.Level || a.Kind == commands.Yes || a.Kind == commands.Role
			many := a.Kind == commands.Systems || a.Kind == commands.Departments || a.Kind == commands.Department || a.Kind == commands.People || a.Kind == commands.Rooms || a.Kind == commands.Incident
			if few && len(o.Choices) == 0 || many && !o.Autocomplete {
				t.Errorf("/%s %s %s offers nothing", want.Root, name, a.Name)
			}
		}
	}
	if unnamed > 0 {
		t.Errorf("%d arguments have no Chinese name", unnamed)
	}
	if ask, _ := find(menu, "ask"); ask.NameIn["zh-CN"] != "问" {
		t.Errorf("/ask is called %q", ask.NameIn["zh-CN"])
	}
}

// TestTheMenuIsWrittenOnlyWhenItDiffers restarts the bot, then lets somebody spoil the menu.
func TestTheMenuIsWrittenOnlyWhenItDiffers(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.hears = true
	written := func() int {
		return len(s.discord.Requests("PUT /applications/{application_id}/guilds/{guild_id}/commands"))
	}
	registered := func(n int, line string) {
		t.Helper()
		adaptertest.Eventually(t, enough, func() string {
			if !s.log.wrote(line) || written() != n {
				return "the menu is not as it was to be\n" + s.log.String()
			}
			return ""
		})
		s.log.forget()
	}
	s.start()
	registered(1, "commands are registered")
	s.stop()
	s.start()
	registered(1, "commands are as they were")
	s.stop()
	api := discord.NewCaller(s.discord.URL()+"/api/v10", s.discord.Token(), nil)
	var list []map[string]any
	path := "/applications/" + s.discord.AppID() + "/guilds/" + s.discord.GuildID() + "/commands"
	must(t, api.Do(t.Context(), bot.Reply, "GET", path+"?with_localizations=true", nil, &list))
	if len(list) != 6 || list[0]["id"] == "" || list[0]["name"] != "outage" {
		t.Fatalf("the server knows %v", list)
	}
	must(t, api.Do(t.Context(), bot.Reply, "PUT", path, []map[string]any{{"name": "spoilt", "description": "x"}}, nil))
	s.start()
	registered(3, "commands are registered")
	s.stop()
}
