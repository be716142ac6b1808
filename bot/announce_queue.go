package bot

import (
	"slices"

	"wardline/bot/incident"
)

// question shows an open question to those who can answer it. One that was joined to another is
// answered with that one, and is not shown again.
func (m *mouth) question(n int, phrase string, whom []incident.PersonID) {
	q, ok := m.o.After.Question(n)
	if !ok || q.Into != 0 {
		return
	}
	if q.Assigned != "" {
		whom = []incident.PersonID{q.Assigned}
	}
	m.ask(m.room(), phrase, whom, func(v view) []Action {
		return []Action{{Label: v.Say("button.answer"), Line: m.line("/ask answer n:%d", n), Style: Primary}}
	}, "n", n, "text", q.Note.Text, "asker", q.Note.By, "room", RoomID(q.Room), "at", q.Note.At, "person", q.Assigned)
}

// assigned shows a question to the person it was given to, and tells who asked it whom they wait for.
func (m *mouth) assigned(e incident.Event, b incident.QuestionAssigned) {
	m.question(b.N, "asked.question_assigned", nil)
	for _, room := range m.askers(b.N) {
		if room.ID == m.room().ID {
			continue
		}
		m.say(room.Room, Answer, Reply, func(v view) Message {
			return text(v.Say("answer.assigned", "n", b.N, "question", room.text, "asker", room.people, "person", b.To, "by", e.By,
				"remind", e.At.Add(v.desk.opts.Settings.AskRemind)))
		})
	}
}

// merged brings the answer to a question that was joined to one already answered.
func (m *mouth) merged(b incident.QuestionMerged) {
	q, ok := m.o.After.Question(b.N)
	if !ok || q.Answer == "" {
		return
	}
	m.say(m.askedIn(q), Answer, Reply, func(v view) Message {
		msg := text(v.Say("answer.person", "question", q.Note.Text, "answer", q.Answer, "by", q.Answerer, "asker", []incident.PersonID{q.Note.By}))
		msg.Mention = []incident.PersonID{q.Note.By}
		return msg
	})
}

// answered brings a person's answer back to where the question was asked: to each room once, however
// many asked there.
func (m *mouth) answered(e incident.Event, b incident.QuestionAnswered) {
	here := false
	for _, room := range m.askers(b.N) {
		here = here || room.ID == m.room().ID
		m.say(room.Room, Answer, Reply, func(v view) Message {
			msg := text(v.Say("answer.person", "question", room.text, "answer", b.Text, "by", e.By, "asker", room.people))
			msg.Mention = room.people
			return msg
		})
	}
	if !here {
		m.notice(e, "said.answered", "n", b.N, "answer", b.Text)
	}
}

// asking is a room in which a question was asked, as it was first asked there.
type asking struct {
	Room
	text   string
	people []incident.PersonID
}

// askers returns the rooms in which a question, or one joined to it, was asked.
func (m *mouth) askers(n int) (out []asking) {
	for _, q := range m.o.After.AskedAlike(n) {
		room := m.askedIn(q)
		i := slices.IndexFunc(out, func(a asking) bool { return a.ID == room.ID })
		if i < 0 {
			i = len(out)
			out = append(out, asking{Room: room, text: q.Note.Text})
		}
		if !slices.Contains(out[i].people, q.Note.By) {
			out[i].people = append(out[i].people, q.Note.By)
		}
	}
	return out
}

// askedIn is the room a question was asked in; the incident's own if that is gone.
func (m *mouth) askedIn(q incident.Question) Room {
	if room, ok := m.b.d.Room(RoomID(q.Room)); ok {
		return room
	}
	return m.room()
}
