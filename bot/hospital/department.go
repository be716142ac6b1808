package hospital

import "wardline/bot/incident"

// Department is one unit of the hospital. A unit with a parent also uses what the parent uses and
// follows what the parent follows.
type Department struct {
	ID          incident.DepartmentID
	Parent      incident.DepartmentID // "" for none
	Kind        DepartmentKind
	VisitOrder  int // field visits go from small to large; 0 is not visited
	Name        Text
	Aliases     Words
	Uses        []incident.SystemID
	DowntimeSet []ProcedureID // pushed in this order when the main systems are down
}

// DepartmentKind groups departments by what they do.
type DepartmentKind string

// The kinds of department.
const (
	Clinical DepartmentKind = "clinical"
	Medtech  DepartmentKind = "medtech"
	Support  DepartmentKind = "support"
	Window   DepartmentKind = "window"
	Admin    DepartmentKind = "admin"
	Command  DepartmentKind = "command"
)
