package mattermost_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"wardline/adapters/mattermost"
)

func TestPlainTextIsShownAsItIs(t *testing.T) {
	for _, c := range [][2]string{
		{"ORA-12541: TNS:no listener", "ORA-12541: TNS:no listener"},
		{`C:\HIS\order_entry.exe`, `C:\HIS\order_entry.exe`},
		{`\\files01\share`, `\\\files01\share`},
		{"2 * 3 = 6", "2 * 3 = 6"},
		{"*p = 0; *q = 1", `\*p = 0; \*q = 1`},
		{"note*", "note*"},
		{"ward_surg, ward_icu", "ward_surg, ward_icu"},
		{"__init__ failed", `\_\_init\_\_ failed`},
		{"`x` and `y`", "\\`x\\` and \\`y\\`"},
		{"it's `odd", "it's `odd"},
		{"~~gone~~ ~ok", `\~\~gone\~\~ ~ok`},
		{"# 3 beds", `\# 3 beds`},
		{"#3 beds", "#3 beds"},
		{"> 8 h", `\> 8 h`},
		{"a\n---\nb", "a\n\\---\nb"},
		{"a | b\n--|--\nc", "a \\| b\n--\\|--\nc"},
		{"a | b", "a | b"},
		{"[pay](http://x.example)", `\[pay](http://x.example)`},
		{"[1] first", "[1] first"},
		{"state :listener: 12:30:45", `state \:listener: 12:30:45`},
		{"1. 用纸质单\n2. 记时间\n- 通知", "1. 用纸质单\n2. 记时间\n- 通知"},
		{"@channel 请看", "@\u200bchannel 请看"},
		{"问@all和@张三", "问@\u200ball和@\u200b张三"},
		{"a.png http://chat/_redirect/pl/x、b.png http://chat/_redirect/pl/y", "a.png http://chat/_redirect/pl/x、b.png http://chat/_redirect/pl/y"},
		{"mail it@hospital.example, 5 @ 3", "mail it@hospital.example, 5 @ 3"},
		{"x@here", "x@\u200bhere"},
	} {
		if got := mattermost.Escape(c[0]); got != c[1] {
			t.Errorf("%q is sent as %q, want %q", c[0], got, c[1])
		}
	}
}

// Whatever people write, nothing of it is lost: without what was put in, the text is as it was.
func TestNothingIsLostByEscaping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("ab @#*_~`|>[](:)-=\n 张.1")), 0, 60, -1).Draw(t, "text")
		got := strings.ReplaceAll(strings.ReplaceAll(mattermost.Escape(s), "\u200b", ""), `\`, "")
		if got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestLongTextIsCutBetweenCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("a张😀\n")), 0, 200, -1).Draw(t, "text")
		most := rapid.IntRange(1, 40).Draw(t, "most")
		parts := mattermost.Split(s, most)
		for _, p := range parts {
			if n := utf8.RuneCountInString(p); n > most || !utf8.ValidString(p) {
				t.Fatalf("a part has %d characters, at most %d are wanted: %q", n, most, p)
			}
		}
		if got := strings.ReplaceAll(strings.Join(parts, ""), "\n", ""); got != strings.ReplaceAll(s, "\n", "") {
			t.Fatalf("%q became %q", s, parts)
		}
	})
}
