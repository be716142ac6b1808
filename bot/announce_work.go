package bot

import (
	"slices"
	"strings"
	"time"

	"wardline/bot/incident"
)

func (m *mouth) fact(e incident.Event, b incident.FactSet) {
	ward := []incident.Key{incident.StillWorks, incident.Workaround, incident.ReadOnly, incident.LoginOrder, incident.Headline}
	if slices.Contains(ward, b.Key) {
		m.board(m.told()...)
	}
	m.board(m.leaders()...)
	if !m.o.Before.Declared() { // part of the declaration, which was told as a whole
		return
	}
	m.notice(e, "said.fact", "key", b.Key, "value", b.Value, "suspected", b.Status == incident.Suspected)
}

func (m *mouth) cause(e incident.Event) {
	c, _ := m.o.After.Cause()
	old, had := m.o.Before.Cause()
	m.say(m.room(), Notice, Ask, func(v view) Message {
		was := ""
		if had {
			was = v.causeText(old)
		}
		return text(v.Say("said.cause", "cause", v.causeText(c), "status", c.Status, "was", was, "by", e.By))
	})
	if had && old.Class != c.Class {
		for _, r := range m.leaders() {
			m.say(r, Notice, Ask, func(v view) Message {
				return text(v.Say("leaders.cause", "id", m.o.After.ID, "cause", v.causeText(c), "status", c.Status))
			})
		}
	}
	m.board(m.leaders()...)
}

func (m *mouth) scope(e incident.Event) {
	m.say(m.room(), Notice, Ask, func(v view) Message {
		return text(v.Say("said.scope", "by", e.By, "systems", v.downLine(), "departments", v.departmentsLine(),
			"extent", m.o.After.Extent, "fine", v.Systems(m.o.After.With(incident.Fine), 0)))
	})
	was, is := m.o.Before.With(incident.Down, incident.Degraded), m.o.After.With(incident.Down, incident.Degraded)
	more, fine := lacking(is, was), lacking(was, is)
	if len(more)+len(fine) > 0 {
		m.tellLeaders("leaders.scope", "more", more, "fine", fine)
		m.clinicalPhrase("clinical.scope", "more", more, "fine", fine)
	}
	m.board(m.leaders()...)
	m.board(m.told()...)
}

// lacking returns what of a list another lacks.
func lacking(list, other []incident.SystemID) []incident.SystemID {
	return slices.DeleteFunc(slices.Clone(list), func(s incident.SystemID) bool { return slices.Contains(other, s) })
}

func (m *mouth) reported(e incident.Event, b incident.Reported) {
	if !b.Seen.IsZero() { // carried over from the desk's log; it was shown there
		return
	}
	last := m.o.After.Symptoms[len(m.o.After.Symptoms)-1]
	alike, known := m.o.After.Alike(last.Event)
	bare := b.Place+b.Works == "" && b.Since.IsZero() && b.Extent == "" && len(b.Files) == 0
	if b.Same > 0 || known && bare && alike.Count > 1 && alike.First != last.Event {
		n := b.Same
		if known {
			n = alike.First
		}
		m.notice(e, "said.me_too", "n", n, "department", namedOr(b.Department), "count", alike.Count)
		return
	}
	m.say(m.room(), Notice, Ask, func(v view) Message {
		n := m.o.After.Version
		for _, s := range m.o.After.Symptoms {
			n = s.Event
		}
		actions := []Action{{Label: v.Say("button.me_too"), Line: m.line("/outage symptom same:%d", n)}}
		if m.o.After.ID == 0 {
			actions = append(actions, Action{Label: v.Say("button.declare"), Line: "/outage declare", Style: Danger})
		}
		system := ""
		if b.System != "" {
			system = v.System(b.System)
		}
		return text(v.Say("said.symptom", "n", n, "by", e.By, "department", v.departmentOr(b.Department), "system", system,
			"place", b.Place, "since", optional(b.Since), "extent", v.extentOr(b.Extent), "text", b.Text, "works", b.Works, "files", v.files(b.Files)), actions...)
	})
}

// files names what was attached, each with the address where it can be opened.
func (v Voice) files(list []incident.File) string {
	var out []string
	for _, f := range list {
		out = append(out, v.Say("file.one", "name", f.Name, "link", f.Link))
	}
	return strings.Join(out, v.Say("list.sep"))
}

func (v Voice) departmentOr(id incident.DepartmentID) string {
	if id == "" {
		return ""
	}
	return v.Department(id)
}

func (m *mouth) progressed(e incident.Event, b incident.Progressed) {
	if !b.Done {
		m.notice(e, "said.progress", "text", b.Text)
		return
	}
	m.ask(m.room(), "asked.restore", m.coordinators(), func(v view) []Action {
		return []Action{
			{Label: v.Say("button.test"), Line: m.line("/fix test"), Style: Primary},
			{Label: v.Say("button.restore"), Line: m.line("/outage restore"), Style: Danger},
		}
	}, "text", b.Text, "by", e.By)
	m.board(m.leaders()...)
}

func (m *mouth) roleGiven(e incident.Event, b incident.RoleGiven) {
	m.say(m.room(), Notice, Ask, func(v view) Message {
		name := b.Role
		for _, r := range v.desk.opts.Pack.Policy().Roles {
			if string(r.ID) == b.Role {
				name = r.Name.In(v.Lang)
				if !b.Take {
					name += v.Say("role.duties", "text", r.Duties.In(v.Lang))
				}
			}
		}
		msg := text(v.Say("said.role", "role", name, "person", b.Person, "take", b.Take, "by", e.By))
		if !b.Take {
			msg.Mention = []incident.PersonID{b.Person}
		}
		return msg
	})
}

func (m *mouth) testAsked(e incident.Event, b incident.TestAsked) {
	for _, room := range m.b.d.departmentRooms(b.Departments) {
		m.ask(room, "asked.test", nil, func(v view) []Action {
			return []Action{
				{Label: v.Say("button.works"), Line: m.line("/fix test pass n:%d department:%s", b.N, room.Department), Style: Primary},
				{Label: v.Say("button.fails"), Line: m.line("/fix test fail n:%d department:%s", b.N, room.Department), Style: Danger},
			}
		}, "n", b.N, "text", b.Text, "by", e.By, "id", m.o.After.ID)
	}
	m.notice(e, "said.test", "n", b.N, "text", b.Text, "departments", b.Departments)
}

// optional words a time that may not be stated: empty instead of UNKNOWN.
func optional(t time.Time) any {
	if t.IsZero() {
		return ""
	}
	return t
}

// quoted wraps a value so that the command grammar reads it as one word.
func quoted(s string) string { return `"` + s + `"` }

func (m *mouth) decided(e incident.Event, b incident.DecisionGiven) {
	for _, d := range m.o.Before.Decisions {
		if d.N == b.N && d.Answer != "" {
			m.notice(e, "said.decided_anew", "n", b.N, "answer", b.Answer, "old", d.Answer)
			m.tellLeaders("leaders.decided_anew", "n", b.N, "answer", b.Answer, "old", d.Answer, "by", e.By)
			return
		}
	}
	m.notice(e, "said.decided", "n", b.N, "answer", b.Answer)
	m.tellLeaders("leaders.decided", "n", b.N, "answer", b.Answer, "by", e.By)
}

// extentOr words an extent somebody stated; "" where nobody did.
func (v Voice) extentOr(e incident.Extent) string {
	if e == "" {
		return ""
	}
	return v.Word(e)
}
