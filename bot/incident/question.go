package incident

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Question is what somebody asked that only a person can answer.
type Question struct {
	N          int
	Department DepartmentID
	Room       string // where it was asked, so that the answer goes there
	Lang       string
	Reminded   bool
	Apart      bool     // about one patient: what it is answered is nobody else's answer
	Into       int      // the question whose answer answers this one as well; 0 for none
	Assigned   PersonID // who is to answer; "" for whoever coordinates
	AssignedAt time.Time
	Answer     string
	Answerer   PersonID
	Answered   time.Time
	Note       Note
}

// WaitsSince is when the clock of a question began: when it was asked, or given to another person.
func (q Question) WaitsSince() time.Time {
	if q.AssignedAt.After(q.Note.At) {
		return q.AssignedAt
	}
	return q.Note.At
}

// OpenQuestions returns the questions nobody has answered. One that was merged into another waits with
// that one and is not counted again.
func (in Incident) OpenQuestions() []Question {
	var out []Question
	for _, q := range in.Questions {
		if q.Answer == "" && q.Into == 0 {
			out = append(out, q)
		}
	}
	return out
}

// Question returns a question by its number, and whether there is one.
func (in Incident) Question(n int) (Question, bool) {
	i := slices.IndexFunc(in.Questions, func(q Question) bool { return q.N == n })
	if i < 0 {
		return Question{}, false
	}
	return in.Questions[i], true
}

// AskedAlike returns a question and all that were merged into it, the oldest first.
func (in Incident) AskedAlike(n int) []Question {
	var out []Question
	for _, q := range in.Questions {
		if q.N == n || q.Into == n {
			out = append(out, q)
		}
	}
	return out
}

// AskPerson queues a question for a person. A question that waits in the same words takes it in, and so
// does the one named by Same, if it still waits.
type AskPerson struct {
	Text       string
	Same       int  // the number of a question that means the same; 0 for none
	Apart      bool // it is about one patient: it is joined to no other question, and none to it
	Department DepartmentID
	Room       string
	Lang       string
}

// Decide refuses an empty question. Questions are taken even before anything is declared.
func (c AskPerson) Decide(in Incident, _ time.Time) ([]Body, error) {
	if in.Phase.Ended() {
		return nil, ongoing(in)
	}
	if err := wanted("question", c.Text); err != nil {
		return nil, err
	}
	asked := QuestionAsked{N: in.number("question_asked"), Text: c.Text, Department: c.Department, Room: c.Room, Lang: c.Lang, Apart: c.Apart}
	for _, q := range in.OpenQuestions() {
		if c.Apart || q.Apart {
			continue
		}
		if q.N == c.Same || sameQuestion(q.Note.Text, c.Text) {
			return bodies(asked, QuestionMerged{N: asked.N, Into: q.N})
		}
	}
	return bodies(asked)
}

// sameQuestion reports whether two texts differ in signs, spaces and large letters only.
func sameQuestion(a, b string) bool {
	bare := func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}
	a = strings.Map(bare, a)
	return a != "" && a == strings.Map(bare, b)
}

// QuestionAsked happened when a question was queued for a person.
type QuestionAsked struct {
	N          int          `json:"n"`
	Text       string       `json:"text"`
	Department DepartmentID `json:"department,omitempty"`
	Room       string       `json:"room,omitempty"`
	Lang       string       `json:"lang,omitempty"`
	Apart      bool         `json:"apart,omitempty"`
}

// Kind is question_asked.
func (QuestionAsked) Kind() Kind { return "question_asked" }

func (b QuestionAsked) apply(in *Incident, e Event) {
	in.Numbers = put(in.Numbers, b.Kind(), b.N)
	in.Questions = add(in.Questions, Question{N: b.N, Department: b.Department, Room: b.Room, Lang: b.Lang, Apart: b.Apart, Note: note(in, e, b.Text)})
}

// AnswerQuestion gives a person's answer to a question and to all that were merged with it.
type AnswerQuestion struct {
	N    int
	Text string
}

// Decide refuses a question that does not exist or has its answer.
func (c AnswerQuestion) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := wanted("answer", c.Text); err != nil {
		return nil, err
	}
	q, err := in.waiting(c.N)
	if err != nil {
		return nil, err
	}
	return bodies(QuestionAnswered{N: q.N, Text: c.Text})
}

// waiting returns the open question that a number means: itself, or the one it was merged into.
func (in Incident) waiting(n int) (Question, error) {
	q, ok := in.Question(n)
	if ok && q.Into != 0 {
		q, ok = in.Question(q.Into)
	}
	switch {
	case !ok:
		return q, refuse("refused.no_item", "kind", "question", "n", n)
	case q.Answer != "":
		return q, refuse("refused.already_done", "kind", "question", "n", n)
	}
	return q, nil
}

// QuestionAnswered happened when a person answered.
type QuestionAnswered struct {
	N    int    `json:"n"`
	Text string `json:"text"`
}

// Kind is question_answered.
func (QuestionAnswered) Kind() Kind { return "question_answered" }

func (b QuestionAnswered) apply(in *Incident, e Event) {
	in.Questions = changeAll(in.Questions, func(q Question) bool { return b.N > 0 && (q.N == b.N || q.Into == b.N) }, func(q *Question) {
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
