package hospital

import "wardline/bot/incident"

// FormID names a paper form, such as F-MAR.
type FormID string

// Form is a paper form used while a system is down.
type Form struct {
	ID             FormID
	Name           Text
	Departments    []incident.DepartmentID
	AllDepartments bool // the file says "*"; Departments is then empty
	Fields         Text // what must be written on it
	AfterRecovery  AfterRecovery
}

// AfterRecovery says what becomes of a filled form once the system is back.
type AfterRecovery string

// What becomes of a filled form.
const (
	BackEnter AfterRecovery = "backentry"
	Partial   AfterRecovery = "partial"
	Scan      AfterRecovery = "scan"
	Kept      AfterRecovery = "kept"
	Discard   AfterRecovery = "discard"
)

func readForms(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	fates := []AfterRecovery{BackEnter, Partial, Scan, Kept, Discard}
	p.fates = map[AfterRecovery]Text{}
	if v := t.value("after_recovery", true); v != nil {
		f := t.r.row(v, "after_recovery")
		for _, fate := range fates {
			p.fates[fate] = f.text(string(fate))
		}
		f.done()
	}
	for _, c := range t.list("forms") {
		p.forms = append(p.forms, t.r.form(c))
	}
}

func (r *reader) form(c child) Form {
	t := r.row(c.n, c.path)
	defer t.done()
	f := Form{
		ID:     FormID(t.ident(upperID, "F-MAR")),
		Name:   t.text("name"),
		Fields: t.text("fields"),
		AfterRecovery: AfterRecovery(t.oneOf("after_recovery", string(BackEnter), string(Partial),
			string(Scan), string(Kept), string(Discard))),
	}
	f.Departments, f.AllDepartments = refsOrAll[incident.DepartmentID](t, "departments", aDepartment)
	return f
}
