package bot

import (
	"slices"
	"strings"

	"wardline/bot/incident"
)

// visitsOnAPage is how many visits a phone shows at once.
const visitsOnAPage = 10

// toVisit returns the departments that are affected or may be, or that said they are in trouble, in the
// hospital's own order of visits.
func (v view) toVisit() []incident.DepartmentID {
	in := v.in
	var out []incident.DepartmentID
	for _, d := range v.desk.order.visit {
		trouble := in.Ward(d.ID) == incident.WardCannot || len(in.WardNeeds(d.ID)) > 0
		_, visited := in.Visits[d.ID]
		if s := in.Departments[d.ID]; d.VisitOrder > 0 && (s == incident.Affected || s == incident.Possible || trouble || visited) {
			out = append(out, d.ID)
		}
	}
	return out
}

// Visits returns one page of the departments to visit, counted from 1; those on it that nobody has taken
// on or seen; and how many pages there are.
func (v Voice) Visits(in incident.Incident, page int) (string, []incident.DepartmentID, int) {
	w := v.view(in)
	all := w.toVisit()
	pages := max((len(all)+visitsOnAPage-1)/visitsOnAPage, 1)
	page = min(max(page, 1), pages)
	seen := len(slices.DeleteFunc(slices.Clone(all), func(d incident.DepartmentID) bool { return in.Visits[d].Seen.IsZero() }))
	lines := []string{v.Say("visits.head", "id", in.ID, "asof", v.Now, "n", len(all), "seen", seen, "page", page, "pages", pages)}
	var free []incident.DepartmentID
	first := (page - 1) * visitsOnAPage
	for i, d := range all[first:min(page*visitsOnAPage, len(all))] {
		lines = append(lines, w.visitLine(first+i+1, d))
		if in.Visits[d].Claimed.IsZero() {
			free = append(free, d)
		}
	}
	return strings.Join(lines, "\n"), free, pages
}

// visitLine is one department to visit, and how far that is.
func (v view) visitLine(n int, d incident.DepartmentID) string {
	visit := v.in.Visits[d]
	state := v.Say("visit.open")
	switch {
	case !visit.Seen.IsZero():
		state = v.Say("visit.seen", "at", visit.Seen, "by", visit.By, "impact", v.impactOf(d))
	case !visit.Arrived.IsZero():
		state = v.Say("visit.there", "at", visit.Arrived, "by", visit.By)
	case !visit.Claimed.IsZero():
		state = v.Say("visit.claimed", "at", visit.Claimed, "by", visit.By, "overdue", visit.Overdue)
	}
	trouble := ""
	if s := v.in.Ward(d); s == incident.WardCannot || s == incident.WardNeeds {
		trouble = v.wardState(d)
	}
	return v.Say("visits.row", "n", n, "department", d, "state", state, "trouble", trouble)
}

// impactOf words the newest impact on a department.
func (v view) impactOf(d incident.DepartmentID) string {
	for _, i := range slices.Backward(v.in.Impacts) {
		if i.Department == d {
			return v.impactText(i)
		}
	}
	return v.Unknown()
}

// impactText words one impact: what is stuck, what works, how many wait.
func (v view) impactText(i incident.Impact) string {
	if i.Waiting == "" {
		return i.Text
	}
	return v.Say("impact.seen", "stuck", i.Text, "works", i.Works, "waiting", i.Waiting)
}
