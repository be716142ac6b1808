package hospital

import (
	"cmp"
	"slices"

	"wardline/bot/incident"
)

// Pack is a loaded hospital. It never changes; what its methods return must not be changed either.
type Pack struct {
	tiers       map[int]Text
	kinds       map[DependencyKind]Text
	systems     []System // by tier, then restore order
	departments []Department
	procedures  []Procedure
	forms       []Form
	fates       map[AfterRecovery]Text

	generalBackentry []ProcedureID
	priorities       []Priority
	order            []OrderStep
	sheets           []Sheet

	policy    Policy
	messages  []Template
	limits    map[Audience]Limits
	rules     Rules
	fieldHelp map[string]Text
	sources   []Source
	matrix    []MatrixRow
	notices   map[string]Text

	index lookup
}

// finish sorts and indexes a pack that was read without a problem.
func (p *Pack) finish() {
	slices.SortStableFunc(p.systems, func(a, b System) int {
		return cmp.Or(cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.RestoreOrder, b.RestoreOrder))
	})
	p.index = makeIndex(p)
}

// Systems returns all systems by tier, then restore order.
func (p *Pack) Systems() []System { return slices.Clone(p.systems) }

// System returns one system.
func (p *Pack) System(id incident.SystemID) (System, bool) {
	return at(p.systems, p.index.systems, id)
}

// Tier returns what a tier of systems is called.
func (p *Pack) Tier(n int) (Text, bool) {
	t, ok := p.tiers[n]
	return t, ok
}

// DependencyKind returns what a kind of dependency means, in words.
func (p *Pack) DependencyKind(k DependencyKind) (Text, bool) {
	t, ok := p.kinds[k]
	return t, ok
}

// Departments returns all departments in the order of the files.
func (p *Pack) Departments() []Department { return slices.Clone(p.departments) }

// Department returns one department.
func (p *Pack) Department(id incident.DepartmentID) (Department, bool) {
	return at(p.departments, p.index.departments, id)
}

// Procedures returns all procedures in the order of the files.
func (p *Pack) Procedures() []Procedure { return slices.Clone(p.procedures) }

// Procedure returns one procedure.
func (p *Pack) Procedure(id ProcedureID) (Procedure, bool) {
	return at(p.procedures, p.index.procedures, id)
}

// Forms returns all forms in the order of the files.
func (p *Pack) Forms() []Form { return slices.Clone(p.forms) }

// Form returns one form.
func (p *Pack) Form(id FormID) (Form, bool) { return at(p.forms, p.index.forms, id) }

// AfterRecovery returns what to tell people about a form's fate.
func (p *Pack) AfterRecovery(a AfterRecovery) (Text, bool) {
	t, ok := p.fates[a]
	return t, ok
}

// Sheets returns all back-entry sheets in the order of the files.
func (p *Pack) Sheets() []Sheet { return slices.Clone(p.sheets) }

// Sheet returns one back-entry sheet.
func (p *Pack) Sheet(id SheetID) (Sheet, bool) { return at(p.sheets, p.index.sheets, id) }

// HospitalOrder returns the order in which the whole hospital back-enters.
func (p *Pack) HospitalOrder() []OrderStep { return slices.Clone(p.order) }

// Priorities returns the priorities of back-entry, most urgent first.
func (p *Pack) Priorities() []Priority { return slices.Clone(p.priorities) }

// Priority returns one priority of back-entry.
func (p *Pack) Priority(id PriorityID) (Priority, bool) {
	return at(p.priorities, p.index.priorities, id)
}

// GeneralBackentry returns the procedures of back-entry that hold for every department.
func (p *Pack) GeneralBackentry() []ProcedureID { return slices.Clone(p.generalBackentry) }

// Sources returns where the facts of the pack were read.
func (p *Pack) Sources() []Source { return slices.Clone(p.sources) }

// Source returns one source.
func (p *Pack) Source(id SourceID) (Source, bool) { return at(p.sources, p.index.sources, id) }

// Matrix returns what each department does for each system, in the order of the files.
func (p *Pack) Matrix() []MatrixRow { return slices.Clone(p.matrix) }

// Policy returns the hospital's policy.
func (p *Pack) Policy() Policy { return p.policy }

// Level returns one level of severity.
func (p *Pack) Level(id LevelID) (Level, bool) {
	i := slices.IndexFunc(p.policy.Levels, func(l Level) bool { return l.ID == id })
	if i < 0 {
		return Level{}, false
	}
	return p.policy.Levels[i], true
}

// Role returns one role.
func (p *Pack) Role(id RoleID) (Role, bool) {
	i := slices.IndexFunc(p.policy.Roles, func(r Role) bool { return r.ID == id })
	if i < 0 {
		return Role{}, false
	}
	return p.policy.Roles[i], true
}

// Message returns the layout of one message, such as CLIN-DOWN. Every message of the built-in pack
// is there, whatever a hospital changed.
func (p *Pack) Message(id string) (Template, bool) { return at(p.messages, p.index.messages, id) }

// Messages returns the layouts of all messages in the order of the files.
func (p *Pack) Messages() []Template { return slices.Clone(p.messages) }

// Limits returns how large a message to an audience may be; it reports false for an audience
// without any limit.
func (p *Pack) Limits(a Audience) (Limits, bool) {
	l, ok := p.limits[a]
	return l, ok
}

// Rules returns what holds for every message.
func (p *Pack) Rules() Rules { return p.rules }

// FieldHelp returns what to write in a field of a message.
func (p *Pack) FieldHelp(name string) (Text, bool) {
	t, ok := p.fieldHelp[name]
	return t, ok
}

// Notice returns what must be said wherever procedures are shown: by default, that they are
// templates to be approved first.
func (p *Pack) Notice() Text { return p.notices["procedures"] }
