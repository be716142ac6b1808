package bot

import (
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// passage is a text of the hospital as it is quoted: a downtime procedure or a back-entry sheet.
type passage struct {
	id       string
	title    hospital.Text
	approval hospital.Approval
	body     []string
}

// passage finds a text by its id and puts its lines into words.
func (v Voice) passage(id string) (passage, bool) {
	pack := v.desk.opts.Pack
	if p, ok := pack.Procedure(hospital.ProcedureID(id)); ok {
		return passage{id: id, title: p.Title, approval: p.Approval, body: v.procedureBody(p)}, true
	}
	if s, ok := pack.Sheet(hospital.SheetID(id)); ok {
		return passage{id: id, title: s.Title, approval: s.Approval, body: v.sheetBody(s)}, true
	}
	return passage{}, false
}

// QuotePart quotes a procedure or a back-entry sheet word for word, with its id, version and how far the hospital
// approved it, in parts that fit a phone, counted from 1; it also returns how many there are, 0 if there is no such
// text. A line is never cut, and every part begins with the text's name and how far it is approved. A line whose
// placeholder the hospital left unfilled says whom to ask instead of a wrong number. What the hospital has
// withdrawn is not quoted, nor what it has not approved where it wants it so; then people read whom to ask.
func (v Voice) QuotePart(id string, part int) (string, int) {
	return v.quotePart(id, part, v.desk.inOutage())
}

// QuoteLine is QuotePart for the part that holds a line, counted from 0 as in hospital.Procedure.Lines or a sheet's
// items, and points at that line; for a line that is not there it is the first part and points at none. It also
// returns which part it is.
func (v Voice) QuoteLine(id string, line int) (text string, part, parts int) {
	p, ok := v.passage(id)
	if !ok {
		return "", 0, 0
	}
	part = 1
	if line >= 0 && line < len(p.body) {
		p.body[line] = v.Say("procedure.found", "text", p.body[line])
		for _, lines := range v.parts(p.body) {
			if line -= len(lines); line < 0 {
				break
			}
			part++
		}
	}
	text, parts = v.cut(p, part, v.desk.inOutage())
	return text, part, parts
}

// inOutage reports whether systems are out of use now.
func (d *Desk) inOutage() bool { return len(d.which(incident.Incident.Active)) > 0 }

func (v Voice) quotePart(id string, part int, outage bool) (string, int) {
	p, ok := v.passage(id)
	if !ok {
		return "", 0
	}
	return v.cut(p, part, outage)
}

// cut returns one part of a text, or why it must not be quoted.
func (v Voice) cut(p passage, part int, outage bool) (string, int) {
	if why := v.unquotable(p, outage); why != "" {
		return why, 1
	}
	parts := v.parts(p.body)
	part = min(max(part, 1), len(parts))
	lines := append(v.head(p), parts[part-1]...)
	if len(parts) > 1 {
		lines = append(lines, v.Say("procedure.part", "part", part, "parts", len(parts)))
	}
	return strings.Join(lines, "\n"), len(parts)
}

// phone is how much of a procedure a phone shows without losing the thread: about two screens.
func phone() hospital.Limits { return hospital.Limits{MaxLines: 14, MaxCharsZH: 320, MaxWordsEN: 180} }

// parts divides lines into parts that fit a phone; a part has at least one line.
func (v Voice) parts(lines []string) [][]string {
	var out [][]string
	begin := 0
	for i := range lines {
		long := i-begin >= phone().MaxLines || !v.view(incident.Incident{}).fits(strings.Join(lines[begin:i+1], "\n"), phone())
		if i > begin && long {
			out = append(out, lines[begin:i])
			begin = i
		}
	}
	return append(out, lines[begin:])
}

// head says which text it is and how far the hospital has approved it.
func (v Voice) head(p passage) []string {
	title := v.Say("procedure.title", "id", p.id, "title", p.title)
	a := p.approval
	if a.Status != hospital.Approved {
		return []string{title, v.Say("procedure.template", "version", a.Version)}
	}
	return []string{title, v.Say("procedure.approved", "version", a.Version, "by", a.ApprovedBy, "on", a.ApprovedOn)}
}

// procedureBody is what a procedure says, line by line.
func (v Voice) procedureBody(p hospital.Procedure) []string {
	var out []string
	add := func(phrase string, pairs ...any) { out = append(out, v.Say(phrase, pairs...)) }
	for i, s := range p.Steps {
		add("procedure.step", "n", i+1, "text", v.filled(s))
	}
	for _, s := range p.Safety {
		add("procedure.safety", "text", v.filled(s))
	}
	for _, s := range p.DoNot {
		add("procedure.do_not", "text", v.filled(s))
	}
	for _, s := range p.Escalate {
		add("procedure.escalate", "text", v.filled(s))
	}
	if len(p.Forms) > 0 {
		add("procedure.forms", "forms", v.forms(p.Forms))
	}
	return out
}

// sheetBody is what a sheet asks to be entered, an item a line: what and within which time, who enters it
// and how it is checked.
func (v Voice) sheetBody(s hospital.Sheet) []string {
	var out []string
	for i, item := range s.Items {
		priority, _ := v.desk.opts.Pack.Priority(item.Priority)
		within, fixed := priority.Target.Duration()
		out = append(out, v.Say("sheet.item", "n", i+1, "priority", string(item.Priority), "has_within", fixed, "within", within,
			"what", v.filled(item.What), "who", v.filled(item.Who), "check", v.filled(item.Check), "forms", v.forms(item.Forms)))
	}
	return out
}

// forms lists forms by id and name; "" for none.
func (v Voice) forms(ids []hospital.FormID) string {
	var names []string
	for _, f := range ids {
		if form, ok := v.desk.opts.Pack.Form(f); ok {
			names = append(names, v.Say("action.procedure", "id", string(f), "title", form.Name))
		}
	}
	return strings.Join(names, v.Say("list.sep"))
}

// unquotable says why a text must not be quoted now, and whom to ask instead; "" if it may be. The
// hospital decides whether templates may be followed in an outage; withdrawn is withdrawn.
func (v Voice) unquotable(p passage, outage bool) string {
	name := ""
	switch {
	case p.approval.Status == hospital.Withdrawn:
		name = "procedure.withdrawn"
	case p.approval.Status != hospital.Approved && v.desk.opts.Settings.RefuseTemplates && outage:
		name = "procedure.refused"
	default:
		return ""
	}
	var ask []incident.PersonID
	for _, role := range []Role{stand, supervisor} {
		ask = append(ask, v.desk.configured(role)...)
	}
	return v.Say(name, "id", p.id, "title", p.title, "version", p.approval.Version, "who", ask[:min(len(ask), mostCalled)],
		"phone", v.own("duty_officer"))
}

// filled puts the hospital's own numbers and places into a quoted text.
func (v Voice) filled(t hospital.Text) string {
	s, missing := hospital.Fill(t.In(v.Lang), v.owns())
	for _, name := range missing {
		for _, p := range v.desk.opts.Pack.Policy().Placeholders {
			if p.Name == name {
				blank := "unfilled"
				if v.paper {
					blank = "unfilled.paper"
				}
				s = strings.ReplaceAll(s, "{"+name+"}", v.Say(blank, "what", p.Text))
			}
		}
	}
	return s
}
