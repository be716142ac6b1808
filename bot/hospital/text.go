package hospital

import (
	"regexp"
	"slices"
	"strings"
)

// Lang is a language people read.
type Lang string

// The languages of a pack. Neither is a translation of second rank: every text has both.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Langs returns the languages in the order in which a bilingual text shows them.
func Langs() []Lang {
	return []Lang{ZH, EN}
}

// Text is one text in every language.
type Text struct {
	ZH, EN string
}

// In returns the text in language l; a language nobody knows reads English.
func (t Text) In(l Lang) string {
	if l == ZH {
		return t.ZH
	}
	return t.EN
}

// Words are the names and phrases people use for one thing, by language.
type Words struct {
	ZH, EN []string
}

// In returns the words of language l; a language nobody knows reads English.
func (w Words) In(l Lang) []string {
	if l == ZH {
		return w.ZH
	}
	return w.EN
}

// field is a {name} inside a text. Anything else in braces is plain text.
var field = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// Fill replaces each {name} of text by its value. A name without a value, or with an empty one, is
// left as it stands and reported in missing, once and in order of appearance, so that a caller can
// refuse to send what is not filled. Values are never searched for names themselves.
func Fill(text string, values map[string]string) (out string, missing []string) {
	out = field.ReplaceAllStringFunc(text, func(m string) string {
		name := m[1 : len(m)-1]
		if v := values[name]; strings.TrimSpace(v) != "" {
			return v
		}
		if !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return m
	})
	return out, missing
}

// fieldsOf lists the names in text, once each, in order of appearance.
func fieldsOf(text string) []string {
	var names []string
	for _, m := range field.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}
