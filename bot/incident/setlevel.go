package incident

import "time"

// SetLevel sets the level; the coordinator decides, whatever was proposed.
type SetLevel struct {
	Level  Level
	Reason string
}

// Decide refuses a level that is none or is already set.
func (c SetLevel) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	if c.Level < L1 || c.Level > L4 {
		return nil, refuse("refused.unknown_level")
	}
	if c.Level == in.Level && in.Proposed == 0 {
		return nil, refuse("refused.same", "field", "level")
	}
	return bodies(LevelSet(c))
}

// LevelSet happened when the coordinator set the level.
type LevelSet struct {
	Level  Level  `json:"level"`
	Reason string `json:"reason,omitempty"`
}

// Kind is level_set.
func (LevelSet) Kind() Kind { return "level_set" }

func (b LevelSet) apply(in *Incident, e Event) {
	if b.Level != in.Level {
		in.LastClinical = e.At // a changed level is told at once
	}
	if b.Level == in.Level || b.Level < max(in.Level, in.Proposed) {
		in.Declined = max(in.Declined, in.Level, in.Proposed) // a person decided; only more than this is proposed again
	}
	if b.Level != in.Level {
		in.LevelEvent = in.Version
	}
	if in.Level < L2 && b.Level >= L2 && in.Phase == Open {
		in.giveScript(e.At)
	}
	in.Level, in.LevelReason = b.Level, b.Reason
	in.Proposed, in.ProposedReason = 0, ""
}

// LevelProposed happened when the rules found the level too low. Reason names a phrase.
type LevelProposed struct {
	Level  Level  `json:"level"`
	Reason string `json:"reason"`
}

// Kind is level_proposed.
func (LevelProposed) Kind() Kind { return "level_proposed" }

func (b LevelProposed) apply(in *Incident, _ Event) {
	in.Proposed, in.ProposedReason = b.Level, b.Reason
}

// Grounds are what a level is proposed from, counted by the caller who knows the hospital.
type Grounds struct {
	Critical    int           // systems said down of tier 0 or 1
	Systems     int           // systems said down or degraded
	Departments int           // departments said affected
	Network     bool          // the core network is down
	Sensitive   bool          // medicines, laboratory, blood or the emergency department are hit
	Partial     bool          // part of the functions only
	Doubt       bool          // data may be wrong
	Attack      bool          // signs of an attack
	Life        bool          // life support is hit
	Expected    time.Duration // until the ETA, counted from the start
	Lasted      time.Duration
}

// Limits are the hospital's own thresholds, from policy.yaml.
type Limits struct {
	ToL2     time.Duration // L1 lasting this long becomes L2
	ToL3     time.Duration // L2 lasting this long becomes L3
	LongHaul time.Duration // expected to last this long is L4
}

// Propose returns the level the rules of policy.yaml ask for, and the phrase that says why.
func Propose(g Grounds, l Limits) (Level, string) {
	switch {
	case g.Attack:
		return L4, "why.attack"
	case g.Life:
		return L4, "why.life"
	case g.Expected > l.LongHaul:
		return L4, "why.long"
	case g.Doubt:
		return L3, "why.doubt"
	case g.Network && !g.Partial:
		return L3, "why.network"
	case g.Critical >= 2 && !g.Partial:
		return L3, "why.several"
	case g.Lasted >= l.ToL3:
		return L3, "why.lasted_l3"
	case g.Sensitive:
		return L2, "why.sensitive"
	case g.Critical >= 1 && !g.Partial:
		return L2, "why.critical"
	case g.Lasted >= l.ToL2:
		return L2, "why.lasted_l2"
	}
	return L1, "why.local"
}
