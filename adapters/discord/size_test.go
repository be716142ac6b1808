package discord_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"

	"pgregory.net/rapid"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

// units counts a text as the strictest of Discord's parts does.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// signs are what people of two languages type, and what gets in the way.
var signs = []rune("abc XYZ 012\n\n  科室住院处医嘱系统，。（）😀👩🏽‍⚕️🏥\\\\*_~`|<>#-@[]()\u200b𠮷é")

// texts are made of them, of any length up to some.
func texts(most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		unit := rapid.StringOfN(rapid.SampledFrom(signs), 0, 40, -1).Draw(t, "unit")
		return strings.Repeat(unit, rapid.IntRange(1, max(1, most/max(1, len(unit)))).Draw(t, "times"))
	})
}

// bare is a text without what may go where it is cut.
func bare(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
}

// A written message as Discord counts it.
type written struct {
	Content string
	Embeds  []struct {
		Title, Description string
		Author             *struct{ Name string }
		Footer             *struct{ Text string }
	}
}

// TestWhateverIsSaidFitsAndIsWhole writes messages of all kinds.
func TestWhateverIsSaidFitsAndIsWhole(t *testing.T) {
	a := newRig(t, calm).adapter
	rapid.Check(t, func(t *rapid.T) {
		m := bot.Message{
			ID: "inc/1/2/3", Room: "inc/1", Text: texts(9000).Draw(t, "text"), Title: texts(600).Draw(t, "title"),
			Kind: rapid.SampledFrom([]bot.MessageKind{bot.Notice, bot.Board, bot.Answer, bot.Relay}).Draw(t, "kind"),
		}
		raw := a.Written(m)
		var parts []written
		if err := json.Unmarshal(raw, &parts); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range parts {
			sum := 0
			count := func(what, s string, most int) {
				if sum += units(s); units(s) > most {
					t.Fatalf("%s has %d characters", what, units(s))
				}
			}
			for _, e := range p.Embeds {
				count("a title", e.Title, 256)
				count("a text", e.Description, 4096)
				if e.Author != nil {
					if count("an author", e.Author.Name, 256); e.Author.Name == "" {
						t.Fatal("an author has no name")
					}
				}
				if e.Footer != nil {
					count("a footer", e.Footer.Text, 2048)
				}
				got += e.Description
			}
			if sum > 6000 || units(p.Content) > 2000 {
				t.Fatalf("%d in the cards, %d above", sum, units(p.Content))
			}
			got = p.Content + got
		}
		if m.Kind != bot.Board && bare(got) != bare(discord.Plain(m.Text)) {
			t.Fatalf("%q became %q", m.Text, got)
		}
	})
}

// TestAnythingTypedIsCutSomewhere has nothing but signs that belong together.
func TestAnythingTypedIsCutSomewhere(t *testing.T) {
	for _, text := range []string{strings.Repeat(`\`, 5000), strings.Repeat("\n", 5000) + "x", strings.Repeat(" ", 5000), strings.Repeat("😀", 3000), strings.Repeat("字", 5000)} {
		whole := discord.Plain(text)
		list := discord.Pieces(whole, 1900)
		for i, p := range list {
			if units(p) > 1900 || p == "" && i > 0 {
				t.Errorf("a piece of %.5q has %d characters", text, units(p))
			}
		}
		if bare(strings.Join(list, "")) != bare(whole) {
			t.Errorf("%.5q is not whole", text)
		}
	}
}

// TestWhateverIsOnAFormFits makes fields with any words.
func TestWhateverIsOnAFormFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) commands.Option {
			return commands.Option{Value: rapid.SampledFrom([]string{"a", "b", "c", "d", strings.Repeat("v", 120)}).Draw(t, "value"), Label: texts(200).Draw(t, "label")}
		}), 0, 30).Draw(t, "options")
		f := commands.Field{
			Name: "field", Label: texts(100).Draw(t, "label"), Hint: texts(300).Draw(t, "hint"), Value: rapid.SampledFrom([]string{"", "a", "a,b,c"}).Draw(t, "value"),
			Kind: rapid.SampledFrom([]commands.FieldKind{commands.Text, commands.LongText, commands.Pick, commands.PickMany}).Draw(t, "kind"), Options: options,
		}
		raw := discord.Input(f)
		var made struct {
			Label     string
			Component struct {
				Placeholder, Value string
				Max                *int `json:"max_values"`
				Options            []struct {
					Label, Value string
					Default      bool
				}
			}
		}
		if err := json.Unmarshal(raw, &made); err != nil {
			t.Fatal(err)
		}
		c := made.Component
		if n := units(made.Label); n < 1 || n > 45 || units(c.Placeholder) > 100 || units(c.Value) > 4000 || len(c.Options) > 25 {
			t.Fatalf("%s", raw)
		}
		seen, marked := map[string]bool{}, 0
		for _, o := range c.Options {
			if o.Label == "" || units(o.Label) > 100 || o.Value == "" || units(o.Value) > 100 || seen[o.Value] {
				t.Fatalf("%s", raw)
			}
			if seen[o.Value] = true; o.Default {
				marked++
			}
		}
		if c.Max != nil && (marked > *c.Max || *c.Max > len(c.Options)) {
			t.Fatalf("%d of %d are chosen, at most %d of %s", marked, len(c.Options), *c.Max, raw)
		}
	})
}

// TestListsOfSixtyDepartmentsComeWhole has the bot say the phone list and the matrix of the wards of a large hospital,
// in answer to a command, to a mention, and in a room. Each department's line is in one message, whole and in order.
func TestListsOfSixtyDepartmentsComeWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	for name, line := range map[string]string{
		"phones": "%02d 心血管内科第%d病区（住院部东楼）— 电话 6%03d，夜间 139%08d，仍未回应，请派人",
		"wards":  "%02d | Cardiology ward %d, east wing | ext. 6%03d | pager %08d | 🔴 silent for 25 min | needs: forms, runner | since 14:%[1]02d",
	} {
		var want []string
		for n := range 60 {
			want = append(want, fmt.Sprintf(line, n+1, n+1, n, n))
		}
		whole := func(where string, said []string) {
			t.Helper()
			var got []string
			for _, m := range said {
				for l := range strings.Lines(m) {
					if l = strings.TrimSpace(strings.ReplaceAll(l, `\`, "")); l != "" {
						got = append(got, l)
					}
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %d lines of 60 in %d messages: %q", name, where, len(got), len(said), got)
			}
		}
		text := strings.Join(want, "\n")
		r.answers(func(commands.Line) *commands.Reply { return &commands.Reply{Text: text, Lang: hospital.ZH} })
		lin := r.people["lin"]
		i := lin.Slash(r.rooms[bot.IT], "outage list", nil)
		said := []string{i.Answer().Content}
		parts := len(discord.Pieces(discord.Plain(text), 1900))
		more, _ := i.AwaitFollowUps(enough, parts-1)
		for _, m := range more {
			said = append(said, m.Content)
		}
		whole("a command", said)

		before := len(r.discord.Messages(lin.DMChannel()))
		lin.Say(r.rooms[bot.IT], "<@"+r.discord.BotID()+"> 名单")
		all, _ := r.discord.AwaitMessages(lin.DMChannel(), enough, func(list []discordtest.Message) bool { return len(list) >= before+parts })
		said = nil
		for _, m := range all[before:] {
			said = append(said, m.Content)
		}
		whole("a mention", said)

		before = len(r.discord.Messages(r.rooms[adaptertest.Leaders]))
		m := bot.Message{ID: bot.MessageID("x/" + name), Platform: "discord", Room: adaptertest.Leaders, Kind: bot.Notice, Title: name, Text: text, At: time.Now()}
		_, err := r.adapter.Say(t.Context(), m, "")
		must(t, err)
		said = nil
		for _, m := range r.discord.Messages(r.rooms[adaptertest.Leaders])[before:] {
			for _, e := range m.Embeds {
				said = append(said, fmt.Sprint(e["description"]))
			}
		}
		whole("a room", said)
	}
}
