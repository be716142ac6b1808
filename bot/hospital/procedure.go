package hospital

import "wardline/bot/incident"

// ProcedureID names a downtime procedure, such as ED-RX.
type ProcedureID string

// SourceID names where a fact was read.
type SourceID string

// Procedure is what a unit does on paper meanwhile. Its texts are shown word for word, with ID and
// approval, and are never put together from parts.
type Procedure struct {
	ID             ProcedureID
	Title          Text
	Departments    []incident.DepartmentID
	AllDepartments bool // the file says "*"; Departments is then empty
	Systems        []incident.SystemID
	AllSystems     bool // the file says "*"; Systems is then empty
	When           Text
	Steps          []Text
	Safety         []Text
	DoNot          []Text
	Escalate       []Text
	Forms          []FormID
	Keywords       Words
	Sources        []SourceID
	Basis          Basis
	Kind           ProcedureKind
	Approval       Approval
}

// Basis says on what a procedure rests.
type Basis string

// The bases of a procedure.
const (
	PartlyCited   Basis = "partly-cited"
	Judgement     Basis = "judgement"
	SeedJudgement Basis = "seed+judgement"
	Cited         Basis = "cited"
	Local         Basis = "local" // a hospital's own rule
)

// ProcedureKind says for whom a procedure is written.
type ProcedureKind string

// The kinds of procedure.
const (
	General  ProcedureKind = "general"
	Specific ProcedureKind = "department"
)

// Approval is the hospital's own consent to a procedure.
type Approval struct {
	Status     ApprovalStatus
	ApprovedBy string // "" for nobody
	Version    int    // 0 until the first approval
}

// ApprovalStatus is how far the hospital has approved a procedure.
type ApprovalStatus string

// The states of approval: a template is nobody's rule yet and is shown as such.
const (
	Unapproved ApprovalStatus = "template"
	Approved   ApprovalStatus = "approved"
	Withdrawn  ApprovalStatus = "withdrawn"
)

// Source is where a fact of the pack was read.
type Source struct {
	ID    SourceID
	Title string
	URL   string // "" for none
}
