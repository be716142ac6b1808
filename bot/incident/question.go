package incident

import (
	"slices"
	"time"
)

// Question is what somebody asked that only a person can answer.
type Question struct {
	N          int
	Department DepartmentID
	Room       string // where it was asked, so that the answer goes there
	Lang       string
	Reminded   bool
	Answer     string
	Answerer   PersonID
	Answered   time.Time
	Note       Note
}

// OpenQuestions returns the questions nobody has answered.
func (in Incident) OpenQuestions() []Question {
	var out []Question
	for _, q := range in.Questions {
		if q.Answer == "" {
			out = append(out, q)
		}
	}
	return out
}

// AskPerson queues a question for a person.
type AskPerson struct {
	Text       string
	Department DepartmentID
	Room       string
	Lang       string
}

// Decide refuses an empty question. Questions are taken even before anything is declared.
func (c AskPerson) Decide(in Incident, _ time.Time) ([]Body, error) {
	if in.Phase.Ended() {
		return nil, refuse("refused.ended", "id", in.ID, "phase", in.Phase)
	}
	if err := wanted("question", c.Text); err != nil {
		return nil, err
	}
	return bodies(QuestionAsked{N: in.number("question_asked"), Text: c.Text, Department: c.Department, Room: c.Room, Lang: c.Lang})
}

// QuestionAsked happened when a question was queued for a person.
type QuestionAsked struct {
	N          int          `json:"n"`
	Text       string       `json:"text"`
	Department DepartmentID `json:"department,omitempty"`
	Room       string       `json:"room,omitempty"`
	Lang       string       `json:"lang,omitempty"`
}

// Kind is question_asked.
func (QuestionAsked) Kind() Kind { return "question_asked" }

func (b QuestionAsked) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, b.Kind(), b.N)
	in.Questions = add(in.Questions, Question{N: b.N, Department: b.Department, Room: b.Room, Lang: b.Lang, Note: note(in, e, b.Text)})
}

// AnswerQuestion gives a person's answer.
type AnswerQuestion struct {
	N    int
	Text string
}

// Decide refuses a question that does not exist or has its answer.
func (c AnswerQuestion) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := wanted("answer", c.Text); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(in.Questions, func(q Question) bool { return q.N == c.N })
	if i < 0 {
		return nil, refuse("refused.no_item", "kind", "question", "n", c.N)
	}
	if in.Questions[i].Answer != "" {
		return nil, refuse("refused.already_done", "kind", "question", "n", c.N)
	}
	return bodies(QuestionAnswered(c))
}

// QuestionAnswered happened when a person answered.
type QuestionAnswered struct {
	N    int    `json:"n"`
	Text string `json:"text"`
}

// Kind is question_answered.
func (QuestionAnswered) Kind() Kind { return "question_answered" }

func (b QuestionAnswered) apply(in *Incident, e Event) {
	in.Questions = change(in.Questions, func(q Question) bool { return q.N == b.N }, func(q *Question) {
		q.Answer, q.Answerer, q.Answered = b.Text, e.By, e.At
	})
}

// QuestionWaits happened when a question had waited too long and was brought up again.
type QuestionWaits struct {
	N int `json:"n"`
}

// Kind is question_waits.
func (QuestionWaits) Kind() Kind { return "question_waits" }

func (b QuestionWaits) apply(in *Incident, _ Event) {
	in.Questions = change(in.Questions, func(q Question) bool { return q.N == b.N }, func(q *Question) { q.Reminded = true })
}
