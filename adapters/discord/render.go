package discord

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"wardline/bot"
)

// Limits of a message. Discord counts characters; we count as the stricter of its parts do.
const (
	longestContent = 2000
	longestLead    = 300
	longestTitle   = 256
	longestText    = 3900 // of 4096 in a card, so that title, author and footer stay below 6000 with it
	mostMentions   = 100
	mostParts      = 20
)

// colours go with levels, and never alone: the text names the level too.
var colours = map[string]int{"L1": 0x3B88C3, "L2": 0xF4B400, "L3": 0xE8590C, "L4": 0xC92A2A}

// render makes Discord messages of one of ours: one, unless it is very long. Every card ends with the key by
// which it is found again, in its last part without a number.
func (a *Adapter) render(m bot.Message, now time.Time) []outgoing {
	lead, text := "", m.Text
	if m.Kind != bot.Board && m.Kind != bot.Relay {
		lead, text = split(m)
	}
	pieces := pieces(plain(text), longestText)
	if m.Kind == bot.Board && len(pieces) > 1 { // a board is one message
		pieces = []string{cut(pieces[0], longestText-1) + "\n…"}
	}
	if len(pieces) > mostParts {
		pieces = append(pieces[:mostParts-1], cut(pieces[mostParts-1], longestText-1)+"\n…")
	}
	var out []outgoing
	for i, piece := range pieces {
		part := outgoing{Allowed: mentions{Parse: []string{}}, Components: []component{}, Nonce: partKey(m.EffectKey(), i, len(pieces)), Enforce: true}
		card := embed{Description: piece, Color: colours[m.Level], Footer: &footer{Text: sign(m.EffectKey(), i, len(pieces))}}
		if i == 0 {
			part.Content, part.Allowed.Users = a.address(m, lead)
			switch {
			case m.Kind == bot.Relay && m.Title != "":
				card.Author = &signature{Name: cut(m.Title, longestTitle)}
			default:
				card.Title = cut(plain(m.Title), longestTitle)
			}
		}
		if at := m.At; !at.IsZero() || m.Kind == bot.Board {
			if m.Kind == bot.Board {
				at = now
			}
			card.Timestamp = at.UTC().Format(time.RFC3339) // Discord shows it in the reader's own zone
		}
		part.Embeds = []embed{card}
		out = append(out, part)
	}
	return out
}

// split takes off the first line, which is written above the card: a telephone's lock screen shows nothing
// else.
func split(m bot.Message) (lead, text string) {
	lead, text, _ = strings.Cut(m.Text, "\n")
	if m.Title != "" || length(lead) > longestLead {
		return "", m.Text
	}
	return lead, strings.TrimLeft(text, "\n")
}

// address is what stands above the card: whom the message calls, and its first line.
func (a *Adapter) address(m bot.Message, lead string) (content string, users []string) {
	var words []string
	for _, person := range m.Mention {
		if user := a.people.account(person); user != "" && len(users) < mostMentions && m.Kind != bot.Invite {
			words = append(words, "<@"+user+">")
			users = append(users, user)
		}
	}
	if lead != "" {
		words = append(words, plain(lead))
	}
	content = strings.Join(words, " ")
	for length(content) > longestContent && len(words) > 1 { // many are called: the last are, without being named
		words = append(words[:len(words)-2], words[len(words)-1])
		content = strings.Join(words, " ")
	}
	return content, users
}

// partKey names one part of a message towards Discord, in at most 25 characters.
func partKey(key string, i, n int) string {
	if i == n-1 {
		return key
	}
	return key + "." + strconv.Itoa(i+1)
}

// sign is the footer of a part: its number, if there are several, and its key.
func sign(key string, i, n int) string {
	if n == 1 {
		return key
	}
	return fmt.Sprintf("%d/%d · %s", i+1, n, partKey(key, i, n))
}

// signed reports whether a card of ours ends with a key.
func signed(p post, key string) bool {
	for _, e := range p.Embeds {
		if e.Footer == nil {
			continue
		}
		words := strings.Fields(e.Footer.Text)
		if len(words) > 0 && words[len(words)-1] == key {
			return true
		}
	}
	return false
}

// length counts a text as Discord's strictest part does.
func length(s string) int {
	n := 0
	for _, c := range s {
		n += width(c)
	}
	return n
}

// width is what one sign counts: two for those beyond the first 65,536, as for most emoji.
func width(c rune) int { return max(utf16.RuneLen(c), 1) }

// fitting is how many bytes of a text fit into so many characters.
func fitting(s string, most int) int {
	n := 0
	for at, c := range s {
		if n += width(c); n > most {
			return at
		}
	}
	return len(s)
}

// pieces cuts a text into pieces of at most so many characters: between lines, else between words, else
// anywhere but within an escape. There is always one; others are never empty.
func pieces(s string, most int) []string {
	var out []string
	for length(s) > most {
		head := s[:fitting(s, most)]
		at := strings.LastIndex(head, "\n")
		if at < len(head)/2 {
			at = max(at, strings.LastIndex(head, " "))
		}
		if at < len(head)/2 {
			at = len(head) - (len(head)-len(strings.TrimRight(head, `\`)))%2
		}
		if piece := strings.TrimRight(s[:at], " \n"); piece != "" {
			out = append(out, piece)
		}
		s = strings.TrimLeft(s[at:], " \n")
	}
	if s != "" || len(out) == 0 {
		out = append(out, s)
	}
	return out
}
