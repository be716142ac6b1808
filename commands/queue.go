package commands

import (
	"context"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/incident"
)

// queueSpecs are the commands of those who answer what only a person can.
func queueSpecs() []Spec {
	return []Spec{
		{
			Root: "ask", Verb: "answer", Needs: engineers(), About: Perhaps, run: answerQuestion,
			Args: []Arg{{Name: "n", Kind: Number, Required: true, Plain: true}, {Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "ask", Verb: "assign", Needs: engineers(), About: Perhaps, run: assignQuestion,
			Args: []Arg{{Name: "n", Kind: Number, Required: true, Plain: true}, {Name: "person", Kind: People, Required: true, Plain: true}},
		},
		{
			Root: "ask", Verb: "merge", Needs: engineers(), About: Perhaps, run: mergeQuestions,
			Args: []Arg{{Name: "n", Kind: Number, Required: true, Plain: true}, {Name: "into", Kind: Number, Required: true, Plain: true, Bare: true}},
		},
		{Root: "ask", Verb: "queue", run: queue},
	}
}

// answerQuestion gives a person's answer; it goes where the question was asked.
func answerQuestion(ctx context.Context, c *Call) (Reply, error) {
	if reply := c.tooSoon(c.text("text")); reply != nil {
		return *reply, nil
	}
	return c.done(ctx, incident.AnswerQuestion{N: c.number("n"), Text: c.text("text")}, "done.answer", "n", c.number("n"))
}

// assignQuestion gives a question to one person, who is called and reminded.
func assignQuestion(ctx context.Context, c *Call) (Reply, error) {
	to, _ := c.values["person"].(incident.PersonID)
	return c.done(ctx, incident.AssignQuestion{N: c.number("n"), To: to}, "done.assign", "n", c.number("n"), "person", to)
}

// mergeQuestions joins two questions that want one answer.
func mergeQuestions(ctx context.Context, c *Call) (Reply, error) {
	return c.done(ctx, incident.MergeQuestions{N: c.number("n"), Into: c.number("into")}, "done.merge", "n", c.number("n"), "into", c.number("into"))
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
			lines = append(lines, c.Voice.Say("queue.one", "id", name, "n", q.N, "text", q.Note.Text, "asker", q.Note.By, "at", q.Note.At,
				"more", len(in.AskedAlike(q.N))-1, "person", q.Assigned))
			reply.Actions = append(reply.Actions, bot.Action{Label: c.Voice.Say("button.answer_n", "n", q.N, "id", name), Line: line})
		}
	}
	if len(lines) == 0 {
		return c.say("queue.none"), nil
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

// lookedAt is how many questions, the newest, are compared with a new one.
const lookedAt = 60

// lately returns the newest questions that are no patient's own and are wanted.
func (c *Call) lately(wanted func(incident.Question) bool) (among []incident.Question, texts []string) {
	for i := len(c.In.Questions) - 1; i >= 0 && len(among) < lookedAt; i-- {
		if q := c.In.Questions[i]; !q.Apart && wanted(q) {
			among, texts = append(among, q), append(texts, q.Note.Text)
		}
	}
	return among, texts
}

// waitingFor returns the number of a question that waits and asks the same; 0 for none.
func (c *Call) waitingFor(text string) int {
	among, texts := c.lately(func(q incident.Question) bool { return q.Answer == "" })
	for i, other := range texts {
		if c.h.router().Same(text, other) {
			return root(among[i])
		}
	}
	return 0
}

// root is the number of the question whose answer a question gets.
func root(q incident.Question) int {
	if q.Into != 0 {
		return q.Into
	}
	return q.N
}

// knownAnswer offers what a person answered to the same question in this outage, with who and when. What
// is right for one patient is never offered for another, and the state is always newer than an answer.
func (c *Call) knownAnswer(text string, route answer.Route) (Reply, bool) {
	if route.Kind == answer.Live || route.Kind == answer.Person && route.Why != answer.Unknown && route.Why != answer.OffTopic {
		return Reply{}, false
	}
	among, texts := c.lately(func(q incident.Question) bool { return q.Answer != "" })
	i := slices.IndexFunc(texts, func(other string) bool { return c.h.router().Same(text, other) })
	if i < 0 {
		near, ok := c.h.router().Nearest(text, texts)
		if !ok || route.Kind == answer.Procedure && route.Sure {
			return Reply{}, false
		}
		i = near
	}
	q := among[i]
	reply := Reply{Text: c.Voice.Say("answer.known", "question", q.Note.Text, "answer", q.Answer, "by", q.Answerer, "at", q.Answered)}
	if route.Kind == answer.Procedure {
		route.Sure = false
		if offered, ok := c.candidates(route, text); ok {
			reply.Actions = offered.Actions
			return reply, true
		}
	}
	reply.Actions = []bot.Action{{Label: c.Voice.Say("button.person"), Line: "/ask person " + quote(text)}}
	return reply, true
}
