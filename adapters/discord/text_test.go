package discord_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wardline/adapters/discord"
)

func TestTextStaysAsItIs(t *testing.T) {
	for in, want := range map[string]string{
		"plain words, 你好":          "plain words, 你好",
		"a *b* and __c__":          `a \*b\* and \_\_c\_\_`,
		"db_name_1":                "db_name_1",
		"ask @everyone or @Here":   "ask @\u200beveryone or @\u200bHere",
		"<@123> <t:1:R>":           `\<@123> \<t:1:R>`,
		"# heading\n> quote\n-# s": "\\# heading\n\\> quote\n\\-# s",
		"- item\nno # heading":     "- item\nno # heading",
		"[x](http://evil)":         `\[x](http://evil)`,
		"[FIRST REPORT] INC-1":     "[FIRST REPORT] INC-1",
		"||secret|| `code` ~~x~~":  "\\|\\|secret\\|\\| \\`code\\` \\~\\~x\\~\\~",
		"见 http://pacs/_a_，*好*":    `见 http://pacs/_a_，\*好\*`,
		"http://pacs/a_b_*c":       "http://pacs/a_b_*c",
	} {
		if got := discord.Plain(in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}

// Whatever a text is, its pieces are short enough, lose nothing but space between words, and do not part a
// backslash from its sign.
func TestPiecesLoseNothing(t *testing.T) {
	bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
	rapid.Check(t, func(t *rapid.T) {
		text := discord.Plain(rapid.StringMatching(`[a-z*\\😀科 \n]{0,400}`).Draw(t, "text"))
		most := rapid.IntRange(20, 100).Draw(t, "most")
		pieces := discord.Pieces(text, most)
		for _, p := range pieces {
			if utf8.RuneCountInString(p) > most {
				t.Fatalf("%q is longer than %d", p, most)
			}
		}
		if got := bare(strings.Join(pieces, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, pieces)
		}
	})
}

func TestChannelNames(t *testing.T) {
	for title, want := range map[string]string{
		"INC-7 HIS is down": "inc-7-his-is-down",
		"INC-8 医院信息系统：打不开（全院）": "inc-8-医院信息系统-打不开-全院",
		"  !!! ":                    "inc-9",
		strings.Repeat("long ", 40): strings.Repeat("long-", 18)[:89],
	} {
		if got := discord.ChannelName(title, "inc/9"); got != want {
			t.Errorf("%q is called %q, want %q", title, got, want)
		}
	}
}
