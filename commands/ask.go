package commands

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/incident"
)

// askSpecs are the question desk's commands.
func askSpecs() []Spec {
	return []Spec{
		{
			Root: "ask", About: Perhaps, run: ask,
			Args: []Arg{{Name: "question", Kind: Words, Required: true, Plain: true, Raw: true}},
		},
		{
			Root: "ask", Verb: "person", About: Perhaps, run: askPerson,
			Args: []Arg{{Name: "question", Kind: Words, Required: true, Plain: true, Raw: true}},
		},
	}
}

// ask answers from the live state, quotes a procedure, or hands the question to a person and says so.
func ask(ctx context.Context, c *Call) (Reply, error) {
	if reply, waits := c.verdict(c.text("question")); waits {
		return reply, nil
	}
	q := answer.Question{Text: c.text("question"), Lang: c.Voice.Lang, Department: c.here()}
	for _, in := range c.h.desk.Ongoing() {
		q.Open, q.After = q.Open || in.Active(), q.After || in.Phase == incident.Restored || in.Phase == incident.Recovering
		q.Down = append(q.Down, in.With(incident.Down, incident.Degraded)...)
	}
	route := c.h.router().Route(q)
	if !strings.ContainsFunc(q.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		route = answer.Route{Kind: answer.Live, Topic: answer.Latest} // "???" asks what is going on
	}
	if reply, known := c.plain(route); known {
		return reply, nil
	}
	reply, err := c.answer(ctx, q, route)
	if route.Lacks && c.toldHere() && err == nil && !reply.Refused { // what they lack is one tap away
		reply.Actions = append(buttons(c.button("button.supply", "/downtime need department:"+string(c.here()))), reply.Actions...)
	}
	return reply, err
}

// answer answers what needs the state, a text or a person.
func (c *Call) answer(ctx context.Context, q answer.Question, route answer.Route) (Reply, error) {
	switch {
	case route.Topic != answer.Todo:
	case q.After && !q.Open: // what is on paper
		route.Topic = answer.EnterBy
	default: // a department that was told nothing yet
		route.Topic = answer.StillDown
	}
	if reply, known := c.knownAnswer(q.Text, route); known {
		return reply, nil
	}
	switch route.Kind {
	case answer.Live:
		if text, known := c.Voice.Live(route, c.live(route)); known {
			reply := Reply{Text: text}
			for _, cand := range route.Shown() {
				reply.Actions = append(reply.Actions, c.toText(cand.ID())...)
			}
			if sheet, ok := c.h.desk.Pack().SheetFor(c.here()); ok && route.Topic == answer.EnterBy {
				reply.Actions = c.toText(string(sheet))
			}
			if !q.Open || q.After { // it may have failed again
				reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.symptom"), Line: "/outage symptom"})
			}
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(q.Text)})
			return reply, nil
		}
	case answer.Person: // below
	case answer.Procedure:
		if reply, ok := c.candidates(route, q.Text); ok {
			return reply, nil
		}
	}
	reply, err := c.toPerson(ctx, q.Text, route.Why)
	if err == nil {
		for _, cand := range route.Shown() { // no answer, but what to do on paper meanwhile
			reply.Actions = append(reply.Actions, c.toText(cand.ID())...)
		}
	}
	return reply, err
}

// live are the incidents an answer may speak of: all that go on or ended lately, in an incident's room that
// one alone. But what another one has out of use must not be called fine in any room.
func (c *Call) live(r answer.Route) []incident.Incident {
	recent := c.h.desk.Recent(c.Now)
	id, ok := c.Line.Room.IncidentOf()
	if !ok || id != c.In.ID {
		return recent
	}
	out := []incident.Incident{c.In}
	for _, in := range recent {
		if in.ID != id && in.Ongoing() && slices.ContainsFunc(r.Systems, func(s incident.SystemID) bool { return in.Systems[s] != "" }) {
			out = append(out, in)
		}
	}
	return out
}

// candidates quotes the procedure or back-entry sheet that answers, or offers up to three to choose from.
func (c *Call) candidates(route answer.Route, question string) (Reply, bool) {
	if len(route.Candidates) == 0 {
		return Reply{}, false
	}
	reply := Reply{Text: c.Voice.Say("answer.which")}
	others := route.Candidates
	if route.Sure {
		id := others[0].ID()
		text, part, parts := c.Voice.QuoteLine(id, others[0].Line)
		reply = Reply{Text: text, Actions: c.Voice.QuoteActions(id, part, parts)}
		others = others[1:]
	}
	for _, cand := range others {
		reply.Actions = append(reply.Actions, c.toText(cand.ID())...)
	}
	reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(question)})
	return reply, true
}

// waitsAlready tells that somebody asked the same before, and who is to answer both.
func (c *Call) waitsAlready(in incident.Incident, n int, holders []incident.PersonID) Reply {
	q, _ := in.Question(n)
	if q.Assigned != "" {
		holders = []incident.PersonID{q.Assigned}
	}
	return c.say("done.joined", "n", n, "question", q.Note.Text, "asker", q.Note.By, "at", q.Note.At, "holders", holders[:min(len(holders), 2)],
		"remind", q.WaitsSince().Add(c.h.desk.Settings().AskRemind), "late", q.Reminded)
}

func askPerson(ctx context.Context, c *Call) (Reply, error) {
	return c.toPerson(ctx, c.text("question"), answer.Unknown)
}

// toPerson queues a question and tells the asker who will answer; the same question asked before takes it in. What is right for a patient, and
// patients' data, no queue of ours may hold: the asker is sent to the right person at once.
func (c *Call) toPerson(ctx context.Context, question string, why answer.Why) (Reply, error) {
	if why == answer.PatientData || why == answer.Password {
		return c.refuse("person." + string(why)), nil
	}
	holders := c.h.desk.Holders(c.In, bot.Coordinator)
	cmd := incident.AskPerson{
		Text: question, Department: c.here(), Room: string(c.Line.Room), Lang: string(c.Voice.Lang), Apart: why == answer.Clinical,
	}
	if !cmd.Apart {
		cmd.Same = c.waitingFor(question)
	}
	o, err := c.do(ctx, cmd)
	if err != nil {
		return Reply{}, err
	}
	if o.Again {
		return c.say("done.again"), nil
	}
	if why == "" {
		why = answer.Unknown
	}
	n := 0
	for _, e := range o.Events {
		switch b := e.Body.(type) {
		case incident.QuestionAsked:
			n = b.N
		case incident.QuestionMerged:
			return c.waitsAlready(o.After, b.Into, holders), nil
		}
	}
	if len(holders) > 2 {
		holders = holders[:2]
	}
	return c.say("person."+string(why), "n", n, "holders", holders, "remind", c.h.desk.Settings().AskRemind), nil
}
