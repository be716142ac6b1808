package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Sheet is something to be printed on paper: its words are all here, an adapter only sets them.
type Sheet struct {
	Lang  hospital.Lang
	Title string
	Head  string // the hospital's name
	Foot  string // when it was printed, and what to do with it
	Parts []SheetPart
}

// SheetPart is one procedure or one table of a sheet.
type SheetPart struct {
	Title string
	Mark  string     // how far it is approved, or why it is not shown
	Warn  bool       // the mark is a warning
	Lines []string   // read one below the other
	Rows  [][]string // a table; the first row is its head
}

// Sheet returns what is to be printed under a name: "procedure/ED-RX" or "procedure/BE-ED" for a text, "department/ed" for all that a
// department does on paper, "wards/INC-7" for how far each department is. It reports false if there is no
// such thing.
func (d *Desk) Sheet(ctx context.Context, name string, lang hospital.Lang) (Sheet, bool) {
	v := d.Voice(lang)
	s := Sheet{Lang: v.Lang, Head: d.opts.Name.In(v.Lang), Foot: v.Say("sheet.foot", "at", v.Now.Format(time.DateOnly+" 15:04"))}
	kind, id, _ := strings.Cut(name, "/")
	found := false
	switch kind {
	case "procedure":
		found = s.text(v, id)
	case "department":
		found = s.department(v, incident.DepartmentID(id))
	case "wards":
		found = s.wards(ctx, v, id)
	}
	return s, found
}

func (s *Sheet) text(v Voice, id string) bool {
	part, ok := v.printed(id)
	if !ok {
		return false
	}
	s.Title = v.Say("sheet.procedure")
	if _, ok := v.desk.opts.Pack.Sheet(hospital.SheetID(id)); ok {
		s.Title = v.Say("sheet.backentry")
	}
	s.Parts = append(s.Parts, part)
	return true
}

// department is the whole set of a department and of those it belongs to, its own first; where that is
// empty, what everybody does first.
func (s *Sheet) department(v Voice, id incident.DepartmentID) bool {
	pack := v.desk.opts.Pack
	dep, ok := pack.Department(id)
	if !ok {
		return false
	}
	s.Title = v.Say("sheet.department", "department", id)
	var ids []hospital.ProcedureID
	for at := dep; ok; at, ok = pack.Department(at.Parent) {
		for _, p := range at.DowntimeSet {
			if !slices.Contains(ids, p) {
				ids = append(ids, p)
			}
		}
	}
	for _, p := range pack.Procedures() {
		if p.AllDepartments && p.AllSystems && len(ids) == 0 {
			ids = append(ids, p.ID)
		}
	}
	for _, id := range ids {
		if part, ok := v.printed(string(id)); ok {
			s.Parts = append(s.Parts, part)
		}
	}
	return true
}

// printed is a procedure or a back-entry sheet as it stands on paper.
func (v Voice) printed(id string) (SheetPart, bool) {
	v.paper = true
	p, ok := v.passage(id)
	if !ok {
		return SheetPart{}, false
	}
	if why := v.unquotable(p, v.desk.inOutage()); why != "" {
		title, mark, _ := strings.Cut(why, "\n")
		return SheetPart{Title: title, Mark: mark, Warn: true}, true
	}
	head := v.head(p)
	return SheetPart{Title: head[0], Mark: head[1], Warn: p.approval.Status != hospital.Approved, Lines: p.body}, true
}

func (s *Sheet) wards(ctx context.Context, v Voice, name string) bool {
	id, err := incident.ParseID(name)
	if err != nil {
		return false
	}
	in, ok, err := v.desk.Incident(ctx, id)
	if err != nil || !ok || !in.Declared() {
		return false
	}
	w := v.view(in)
	s.Title = v.Say("sheet.wards", "id", in.ID, "headline", w.headline())
	part := SheetPart{Title: w.coverage(), Rows: [][]string{{
		"", v.Say("sheet.col.department"), v.Say("sheet.col.told"), v.Say("sheet.col.seen"), v.Say("sheet.col.paper"), v.Say("sheet.col.trouble"),
	}}}
	for _, r := range v.desk.WardRows(in) {
		cells := w.wardCells(r)
		part.Rows = append(part.Rows, []string{v.Say("sign." + string(r.Standing)), v.Department(r.Department), cells.told, cells.seen, cells.paper, cells.trouble})
	}
	s.Parts = append(s.Parts, part)
	return true
}
