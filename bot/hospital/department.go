package hospital

import (
	"wardline/bot/incident"
)

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

func readDepartments(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	for _, c := range t.list("departments") {
		p.departments = append(p.departments, t.r.department(c))
	}
	t.some("departments", "department")
}

func (r *reader) department(c child) Department {
	t := r.row(c.n, c.path)
	defer t.done()
	d := Department{
		ID: incident.DepartmentID(t.ident(lowerID, "ward_surg")),
		Kind: DepartmentKind(t.oneOf("kind", string(Clinical), string(Medtech), string(Support),
			string(Window), string(Admin), string(Command))),
		VisitOrder:  t.optNum("visit_order", 1, 999),
		Name:        t.text("name"),
		Aliases:     t.words("aliases"),
		Uses:        refs[incident.SystemID](t, "uses", aSystem),
		DowntimeSet: refs[ProcedureID](t, "downtime_set", aProcedure),
	}
	if v := t.value("parent", false); v != nil {
		if id, ok := r.ref(v, dot(c.path, "parent"), aDepartment); ok {
			d.Parent = incident.DepartmentID(id)
			r.edges = append(r.edges, edge{aDepartment, string(d.ID), id, v, dot(c.path, "parent")})
		}
	}
	r.naming(t, aDepartment, string(d.ID), d.Name, d.Aliases, Words{})
	return d
}
