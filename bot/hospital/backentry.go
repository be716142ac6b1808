package hospital

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"wardline/bot/incident"
)

// SheetID names a back-entry sheet, such as BE-ED.
type SheetID string

// PriorityID names a priority of back-entry, such as P1.
type PriorityID string

// Sheet is a department's list of what to enter into the restored system.
type Sheet struct {
	ID          SheetID
	Title       Text
	Departments []incident.DepartmentID
	Items       []SheetItem
	Approval    Approval // where the file says nothing, a template
}

// SheetItem is one thing to enter, who enters it and who checks.
type SheetItem struct {
	Priority PriorityID
	What     Text
	Who      Text
	Check    Text
	Forms    []FormID
}

// Priority is one class of back-entry and the time it should be done in.
type Priority struct {
	ID     PriorityID
	Name   Text
	Target Period
	What   Text
}

// OrderStep is one step of the order in which the whole hospital back-enters.
type OrderStep struct {
	Step  int
	Text  Text
	Units []incident.DepartmentID
}

func readBackentry(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	p.generalBackentry = refs[ProcedureID](t, "general_procedures", aProcedure)
	for _, e := range t.table("priorities") {
		p.priorities = append(p.priorities, t.r.priority(e))
	}
	slices.SortStableFunc(p.priorities, func(a, b Priority) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range t.list("hospital_order") {
		s := t.r.row(c.n, c.path)
		p.order = append(p.order, OrderStep{
			Step:  s.num("step", 1, 999),
			Text:  s.inline(),
			Units: refs[incident.DepartmentID](s, "units", aDepartment),
		})
		s.done()
	}
	slices.SortStableFunc(p.order, func(a, b OrderStep) int { return cmp.Compare(a.Step, b.Step) })
	for _, c := range t.list("departments") {
		p.sheets = append(p.sheets, t.r.sheet(c))
	}
}

// priorityID is the form of the ids of priorities; their order is the order of urgency.
var priorityID = regexp.MustCompile(`^P[1-9]$`)

func (r *reader) priority(e named) Priority {
	t := r.row(e.n, e.path)
	defer t.done()
	if !priorityID.MatchString(e.key) {
		r.problem(e.n, e.path, fmt.Sprintf("%q is no priority", e.key), "write P1 to P9, P1 the most urgent")
	}
	p := Priority{ID: PriorityID(e.key), Name: t.text("name"), What: t.text("what")}
	p.Target, _ = t.period("target", true)
	if p.Target == (Period{}) && !t.bad && t.n.get("target") != nil {
		r.problem(t.n.get("target"), dot(e.path, "target"), "leaves no time at all", "write a time such as PT4H")
	}
	return p
}

func (r *reader) sheet(c child) Sheet {
	t := r.row(c.n, c.path)
	defer t.done()
	s := Sheet{
		ID:          SheetID(t.ident(upperID, "BE-ED")),
		Title:       t.text("title"),
		Departments: refs[incident.DepartmentID](t, "departments", aDepartment),
	}
	for _, item := range t.list("items") {
		i := r.row(item.n, item.path)
		priority, _ := oneRef[PriorityID](i, "priority", aPriority)
		s.Items = append(s.Items, SheetItem{
			Priority: priority,
			What:     i.text("what"),
			Who:      i.text("who"),
			Check:    i.text("check"),
			Forms:    refs[FormID](i, "forms", aForm),
		})
		i.done()
	}
	s.Approval = Approval{Status: Unapproved}
	if v := t.value("approval", false); v != nil {
		s.Approval = r.approval(v, dot(c.path, "approval"))
	}
	if len(s.Items) == 0 && !t.bad {
		r.problem(c.n, dot(c.path, "items"), "a sheet without items asks for nothing", "write at least one item")
	}
	return s
}
