package commands

import (
	"slices"
	"strings"
	"unicode"

	"wardline/bot/hospital"
)

// spoken is the language somebody evidently writes, for people of whom nothing else tells it: "" if it is
// not evident. Chinese shows in any line. English shows in a question only: a command, a code or the text
// of an error is English whoever types it.
func spoken(l Line) hospital.Lang {
	texts := []string{l.Text}
	for _, value := range l.Args {
		texts = append(texts, value)
	}
	if slices.ContainsFunc(texts, func(s string) bool { return strings.ContainsFunc(s, han) }) {
		return hospital.ZH
	}
	text := strings.TrimLeft(clean(l.Text), slashes)
	first, rest := cut(text)
	switch {
	case fold(first) == "ask":
		text = rest
	case text != clean(l.Text):
		return ""
	}
	words := 0
	for word := range strings.FieldsSeq(text) {
		if len(word) > 1 && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) && r != '\'' && r != '?' }) {
			words++
		}
	}
	if words < 2 {
		return ""
	}
	return hospital.EN
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }
