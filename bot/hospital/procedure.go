package hospital

import (
	"regexp"
	"slices"
	"time"

	"wardline/bot/incident"
)

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

// Lines returns what people read of a procedure, in the order they read it: steps, safety lines, what not to
// do, when to escalate.
func (p Procedure) Lines() []Text { return slices.Concat(p.Steps, p.Safety, p.DoNot, p.Escalate) }

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
	ApprovedOn string // the day, such as 2026-05-01; "" where nobody noted it
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

// upperID is the form of the ids of procedures, forms, sheets, messages and decision points.
var upperID = regexp.MustCompile(`^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$`)

func readProcedures(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	for _, c := range t.list("procedures") {
		p.procedures = append(p.procedures, t.r.procedure(c))
	}
}

func (r *reader) procedure(c child) Procedure {
	t := r.row(c.n, c.path)
	defer t.done()
	p := Procedure{
		ID:       ProcedureID(t.ident(upperID, "ED-RX")),
		Title:    t.text("title"),
		When:     t.text("when"),
		Steps:    t.texts("steps"),
		Safety:   t.texts("safety"),
		DoNot:    t.texts("do_not"),
		Escalate: t.texts("escalate"),
		Forms:    refs[FormID](t, "forms", aForm),
		Keywords: t.words("keywords"),
		Sources:  refs[SourceID](t, "sources", aSource),
		Basis: Basis(t.oneOf("basis", string(Cited), string(PartlyCited), string(SeedJudgement),
			string(Judgement), string(Local))),
		Kind: ProcedureKind(t.oneOf("kind", string(General), string(Specific))),
	}
	p.Departments, p.AllDepartments = refsOrAll[incident.DepartmentID](t, "departments", aDepartment)
	p.Systems, p.AllSystems = refsOrAll[incident.SystemID](t, "systems", aSystem)
	if len(p.Steps) == 0 && !t.bad {
		r.problem(c.n, dot(c.path, "steps"), "a procedure without steps tells nobody what to do", "write at least one step")
	}
	if v := t.value("approval", true); v != nil {
		p.Approval = r.approval(v, dot(c.path, "approval"))
	}
	return p
}

// approval reads who approved; an approval without a name and a version is none.
func (r *reader) approval(n *node, path string) Approval {
	t := r.row(n, path)
	defer t.done()
	a := Approval{
		Status:     ApprovalStatus(t.oneOf("status", string(Unapproved), string(Approved), string(Withdrawn))),
		ApprovedBy: t.optStr("approved_by"),
		ApprovedOn: t.optStr("approved_on"),
		Version:    t.num("version", 0, 9999),
	}
	if a.Status == Approved && (a.ApprovedBy == "" || a.Version == 0) {
		r.problem(n, path, "approved, but by nobody or in no version", "fill approved_by and a version from 1")
	}
	if _, err := time.Parse(time.DateOnly, a.ApprovedOn); a.ApprovedOn != "" && err != nil {
		r.problem(n, dot(path, "approved_on"), "is no day", "write it as 2026-05-01, or leave it out")
	}
	return a
}

func readSources(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	for _, c := range t.list("sources") {
		s := t.r.row(c.n, c.path)
		p.sources = append(p.sources, Source{
			ID:    SourceID(s.ident(sourceID, "HICS202")),
			Title: s.str("title"),
			URL:   s.optStr("url"),
		})
		s.done()
	}
}

// sourceID is the form of the ids of sources.
var sourceID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
