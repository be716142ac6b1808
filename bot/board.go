package bot

import (
	"context"
	"slices"
	"strings"

	"wardline/bot/incident"
)

// Render completes a message that is stored without words: a board, from the state of this moment.
// Other messages come back as they are.
func (d *Desk) Render(m Message) Message {
	if m.Kind != Board {
		return m
	}
	room, ok := d.Room(m.Room)
	if !ok {
		return m
	}
	b := d.Board(room)
	m.Text, m.Title, m.Actions, m.Level, m.Lang, m.Brief = b.Text, b.Title, b.Actions, b.Level, b.Lang, b.Brief
	return m
}

// Board returns what a room's pinned board shows now.
func (d *Desk) Board(room Room) Message {
	v := d.Voice(room.Lang)
	m := Message{Room: room.ID, Kind: Board, Key: "board", Lang: room.Lang, At: v.Now}
	switch room.Kind {
	case IncidentRoom:
		in, _, _ := d.Incident(context.Background(), room.Incident)
		m.Text, m.Level, m.Actions = v.view(in).incidentBoard(), in.Level.String(), v.view(in).boardActions()
		m.Brief = v.view(in).brief()
	case DepartmentRoom:
		m.Text, m.Level, m.Actions = v.wardBoard(room)
	default:
		m.Text, m.Level = v.overview()
		m.Actions = v.overviewActions(room)
	}
	m.Title = v.Say("board.title." + string(room.Kind))
	return m
}

// incidentBoard is everything those who work on an outage must see at one glance.
func (v view) incidentBoard() string {
	in := v.in
	f := v.fields()
	lines := []string{
		v.Say("board.head", "id", in.ID, "phase", in.Phase, "level", in.Level, "headline", f["headline"]),
		v.Say("board.since", "since", in.Since, "duration", in.Duration(v.Now), "scope", in.Extent),
		v.Say("board.systems", "systems", f["systems_down"], "up", v.Systems(in.With(incident.Up), 0)),
		v.Say("board.departments", "departments", f["departments"]),
		v.Say("board.wards", "coverage", f["coverage"]),
		v.Say("board.works", "works", f["still_works"]),
		v.Say("board.cause", "confirmed", f["cause_confirmed"], "suspected", f["cause_suspected"]),
		v.Say("board.plan", "plan", f["plan"], "fallback", f["fallback"]),
		v.Say("board.engineer", "engineer", f["engineer"], "arrival", f["engineer_arrival"]),
		v.Say("board.eta", "eta", f["eta"], "slips", in.Slips),
	}
	if in.Phase == incident.Open {
		lines = append(lines, v.Say("board.next", "next", f["next_update"]))
	}
	if in.Phase == incident.Restored {
		lines = append(lines, v.Say("board.watch", "until", in.RestoredUntil))
	}
	q, d, n, t := len(in.OpenQuestions()), len(in.OpenDecisions()), len(in.OpenNeeds()), len(in.OpenTests())
	if q+d+n+t > 0 {
		lines = append(lines, v.Say("board.owed", "questions", q, "decisions", d, "needs", n, "tests", t))
	}
	if missed := v.missedLine(); missed != "" {
		lines = append(lines, missed)
	}
	if n := len(in.Symptoms); n > 0 {
		lines = append(lines, v.Say("board.symptoms", "n", n, "text", f["symptom"]))
	}
	if heat := v.heat(); heat != "" {
		lines = append(lines, heat)
	}
	if f["patient_impact"] != v.Unknown() {
		lines = append(lines, v.Say("board.patients", "text", f["patient_impact"]))
	}
	return strings.Join(lines, "\n")
}

// brief is the one line above an incident's room. It holds no length of time, so that it stays as it is
// while nothing happens.
func (v view) brief() string {
	return v.Say("board.brief", "phase", v.in.Phase, "level", v.in.Level, "eta", v.eta())
}

func (v view) boardActions() []Action {
	switch {
	case v.in.Phase == incident.Open:
		release := Plain // until the engineers say it is repaired, nothing may invite to it
		if v.in.Mended {
			release = Primary
		}
		return []Action{
			{Label: v.Say("button.wards"), Line: "/outage wards"},
			{Label: v.Say("button.progress"), Line: "/fix progress"},
			{Label: v.Say("button.eta"), Line: "/fix eta"},
			{Label: v.Say("button.symptom"), Line: "/outage symptom"},
			{Label: v.Say("button.cause"), Line: "/outage cause"},
			{Label: v.Say("button.scope"), Line: "/outage scope"},
			{Label: v.Say("button.update"), Line: "/outage update"},
			{Label: v.Say("button.leaders"), Line: "/outage ask-leaders"},
			{Label: v.Say("button.restore"), Line: "/outage restore", Style: release},
		}
	case v.in.Ongoing():
		return []Action{
			{Label: v.Say("button.reopen"), Line: "/outage reopen", Style: Danger},
			{Label: v.Say("button.update"), Line: "/outage update"},
			{Label: v.Say("button.close"), Line: "/outage close", Style: Primary},
		}
	}
	return []Action{{Label: v.Say("button.timeline"), Line: "/outage timeline"}, {Label: v.Say("button.report"), Line: "/outage report"}}
}

// wardBoard tells a department what it must know now: nothing it was not told, and nothing more.
func (v Voice) wardBoard(room Room) (string, string, []Action) {
	var blocks []string
	var worst incident.Level
	ask, symptom := Action{Label: v.Say("button.ask"), Line: "/ask"}, Action{Label: v.Say("button.symptom"), Line: "/outage symptom"}
	var answers []Action
	for _, in := range v.desk.which(incident.Incident.Ongoing) {
		if !slices.Contains(in.Told, room.Department) {
			continue
		}
		w := v.view(in)
		f := w.fields()
		if in.Phase == incident.Open {
			worst = max(worst, in.Level)
			blocks = append(blocks, v.Say("ward.down", "id", in.ID, "level", in.Level, "action", w.action(room.Department), "systems", w.downFor(room.Department),
				"since", in.DownSince(), "works", f["still_works"], "eta", f["eta"], "next", f["next_update"], "state", w.ownState(room.Department)))
			answers = w.answerActions(room.Department)
		} else if _, out := w.outThere(room.Department, in.With(incident.Up)); !out {
			blocks = append(blocks, v.Say("ward.up", "id", in.ID, "systems", f["systems_up"], "at", in.RestoredAt, "cutover", in.CutOver, "by", in.BackEntryBy))
		}
		symptom.Line = "/outage symptom incident:" + in.ID.String()
	}
	switch {
	case len(blocks) == 0:
		return v.Say("ward.none"), "", []Action{ask, symptom}
	case worst == 0:
		feedback := Action{Label: v.Say("button.feedback"), Line: "/downtime feedback"}
		return strings.Join(blocks, "\n\n"), "", []Action{ask, symptom, feedback}
	}
	procedure := Action{Label: v.Say("button.procedure"), Line: "/downtime procedure"}
	if len(answers) == 1 { // it works on paper: the next thing it wants is how
		procedure.Style = Primary
	}
	return strings.Join(blocks, "\n\n"), worst.String(), append(answers, procedure, ask, symptom)
}

// overview is the board of rooms that look at all outages.
func (v Voice) overview() (string, string) {
	var blocks []string
	var worst incident.Level
	for _, in := range v.desk.which(incident.Incident.Ongoing) {
		f := v.view(in).fields()
		if in.Phase == incident.Open {
			worst = max(worst, in.Level)
		}
		blocks = append(blocks, v.Say("overview.one", "id", in.ID, "level", in.Level, "phase", in.Phase, "headline", f["headline"],
			"since", in.Since, "duration", in.Duration(v.Now), "eta", f["eta"], "decision", f["decision_open"], "coverage", f["coverage"]))
	}
	log := v.desk.Log()
	if n := len(log.OpenQuestions()); n > 0 {
		blocks = append(blocks, v.Say("overview.questions", "n", n))
	}
	if missed := v.missedLine(); missed != "" {
		blocks = append(blocks, missed)
	}
	if len(blocks) == 0 {
		return v.Say("overview.none"), ""
	}
	return strings.Join(blocks, "\n\n"), worst.String()
}

func (v Voice) overviewActions(room Room) []Action {
	if room.Kind == LeadersRoom {
		return []Action{{Label: v.Say("button.digest"), Line: "/digest now"}, {Label: v.Say("button.status"), Line: "/outage status"}}
	}
	return []Action{
		{Label: v.Say("button.declare"), Line: "/outage declare", Style: Danger},
		{Label: v.Say("button.status"), Line: "/outage status"},
		{Label: v.Say("button.symptom"), Line: "/outage symptom"},
	}
}

// Status returns an incident as anybody may read it: the incident's board.
func (v Voice) Status(in incident.Incident) string { return v.view(in).incidentBoard() }
