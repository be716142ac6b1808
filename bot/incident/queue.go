package incident

import "time"

// AssignQuestion gives an open question to one person, who is reminded from now on.
type AssignQuestion struct {
	N  int
	To PersonID
}

// Decide refuses a question that does not exist, has its answer, or is that person's already.
func (c AssignQuestion) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := wanted("person", string(c.To)); err != nil {
		return nil, err
	}
	q, err := in.waiting(c.N)
	switch {
	case err != nil:
		return nil, err
	case q.Assigned == c.To:
		return nil, refuse("refused.assigned", "n", q.N, "person", c.To)
	}
	return bodies(QuestionAssigned{N: q.N, To: c.To})
}

// QuestionAssigned happened when a question was given to one person.
type QuestionAssigned struct {
	N  int      `json:"n"`
	To PersonID `json:"to"`
}

// Kind is question_assigned.
func (QuestionAssigned) Kind() Kind { return "question_assigned" }

func (b QuestionAssigned) apply(in *Incident, e Event) {
	in.Questions = change(in.Questions, func(q Question) bool { return q.N == b.N }, func(q *Question) {
		q.Assigned, q.AssignedAt, q.Reminded = b.To, e.At, false
	})
}

// MergeQuestions says that two questions want one answer. The second may have it already: then it is
// the answer of the first as well.
type MergeQuestions struct {
	N    int
	Into int
}

// Decide refuses a question that does not exist or has its answer, and one merged into itself.
func (c MergeQuestions) Decide(in Incident, _ time.Time) ([]Body, error) {
	q, err := in.waiting(c.N)
	if err != nil {
		return nil, err
	}
	into, ok := in.Question(c.Into)
	if ok && into.Into != 0 {
		into, ok = in.Question(into.Into)
	}
	switch {
	case !ok:
		return nil, refuse("refused.no_item", "kind", "question", "n", c.Into)
	case into.N == q.N:
		return nil, refuse("refused.merged", "n", c.N, "into", c.Into)
	}
	return bodies(QuestionMerged{N: q.N, Into: into.N})
}

// QuestionMerged happened when a question was joined to another, which it now shares the answer with.
type QuestionMerged struct {
	N    int `json:"n"`
	Into int `json:"into"`
}

// Kind is question_merged.
func (QuestionMerged) Kind() Kind { return "question_merged" }

// Where the other question was struck there is nothing to wait for: then this one stays open.
func (b QuestionMerged) apply(in *Incident, _ Event) {
	into, ok := in.Question(b.Into)
	if !ok || b.N == b.Into || b.N == 0 || into.Into != 0 {
		return
	}
	in.Questions = changeAll(in.Questions, func(q Question) bool { return q.N == b.N || q.Into == b.N }, func(q *Question) {
		q.Into = into.N
		if into.Answer != "" {
			q.Answer, q.Answerer, q.Answered = into.Answer, into.Answerer, into.Answered
		}
	})
}
