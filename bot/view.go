package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// view is one incident in the words of one language at one moment. Every message, board, digest and
// answer takes its words from here, so that no two of them can contradict each other.
type view struct {
	Voice
	in    incident.Incident
	most  int // how many systems or departments a line names before it counts the rest
	since int // number of the last event these readers know
}

func (v Voice) view(in incident.Incident) view { return view{Voice: v, in: in, most: mostNamed} }

// mostNamed is how many systems or departments a line names at most before it counts the rest; more do not
// fit a phone screen.
const mostNamed = 5

// fields returns the words for every name the hospital's message layouts may use. What nobody has
// said is UNKNOWN; nothing is left empty.
func (v view) fields() map[string]string {
	in := v.in
	f := map[string]string{
		"level": in.Level.String(), "inc_id": in.ID.String(), "asof": v.Clock(v.Now), "since": v.Clock(in.Since),
		"duration": v.Word(in.Duration(v.Now)), "scope": v.Word(in.Extent), "partial": v.Or(v.extentOr(in.Extent)),
		"systems_down": v.downLine(), "modules": v.downLine(), "departments": v.departmentsLine(),
		"systems_up": v.Systems(in.With(incident.Up), v.most), "restored": v.Systems(in.With(incident.Up), v.most),
		"still_works": v.fact(incident.StillWorks), "next_update": v.nextClinical(), "eta": v.eta(), "old_eta": v.Unknown(),
		"headline": v.headline(), "patient_impact": v.patients(), "plan": v.plan(), "fallback": v.fact(incident.Fallback),
		"engineer": v.engineer(), "engineer_arrival": v.arrival(), "risks": v.risks(), "backentry": v.backEntry(),
		"login_batches": v.fact(incident.LoginOrder), "cutover": v.Clock(in.CutOver),
		"backentry_deadline": v.Clock(in.BackEntryBy), "done": v.done(), "changed": v.Say("changed.none"), "n": "1",
		"symptom": v.symptoms(), "impact": v.impact(0), "versions": v.fact(incident.Versions),
		"changes": v.notes(in.Changes), "server": v.fact(incident.Server),
		"tried": v.fact(incident.Tried), "logs": v.fact(incident.Logs), "access": v.fact(incident.Access),
		"contact": v.fact(incident.Contact), "action": v.Say("action.paper"), "coverage": v.coverage(),
	}
	v.causeFields(f)
	v.decisionFields(f)
	for name, value := range v.owns() {
		if value != "" {
			f[name] = value
		}
	}
	return f
}

// layout fills one of the hospital's layouts. A line with a placeholder that the hospital left
// unfilled is dropped: an unfilled placeholder is never sent.
func (v view) layout(id string, more map[string]string) string {
	t, _ := v.desk.opts.Pack.Message(id)
	f := v.fields()
	maps.Copy(f, more)
	var lines []string
	for line := range strings.Lines(t.Text.In(v.Lang)) {
		filled, missing := hospital.Fill(strings.TrimRight(line, "\n"), f)
		if len(missing) == 0 {
			lines = append(lines, filled)
		}
	}
	return strings.Join(lines, "\n")
}

func (v view) fact(k incident.Key) string {
	f, ok := v.in.Fact(k)
	if !ok {
		return v.Unknown()
	}
	if f.Status == incident.Suspected {
		return f.Value + v.Say("suspected.mark")
	}
	return f.Value
}

func (v view) known(k incident.Key) (string, bool) {
	_, ok := v.in.Fact(k)
	return v.fact(k), ok
}

// certainlyDown names what people said is down.
func (v view) certainlyDown() string {
	return v.Systems(v.in.With(incident.Down, incident.Degraded), v.most)
}

// downFor is downLine for one department: of what may be affected only what it uses is counted.
func (v view) downFor(dep incident.DepartmentID) string {
	n := 0
	for _, s := range v.in.With(incident.Possible, incident.PossiblyDegraded) {
		if v.desk.opts.Pack.Uses(dep, s) {
			n++
		}
	}
	return v.certainAndPossible(v.certainlyDown(), n)
}

// downLine names what people said is down, and counts what may be.
func (v view) downLine() string {
	return v.certainAndPossible(
		v.certainlyDown(),
		len(v.in.With(incident.Possible, incident.PossiblyDegraded)))
}

func (v view) departmentsLine() string {
	certain, possible := v.in.DepartmentsWith(incident.Affected), len(v.in.DepartmentsWith(incident.Possible))
	if len(certain) == 0 && possible > 0 {
		return v.Say("only.departments", "possible", possible)
	}
	return v.certainAndPossible(v.Departments(certain, v.most), possible)
}

func (v view) certainAndPossible(certain string, possible int) string {
	switch {
	case possible == 0:
		return certain
	case certain == v.Say("none"):
		return v.Say("only.possible", "possible", possible)
	}
	return v.Say("certain.and_possible", "certain", certain, "possible", possible)
}

func (v view) eta() string {
	in := v.in
	if !in.RestoredAt.IsZero() && in.Phase != incident.Open {
		return v.Say("eta.restored", "at", in.RestoredAt)
	}
	if in.Phase == incident.Cancelled || in.Phase == incident.Merged { // what was expected is expected no more
		return v.Say("eta."+string(in.Phase), "into", in.PartOf)
	}
	if eta, ok := in.ETA(); ok {
		return v.etaWords(eta)
	}
	if old, ok := in.LastETA(); ok && in.Slipped {
		return v.Say("eta.slipped", "at", old.At)
	}
	return v.Unknown()
}

func (v view) etaWords(eta incident.ETA) string {
	giver := eta.Giver
	if giver == "" {
		giver = v.Person(eta.By)
	}
	return v.Say("eta.given", "at", eta.At, "confidence", eta.Confidence, "giver", giver)
}

func (v view) nextClinical() string {
	if t := v.in.NextClinical(v.desk.rules); !t.IsZero() {
		return v.Clock(t)
	}
	return v.Say("next.none")
}

func (v view) causeFields(f map[string]string) {
	f["cause_confirmed"], f["cause_suspected"], f["cause_class"] = v.Unknown(), v.Say("none"), v.Unknown()
	c, ok := v.in.Cause()
	if !ok {
		return
	}
	text := v.causeText(c)
	f["cause_class"] = v.Say("cause.judged", "text", text, "status", c.Status)
	if c.Status == incident.Confirmed {
		f["cause_confirmed"] = text
	} else {
		f["cause_suspected"] = text
	}
}

func (v view) causeText(c incident.Cause) string {
	if c.Text == "" {
		return v.Word(c.Class)
	}
	return v.Say("cause.text", "class", c.Class, "text", c.Text)
}

// mostDecided is how many decisions are named at once.
const mostDecided = 3

// decided are the newest decisions of the leaders: those since the last digest, in any case the last one.
func (v view) decided() []incident.Decision {
	var out []incident.Decision
	for _, d := range v.in.Decisions {
		if d.Answer != "" {
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b incident.Decision) int { return b.Taken - a.Taken })
	for i, d := range out {
		if i > 0 && d.Taken <= v.since || i == mostDecided {
			return out[:i]
		}
	}
	return out
}

func (v view) decisionFields(f map[string]string) {
	var asked []string
	var by time.Time
	for _, d := range v.in.OpenDecisions() {
		asked = append(asked, v.Say("decision.open_by", "n", d.N, "text", v.Decision(v.in, d), "deadline", optional(d.By), "overdue", d.Overdue))
		if !d.By.IsZero() && (by.IsZero() || d.By.Before(by)) {
			by = d.By
		}
	}
	f["decision"], f["decision_by"], f["decision_open"] = v.Say("none"), v.Say("none"), v.Say("none")
	if len(asked) > 0 {
		f["decision_open"] = strings.Join(asked, v.Say("clause.sep"))
	}
	for _, d := range v.decided() {
		asked = append(asked, v.Say("decision.taken", "n", d.N, "text", v.Decision(v.in, d), "answer", d.Answer, "by", d.Decider))
	}
	if len(asked) > 0 {
		f["decision"] = strings.Join(asked, v.Say("clause.sep"))
	}
	if !by.IsZero() {
		f["decision_by"] = v.Clock(by)
	}
}
