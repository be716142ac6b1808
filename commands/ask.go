package commands

import (
	"context"
	"strings"

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
			Root: "ask", Verb: "answer", Needs: engineers(), About: Perhaps, run: answerQuestion,
			Args: []Arg{{Name: "n", Kind: Number, Required: true, Plain: true}, {Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{Root: "ask", Verb: "queue", run: queue},
		{
			Root: "ask", Verb: "person", About: Perhaps, run: askPerson,
			Args: []Arg{{Name: "question", Kind: Words, Required: true, Plain: true, Raw: true}},
		},
	}
}

// ask answers from the live state, quotes a procedure, or hands the question to a person and says so.
func ask(ctx context.Context, c *Call) (Reply, error) {
	q := answer.Question{Text: c.text("question"), Lang: c.Voice.Lang, Department: c.here()}
	for _, in := range c.h.desk.Ongoing() {
		q.Open = q.Open || in.Active()
		q.Down = append(q.Down, in.With(incident.Down, incident.Degraded)...)
	}
	route := c.h.router().Route(q)
	switch route.Kind {
	case answer.Live:
		if text, known := c.Voice.Live(route, c.live()); known {
			return Reply{Text: text, Actions: buttons(bot.Action{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(q.Text)})}, nil
		}
	case answer.Person: // below
	case answer.Procedure:
		if reply, ok := c.candidates(route, q.Text); ok {
			return reply, nil
		}
	}
	return c.toPerson(ctx, q.Text, route.Why)
}

// live are the incidents an answer may speak of: the room's own, else all that go on or ended lately.
func (c *Call) live() []incident.Incident {
	if id, ok := c.Line.Room.IncidentOf(); ok && id == c.In.ID {
		return []incident.Incident{c.In}
	}
	return c.h.desk.Recent(c.Now)
}

// candidates quotes the procedure that answers, or offers up to three to choose from.
func (c *Call) candidates(route answer.Route, question string) (Reply, bool) {
	var reply Reply
	for _, cand := range route.Candidates {
		if cand.Procedure == "" {
			continue
		}
		if p, ok := c.h.desk.Pack().Procedure(cand.Procedure); ok {
			reply.Actions = append(reply.Actions, bot.Action{
				Label: c.Voice.Say("action.procedure", "id", string(p.ID), "title", p.Title), Line: "/downtime procedure " + string(p.ID),
			})
		}
	}
	if len(reply.Actions) == 0 {
		return Reply{}, false
	}
	if route.Sure && route.Candidates[0].Procedure != "" {
		reply.Text = c.Voice.Procedure(route.Candidates[0].Procedure)
		reply.Actions = reply.Actions[1:]
	} else {
		reply.Text = c.Voice.Say("answer.which")
	}
	reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(question)})
	return reply, true
}

func askPerson(ctx context.Context, c *Call) (Reply, error) {
	return c.toPerson(ctx, c.text("question"), answer.Unknown)
}

// toPerson queues a question and tells the asker who will answer. What is right for a patient, and
// patients' data, no queue of ours may hold: the asker is sent to the right person at once.
func (c *Call) toPerson(ctx context.Context, question string, why answer.Why) (Reply, error) {
	if why == answer.PatientData || why == answer.Password {
		return c.refuse("person." + string(why)), nil
	}
	holders := c.h.desk.Holders(c.In, bot.Coordinator)
	cmd := incident.AskPerson{Text: question, Department: c.here(), Room: string(c.Line.Room), Lang: string(c.Voice.Lang)}
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
		if asked, ok := e.Body.(incident.QuestionAsked); ok {
			n = asked.N
		}
	}
	if len(holders) > 2 {
		holders = holders[:2]
	}
	return c.say("person."+string(why), "n", n, "holders", holders, "remind", c.h.desk.Settings().AskRemind), nil
}

// answerQuestion gives a person's answer; it goes where the question was asked.
func answerQuestion(ctx context.Context, c *Call) (Reply, error) {
	return c.done(ctx, incident.AnswerQuestion{N: c.number("n"), Text: c.text("text")}, "done.answer", "n", c.number("n"))
}

// queue shows the questions that wait for a person.
func queue(_ context.Context, c *Call) (Reply, error) {
	var reply Reply
	var lines []string
	for _, in := range append(c.h.desk.Ongoing(), c.h.desk.Log()) {
		for _, q := range in.OpenQuestions() {
			name, line := "", "/ask answer n:"+itoa(q.N)+" incident:"+bot.LogName
			if in.ID != 0 {
				name, line = in.ID.String(), "/ask answer n:"+itoa(q.N)+" incident:"+in.ID.String()
			}
			lines = append(lines, c.Voice.Say("queue.one", "id", name, "n", q.N, "text", q.Note.Text, "asker", q.Note.By, "at", q.Note.At))
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.answer_n", "n", q.N, "id", name), Line: line})
		}
	}
	if len(lines) == 0 {
		return c.say("queue.none"), nil
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}
