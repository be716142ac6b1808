package discord

import (
	"strings"
	"unicode"

	"wardline/bot"
	"wardline/bot/hospital"
)

// Limits of a channel.
const (
	longestName  = 90 // of 100: a server may write some signs longer
	longestTopic = 1024
)

// channelName makes of a title what a text channel may be called: small letters, digits and signs of other
// scripts, dashes between words. What Discord makes of it stands in its answer.
func channelName(title string, id bot.RoomID) string {
	var b strings.Builder
	dash := true
	n := 0
	for _, c := range strings.ToLower(title) {
		switch {
		case n >= longestName:
		case unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_':
			b.WriteRune(c)
			dash = false
			n += width(c)
		case !dash:
			b.WriteRune('-')
			dash = true
			n++
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		return strings.ReplaceAll(string(id), "/", "-")
	}
	return name
}

// topic is what a room is for, with the mark by which it is known.
func topic(about, mark string) string {
	if about == "" {
		return mark
	}
	about = strings.Join(strings.Fields(about), " ")
	return cut(about, longestTopic-len(mark)-3) + " · " + mark
}

// cut shortens a text to so many characters, counted as Discord's strictest part does.
func cut(s string, most int) string {
	if length(s) <= most {
		return s
	}
	return strings.TrimRight(s[:fitting(s, most-1)], " ") + "…"
}

func (r *rooms) lang(l hospital.Lang) hospital.Lang {
	if l == "" {
		return r.config.Lang
	}
	return l
}
