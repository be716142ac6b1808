package incident

import "time"

// CorrectStart says when it really began. Whoever declares at night often learns later that it began
// before, and every report counts from there.
type CorrectStart struct {
	Since time.Time
}

// Decide refuses a start ahead, one after the systems were released, and the one that is known.
func (c CorrectStart) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	worked := in.RestoredAt // by then it had begun
	if len(in.Relapses) > 0 {
		worked = in.Relapses[0].At
	}
	switch {
	case c.Since.After(now):
		return nil, refuse("refused.future", "field", "since", "at", c.Since)
	case !worked.IsZero() && !c.Since.Before(worked):
		return nil, refuse("refused.began_late", "id", in.ID, "at", worked)
	case c.Since.Equal(in.Since):
		return nil, refuse("refused.same", "field", "since")
	}
	return bodies(StartCorrected(c))
}

// StartCorrected happened when the start was corrected.
type StartCorrected struct {
	Since time.Time `json:"since"`
}

// Kind is start_corrected.
func (StartCorrected) Kind() Kind { return "start_corrected" }

func (b StartCorrected) apply(in *Incident, _ Event) { in.Since = b.Since }
