package commands

import (
	"slices"
	"strconv"
	"strings"

	"wardline/bot"
	"wardline/bot/incident"
)

// verdict takes a bare yes or no for what it may well be: an answer to what waits for this person. Nothing is taken
// for granted; the buttons say what it would count as.
func (c *Call) verdict(text string) (Reply, bool) {
	said := strings.Trim(fold(text), ends)
	if reply, waits := c.ruled(said, strings.TrimSpace(text)); waits {
		return reply, true
	}
	return c.tried(said)
}

// ruled offers to record what a leader says as the answer to a decision that waits.
func (c *Call) ruled(said, typed string) (Reply, bool) {
	n, answer := 0, strings.Trim(typed, ends)
	if m := ofNumber.FindStringSubmatch(answer); m != nil {
		n, _ = strconv.Atoi(m[1]) // of digits
		answer = m[2]
	}
	var asked []string
	var actions []bot.Action
	ongoing := c.h.desk.Ongoing()
	for _, in := range ongoing {
		if !c.h.desk.May(c.Person, in, bot.Leader) {
			continue
		}
		which := "" // each outage numbers its own decisions
		if len(ongoing) > 1 {
			which = in.ID.String()
		}
		for _, d := range in.OpenDecisions() {
			if n > 0 && d.N != n {
				continue
			}
			answers := c.ruling(d, said, answer, n > 0)
			for _, a := range answers {
				actions = append(actions, bot.Action{
					Label: c.Voice.Say("decision.ruled", "id", which, "n", d.N, "answer", a), Style: bot.Primary,
					Line: "/outage decide n:" + itoa(d.N) + " answer:" + quote(a) + " incident:" + in.ID.String(),
				})
			}
			if len(answers) > 0 {
				asked = append(asked, c.Voice.Say("decision.ruled", "id", which, "n", d.N, "answer", c.Voice.Decision(in, d)))
			}
		}
	}
	if len(actions) == 0 {
		return Reply{}, false
	}
	reply := c.say("ask.ruled", "n", len(asked))
	reply.Text += "\n" + strings.Join(asked, "\n")
	reply.Actions = append(actions, bot.Action{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(typed)})
	return reply, true
}

// ruling returns what the answer to a decision may be, by what was said: the option it is, the words that name the
// decision, or a yes or no; where there are options and it is none of them, all of these.
func (c *Call) ruling(d incident.Decision, said, answer string, named bool) []string {
	options := c.Voice.Choices(d)
	if i := slices.IndexFunc(options, func(o string) bool { return fold(o) == fold(answer) }); i >= 0 {
		return options[i : i+1]
	}
	switch {
	case !named && !rulings.MatchString(said) || answer == "":
		return nil
	case len(options) > 0:
		return options
	}
	return []string{answer}
}

// tried offers to record what a ward says as its result of a test that waits.
func (c *Call) tried(said string) (Reply, bool) {
	pass := passes.MatchString(said)
	if !pass && !fails.MatchString(said) {
		return Reply{}, false
	}
	for _, in := range c.h.desk.Ongoing() {
		for _, t := range slices.Backward(in.OpenTests()) {
			if !slices.Contains(t.Waiting(), c.here()) {
				continue
			}
			tail := " n:" + itoa(t.N) + " department:" + string(c.here()) + " incident:" + in.ID.String()
			reply := c.say("ask.tried", "n", t.N, "id", in.ID, "text", t.Text)
			works := bot.Action{Label: c.Voice.Say("button.works"), Line: "/fix test pass" + tail, Style: bot.Primary}
			broken := bot.Action{Label: c.Voice.Say("button.fails"), Line: "/fix test fail" + tail, Style: bot.Danger}
			if reply.Actions = buttons(works, broken); !pass {
				reply.Actions = buttons(broken, works)
			}
			return reply, true
		}
	}
	return Reply{}, false
}
