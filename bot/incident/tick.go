package incident

import (
	"maps"
	"slices"
	"time"
)

// Rules are the clocks an incident runs under, taken from the hospital's policy.
type Rules struct {
	ClinicalEvery map[Level]time.Duration // the wards hear at least this often while systems are out
	StaleAfter    time.Duration           // engineers silent this long are asked; 0 = as often as the wards hear
	StaleMost     time.Duration           // the wait between two such questions doubles up to this; 0 = without end
	AskRemind     time.Duration           // a question is brought up again after this
	Limits        Limits
	Follow        Follow        // when a department that does not answer is followed up
	ScriptRemind  time.Duration // reading the loudspeaker text is asked for again after this; 0 = never
	VisitDue      time.Duration // a visit of which nothing was reported is brought up after this; 0 = never
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

// staleAt is when silent engineers are asked: first after the hospital's interval, then after waits that
// double, so that a night's silence is not passed over and a repair not disturbed every quarter of an hour.
func (in Incident) staleAt(r Rules) time.Time {
	after := r.StaleAfter
	if after <= 0 {
		after = r.ClinicalEvery[in.Level]
	}
	if in.Phase != Open || after <= 0 {
		return time.Time{}
	}
	if in.Nudges == 0 {
		if in.LastNudge.After(in.LastEngineer) {
			return in.LastNudge.Add(after)
		}
		return in.LastEngineer.Add(after)
	}
	most := max(r.StaleMost, after)
	for range in.Nudges {
		after *= 2
		if r.StaleMost > 0 && after >= most {
			after = most
			break
		}
	}
	return in.LastNudge.Add(after)
}

// raiseAt is when duration alone asks for a higher level than the one set or already proposed.
func (in Incident) raiseAt(r Rules) time.Time {
	if in.Phase != Open {
		return time.Time{}
	}
	switch known := max(in.Level, in.Proposed, in.Declined); {
	case known < L2 && r.Limits.ToL2 > 0:
		return in.Since.Add(r.Limits.ToL2 + in.InUse)
	case known < L3 && r.Limits.ToL3 > 0:
		return in.Since.Add(r.Limits.ToL3 + in.InUse)
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
			earliest(q.WaitsSince().Add(r.AskRemind))
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
	earliest(in.silenceAt(r.Follow))
	earliest(in.scriptAt(r))
	for d := range in.Visits {
		earliest(in.visitAt(d, r))
	}
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
		if !q.Reminded && c.Rules.AskRemind > 0 && due(q.WaitsSince().Add(c.Rules.AskRemind)) {
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
		out = append(out, ETASlipped{At: eta.At}, in.slipDecision(eta.At, now, c.Rules))
		told = true
	}
	if due(in.raiseAt(c.Rules)) {
		c.Grounds.Lasted = in.OutOfUse(now)
		level, why := Propose(c.Grounds, c.Rules.Limits)
		if level > max(in.Level, in.Proposed, in.Declined) {
			out = append(out, LevelProposed{Level: level, Reason: why})
		}
	}
	if due(in.staleAt(c.Rules)) && !told {
		out = append(out, Stale{})
	}
	if due(in.NextClinical(c.Rules)) && !told {
		out = append(out, NoChange{})
	}
	return append(out, c.wards(in, now)...), nil
}

// wards returns what is due of the wards: silence, the loudspeaker, visits.
func (c Tick) wards(in Incident, now time.Time) []Body {
	due := func(t time.Time) bool { return !t.IsZero() && !now.Before(t) }
	out := in.chase(c.Rules.Follow, now)
	if due(in.scriptAt(c.Rules)) {
		out = append(out, ScriptWaits{})
	}
	for _, d := range slices.Sorted(maps.Keys(in.Visits)) {
		if due(in.visitAt(d, c.Rules)) {
			out = append(out, VisitOverdue{Department: d})
		}
	}
	return out
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

func (Stale) apply(in *Incident, e Event) {
	in.Nudges++
	in.LastNudge = e.At
}
