package bot

import (
	"strconv"
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// procedures are what a department does on paper for what is down. Where nothing is written for that,
// what depends on it and has probably stopped with it counts too: a ward without orders must not be
// told just "paper".
func (v view) procedures(dep incident.DepartmentID) []hospital.ProcedureID {
	ids := v.desk.opts.Pack.DownFor(dep, v.in.With(incident.Down, incident.Degraded))
	if len(ids) == 0 {
		ids = v.desk.opts.Pack.DownFor(dep, v.in.With(incident.Possible))
	}
	return ids
}

// mostProcedures is how many procedures the first line names; a button shows them all.
const mostProcedures = 3

// action is the first line of a clinical message: go to paper, by which of the unit's procedures, and
// what else to do instead.
func (v view) action(dep incident.DepartmentID) string {
	ids := v.procedures(dep)
	var titles []string
	for _, id := range ids {
		if p, ok := v.desk.opts.Pack.Procedure(id); ok && len(titles) < min(v.most, mostProcedures) {
			titles = append(titles, v.Say("action.procedure", "id", string(id), "title", p.Title))
		}
	}
	s := v.Say("action.paper")
	if len(titles) > 0 {
		s = v.Say("action.by", "procedures", strings.Join(titles, v.Say("list.sep")))
	}
	if w, ok := v.known(incident.Workaround); ok {
		s = v.Say("action.workaround", "text", w, "action", s)
	}
	return s
}

// wardFields are the words of a clinical message that differ from department to department.
func (v view) wardFields(dep incident.DepartmentID) map[string]string {
	return map[string]string{"action": v.action(dep), "systems_down": v.downFor(dep)}
}

// script is what is read aloud: one breath, and only what is certain.
func (v view) script() string {
	return v.layout("CLIN-PAGE", map[string]string{"systems_down": v.certainlyDown()})
}

// wardActions are the buttons under a clinical message: first those for what the department has yet to
// say, then where it finds help.
func (v view) wardActions(dep incident.DepartmentID) []Action {
	id := " incident:" + v.in.ID.String()
	if v.in.Phase != incident.Open {
		out := []Action{
			{Label: v.Say("button.symptom"), Line: "/outage symptom" + id},
			{Label: v.Say("button.ask"), Line: "/ask"},
			{Label: v.Say("button.feedback"), Line: "/downtime feedback" + id},
		}
		if sheet, ok := v.desk.opts.Pack.SheetFor(dep); ok && v.in.Phase != incident.Merged { // "use the checklist" is of no use without it
			if action, ok := v.TextAction(string(sheet)); ok {
				out = append([]Action{action}, out...)
			}
		}
		return out
	}
	return append(v.answerActions(dep), []Action{
		{Label: v.Say("button.procedure"), Line: "/downtime procedure"},
		{Label: v.Say("button.symptom"), Line: "/outage symptom" + id},
		{Label: v.Say("button.ask"), Line: "/ask"},
	}...)
}

// answerActions are the buttons by which a department says how it stands. Who works on paper may still
// need something.
func (v view) answerActions(dep incident.DepartmentID) []Action {
	tail := " department:" + string(dep) + " incident:" + v.in.ID.String()
	var out []Action
	if !v.in.OnPaper(dep) {
		out = []Action{
			{Label: v.Say("button.paper"), Line: "/downtime ack paper" + tail, Style: Primary},
			{Label: v.Say("button.cannot"), Line: "/downtime ack cannot" + tail, Style: Danger},
		}
	}
	return append(out, Action{Label: v.Say("button.supply"), Line: "/downtime need" + tail})
}

func (v view) procedureActions(ids []hospital.ProcedureID) []Action {
	var out []Action
	for _, id := range ids {
		if a, ok := v.TextAction(string(id)); ok && len(out) < 5 {
			out = append(out, a)
		}
	}
	return out
}

// TextAction is the button that shows a procedure or back-entry sheet; false if there is no such text.
func (v Voice) TextAction(id string) (Action, bool) {
	title, ok := v.desk.opts.Pack.TextTitle(id)
	return Action{Label: v.Say("action.procedure", "id", id, "title", title), Line: "/downtime procedure " + id}, ok
}

// pack is the engineer's picture: the hospital's layout, and the gaps as questions.
func (v view) pack() string {
	s := v.layout("ENGINEER-PACK", map[string]string{"scope": v.downLine()})
	if heat := v.heat(); heat != "" {
		s += "\n" + heat
	}
	var gaps []string
	for _, k := range []incident.Key{incident.Versions, incident.Server, incident.Tried, incident.Logs, incident.Access, incident.Contact} {
		if _, ok := v.in.Fact(k); !ok {
			gaps = append(gaps, v.Say("gap."+string(k)))
		}
	}
	if len(v.in.Symptoms) == 0 {
		gaps = append(gaps, v.Say("gap.symptom"))
	}
	if len(v.in.Changes) == 0 {
		gaps = append(gaps, v.Say("gap.changes"))
	}
	if len(gaps) == 0 {
		return s
	}
	return s + "\n" + v.Say("gaps", "list", strings.Join(gaps, v.Say("clause.sep")))
}

// EngineerPack returns an incident as engineers need it.
func (v Voice) EngineerPack(in incident.Incident) string { return v.view(in).pack() }

// QuoteActions returns the buttons that go on after a part of a text, and back to its beginning.
func (v Voice) QuoteActions(id string, part, parts int) []Action {
	to := func(n int, label string) Action {
		return Action{Label: v.Say(label, "part", n), Line: "/downtime procedure " + id + " part:" + strconv.Itoa(n)}
	}
	var out []Action
	if part < parts {
		out = append(out, to(part+1, "button.next_part"))
		out[0].Style = Primary
	}
	if part > 1 {
		out = append(out, to(1, "button.first_part"))
	}
	return out
}
