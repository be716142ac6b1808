package commands

import (
	"context"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/hospital"
)

// wardlineSpecs are the commands about the bot itself.
func wardlineSpecs() []Spec {
	return []Spec{
		{Root: "wardline", Verb: "help", run: help, Args: []Arg{{Name: "topic", Kind: Words, Plain: true}}},
		{
			Root: "wardline", Verb: "lang", run: lang,
			Args: []Arg{
				{Name: "language", Kind: Choice, Choices: []string{"zh", "en"}, Required: true, Plain: true},
				{Name: "rooms", Kind: Choice, Choices: []string{"room"}, Plain: true},
			},
		},
		{Root: "wardline", Verb: "whoami", run: whoami},
		{Root: "wardline", Verb: "doctor", run: doctor},
	}
}

// lang sets the language the speaker is answered in, or that of the room for those who may.
func lang(ctx context.Context, c *Call) (Reply, error) {
	to := c.text("language")
	name := "lang/" + string(c.Person.ID)
	phrase := "done.lang"
	if c.has("rooms") {
		if !c.h.desk.May(c.Person, c.In, bot.Coordinator, bot.Leader) {
			c.Spec.Needs = []bot.Role{bot.Coordinator, bot.Leader}
			return c.notAllowed(), nil
		}
		name, phrase = "lang/"+string(c.Line.Room), "done.lang_room"
	}
	if err := c.h.desk.Remember(ctx, bot.Mark{Name: name, Value: to}); err != nil {
		return Reply{}, err
	}
	if phrase == "done.lang" {
		c.Voice = c.h.desk.Voice(c.h.grammar.lang(to))
	}
	return c.say(phrase, "lang", c.choiceLabel(to)), nil
}

// whoami tells people what the bot takes them for.
func whoami(_ context.Context, c *Call) (Reply, error) {
	var roles []string
	for _, r := range []bot.Role{bot.Coordinator, bot.Engineer, bot.Leader} {
		if c.h.desk.May(c.Person, c.In, r) {
			roles = append(roles, c.Voice.Word(r))
		}
	}
	if len(roles) == 0 {
		roles = append(roles, c.Voice.Word(bot.Clinical))
	}
	return c.say("whoami", "name", c.Person.Name, "id", string(c.Person.ID), "department", c.Voice.Word(c.Person.Department), "roles", roles,
		"lang", c.choiceLabel(string(c.Voice.Lang))), nil
}

// doctor checks what the bot can check about itself.
func doctor(_ context.Context, c *Call) (Reply, error) {
	var lines []string
	for _, check := range c.h.desk.Doctor() {
		phrase := "doctor.ok"
		if !check.OK {
			phrase = "doctor.bad"
		}
		lines = append(lines, c.Voice.Say(phrase, "what", c.Voice.Say("doctor."+check.Name, check.Args...)))
	}
	return Reply{Text: strings.Join(lines, "\n")}, nil
}

// help explains a command, or lists what the speaker may say.
func help(_ context.Context, c *Call) (Reply, error) {
	topic := strings.TrimLeft(clean(c.text("topic")), slashes)
	if topic == "" {
		return c.overview(), nil
	}
	first, tail := cut(topic)
	root := c.h.grammar.pick(first, c.h.grammar.roots())
	if root == "" {
		if meant := c.h.grammar.withVerb(first); len(meant) == 1 {
			spec, _ := c.h.grammar.spec(strings.TrimLeft(meant[0], slashes))
			return c.commandHelp(spec), nil
		}
		return c.unknownRoot(first, ""), nil
	}
	verb, _ := cut(tail)
	if v := c.h.grammar.pick(verb, c.h.grammar.verbs(root)); verb != "" && v != "" {
		spec, _ := c.h.grammar.spec(root + " " + v)
		return c.commandHelp(spec), nil
	}
	return c.rootHelp(root), nil
}

// overview is what a newcomer needs: one line per root, and the commonest things as buttons.
func (c *Call) overview() Reply {
	lines := []string{c.Voice.Say("help.head")}
	for _, root := range c.h.grammar.roots() {
		lines = append(lines, c.rootLine(root))
	}
	lines = append(lines, c.Voice.Say("help.foot"))
	return Reply{Text: strings.Join(lines, "\n"), Actions: c.common()}
}

// rootLine describes a root, with the other words for it in the reader's own script.
func (c *Call) rootLine(root string) string {
	var own []string
	for _, w := range c.h.grammar.words[root] {
		if hasHan(w) == (c.Voice.Lang == hospital.ZH) {
			own = append(own, w)
		}
	}
	words := ""
	if len(own) > 0 {
		words = c.Voice.Word(own)
	}
	return c.Voice.Say("help.root", "root", root, "text", c.Voice.Say("root."+root), "words", words)
}

// common are the things most people want, as far as the speaker may do them.
func (c *Call) common() []bot.Action {
	var out []bot.Action
	for _, name := range []string{"outage declare", "outage status", "outage symptom", "ask", "downtime procedure", "fix progress", "digest now"} {
		if spec, ok := c.h.grammar.spec(name); ok && c.may(spec) {
			out = append(out, bot.Action{Label: c.Voice.Say(spec.Phrase()), Line: "/" + name})
		}
	}
	return out
}

// rootHelp lists the verbs of a root; those the speaker may not give say who may.
func (c *Call) rootHelp(root string) Reply {
	reply := Reply{}
	lines := []string{c.rootLine(root)}
	for _, s := range c.h.grammar.table {
		if s.Root != root {
			continue
		}
		var roles []string
		if !c.may(s) {
			for _, r := range s.Needs {
				roles = append(roles, c.Voice.Word(r))
			}
		} else if len(reply.Actions) < 8 {
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say(s.Phrase()), Line: "/" + s.Name()})
		}
		who := ""
		if len(roles) > 0 {
			who = c.Voice.Word(roles)
		}
		lines = append(lines, c.Voice.Say("help.verb", "command", "/"+s.Name(), "text", c.Voice.Say(s.Phrase()), "roles", who))
	}
	reply.Text = strings.Join(lines, "\n")
	return reply
}

// mostChoices is how many choices of an argument help lists; systems and departments are too many.
const mostChoices = 20

// commandHelp explains one command with an example.
func (c *Call) commandHelp(s Spec) Reply {
	c.Spec = s
	lines := []string{
		c.Voice.Say("help.verb", "command", "/"+s.Name(), "text", c.Voice.Say(s.Phrase()), "roles", c.who(s)),
		c.Voice.Say("usage.example", "example", c.Voice.Say(s.Phrase()+".example")),
	}
	for _, a := range s.Args {
		if a.Name == "incident" {
			continue
		}
		phrase := "help.arg"
		if a.Required {
			phrase = "help.arg_required"
		}
		var choices []string
		for _, o := range c.options(a) {
			choices = append(choices, c.typed(o.Value))
		}
		if len(choices) > mostChoices {
			choices = nil
		}
		text := ""
		if len(choices) > 0 {
			text = c.Voice.Word(choices)
		}
		lines = append(lines, c.Voice.Say(phrase, "name", a.Name, "label", c.label(a.Name), "choices", text))
	}
	return Reply{Text: strings.Join(lines, "\n"), Actions: []bot.Action{{Label: c.Voice.Say(s.Phrase()), Line: "/" + s.Name()}}}
}

func (c *Call) who(s Spec) string {
	var roles []string
	for _, r := range s.Needs {
		roles = append(roles, c.Voice.Word(r))
	}
	if len(roles) == 0 {
		return ""
	}
	return c.Voice.Word(roles)
}

// unknownRoot names the nearest root and two examples.
func (c *Call) unknownRoot(typed, tail string) Reply {
	if typed == "" || c.h.grammar.is(typed, "help") {
		return c.overview()
	}
	reply := c.refuse("usage.unknown_command", "text", typed)
	if meant := c.h.grammar.withVerb(typed); len(meant) > 0 {
		reply.Text = c.Voice.Say("usage.did_you_mean", "text", typed, "near", meant)
		for _, name := range meant {
			line := strings.TrimSpace(name + " " + tail)
			reply.Actions = append(reply.Actions, bot.Action{Label: name, Line: line})
		}
	} else if near := c.h.grammar.nearest(typed, c.h.grammar.roots()); near != "" {
		reply.Text = c.Voice.Say("usage.did_you_mean", "text", typed, "near", "/"+near)
		reply.Actions = append(reply.Actions, bot.Action{Label: "/" + near, Line: "/" + near})
	}
	reply.Text += "\n" + c.Voice.Say("usage.examples", "a", c.Voice.Say("cmd.outage.status.example"), "b", c.Voice.Say("cmd.ask.example"))
	reply.Actions = append(reply.Actions, c.common()...)
	return reply
}

// unknownVerb names the nearest verb of the root and two examples.
func (c *Call) unknownVerb(root, typed string) Reply {
	if c.h.grammar.is(typed, "help") {
		return c.rootHelp(root)
	}
	if c.h.grammar.is(typed, "undo") {
		return c.refuse("usage.undo")
	}
	reply := c.refuse("usage.unknown_verb", "root", "/"+root, "text", typed)
	verbs := c.h.grammar.verbs(root)
	if near := c.h.grammar.nearest(typed, verbs); near != "" {
		reply.Text = c.Voice.Say("usage.did_you_mean", "text", "/"+root+" "+typed, "near", "/"+root+" "+near)
		reply.Actions = append(reply.Actions, bot.Action{Label: "/" + root + " " + near, Line: "/" + root + " " + near})
	}
	reply.Text += "\n" + c.Voice.Say("usage.examples", "a", c.Voice.Say("cmd."+root+"."+verbs[0]+".example"), "b", c.Voice.Say("cmd."+root+"."+verbs[min(1, len(verbs)-1)]+".example"))
	return reply
}

// withVerb returns the commands people mean who leave out the root: "/status".
func (g *grammar) withVerb(typed string) []string {
	var out []string
	for _, s := range g.table {
		if s.Verb != "" && g.is(typed, s.Verb) {
			out = append(out, "/"+s.Name())
		}
	}
	return out
}

// nearest returns the word closest to what was typed, "" if none is close.
func (g *grammar) nearest(typed string, among []string) string {
	best, at := "", 3
	for _, w := range among {
		for _, form := range append(slices.Clone(g.words[w]), w) {
			if d := distance(fold(typed), form); d < at && d < len([]rune(form)) {
				best, at = w, d
			}
		}
	}
	return best
}

// distance is how many characters must be changed, added, dropped or swapped.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
