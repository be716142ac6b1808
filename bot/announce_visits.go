package bot

import "wardline/bot/incident"

// visit tells the incident's room who goes where and what was seen there.
func (m *mouth) visit(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.VisitClaimed:
		m.notice(e, "said.visit_claimed", "department", b.Department)
	case incident.VisitDropped:
		m.notice(e, "said.visit_dropped", "department", b.Department)
	case incident.VisitArrived:
		m.notice(e, "said.visit_arrived", "department", b.Department)
	case incident.VisitReported:
		m.notice(e, "said.visit_reported", "department", b.Department, "works", b.Works, "stuck", b.Stuck, "waiting", b.Waiting)
		m.board(m.leaders()...)
	case incident.VisitOverdue:
		v := m.o.After.Visits[b.Department]
		m.ask(m.room(), "asked.visit", []incident.PersonID{v.By}, func(v view) []Action {
			return []Action{
				{Label: v.Say("button.visit_report"), Line: m.line("/outage visit report department:%s", b.Department), Style: Primary},
				{Label: v.Say("button.visit_drop"), Line: m.line("/outage visit drop department:%s", b.Department)},
			}
		}, "department", b.Department, "by", v.By, "at", v.Claimed)
	}
}
