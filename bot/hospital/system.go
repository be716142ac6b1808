package hospital

import "wardline/bot/incident"

// System is one information system of the hospital.
type System struct {
	ID           incident.SystemID
	Name         Text
	Aliases      Words
	Tier         int // 0 infrastructure to 3 support
	RestoreOrder int // smaller is brought back earlier
	Owner        string
	DependsOn    []Dependency
	Loses        Text // what stops for people when it stops
	Procedures   []ProcedureID
}

// Dependency is one edge: the system needs the system ID.
type Dependency struct {
	ID   incident.SystemID
	Kind DependencyKind
}

// DependencyKind says what an outage of the needed system does.
type DependencyKind string

// The kinds of dependency: hard stops the dependent system, soft makes it work badly.
const (
	Hard DependencyKind = "hard"
	Soft DependencyKind = "soft"
)
