package incident

import "time"

// Feedback is what somebody says about how the downtime went: what was stuck, what was missing.
type Feedback struct {
	Department DepartmentID
	Note
}

// GiveFeedback says how the downtime went. It is taken at any time, also when all is over.
type GiveFeedback struct {
	Department DepartmentID
	Text       string
}

// Decide refuses an empty text.
func (c GiveFeedback) Decide(in Incident, _ time.Time) ([]Body, error) {
	if !in.Declared() {
		return nil, refuse("refused.not_declared")
	}
	if err := wanted("text", c.Text); err != nil {
		return nil, err
	}
	return bodies(FeedbackGiven(c))
}

// FeedbackGiven happened when somebody said how the downtime went.
type FeedbackGiven struct {
	Department DepartmentID `json:"department,omitempty"`
	Text       string       `json:"text"`
}

// Kind is feedback_given.
func (FeedbackGiven) Kind() Kind { return "feedback_given" }

func (b FeedbackGiven) apply(in *Incident, e Event) {
	in.Feedback = add(in.Feedback, Feedback{Department: b.Department, Note: note(in, e, b.Text)})
}
