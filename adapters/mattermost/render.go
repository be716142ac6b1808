package mattermost

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// What a post carries besides its text.
const (
	keyProp  = "wardline_key" // the effect key, by which it is found again
	botProp  = "from_bot"     // set on every change, or the server takes it away
	cardProp = "attachments"  // cards with buttons
	longest  = 16383          // characters of one post
	partSize = 14000          // of them for the text itself: the rest is for "(1/2)" and for who is called
)

// colours are those of the levels; the level is always said in words as well.
var colours = map[string]string{"L1": "#e0b000", "L2": "#e07800", "L3": "#d02020", "L4": "#800020"}

// calm is the colour of a board while nothing is down.
const calm = "#2f80c0"

// a sheet is one post as it shall be: words, and what stands in its card.
type sheet struct {
	key   string
	text  string
	card  *model.MessageAttachment
	loud  bool // marked urgent
	board bool
	files []string // ids of what is attached
}

// props are all properties of the post; what is left out of a change is lost.
func (s sheet) props() model.StringInterface {
	p := model.StringInterface{botProp: "true", keyProp: s.key}
	if s.card != nil {
		p[cardProp] = []*model.MessageAttachment{s.card}
	}
	return p
}

// render turns a message into posts: one, or several if it is long. Mention are user names to be called.
func render(m bot.Message, b buttons, room bot.RoomID, mention []string) []sheet {
	card := &model.MessageAttachment{Color: colours[m.Level], Actions: b.attach(m.Actions, room, "", time.Time{})}
	if m.Kind == bot.Board {
		return []sheet{board(m, card)}
	}
	if len(card.Actions) == 0 { // a card of colour alone is an empty box; the level is said in words
		card = nil
	}
	text := escape(m.Text)
	if m.Title != "" {
		text = strings.TrimSpace("**" + bold(m.Title) + "**\n" + text)
	}
	tail := ""
	if len(mention) > 0 {
		tail = cut("\n@"+strings.Join(mention, " @"), longest-partSize-len("(10/10)\n"))
	}
	parts := split(text, partSize) // whoever is called: the parts must be the same when they are looked for
	out := make([]sheet, len(parts))
	for i, part := range parts {
		if len(parts) > 1 {
			part = fmt.Sprintf("(%d/%d)\n%s", i+1, len(parts), part)
		}
		out[i] = sheet{key: partKey(m.EffectKey(), i), text: part, loud: m.Kind == bot.Broadcast && m.Urgency == bot.Safety}
	}
	last := &out[len(out)-1]
	last.text += tail
	last.card = card
	return out
}

// bold readies a line for standing between the signs of bold letters.
func bold(s string) string {
	return strings.ReplaceAll(escape(strings.Join(strings.Fields(s), " ")), "**", `\*\*`)
}

// board is the one post of a room that is changed in place. All of it stands in the card.
func board(m bot.Message, card *model.MessageAttachment) sheet {
	if card.Color == "" {
		card.Color = calm
	}
	card.Title = escape(m.Title)
	card.Fallback = m.Title
	card.Text = cut(escape(m.Text), longest)
	return sheet{key: m.EffectKey(), card: card, board: true}
}

// partKey is the key of the i-th post of a message.
func partKey(key string, i int) string {
	if i == 0 {
		return key
	}
	return key + "#" + strconv.Itoa(i+1)
}

// split cuts a text into parts of at most so many characters, at the end of a line where there is one.
func split(s string, most int) []string {
	var out []string
	for utf8.RuneCountInString(s) > most {
		at := 0
		for range most {
			_, size := utf8.DecodeRuneInString(s[at:])
			at += size
		}
		if line := strings.LastIndexByte(s[:at], '\n'); line > at/2 {
			out = append(out, s[:line])
			s = s[line+1:]
			continue
		}
		out = append(out, s[:at])
		s = s[at:]
	}
	return append(out, s)
}
