package commands

import (
	"time"

	"wardline/bot/hospital"
)

// Word is one word of a scanned line.
type Word struct {
	Key, Text string
	Quoted    bool
}

// Scan cuts a line into words.
func Scan(line string) []Word {
	var out []Word
	for _, w := range scan(line) {
		out = append(out, Word{w.key, w.text, w.quoted})
	}
	return out
}

// Quote writes a value so that Scan reads it back as one word.
func Quote(s string) string { return quote(s) }

// Table lists the commands.
func Table() []Spec { return table() }

// Bind returns what a line gives to the arguments of its command, and the phrases of its troubles.
func (h *Handler) Bind(line string, now time.Time) (command string, given map[string]string, troubles []string) {
	c := h.call(Line{Platform: "web", User: "wang", Room: "it"})
	spec, rest, reply := h.find(c, clean(line))
	if reply != nil {
		return "", nil, nil
	}
	b := h.grammar.bindLine(spec, rest, now)
	for _, t := range b.troubles {
		troubles = append(troubles, t.phrase)
	}
	return spec.Name(), b.given, troubles
}

// Again writes a command with its arguments as a button does.
func (h *Handler) Again(s Spec, given map[string]string) string {
	c := &Call{h: h, Spec: s}
	c.given = given
	return c.again()
}

// Help explains one command to somebody who may not give it, in a language.
func (h *Handler) Help(s Spec, lang hospital.Lang) Reply {
	c := h.call(Line{Platform: "web", User: "nobody", Room: "it"})
	c.Voice = h.desk.Voice(lang)
	return c.commandHelp(s)
}

// Words returns the other words for a word of the grammar.
func (h *Handler) Words(word string) []string { return h.grammar.words[word] }
