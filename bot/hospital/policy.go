package hospital

import "time"

// LevelID names a level of severity, such as L2.
type LevelID string

// RoleID names a role in an incident, such as coordinator.
type RoleID string

// Policy is how the hospital answers an incident: levels, roles, clocks and defaults.
type Policy struct {
	Levels       []Level // from mild to extreme
	Escalation   []Escalation
	Defaults     Defaults
	Roles        []Role
	Decisions    []DecisionPoint
	Clocks       []ReportingClock
	Cadence      []Text
	Placeholders []Placeholder
	Languages    []Lang // most important first
}

// Level is one level of severity and what it brings with it.
type Level struct {
	ID            LevelID
	Name          Text
	Criteria      Text
	Actions       Text
	Broadcast     Broadcast
	ClinicalEvery time.Duration // longest silence towards clinical rooms
	LeadersEvery  time.Duration // longest silence towards leaders
	Leaders       Text          // which leaders are told
}

// Broadcast says how far the messages of a level go.
type Broadcast string

// The scopes of a broadcast.
const (
	ToAffected      Broadcast = "affected_departments"
	ToWholeHospital Broadcast = "hospital_wide"
)

// Escalation is a reason to raise the level or to tell the leaders.
type Escalation struct {
	When          Text
	To            LevelID // "" when NotifyLeaders
	NotifyLeaders bool
	AutoPropose   bool // the bot proposes it; a person confirms
}

// Defaults are the times and amounts on which decisions rest.
type Defaults struct {
	WaitBeforePaper     time.Duration // non-urgent work, system slow but usable
	DeclareDowntime     time.Duration
	ForceEscalate       time.Duration
	PaperStock          time.Duration
	BackentryFullBelow  time.Duration // shorter outages are entered in full
	RoundInterval       time.Duration
	CensusCountInterval time.Duration
}

// Role is a part a person plays in an incident.
type Role struct {
	ID     RoleID
	Name   Text
	HICS   string // the position of the Hospital Incident Command System
	Duties Text
}

// DecisionPoint is a question put to its owner explicitly and with a deadline.
type DecisionPoint struct {
	ID    string
	When  Text
	Ask   Text
	Owner RoleID
}

// ReportingClock is a legal time limit. The bot starts a candidate; a person confirms or dismisses.
type ReportingClock struct {
	ID          string
	Regime      Text
	AppliesIf   Text
	ClockFrom   Text
	HasDeadline bool   // false: a duty to report without a time in the rule
	Deadline    Period // zero with HasDeadline: at once
	To          Text
	Then        Text // may be empty
	Sources     []SourceID
	Confidence  string // what was not verified; "" when nothing
}

// Placeholder is a name in procedures and forms that the configuration fills.
type Placeholder struct {
	Name string // without braces, such as it_hotline
	Text Text   // what it stands for
}
