package bot

import (
	"slices"
	"strings"

	"wardline/bot/incident"
)

// ward tells those who coordinate what departments say, and departments what became of it. That a
// department works on paper shows on the boards; thirty notices of it would hide the one that cannot.
func (m *mouth) ward(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.Acknowledged:
		m.acknowledged(e, b)
	case incident.SupplyRequested:
		m.ask(m.room(), "asked.supply", m.coordinators(), func(v view) []Action {
			return []Action{{Label: v.Say("button.met"), Line: m.line("/downtime need met n:%d", b.N), Style: Primary}}
		}, "n", b.N, "department", b.Department, "what", b.What, "text", b.Text, "by", e.By)
		m.board(m.b.d.departmentRooms([]incident.DepartmentID{b.Department})...)
	case incident.SilenceChased:
		m.chased(b)
	case incident.ScriptRead:
		m.notice(e, "said.script_read", "at", b.At)
		if it, ok := m.it(); ok {
			m.say(it, Notice, Ask, func(v view) Message { return text(v.Say("said.script_read", "at", b.At, "by", e.By)) })
		}
	case incident.ScriptWaits:
		if it, ok := m.it(); ok {
			m.ask(it, "asked.script", m.coordinators(), func(v view) []Action {
				return []Action{m.scriptRead(v), {Label: v.Say("button.script"), Line: m.line("/outage script")}}
			}, "id", m.o.After.ID, "at", m.o.After.Script.Given)
		}
	case incident.FeedbackGiven:
		if m.o.After.Ongoing() {
			m.notice(e, "said.feedback", "department", namedOr(b.Department), "text", b.Text)
		}
	default:
		m.visit(e)
	}
}

// namedOr keeps a department nobody named out of a phrase.
func namedOr(d incident.DepartmentID) any {
	if d == "" {
		return ""
	}
	return d
}

func (m *mouth) scriptRead(v view) Action {
	return Action{Label: v.Say("button.script_read"), Line: m.line("/outage script read"), Style: Primary}
}

func (m *mouth) acknowledged(e incident.Event, b incident.Acknowledged) {
	before, _ := m.o.Before.Wards[b.Department].Answer()
	switch {
	case b.Word == incident.Cannot:
		m.say(m.room(), Request, Ask, func(v view) Message {
			msg := text(v.Say("asked.cannot", "department", b.Department, "text", b.Text, "by", e.By, "phones", v.phones(b.Department)),
				Action{Label: v.Say("button.visit"), Line: m.line("/outage visit claim department:%s", b.Department), Style: Primary})
			msg.Mention = m.coordinators()
			return msg
		})
	case before.Word == incident.Cannot, b.Text != "":
		m.notice(e, "said.ack", "department", b.Department, "seen", b.Word == incident.Heard, "text", b.Text)
	}
	if in := m.o.After; b.Word == incident.OnPaper && in.AllOnPaper() && !m.o.Before.AllOnPaper() && len(in.Told) > 1 {
		m.notice(e, "said.all_paper", "n", len(in.Told), "after", e.At.Sub(in.DeclaredAt))
	}
	m.board(m.b.d.departmentRooms([]incident.DepartmentID{b.Department})...)
}

// needMet tells that a need is met; a department is told in its own room as well.
func (m *mouth) needMet(e incident.Event, b incident.NeedMet) {
	m.notice(e, "said.need_met", "n", b.N, "how", b.How)
	for _, n := range m.o.After.Needs {
		if n.N != b.N || n.Department == "" {
			continue
		}
		for _, room := range m.b.d.departmentRooms([]incident.DepartmentID{n.Department}) {
			m.say(room, Notice, Ask, func(v view) Message {
				return text(v.Say("said.supply_met", "n", b.N, "what", n.What, "text", n.Text, "how", b.How, "by", e.By))
			})
			m.board(room)
		}
	}
}

// chased follows silence up: the department's own room and charge nurse, then the supervisor, then those
// who can phone or send a runner.
func (m *mouth) chased(b incident.SilenceChased) {
	switch b.Step {
	case incident.Reminded:
		unreached := m.b.d.unreached(b.Departments)
		if len(unreached) > 0 { // a reminder would not reach them either
			m.list(m.room(), "asked.unreached", m.coordinators(), unreached)
		}
		for _, room := range m.b.d.departmentRooms(b.Departments) {
			m.ask(room, "asked.silent", m.b.d.contacts(room.Department), func(v view) []Action { return v.answerActions(room.Department) },
				"id", m.o.After.ID, "told", m.o.After.Wards[room.Department].Told)
		}
	case incident.Escalated:
		whom := m.supervisors()
		rooms := []Room{m.room()}
		for _, p := range whom {
			who, _ := m.b.d.PersonByID(p)
			for _, r := range m.b.d.departmentRooms([]incident.DepartmentID{who.Department}) {
				if !slices.ContainsFunc(rooms, func(known Room) bool { return known.ID == r.ID }) {
					rooms = append(rooms, r)
				}
			}
		}
		for _, r := range rooms {
			m.list(r, "asked.escalated", whom, b.Departments)
		}
	case incident.Listed:
		m.list(m.room(), "asked.phone", m.coordinators(), b.Departments)
	}
}

// phones names a department with whom to ring there.
func (v Voice) phones(d incident.DepartmentID) string {
	var out []string
	for _, r := range v.desk.departmentRooms([]incident.DepartmentID{d}) {
		if r.Phone != "" && !slices.Contains(out, r.Phone) {
			out = append(out, r.Phone)
		}
	}
	for _, id := range v.desk.contacts(d) {
		if p, _ := v.desk.PersonByID(id); p.Phone != "" {
			out = append(out, v.Say("phone.of", "person", id, "phone", p.Phone))
		}
	}
	if len(out) == 0 {
		out = []string{v.Say("missed.no_phone")}
	}
	return v.Say("missed.one", "room", d, "phone", strings.Join(out, v.Say("clause.sep")))
}

// mostCalled is how many people of a department are called by name.
const mostCalled = 3

// contacts returns who answers for a department: its liaisons, else whoever works there.
func (d *Desk) contacts(dep incident.DepartmentID) []incident.PersonID {
	var liaisons, all []incident.PersonID
	for _, p := range d.people.list {
		if p.Department != dep {
			continue
		}
		all = append(all, p.ID)
		if slices.Contains(p.Roles, liaison) {
			liaisons = append(liaisons, p.ID)
		}
	}
	if len(liaisons) == 0 {
		liaisons = all
	}
	return liaisons[:min(len(liaisons), mostCalled)]
}

// The roles of the hospital's policy that silence is followed up by.
const (
	liaison    Role = "liaison_dept" // the charge nurse, or whoever answers for a department
	supervisor Role = "nursing_lead"
	stand      Role = "clinical_lead" // stands in for the supervisor
)

// supervisors returns who is above the charge nurses: named in the incident, else configured.
func (m *mouth) supervisors() []incident.PersonID {
	for _, role := range []Role{supervisor, stand} {
		if named := m.o.After.Roles[string(role)]; len(named) > 0 {
			return named
		}
		if configured := m.b.d.configured(role); len(configured) > 0 {
			return configured
		}
	}
	return m.coordinators()
}
