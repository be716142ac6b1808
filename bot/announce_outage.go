package bot

import (
	"slices"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// declared opens the incident's room and tells IT and the leaders. The wards are told by tellWards,
// in the same commit and ahead of everything else in urgency.
func (m *mouth) declared(e incident.Event) {
	room := m.room()
	m.say(room, OpenRoom, Safety, func(v view) Message {
		return Message{Title: room.Name.In(v.Lang), Text: v.Say("room.purpose", "id", m.o.After.ID)}
	})
	m.card(room, Safety) // whoever comes in sees first how things stand; until then the room is of no use
	m.carded = true
	m.say(room, Notice, Ask, func(v view) Message {
		return text(v.Say("said.declared", "id", m.o.After.ID, "by", e.By, "level", m.o.After.Level,
			"why", v.why(m.o.After.LevelReason), "headline", v.headline(), "systems", v.downLine(),
			"stops", v.Systems(m.o.After.With(incident.Possible), 0), "slows", v.Systems(m.o.After.With(incident.PossiblyDegraded), 0),
			"departments", v.departmentsLine(), "since", m.o.After.Since))
	})
	m.say(room, Notice, Ask, func(v view) Message { return text(v.pack()) })
	if it, ok := m.it(); ok {
		m.say(it, Notice, Ask, func(v view) Message {
			return text(v.Say("it.declared", "id", m.o.After.ID, "level", m.o.After.Level, "headline", v.headline(), "by", e.By))
		})
		m.script(it)
	}
	for _, r := range m.leaders() {
		m.say(r, Digest, Ask, func(v view) Message {
			next := m.b.firstReport(m.change, r.ID, m.o.After, m.b.now)
			return text(v.fitting(hospital.ForLeaders, func(v view) string {
				return v.layout("DIGEST-FIRST", map[string]string{"next_update": v.Clock(next)})
			}),
				Action{Label: v.Say("button.digest"), Line: "/digest now"})
		})
	}
	m.board(m.leaders()...)
}

// script hands IT the words for the loudspeaker, which the bot cannot play itself.
func (m *mouth) script(it Room) {
	if !m.o.After.Script.Waiting() { // below L2, or no longer down
		return
	}
	m.say(it, Script, Safety, func(v view) Message {
		zh := m.b.d.voiceAt(hospital.ZH, m.b.now).view(m.o.After).script()
		en := m.b.d.voiceAt(hospital.EN, m.b.now).view(m.o.After).script()
		return text(v.Say("script", "zh", zh, "en", en), m.scriptRead(v))
	})
}

// tellWards sends each department that had not been told its own instruction, and its first procedure.
func (m *mouth) tellWards(b incident.Told) {
	for _, room := range m.b.d.departmentRooms(b.Departments) {
		m.say(room, Broadcast, Safety, func(v view) Message {
			return text(v.fitting(hospital.ForClinical, func(v view) string {
				return v.layout("CLIN-DOWN", v.wardFields(room.Department))
			}), v.wardActions(room.Department)...)
		})
		m.say(room, Broadcast, Ask, func(v view) Message {
			ids := v.procedures(room.Department)
			if len(ids) == 0 {
				return Message{}
			}
			quoted, parts := v.quotePart(string(ids[0]), 1, true) // the outage being announced is not known to all yet
			return text(quoted, append(v.QuoteActions(string(ids[0]), 1, parts), v.procedureActions(ids[1:])...)...)
		})
	}
	m.board(m.b.d.departmentRooms(b.Departments)...)
}

func (m *mouth) etaSet(e incident.Event, b incident.ETASet) {
	old := incident.ETA{}
	for i := len(m.o.After.ETAs) - 2; i >= 0 && old.At.IsZero(); i-- {
		if m.o.After.ETAs[i].At.IsZero() {
			break
		}
		old = m.o.After.ETAs[i]
	}
	if before, holds := m.o.Before.ETA(); holds && before.At.Equal(b.At) { // the wards know it
		m.notice(e, "said.eta_same", "at", b.At, "confidence", b.Confidence, "reason", b.Reason)
		m.board(append(m.leaders(), m.told()...)...)
		return
	}
	m.notice(e, "said.eta", "old", old.At, "new", b.At, "known", !b.At.IsZero(), "giver", b.Giver, "confidence", b.Confidence, "reason", b.Reason)
	m.tellLeaders("leaders.eta", "old", old.At, "new", b.At, "known", !b.At.IsZero(), "giver", b.Giver, "confidence", b.Confidence, "reason", b.Reason)
	m.clinical("CLIN-ETA", func(v view) map[string]string { return map[string]string{"old_eta": v.Clock(old.At)} })
}

func (m *mouth) etaSlipped(b incident.ETASlipped) {
	m.ask(m.room(), "asked.eta", m.engineers(), func(v view) []Action {
		return []Action{{Label: v.Say("button.eta"), Line: m.line("/fix eta"), Style: Primary}}
	}, "at", b.At)
	m.tellLeaders("leaders.slipped", "at", b.At, "n", m.o.After.Slips)
	m.clinicalPhrase("clinical.slipped", "at", b.At)
}

func (m *mouth) levelSet(e incident.Event, b incident.LevelSet) {
	if b.Level == m.o.Before.Level {
		m.notice(e, "said.level_kept", "level", b.Level, "reason", m.why(b.Reason))
		return
	}
	m.notice(e, "said.level", "level", b.Level, "old", m.o.Before.Level, "reason", m.why(b.Reason))
	m.tellLeaders("leaders.level", "level", b.Level, "old", m.o.Before.Level, "reason", m.why(b.Reason))
	m.clinicalPhrase("clinical.level", "old", m.o.Before.Level)
	if it, ok := m.it(); ok && m.o.Before.Level < incident.L2 {
		m.script(it)
	}
}

// reason is a reason that is either a phrase of the rules or a person's own words.
type reason string

func (m *mouth) why(s string) reason { return reason(s) }

func (v Voice) why(s string) string {
	if v.desk.book.Has(v.Lang, s) {
		return v.Say(s)
	}
	return s
}

func (m *mouth) levelProposed(b incident.LevelProposed) {
	m.ask(m.room(), "asked.level", m.coordinators(), func(v view) []Action {
		return []Action{
			{Label: v.Say("button.level", "level", b.Level), Line: m.line("/outage level %s", b.Level), Style: Primary},
			{Label: v.Say("button.keep", "level", m.o.After.Level), Line: m.line("/outage level %s", m.o.After.Level)},
		}
	}, "level", b.Level, "now", m.o.After.Level, "reason", m.why(b.Reason))
}

func (m *mouth) restored(e incident.Event, b incident.SystemsRestored) {
	m.notice(e, "said.restored", "systems", b.Systems, "all", b.All, "until", b.WatchUntil, "override", b.Override, "open", len(m.o.Before.OpenTests()) > 0)
	m.tellLeaders("leaders.restored", "systems", b.Systems, "all", b.All, "until", b.WatchUntil)
	more := func(v view) map[string]string {
		return map[string]string{"systems_up": v.Systems(b.Systems, v.most), "login_batches": v.loginOrder()}
	}
	if b.All {
		m.clinical("CLIN-UP", more)
		return
	}
	m.clinicalPhrase("clinical.partly_up", "up", b.Systems, "down", m.o.After.With(incident.Down, incident.Degraded))
}

func (v view) loginOrder() string {
	if s, ok := v.known(incident.LoginOrder); ok {
		return s
	}
	return v.Say("login.any")
}

func (m *mouth) watchEnded() {
	m.ask(m.room(), "asked.close", m.coordinators(), func(v view) []Action {
		return []Action{{Label: v.Say("button.close"), Line: m.line("/outage close")}}
	}, "id", m.o.After.ID)
	m.board(m.leaders()...)
	m.board(m.told()...)
}

func (m *mouth) reopened(e incident.Event, b incident.Reopened) {
	room := m.room()
	if m.o.Before.Phase == incident.Closed {
		m.say(room, OpenRoom, Safety, func(v view) Message {
			return Message{Title: room.Name.In(v.Lang), Text: v.Say("room.purpose", "id", m.o.After.ID)}
		})
	}
	m.notice(e, "said.reopened", "reason", b.Reason, "systems", b.Systems)
	m.tellLeaders("leaders.reopened", "reason", b.Reason, "systems", b.Systems)
	m.clinicalPhrase("clinical.reopened", "down", b.Systems)
	if it, ok := m.it(); ok {
		m.script(it)
	}
}

func (m *mouth) ended(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.CalledOff:
		m.notice(e, "said.cancelled", "reason", b.Reason)
		m.tellLeaders("leaders.cancelled", "reason", b.Reason)
		m.clinicalPhrase("clinical.cancelled", "reason", b.Reason)
	case incident.Joined:
		m.notice(e, "said.joined", "into", b.Into)
		m.tellLeaders("leaders.joined", "into", b.Into)
		m.clinicalPhrase("clinical.joined", "into", b.Into)
	default:
		m.notice(e, "said.closed", "override", m.o.After.Override, "note", m.o.After.EndReason)
		m.tellLeaders("leaders.closed", "duration", m.o.After.Duration(m.b.now), "override", m.o.After.Override)
		m.board(m.told()...)
	}
	m.closing = true
}

// stale asks silent engineers; whoever coordinates is called by name once they let it pass.
func (m *mouth) stale() {
	whom, n := m.engineers(), m.o.After.Nudges
	var chief []incident.PersonID
	if n > 1 {
		chief = m.coordinators()
		whom = append(slices.Clone(whom), without(chief, whom)...)
	}
	m.ask(m.room(), "asked.progress", whom, func(v view) []Action {
		return []Action{
			{Label: v.Say("button.progress"), Line: m.line("/fix progress"), Style: Primary},
			{Label: v.Say("button.eta"), Line: m.line("/fix eta")},
		}
	}, "since", m.o.Before.LastEngineer, "for", m.b.now.Sub(m.o.Before.LastEngineer), "n", n, "chief", chief[:min(len(chief), mostCalled)])
}
