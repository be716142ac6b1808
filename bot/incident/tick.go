package incident

import "time"

// Rules are the clocks an incident runs under, taken from the hospital's policy.
type Rules struct {
	ClinicalEvery map[Level]time.Duration // the wards hear at least this often while systems are out
	StaleAfter    time.Duration           // engineers silent this long are asked; 0 = as often as the wards hear
	AskRemind     time.Duration           // a question is brought up again after this
	Limits        Limits
}

// NextClinical is when the wards hear next; zero when nothing is promised.
func (in Incident) NextClinical(r Rules) time.Time {
	if in.Phase != Open {
		return time.Time{}
	}
	every := r.ClinicalEvery[in.Level]
	if every <= 0 {
		return time.Time{}
	}
	return in.LastClinical.Add(every)
}

func (in Incident) staleAt(r Rules) time.Time {
	after := r.StaleAfter
	if after <= 0 {
		after = r.ClinicalEvery[in.Level]
	}
	if in.Phase != Open || in.StaleNudged || after <= 0 {
		return time.Time{}
	}
	return in.LastEngineer.Add(after)
}

// raiseAt is when duration alone asks for a higher level than the one set or already proposed.
func (in Incident) raiseAt(r Rules) time.Time {
	if in.Phase != Open {
		return time.Time{}
	}
	switch known := max(in.Level, in.Proposed, in.Declined); {
	case known < L2 && r.Limits.ToL2 > 0:
		return in.Since.Add(r.Limits.ToL2)
	case known < L3 && r.Limits.ToL3 > 0:
		return in.Since.Add(r.Limits.ToL3)
	}
	return time.Time{}
}

// Due returns when the clock has something to do next, zero when it has nothing.
func (in Incident) Due(r Rules) time.Time {
	var next time.Time
	earliest := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, q := range in.OpenQuestions() {
		if !q.Reminded && r.AskRemind > 0 {
			earliest(q.Note.At.Add(r.AskRemind))
		}
	}
	if !in.Ongoing() {
		return next
	}
	for _, d := range in.OpenDecisions() {
		if !d.Overdue {
			earliest(d.By)
		}
	}
	if eta, ok := in.ETA(); ok && in.Phase == Open {
		earliest(eta.At)
	}
	if in.Phase == Restored {
		earliest(in.RestoredUntil)
	}
	earliest(in.NextClinical(r))
	earliest(in.staleAt(r))
	earliest(in.raiseAt(r))
	return next
}

// Tick is the clock's command: what has fallen due happens now, each thing once.
type Tick struct {
	Rules   Rules
	Grounds Grounds // for the proposed level
}

// Decide never refuses; it returns nothing when nothing is due.
func (c Tick) Decide(in Incident, now time.Time) ([]Body, error) {
	var out []Body
	due := func(t time.Time) bool { return !t.IsZero() && !now.Before(t) }
	for _, q := range in.OpenQuestions() {
		if !q.Reminded && c.Rules.AskRemind > 0 && due(q.Note.At.Add(c.Rules.AskRemind)) {
			out = append(out, QuestionWaits{N: q.N})
		}
	}
	if !in.Ongoing() {
		return out, nil
	}
	for _, d := range in.OpenDecisions() {
		if !d.Overdue && due(d.By) {
			out = append(out, DecisionOverdue{N: d.N})
		}
	}
	if in.Phase == Restored && due(in.RestoredUntil) {
		return append(out, WatchEnded{}), nil
	}
	if in.Phase != Open {
		return out, nil
	}
	told := false
	if eta, ok := in.ETA(); ok && due(eta.At) {
		out = append(out, ETASlipped{At: eta.At})
		told = true
	}
	if due(in.raiseAt(c.Rules)) {
		c.Grounds.Lasted = now.Sub(in.Since)
		level, why := Propose(c.Grounds, c.Rules.Limits)
		if level > max(in.Level, in.Proposed, in.Declined) {
			out = append(out, LevelProposed{Level: level, Reason: why})
		}
	}
	if due(in.staleAt(c.Rules)) {
		out = append(out, Stale{})
	}
	if due(in.NextClinical(c.Rules)) && !told {
		out = append(out, NoChange{})
	}
	return out, nil
}

// NoChange happened when the wards were told, on time, that nothing has changed.
type NoChange struct{}

// Kind is no_change.
func (NoChange) Kind() Kind { return "no_change" }

func (NoChange) apply(in *Incident, e Event) { in.LastClinical = e.At }

// Stale happened when the engineers had been silent too long and were asked for progress.
type Stale struct{}

// Kind is stale.
func (Stale) Kind() Kind { return "stale" }

func (Stale) apply(in *Incident, _ Event) { in.StaleNudged = true }
