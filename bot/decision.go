package bot

import "wardline/bot/incident"

// Decision words what the leaders are asked: in a person's words, or in ours where a passed time asks.
func (v Voice) Decision(in incident.Incident, d incident.Decision) string {
	if d.Slipped.IsZero() {
		return d.Note.Text
	}
	eta, known := in.ETA() // the question stays when a new time is given; that there is none does not hold then
	open := d.Answer == "" && in.Active()
	return v.Say("decision.slipped", "at", d.Slipped, "now", open && known, "eta", eta.At, "none", open && !known)
}

// Choices are the answers to a decision that are offered as buttons.
func (v Voice) Choices(d incident.Decision) []string {
	if d.Slipped.IsZero() {
		return d.Options
	}
	return []string{v.Say("decision.wait"), v.Say("decision.help"), v.Say("decision.limit")}
}

// asked is Decision for the event itself.
func (v Voice) asked(in incident.Incident, b incident.DecisionAsked) string {
	return v.Decision(in, incident.Decision{Slipped: b.Slipped, Note: incident.Note{Text: b.Text}})
}

// noteAsked tells the incident's room what the leaders were asked.
func (m *mouth) noteAsked(e incident.Event, b incident.DecisionAsked) {
	m.say(m.room(), Notice, Ask, func(v view) Message {
		return text(v.Say("said.decision_asked", "n", b.N, "text", v.asked(m.o.After, b), "by", e.By))
	})
}

// decisionAsked puts a decision to every leaders' room with one button per option.
func (m *mouth) decisionAsked(n int, phrase string) {
	var dec incident.Decision
	for _, d := range m.o.After.Decisions {
		if d.N == n {
			dec = d
		}
	}
	by := any(dec.Note.By)
	if !dec.Slipped.IsZero() { // no person asks
		by = ""
	}
	for _, room := range m.leaders() {
		m.say(room, Request, Ask, func(v view) Message {
			var out []Action
			for _, o := range v.Choices(dec) {
				out = append(out, Action{Label: o, Line: m.line("/outage decide n:%d answer:%s", n, quoted(o))})
			}
			if len(out) > 0 {
				out = append(out, Action{Label: v.Say("button.decide_other"), Line: m.line("/outage decide n:%d", n)})
			} else {
				out = []Action{{Label: v.Say("button.decide"), Line: m.line("/outage decide n:%d", n), Style: Primary}}
			}
			return text(v.Say(phrase, "n", n, "id", m.o.After.ID, "text", v.Decision(m.o.After, dec), "deadline", optional(dec.By),
				"default", dec.Default, "by", by), out...)
		})
	}
	m.board(m.leaders()...)
}
