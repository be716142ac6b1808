package bot

import (
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Procedure quotes a procedure word for word, with its id, version and how far the hospital approved
// it. A line whose placeholder the hospital left unfilled says whom to ask instead of a wrong number.
// What the hospital has withdrawn is not quoted, nor what it has not approved where it wants it so; then
// people read whom to ask.
func (v Voice) Procedure(id hospital.ProcedureID) string {
	p, ok := v.desk.opts.Pack.Procedure(id)
	if !ok {
		return ""
	}
	if why := v.unquotable(p, v.desk.inOutage()); why != "" {
		return why
	}
	return strings.Join(append(v.procedureHead(p), v.procedureBody(p)...), "\n")
}

// ProcedurePart is Procedure in parts that fit a phone, counted from 1; it also returns how many there are.
// A line is never cut, and every part begins with the procedure's name and how far it is approved.
func (v Voice) ProcedurePart(id hospital.ProcedureID, part int) (string, int) {
	return v.procedurePart(id, part, v.desk.inOutage())
}

// inOutage reports whether systems are out of use now.
func (d *Desk) inOutage() bool { return len(d.which(incident.Incident.Active)) > 0 }

func (v Voice) procedurePart(id hospital.ProcedureID, part int, outage bool) (string, int) {
	p, ok := v.desk.opts.Pack.Procedure(id)
	if !ok {
		return "", 0
	}
	if why := v.unquotable(p, outage); why != "" {
		return why, 1
	}
	parts := v.parts(v.procedureBody(p))
	part = min(max(part, 1), len(parts))
	lines := append(v.procedureHead(p), parts[part-1]...)
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

// procedureHead says which procedure it is and how far the hospital has approved it.
func (v Voice) procedureHead(p hospital.Procedure) []string {
	title := v.Say("procedure.title", "id", string(p.ID), "title", p.Title)
	a := p.Approval
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
	var forms []string
	for _, f := range p.Forms {
		if form, ok := v.desk.opts.Pack.Form(f); ok {
			forms = append(forms, v.Say("action.procedure", "id", string(f), "title", form.Name))
		}
	}
	if len(forms) > 0 {
		add("procedure.forms", "forms", strings.Join(forms, v.Say("list.sep")))
	}
	return out
}

// unquotable says why a procedure must not be quoted now, and whom to ask instead; "" if it may be. The
// hospital decides whether templates may be followed in an outage; withdrawn is withdrawn.
func (v Voice) unquotable(p hospital.Procedure, outage bool) string {
	name := ""
	switch {
	case p.Approval.Status == hospital.Withdrawn:
		name = "procedure.withdrawn"
	case p.Approval.Status != hospital.Approved && v.desk.opts.Settings.RefuseTemplates && outage:
		name = "procedure.refused"
	default:
		return ""
	}
	var ask []incident.PersonID
	for _, role := range []Role{stand, supervisor} {
		ask = append(ask, v.desk.configured(role)...)
	}
	return v.Say(name, "id", string(p.ID), "title", p.Title, "version", p.Approval.Version, "who", ask[:min(len(ask), mostCalled)],
		"phone", v.desk.opts.Fill["duty_officer"])
}

// filled puts the hospital's own numbers and places into a quoted text.
func (v Voice) filled(t hospital.Text) string {
	s, missing := hospital.Fill(t.In(v.Lang), v.desk.opts.Fill)
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
