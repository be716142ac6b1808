package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wardline/bot/incident"
)

// coverage says how many of the departments told work on paper, and names those who are silent or in
// trouble. After the outage it is what was.
func (v view) coverage() string {
	in := v.in
	paper := 0
	for _, d := range in.Told {
		if in.OnPaper(d) {
			paper++
		}
	}
	all := len(in.Told)
	if all == 0 {
		return v.Say("coverage.none")
	}
	percent := (200*paper + all) / (2 * all)
	if paper < all {
		percent = min(percent, 99) // all is all
	}
	if in.Phase != incident.Open {
		return v.Say("coverage.was", "paper", paper, "all", all, "percent", percent)
	}
	trouble := slices.Concat(in.WardsStanding(incident.WardCannot), in.WardsStanding(incident.WardNeeds))
	silent := in.WardsStanding(incident.WardSilent)
	return v.Say("coverage", "paper", paper, "all", all, "percent", percent, "silent", len(silent), "who_silent", v.Departments(silent, v.most),
		"trouble", len(trouble), "who_trouble", v.Departments(trouble, v.most))
}

// firstOnPaper and lastOnPaper are how long after the word the quickest and the slowest department worked
// on paper; UNKNOWN where none said so.
func (v view) firstOnPaper() string { return v.onPaperAfter(slices.Min[[]time.Duration]) }

func (v view) lastOnPaper() string { return v.onPaperAfter(slices.Max[[]time.Duration]) }

func (v view) onPaperAfter(which func([]time.Duration) time.Duration) string {
	var took []time.Duration
	for _, w := range v.in.Wards {
		for _, a := range w.Answers[min(w.Before, len(w.Answers)):] {
			if a.Word == incident.OnPaper {
				took = append(took, a.At.Sub(w.Told))
				break
			}
		}
	}
	if len(took) == 0 {
		return v.Unknown()
	}
	return v.Word(which(took))
}

// wardState is how one department stands, in its own words.
func (v view) wardState(d incident.DepartmentID) string {
	w := v.in.Wards[d]
	a, answered := w.Answer()
	var out []string
	switch {
	case answered && a.Word == incident.Cannot:
		out = append(out, v.Say("state.cannot", "at", a.At, "by", a.By, "text", a.Text))
	case answered && a.Word == incident.OnPaper:
		out = append(out, v.Say("state.paper", "at", a.At, "by", a.By))
	case answered:
		out = append(out, v.Say("state.told", "at", a.At, "by", a.By))
	case w.Seen.IsZero():
		out = append(out, v.Say("state.silent", "chased", int(w.Chased)))
	default:
		out = append(out, v.Say("state.seen", "at", w.Seen, "by", w.SeenBy))
	}
	for _, n := range v.in.WardNeeds(d) {
		out = append(out, v.Say("state.need", "n", n.N, "what", n.What, "text", n.Text))
	}
	return strings.Join(out, v.Say("clause.sep"))
}

// ownState is how a department stands as its own people read it: what they have yet to say comes first.
func (v view) ownState(d incident.DepartmentID) string {
	if a, ok := v.in.Wards[d].Answer(); ok && a.Word != incident.Heard {
		return v.wardState(d)
	}
	out := []string{v.Say("state.unanswered")}
	for _, n := range v.in.WardNeeds(d) {
		out = append(out, v.Say("state.need", "n", n.N, "what", n.What, "text", n.Text))
	}
	return strings.Join(out, v.Say("clause.sep"))
}

// wardsOnAPage is how many departments of the matrix a phone shows at once.
const wardsOnAPage = 12

// A WardRow is one department of the matrix.
type WardRow struct {
	Department incident.DepartmentID
	Standing   incident.WardStanding
	Told       time.Time // zero values are what has not happened
	Seen       time.Time
	OnPaper    time.Time
	Unreached  bool // its room cannot be reached
}

// WardRows returns the departments told, those people must look at first.
func (d *Desk) WardRows(in incident.Incident) []WardRow {
	unreached := map[incident.DepartmentID]bool{}
	for _, dep := range d.unreached(in.Told) {
		unreached[dep] = true
	}
	var out []WardRow
	for _, dep := range ordered(in.Told, d.order.departments) {
		w := in.Wards[dep]
		row := WardRow{Department: dep, Standing: in.Ward(dep), Told: w.Told, Seen: w.Seen, Unreached: unreached[dep]}
		if a, ok := w.Answer(); ok && a.Word == incident.OnPaper {
			row.OnPaper = a.At
		}
		out = append(out, row)
	}
	rank := func(r WardRow) int {
		n := 2 * slices.Index(incident.WardStandings(), r.Standing)
		if !r.Unreached {
			n++
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b WardRow) int { return rank(a) - rank(b) })
	return out
}

// Wards returns one page of the matrix of departments, counted from 1, and how many pages there are.
func (v Voice) Wards(in incident.Incident, page int) (string, int) {
	w := v.view(in)
	rows := v.desk.WardRows(in)
	pages := max((len(rows)+wardsOnAPage-1)/wardsOnAPage, 1)
	page = min(max(page, 1), pages)
	lines := []string{v.Say("wards.head", "id", in.ID, "asof", v.Now, "coverage", w.coverage(), "page", page, "pages", pages)}
	for _, r := range rows[(page-1)*wardsOnAPage : min(page*wardsOnAPage, len(rows))] {
		lines = append(lines, w.wardLine(r))
	}
	return strings.Join(lines, "\n"), pages
}

// wardCells are the words of one department of the matrix.
type wardCells struct{ told, seen, paper, trouble string }

func (v view) wardCells(r WardRow) wardCells {
	clock := func(t time.Time) string {
		if t.IsZero() {
			return v.Say("wards.not_yet")
		}
		return v.Clock(t)
	}
	trouble := ""
	if r.Standing != incident.WardPaper {
		trouble = v.wardState(r.Department)
	}
	if r.Unreached {
		trouble = v.Say("wards.unreached", "phones", v.phones(r.Department))
	}
	return wardCells{told: clock(r.Told), seen: clock(r.Seen), paper: clock(r.OnPaper), trouble: trouble}
}

// wardLine is one department of the matrix: told, seen, on paper, and what is wrong.
func (v view) wardLine(r WardRow) string {
	c := v.wardCells(r)
	return v.Say("wards.row", "sign", v.Say("sign."+string(r.Standing)), "department", r.Department, "told", c.told, "seen", c.seen,
		"paper", c.paper, "trouble", c.trouble)
}

// Script returns what is read over the loudspeaker, in both languages, and when it was read.
func (v Voice) Script(in incident.Incident) string {
	zh := v.desk.voiceAt("zh", v.Now).view(in).script()
	en := v.desk.voiceAt("en", v.Now).view(in).script()
	s := v.Say("script", "zh", zh, "en", en)
	if !in.Script.Read.IsZero() {
		s += "\n" + v.Say("said.script_read", "at", in.Script.Read, "by", in.Script.Reader)
	}
	return s
}

// waiting words how many patients wait.
func (v Voice) waiting(w incident.Waiting) string {
	if n, ok := w.Number(); ok {
		return fmt.Sprint(n)
	}
	return v.Say("waiting." + string(w))
}

// happenedOnWards words what an event of the wards says happened.
func (v Voice) happenedOnWards(name string, e incident.Event) string {
	switch b := e.Body.(type) {
	case incident.WardSaw:
		return v.Say(name, "department", b.Department)
	case incident.Acknowledged:
		return v.Say(name, "department", b.Department, "paper", b.Word == incident.OnPaper, "cannot", b.Word == incident.Cannot, "text", b.Text)
	case incident.SupplyRequested:
		return v.Say(name, "n", b.N, "department", b.Department, "what", b.What, "text", b.Text)
	case incident.SilenceChased:
		return v.Say(name, "step", int(b.Step), "departments", v.Departments(b.Departments, 0))
	case incident.ScriptRead:
		return v.Say(name, "at", b.At)
	case incident.VisitClaimed:
		return v.Say(name, "department", b.Department)
	case incident.VisitDropped:
		return v.Say(name, "department", b.Department)
	case incident.VisitArrived:
		return v.Say(name, "department", b.Department)
	case incident.VisitReported:
		return v.Say(name, "department", b.Department, "works", b.Works, "stuck", b.Stuck, "waiting", b.Waiting)
	case incident.VisitOverdue:
		return v.Say(name, "department", b.Department)
	case incident.FeedbackGiven:
		return v.Say(name, "department", namedOr(b.Department), "text", b.Text)
	}
	return v.Say(name) // no_change, stale, watch_ended, script_waits
}
