package bot

import (
	"strings"
	"unicode"

	"wardline/bot/hospital"
)

// own returns what the hospital wrote for a placeholder. A value in both languages is written
// "Chinese / English": who reads one of them must not pick it out of the other.
func (v Voice) own(name string) string {
	value := v.desk.opts.Fill[name]
	zh, en, both := strings.Cut(value, " / ")
	switch {
	case !both || !hasHan(zh) || hasHan(en):
		return value
	case v.Lang == hospital.EN:
		return en
	}
	return zh
}

func (v Voice) owns() map[string]string {
	out := make(map[string]string, len(v.desk.opts.Fill))
	for name := range v.desk.opts.Fill {
		out[name] = v.own(name)
	}
	return out
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
