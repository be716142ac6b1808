package hospital

import (
	"io/fs"

	"wardline/bot/incident"
)

// Pack is a loaded hospital. It never changes; what its methods return must not be changed either.
type Pack struct{}

// Default returns the built-in pack.
func Default() (*Pack, error) { return LoadFS(nil) }

// Load returns the built-in pack overlaid by the files in dir; "" is the built-in pack alone. An
// error about what the files say is of type Problems.
func Load(dir string) (*Pack, error) { return LoadFS(nil) }

// LoadFS is Load on a file system; nil is the built-in pack alone.
func LoadFS(overlay fs.FS) (*Pack, error) { return &Pack{}, nil }

// Systems returns all systems by tier, then restore order.
func (p *Pack) Systems() []System { return nil }

// System returns one system.
func (p *Pack) System(id incident.SystemID) (System, bool) { return System{}, false }

// Tier returns what a tier of systems is called.
func (p *Pack) Tier(n int) (Text, bool) { return Text{}, false }

// Departments returns all departments in the order of the files.
func (p *Pack) Departments() []Department { return nil }

// Department returns one department.
func (p *Pack) Department(id incident.DepartmentID) (Department, bool) { return Department{}, false }

// Procedures returns all procedures in the order of the files.
func (p *Pack) Procedures() []Procedure { return nil }

// Procedure returns one procedure.
func (p *Pack) Procedure(id ProcedureID) (Procedure, bool) { return Procedure{}, false }

// Forms returns all forms in the order of the files.
func (p *Pack) Forms() []Form { return nil }

// Form returns one form.
func (p *Pack) Form(id FormID) (Form, bool) { return Form{}, false }

// AfterRecovery returns what to tell people about a form's fate.
func (p *Pack) AfterRecovery(a AfterRecovery) Text { return Text{} }

// Sheets returns all back-entry sheets in the order of the files.
func (p *Pack) Sheets() []Sheet { return nil }

// Sheet returns one back-entry sheet.
func (p *Pack) Sheet(id SheetID) (Sheet, bool) { return Sheet{}, false }

// HospitalOrder returns the order in which the whole hospital back-enters.
func (p *Pack) HospitalOrder() []OrderStep { return nil }

// Priorities returns the priorities of back-entry, most urgent first.
func (p *Pack) Priorities() []Priority { return nil }

// Priority returns one priority of back-entry.
func (p *Pack) Priority(id PriorityID) (Priority, bool) { return Priority{}, false }

// GeneralBackentry returns the procedures of back-entry that hold for every department.
func (p *Pack) GeneralBackentry() []ProcedureID { return nil }

// Sources returns where the facts of the pack were read.
func (p *Pack) Sources() []Source { return nil }

// Source returns one source.
func (p *Pack) Source(id SourceID) (Source, bool) { return Source{}, false }

// Policy returns the hospital's policy.
func (p *Pack) Policy() Policy { return Policy{} }

// Message returns the layout of one message, such as CLIN-DOWN.
func (p *Pack) Message(id string) (Template, bool) { return Template{}, false }

// Messages returns the layouts of all messages in the order of the files.
func (p *Pack) Messages() []Template { return nil }

// Limits returns how large a message to an audience may be.
func (p *Pack) Limits(audience string) (Limits, bool) { return Limits{}, false }

// Notice returns what must be said about the pack as a whole: by default, that it is a template.
func (p *Pack) Notice() Text { return Text{} }

// FindSystem reads text as one system: its id, name or an alias, whatever the case, width, spaces
// and hyphens. Without a hit it returns "" and up to three nearest systems.
func (p *Pack) FindSystem(text string) (incident.SystemID, []incident.SystemID) { return "", nil }

// FindDepartment reads text as one department, as FindSystem does.
func (p *Pack) FindDepartment(text string) (incident.DepartmentID, []incident.DepartmentID) {
	return "", nil
}

// FindProcedure reads text as one procedure: its id or title, as FindSystem does.
func (p *Pack) FindProcedure(text string) (ProcedureID, []ProcedureID) { return "", nil }

// SystemsIn returns the systems named inside a sentence, in order of appearance.
func (p *Pack) SystemsIn(sentence string) []incident.SystemID { return nil }

// DepartmentsIn returns the departments named inside a sentence, in order of appearance.
func (p *Pack) DepartmentsIn(sentence string) []incident.DepartmentID { return nil }

// Reach is how far an outage carries. It is what the pack says and so only probable.
type Reach struct {
	Stops, Degrades []incident.SystemID // by tier, then restore order; without those given
	Departments     []incident.DepartmentID
}

// Reach follows the dependencies from the systems that are down.
func (p *Pack) Reach(down []incident.SystemID) Reach { return Reach{} }

// Users returns the departments that use any of the systems, in visit order.
func (p *Pack) Users(systems []incident.SystemID) []incident.DepartmentID { return nil }

// DownFor returns the procedures to push to a department when the systems are down, most specific
// first.
func (p *Pack) DownFor(dept incident.DepartmentID, systems []incident.SystemID) []ProcedureID {
	return nil
}

// SheetFor returns the back-entry sheet of a department, its parent's when it has none itself.
func (p *Pack) SheetFor(dept incident.DepartmentID) (SheetID, bool) { return "", false }
