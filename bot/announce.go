package bot

import (
	"fmt"
	"maps"
	"slices"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// mouth collects what one decision makes the bot say. Rooms hear in their own language.
type mouth struct {
	b       *batch
	o       Outcome
	change  *Change
	n       int
	boards  map[RoomID]bool
	carded  bool // the incident's room has its board already
	closing bool // the incident's room is closed after everything else was said in it
}

// announce decides who hears what of an outcome, and adds it to the change that will be committed.
func (b *batch) announce(o Outcome, c *Change) {
	m := &mouth{b: b, o: o, change: c, boards: map[RoomID]bool{}}
	for _, e := range o.Events {
		m.hear(e)
	}
	m.sayBoards()
	m.invite()
	if m.closing {
		m.say(m.room(), CloseRoom, Sum, func(view) Message { return Message{} })
	}
}

// say puts a message on its way to a room, once per platform that has the room.
func (m *mouth) say(room Room, kind MessageKind, urgency Urgency, build func(v view) Message) {
	msg := build(m.b.d.voiceAt(room.Lang, m.b.now).view(m.o.After))
	if msg.Text == "" && !kind.wordless() {
		return
	}
	m.n++
	msg.ID = MessageID(fmt.Sprintf("%d/%d/%d", m.o.After.ID, m.o.After.Version, m.n))
	msg.Room, msg.Kind, msg.Urgency, msg.Lang = room.ID, kind, urgency, room.Lang
	msg.Incident, msg.At = m.o.After.ID, m.b.now
	if msg.Level == "" {
		msg.Level = m.o.After.Level.String()
	}
	m.change.Say = append(m.change.Say, m.b.d.spread(msg)...)
}

// spread makes one copy of a message per platform that has the room.
func (d *Desk) spread(msg Message) []Message {
	msg.ID = d.sinceMended(msg.ID)
	var out []Message
	for _, p := range d.opts.Platforms {
		if c, ok := p.(Chooser); ok && !c.Has(msg.Room) {
			continue
		}
		if i, ok := p.(Inviter); msg.Kind == Invite && (!ok || !i.Invites()) {
			continue
		}
		msg.Platform = p.Name()
		out = append(out, msg)
	}
	return out
}

// text is the common message: words and buttons.
func text(s string, actions ...Action) Message { return Message{Text: s, Actions: actions} }

func (m *mouth) room() Room {
	if m.o.After.ID == 0 {
		r, _ := m.b.d.Room(IT)
		return r
	}
	return m.b.d.dress(incidentRoom(headOf(m.o.After)))
}

func (m *mouth) it() (Room, bool) { return m.b.d.Room(IT) }

func (m *mouth) leaders() []Room { return m.b.d.roomsOf(LeadersRoom) }

// told are the departments that had been told before; who is told for the first time by the same
// decision gets the first message only.
func (m *mouth) told() []Room { return m.b.d.departmentRooms(m.o.Before.Told) }

// notice tells the incident's own room. The phrase gets the event's author as .by.
func (m *mouth) notice(e incident.Event, phrase string, pairs ...any) {
	m.say(m.room(), Notice, Ask, func(v view) Message {
		return text(v.Say(phrase, append(pairs, "by", e.By)...))
	})
}

// tellLeaders gives leaders one line at once; digests follow at their own times.
func (m *mouth) tellLeaders(phrase string, pairs ...any) {
	for _, room := range m.leaders() {
		m.say(room, Notice, Ask, func(v view) Message {
			return text(v.Say(phrase, append(pairs, "id", m.o.After.ID, "headline", v.headline())...))
		})
	}
	m.board(m.leaders()...)
}

// clinical broadcasts one of the hospital's layouts to every department that was told.
func (m *mouth) clinical(layout string, more func(v view) map[string]string) {
	for _, room := range m.told() {
		m.say(room, Broadcast, Safety, func(v view) Message {
			if out, ok := v.notHere(room.Department, layout); ok {
				return out
			}
			return text(v.fitting(hospital.ForClinical, func(v view) string {
				fields := v.wardFields(room.Department)
				if more != nil {
					maps.Copy(fields, more(v))
				}
				return v.besides(room.Department, layout, v.layout(layout, fields))
			}), v.wardActions(room.Department)...)
		})
	}
	m.board(m.told()...)
}

// clinicalPhrase is clinical with a phrase of ours, for what the hospital's layouts do not cover.
func (m *mouth) clinicalPhrase(phrase string, pairs ...any) {
	for _, room := range m.told() {
		m.say(room, Broadcast, Safety, func(v view) Message {
			if out, ok := v.notHere(room.Department, phrase); ok {
				return out
			}
			return text(v.fitting(hospital.ForClinical, func(v view) string {
				said := v.Say(phrase, append(v.shorten(pairs), "id", m.o.After.ID, "level", m.o.After.Level, "asof", v.Now, "systems",
					v.downFor(room.Department), "named", v.named(), "next", v.nextClinical(), "eta", v.eta(), "action", v.action(room.Department))...)
				return v.besides(room.Department, phrase, said)
			}), v.wardActions(room.Department)...)
		})
	}
	m.board(m.told()...)
}

// invite lets those into the incident's room who work on it, once its board is there: a room with a card
// and few people is of more use than a full room without one.
func (m *mouth) invite() {
	whom := m.b.d.roster(m.o.After)
	if m.o.Before.Declared() && m.o.Before.Phase != incident.Closed {
		whom = without(whom, m.b.d.roster(m.o.Before))
	}
	if m.o.After.ID == 0 || len(whom) == 0 {
		return
	}
	m.say(m.room(), Invite, Show, func(view) Message { return Message{Mention: whom} })
}

func without(list, others []incident.PersonID) []incident.PersonID {
	return slices.DeleteFunc(slices.Clone(list), func(p incident.PersonID) bool { return slices.Contains(others, p) })
}

func (m *mouth) board(rooms ...Room) {
	for _, r := range rooms {
		m.boards[r.ID] = true
	}
}

// sayBoards notes which boards must be brought up to date; they are rendered when they are sent.
func (m *mouth) sayBoards() {
	rooms := []Room{}
	if m.o.After.ID != 0 && !m.carded {
		rooms = append(rooms, m.room())
	}
	if it, ok := m.it(); ok {
		rooms = append(rooms, it)
	}
	for _, r := range m.b.d.opts.Rooms {
		if m.boards[r.ID] && r.ID != IT {
			rooms = append(rooms, r)
		}
	}
	for _, r := range rooms {
		m.card(m.b.d.dress(r), Show)
	}
}

func (m *mouth) card(room Room, urgency Urgency) {
	m.say(room, Board, urgency, func(view) Message { return Message{Key: "board"} })
}

// hear sorts an event to those who must know.
func (m *mouth) hear(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.Declared:
		m.declared(e)
	case incident.Told:
		m.tellWards(b)
	case incident.ETASet:
		m.etaSet(e, b)
	case incident.ETASlipped:
		m.etaSlipped(b)
	case incident.LevelSet:
		m.levelSet(e, b)
	case incident.LevelProposed:
		m.levelProposed(b)
	case incident.SystemsRestored:
		m.restored(e, b)
	case incident.WatchEnded:
		m.watchEnded()
	case incident.Reopened:
		m.reopened(e, b)
	case incident.Ended, incident.CalledOff, incident.Joined:
		m.ended(e)
	case incident.NoChange:
		m.clinical("CLIN-NOCHANGE", nil)
	case incident.UpdateGiven:
		m.notice(e, "said.update", "text", b.Text)
		m.clinicalPhrase("clinical.update", "text", b.Text)
	case incident.Stale:
		m.stale()
	default:
		m.work(e)
	}
}

// work tells the incident room about the daily work in it.
func (m *mouth) work(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.FactSet:
		m.fact(e, b)
	case incident.CauseSet:
		m.cause(e)
	case incident.ScopeSet:
		m.scope(e)
	case incident.StartCorrected:
		m.notice(e, "said.began", "old", m.o.Before.Since, "since", b.Since)
		m.tellLeaders("leaders.began", "old", m.o.Before.Since, "since", b.Since)
		m.board(m.told()...)
	case incident.ImpactSeen:
		m.notice(e, "said.impact", "department", b.Department, "text", b.Text)
	case incident.Reported:
		m.reported(e, b)
	case incident.EngineerMoved:
		m.notice(e, "said.engineer", "name", b.Name, "step", b.Step, "due", optional(b.Due))
		m.board(m.leaders()...)
	case incident.Progressed:
		m.progressed(e, b)
	case incident.ChangeNoted:
		m.notice(e, "said.change", "text", b.Text)
	case incident.RoleGiven:
		m.roleGiven(e, b)
	case incident.Struck:
		m.notice(e, "said.struck", "n", b.Number, "reason", b.Reason)
	default:
		m.requests(e)
	}
}

// requests tells those who are asked for something, and those who wait for an answer.
func (m *mouth) requests(e incident.Event) {
	switch b := e.Body.(type) {
	case incident.NeedRaised:
		m.ask(m.room(), "asked.need", nil, func(v view) []Action {
			return []Action{{Label: v.Say("button.met"), Line: m.line("/fix need met n:%d", b.N), Style: Primary}}
		}, "n", b.N, "text", b.Text, "by", e.By)
	case incident.NeedMet:
		m.needMet(e, b)
	case incident.TestAsked:
		m.testAsked(e, b)
	case incident.TestAnswered:
		m.notice(e, passed(b.Pass), "n", b.N, "department", b.Department, "text", b.Text)
	case incident.DecisionAsked:
		m.decisionAsked(b.N, "asked.decision")
		m.noteAsked(e, b)
	case incident.DecisionOverdue:
		m.decisionAsked(b.N, "asked.decision_overdue")
		m.notice(e, "said.decision_overdue", "n", b.N)
	case incident.DecisionGiven:
		m.decided(e, b)
	case incident.QuestionAsked:
		m.question(b.N, "asked.question", nil)
	case incident.QuestionWaits:
		m.question(b.N, "asked.question_waits", m.coordinators())
	case incident.QuestionAnswered:
		m.answered(e, b)
	case incident.QuestionAssigned:
		m.assigned(e, b)
	case incident.QuestionMerged:
		m.merged(b)
	default:
		m.ward(e)
	}
}

func passed(pass bool) string {
	if pass {
		return "said.test_passed"
	}
	return "said.test_failed"
}

// LogName is how command lines name the desk's own log, so that a button of it does not reach an
// incident that was declared since.
const LogName = "desk"

// line makes a command line that means this incident wherever it is pressed.
func (m *mouth) line(format string, args ...any) string {
	s := fmt.Sprintf(format, args...)
	if m.o.After.ID == 0 {
		return s + " incident:" + LogName
	}
	return s + " incident:" + m.o.After.ID.String()
}

// ask puts a request with buttons into a room and calls those who should answer.
func (m *mouth) ask(room Room, phrase string, whom []incident.PersonID, actions func(v view) []Action, pairs ...any) {
	m.say(room, Request, Ask, func(v view) Message {
		msg := text(v.Say(phrase, pairs...), actions(v)...)
		msg.Mention = whom
		return msg
	})
}

// coordinators returns who coordinates: those named in the incident, else all configured ones.
func (m *mouth) coordinators() []incident.PersonID {
	if named := m.o.After.Roles["coordinator"]; len(named) > 0 {
		return named
	}
	return slices.Clone(m.b.d.configured(Coordinator))
}

// engineers returns who repairs: those named in the incident, else all configured ones.
func (m *mouth) engineers() []incident.PersonID {
	if named := m.o.After.Roles["tech_lead"]; len(named) > 0 {
		return named
	}
	return m.b.d.configured(Engineer)
}

func (d *Desk) configured(role Role) []incident.PersonID {
	var out []incident.PersonID
	for _, p := range d.people.list {
		if slices.Contains(p.Roles, role) {
			out = append(out, p.ID)
		}
	}
	return out
}
