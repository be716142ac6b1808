package incident

import (
	"maps"
	"slices"
	"time"
)

// Restore says that systems may be used again. It is a person's word, given after a checklist: a
// wrong "it is back" can hurt somebody.
type Restore struct {
	Systems     []SystemID // empty = all that are down
	Watch       time.Duration
	CutOver     time.Time // zero = now
	BackEntryBy time.Time
	Override    string // why although tests are open
}

// Decide refuses while a test has not passed, unless overridden, and systems that were not down.
func (c Restore) Decide(in Incident, now time.Time) ([]Body, error) {
	if err := active(in); err != nil {
		return nil, err
	}
	if open := in.OpenTests(); len(open) > 0 && c.Override == "" {
		return nil, refuse("refused.tests_open", "n", open[0].N, "departments", open[0].Waiting(), "text", open[0].Text)
	}
	down := in.With(Down, Degraded)
	if len(c.Systems) == 0 {
		c.Systems = down
	}
	for _, s := range c.Systems {
		if !slices.Contains(down, s) && !in.Systems[s].Guess() {
			return nil, refuse("refused.not_down", "system", s)
		}
	}
	if c.CutOver.IsZero() {
		c.CutOver = now
	}
	b := SystemsRestored{Systems: c.Systems, CutOver: c.CutOver, BackEntryBy: c.BackEntryBy, Override: c.Override}
	if !slices.ContainsFunc(down, func(s SystemID) bool { return !slices.Contains(c.Systems, s) }) {
		b.All = true
		b.WatchUntil = now.Add(c.Watch)
	}
	return bodies(b)
}

// SystemsRestored happened when a person said that systems may be used again. With All, nothing is
// down any more and the watch begins.
type SystemsRestored struct {
	Systems     []SystemID `json:"systems"`
	All         bool       `json:"all,omitempty"`
	WatchUntil  time.Time  `json:"watch_until,omitzero"`
	CutOver     time.Time  `json:"cut_over"`
	BackEntryBy time.Time  `json:"back_entry_by,omitzero"`
	Override    string     `json:"override,omitempty"`
}

// Kind is restored.
func (SystemsRestored) Kind() Kind { return "restored" }

func (b SystemsRestored) apply(in *Incident, e Event) {
	for _, s := range b.Systems {
		in.Systems = put(in.Systems, s, Up)
	}
	in.CutOver, in.BackEntryBy = b.CutOver, b.BackEntryBy
	in.LastRestore, in.LastReleased = in.Version, b.Systems
	in.LastClinical = e.At
	sign(in, e)
	if !b.All {
		return
	}
	in.Systems = maps.Clone(in.Systems)
	maps.DeleteFunc(in.Systems, func(_ SystemID, s Standing) bool { return s.Guess() })
	in.Phase, in.RestoredAt, in.RestoredUntil = Restored, e.At, b.WatchUntil
	in.Proposed, in.ProposedReason = 0, ""
}

// WatchEnded happened when the watch passed without a relapse.
type WatchEnded struct{}

// Kind is watch_ended.
func (WatchEnded) Kind() Kind { return "watch_ended" }

func (b WatchEnded) apply(in *Incident, _ Event) { in.Phase = Recovering }

// Relapse is a failure that came back.
type Relapse struct {
	At     time.Time
	Reason string
}

// Reopen says that it failed again: same incident, paper again.
type Reopen struct {
	Reason   string
	Systems  []SystemID // empty = those that were restored
	Stops    []SystemID // depend on Systems
	Degrades []SystemID
}

// Decide refuses an incident that is open, and one that was cancelled.
func (c Reopen) Decide(in Incident, _ time.Time) ([]Body, error) {
	switch {
	case !in.Declared():
		return nil, refuse("refused.not_declared")
	case in.Phase == Open:
		return nil, refuse("refused.still_open", "id", in.ID)
	case in.Phase == Cancelled:
		return nil, refuse("refused.cancelled", "id", in.ID)
	case in.Phase == Merged:
		return nil, refuse("refused.joined", "id", in.ID, "into", in.PartOf)
	}
	if err := wanted("reason", c.Reason); err != nil {
		return nil, err
	}
	if len(c.Systems) == 0 {
		c.Systems = in.With(Up)
	}
	if len(c.Systems) == 0 {
		return nil, refuse("refused.missing", "field", "systems")
	}
	return bodies(Reopened(c))
}

// Reopened happened when the failure came back.
type Reopened struct {
	Reason   string     `json:"reason"`
	Systems  []SystemID `json:"systems"`
	Stops    []SystemID `json:"stops,omitempty"`
	Degrades []SystemID `json:"degrades,omitempty"`
}

// Kind is reopened.
func (Reopened) Kind() Kind { return "reopened" }

func (b Reopened) apply(in *Incident, e Event) {
	in.Phase, in.LastReopen = Open, in.Version
	in.Ended, in.EndReason, in.Override = time.Time{}, "", ""
	if !in.RestoredAt.IsZero() {
		in.InUse += e.At.Sub(in.RestoredAt)
	}
	in.RestoredAt, in.RestoredUntil, in.CutOver, in.BackEntryBy = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	said := Down
	if in.Extent == Partial {
		said = Degraded
	}
	systems := maps.Clone(in.Systems)
	if systems == nil {
		systems = map[SystemID]Standing{}
	}
	for _, s := range b.Systems {
		systems[s] = said
	}
	guessNew(systems, b.Degrades, PossiblyDegraded)
	guess(systems, b.Stops, Possible)
	in.Systems = systems
	in.Relapses = add(in.Relapses, Relapse{At: e.At, Reason: b.Reason})
	in.ETAs = add(in.ETAs, ETA{By: e.By, Said: e.At, Event: in.Version}) // whatever was expected holds no more
	in.Slipped, in.Mended = false, false
	in.Declined = 0
	in.LastClinical, in.LastEngineer = e.At, e.At
	in.Nudges, in.LastNudge = 0, time.Time{}
	in.callAgain(e.At)
	in.Script = Script{}
	if in.Level >= L2 {
		in.giveScript(e.At)
	}
}
