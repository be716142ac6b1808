package incident

import "time"

// Close ends an incident in which nothing is owed any more, or says by name why it ends all the same.
type Close struct {
	Note     string
	Override string
}

// Decide refuses while systems are out, and lists what else is open unless overridden.
func (c Close) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if in.Phase == Open {
		return nil, refuse("refused.close_open", "id", in.ID, "systems", in.With(Down, Degraded))
	}
	if c.Override == "" {
		if in.Phase == Restored {
			return nil, refuse("refused.close_watch", "id", in.ID, "until", in.RestoredUntil)
		}
		q, d, n, t := len(in.OpenQuestions()), len(in.OpenDecisions()), len(in.OpenNeeds()), len(in.OpenTests())
		if q+d+n+t > 0 {
			return nil, refuse("refused.close_owed", "id", in.ID, "questions", q, "decisions", d, "needs", n, "tests", t)
		}
	}
	return bodies(Ended(c))
}

// OpenNeeds returns the needs that are not met.
func (in Incident) OpenNeeds() []Need {
	var out []Need
	for _, n := range in.Needs {
		if !n.Met {
			out = append(out, n)
		}
	}
	return out
}

// Ended happened when an incident was closed.
type Ended struct {
	Note     string `json:"note,omitempty"`
	Override string `json:"override,omitempty"`
}

// Kind is closed.
func (Ended) Kind() Kind { return "closed" }

func (b Ended) apply(in *Incident, e Event) {
	in.Phase, in.Ended, in.EndReason, in.Override = Closed, e.At, b.Note, b.Override
}

// Cancel ends a false alarm.
type Cancel struct {
	Reason string
}

// Decide refuses without a reason, and once systems were restored: then it was no false alarm.
func (c Cancel) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := first(active(in), wanted("reason", c.Reason)); err != nil {
		return nil, err
	}
	if len(in.Relapses) > 0 {
		return nil, refuse("refused.cancel_relapse", "id", in.ID)
	}
	return bodies(CalledOff(c))
}

// CalledOff happened when an incident turned out to be a false alarm.
type CalledOff struct {
	Reason string `json:"reason"`
}

// Kind is cancelled.
func (CalledOff) Kind() Kind { return "cancelled" }

func (b CalledOff) apply(in *Incident, e Event) {
	in.Phase, in.Ended, in.EndReason = Cancelled, e.At, b.Reason
	in.LastClinical = e.At
}

// Strike hides the text of an event that should not have been written, such as a patient's name.
// Kind is the kind of that event, looked up by the caller.
type Strike struct {
	Number int
	Of     Kind
	Reason string
}

// Decide refuses an event that does not exist and one that carries no free text.
func (c Strike) Decide(in Incident, _ time.Time) ([]Body, error) {
	if c.Number < 1 || c.Number > in.Version {
		return nil, refuse("refused.no_item", "kind", "event", "n", c.Number)
	}
	if !Strikable(c.Of) {
		return nil, refuse("refused.not_strikable", "n", c.Number, "kind", c.Of)
	}
	if err := wanted("reason", c.Reason); err != nil {
		return nil, err
	}
	return bodies(Struck{Number: c.Number, Reason: c.Reason})
}

// Strikable reports whether events of the kind may be struck: those that carry what people typed and
// that nothing else rests on.
func Strikable(k Kind) bool {
	switch k {
	case "fact_set", "cause_set", "impact_seen", "reported", "progressed", "change_noted", "update_given",
		"need_raised", "test_asked", "test_answered", "need_met", "question_asked", "question_answered",
		"decision_asked", "decision_given", "acknowledged", "supply_requested", "visit_reported", "feedback_given":
		return true
	}
	return false
}

// Words returns what people typed into the body of an event that may be struck.
func Words(b Body) []string {
	switch b := b.(type) {
	case FactSet:
		return []string{b.Value}
	case CauseSet:
		return []string{b.Text}
	case ImpactSeen:
		return []string{b.Text}
	case Reported:
		words := []string{b.Text, b.Place, b.Works}
		for _, f := range b.Files {
			words = append(words, f.Name, f.Link)
		}
		return words
	case Progressed:
		return []string{b.Text}
	case ChangeNoted:
		return []string{b.Text}
	case UpdateGiven:
		return []string{b.Text}
	case NeedRaised:
		return []string{b.Text}
	case NeedMet:
		return []string{b.How}
	case TestAsked:
		return []string{b.Text}
	case TestAnswered:
		return []string{b.Text}
	case QuestionAsked:
		return []string{b.Text}
	case QuestionAnswered:
		return []string{b.Text}
	case DecisionAsked:
		return append([]string{b.Text, b.Default}, b.Options...)
	case DecisionGiven:
		return []string{b.Answer}
	case Acknowledged:
		return []string{b.Text}
	case SupplyRequested:
		return []string{b.Text}
	case VisitReported:
		return []string{b.Works, b.Stuck}
	case FeedbackGiven:
		return []string{b.Text}
	}
	return nil
}

// Struck happened when the text of event Number was hidden.
type Struck struct {
	Number int    `json:"number"`
	Reason string `json:"reason"`
}

// Kind is struck.
func (Struck) Kind() Kind { return "struck" }

func (b Struck) apply(*Incident, Event) {} // Fold blanks the event itself

// Blanked stands where an event was struck: it happened, its text is gone.
type Blanked struct {
	Was Kind `json:"-"`
}

// Kind is the kind of the event that was struck.
func (b Blanked) Kind() Kind { return b.Was }

// A number that was given stays given.
func (b Blanked) apply(in *Incident, _ Event) {
	switch b.Was {
	case "need_raised", "test_asked", "decision_asked", "question_asked":
		in.Numbers = put(in.Numbers, b.Was, in.number(b.Was))
	case "supply_requested":
		in.Numbers = put(in.Numbers, "need_raised", in.number("need_raised"))
	}
}
