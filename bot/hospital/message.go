package hospital

import (
	"fmt"
	"slices"
	"strings"
)

// Audience is the kind of reader a message is laid out for.
type Audience string

// The audiences.
const (
	ForClinical Audience = "clinical"
	ForLeaders  Audience = "leaders"
	ForEngineer Audience = "engineer"
	ForOverhead Audience = "overhead" // read aloud over the loudspeakers
	ForAll      Audience = "all"
)

// Template is the layout of one message.
type Template struct {
	ID       string
	Audience Audience
	Text     Text
	Fields   []string // the names to fill, in order of appearance
}

// Limits is how large a message to an audience may be; 0 is no limit.
type Limits struct {
	MaxLines   int
	MaxCharsZH int
	MaxWordsEN int
	Order      []string // what comes first to last
}

// Rules hold for every message.
type Rules struct {
	Always  []string // what every message says
	Never   []string // what no message says
	Wording []Text   // advice to those who write by hand
}

// messageFields lists the names the bot can fill in a message: those the built-in layouts use.
// The set is closed, because a name nobody fills would keep a message from being sent.
func messageFields(messages *node) map[string]bool {
	names := map[string]bool{}
	t := messages.get("templates")
	if t == nil {
		return names
	}
	for _, item := range t.items {
		for _, l := range Langs() {
			if v := item.get(string(l)); v != nil {
				for _, f := range fieldsOf(v.text) {
					names[f] = true
				}
			}
		}
	}
	return names
}

func readMessages(t *row, p *Pack, builtin *node) {
	defer t.done()
	t.r.texts = messageFields(builtin)
	defer func() { t.r.texts = nil }()
	t.head(p)
	if v := t.value("rules", true); v != nil {
		t.r.rules(v, p)
	}
	p.fieldHelp = map[string]Text{}
	for _, e := range t.table("fields") {
		if !t.r.texts[e.key] {
			t.r.problem(e.n, e.path, "no message has this field", "use a name from a template")
		}
		p.fieldHelp[e.key] = t.r.text(e.n, e.path)
	}
	for _, c := range t.list("templates") {
		p.messages = append(p.messages, t.r.template(c, p))
	}
	for _, item := range builtin.get("templates").items {
		id := identity(item)
		if !slices.ContainsFunc(p.messages, func(m Template) bool { return m.ID == id }) {
			t.r.problem(t.n, index("templates", id), "the bot cannot do without this message", "keep it, or change its text")
		}
	}
}

func (r *reader) rules(n *node, p *Pack) {
	t := r.row(n, "rules")
	defer t.done()
	p.limits = map[Audience]Limits{}
	for key, audience := range map[string]Audience{"clinical": ForClinical, "leader": ForLeaders, "engineer": ForEngineer} {
		v := t.value(key, true)
		if v == nil {
			continue
		}
		l := r.row(v, dot("rules", key))
		p.limits[audience] = Limits{
			MaxLines:   l.optNum("max_lines", 3, 60),
			MaxCharsZH: l.optNum("max_chars_zh", 40, 4000),
			MaxWordsEN: l.optNum("max_words_en", 20, 2000),
			Order:      l.strs("order"),
		}
		l.done()
	}
	p.rules = Rules{Always: t.strs("always"), Never: t.strs("never"), Wording: t.texts("wording")}
}

func (r *reader) template(c child, p *Pack) Template {
	t := r.row(c.n, c.path)
	defer t.done()
	m := Template{
		ID: t.ident(upperID, "CLIN-DOWN"),
		Audience: Audience(t.oneOf("audience", string(ForClinical), string(ForLeaders), string(ForEngineer),
			string(ForOverhead), string(ForAll))),
		Text: t.inline(),
	}
	m.Fields = fieldsOf(m.Text.ZH + m.Text.EN)
	for _, l := range Langs() {
		lines := strings.Count(m.Text.In(l), "\n") + 1
		if limit := p.limits[m.Audience].MaxLines; limit > 0 && lines > limit {
			r.problem(t.n.get(string(l)), dot(c.path, string(l)), fmt.Sprintf("has %d lines, more than a reader takes in", lines),
				fmt.Sprintf("keep it within %d, or raise rules max_lines", limit))
		}
	}
	return m
}
