package bot

import (
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
	in incident.Incident
}

func (v Voice) view(in incident.Incident) view { return view{Voice: v, in: in} }

// mostNamed is how many systems or departments a line names before it counts the rest; more do not
// fit a phone screen.
const mostNamed = 5

// fields returns the words for every name the hospital's message layouts may use. What nobody has
// said is UNKNOWN; nothing is left empty.
func (v view) fields() map[string]string {
	in := v.in
	f := map[string]string{
		"level": in.Level.String(), "inc_id": in.ID.String(), "asof": v.Clock(v.Now), "since": v.Clock(in.Since),
		"duration": v.Word(in.Duration(v.Now)), "scope": v.Word(in.Extent), "partial": v.Word(in.Extent),
		"systems_down": v.downLine(), "modules": v.downLine(), "departments": v.departmentsLine(),
		"systems_up": v.Systems(in.With(incident.Up), mostNamed), "restored": v.Systems(in.With(incident.Up), mostNamed),
		"still_works": v.fact(incident.StillWorks), "next_update": v.nextClinical(), "eta": v.eta(), "old_eta": v.Unknown(),
		"headline": v.headline(), "patient_impact": v.patients(), "plan": v.plan(), "fallback": v.fact(incident.Fallback),
		"engineer": v.engineer(), "engineer_arrival": v.arrival(), "risks": v.risks(), "backentry": v.backEntry(),
		"login_batches": v.fact(incident.LoginOrder), "cutover": v.Clock(in.CutOver),
		"backentry_deadline": v.Clock(in.BackEntryBy), "done": v.done(), "changed": v.Say("changed.none"), "n": "1",
		"symptom": v.symptoms(), "impact": v.impact(), "v_app": v.fact(incident.Versions), "v_db": v.fact(incident.Versions),
		"v_os": v.fact(incident.Versions), "changes": v.notes(in.Changes), "server": v.fact(incident.Server),
		"tried": v.fact(incident.Tried), "logs": v.fact(incident.Logs), "access": v.fact(incident.Access),
		"contact": v.fact(incident.Contact), "action": v.Say("action.paper"),
	}
	v.causeFields(f)
	v.decisionFields(f)
	for name, value := range v.desk.opts.Fill {
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
	for name, value := range more {
		f[name] = value
	}
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
	return v.Systems(v.in.With(incident.Down, incident.Degraded), mostNamed)
}

// downFor is downLine for one department: of what may be affected only what it uses is counted.
func (v view) downFor(dep incident.DepartmentID) string {
	n := 0
	for _, s := range v.in.With(incident.Possible, incident.PossiblyDegraded) {
		if slices.Contains(v.desk.opts.Pack.Users([]incident.SystemID{s}), dep) {
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
	return v.certainAndPossible(
		v.Departments(v.in.DepartmentsWith(incident.Affected), mostNamed),
		len(v.in.DepartmentsWith(incident.Possible)))
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

func (v view) headline() string {
	text := v.fact(incident.Headline)
	in := v.in
	switch in.Phase {
	case incident.Open:
		if n := len(in.Relapses); n > 0 {
			return v.Say("headline.again", "text", text, "at", in.Relapses[n-1].At, "reason", in.Relapses[n-1].Reason)
		}
		if done, ok := v.mended(); ok {
			return v.Say("headline.mended", "text", text, "at", done.At)
		}
		return text
	case incident.Restored:
		return v.Say("headline.restored", "text", text, "at", in.RestoredAt, "until", in.RestoredUntil)
	case incident.Recovering:
		return v.Say("headline.recovering", "text", text, "at", in.RestoredAt)
	case incident.Closed:
		return v.Say("headline.closed", "text", text, "at", in.Ended)
	case incident.Cancelled:
		return v.Say("headline.cancelled", "text", text, "reason", in.EndReason)
	}
	return text
}

// mended returns the engineers' word that it is repaired, if that is the newest thing they said.
func (v view) mended() (incident.Note, bool) {
	if n := len(v.in.Progress); n > 0 && v.in.Mended {
		return v.in.Progress[n-1], true
	}
	return incident.Note{}, false
}

func (v view) patients() string {
	if s, ok := v.known(incident.Patients); ok {
		return s
	}
	return v.impact()
}

// impact gives the newest impact of each department, newest first.
func (v view) impact() string {
	var out []string
	seen := map[incident.DepartmentID]bool{}
	for _, i := range slices.Backward(v.in.Impacts) {
		if !seen[i.Department] && len(out) < 3 {
			seen[i.Department] = true
			out = append(out, v.Say("impact.one", "department", v.Department(i.Department), "text", i.Text))
		}
	}
	return v.lines(out)
}

// lines joins what was said, or UNKNOWN.
func (v view) lines(parts []string) string {
	if len(parts) == 0 {
		return v.Unknown()
	}
	return strings.Join(parts, v.Say("clause.sep"))
}

func (v view) plan() string {
	var out []string
	if s, ok := v.known(incident.Plan); ok {
		out = append(out, s)
	} else if n := len(v.in.Progress); n > 0 && v.in.Progress[n-1].Event > v.in.LastReopen {
		out = append(out, v.in.Progress[n-1].Text)
	}
	if s, ok := v.known(incident.Workaround); ok {
		out = append(out, v.Say("plan.workaround", "text", s))
	}
	return v.lines(out)
}

func (v view) engineer() string {
	e := v.in.Engineer
	if e.Name == "" {
		return v.Unknown()
	}
	step := incident.Contacted
	switch {
	case !e.Arrived.IsZero():
		step = incident.Arrived
	case !e.OnWay.IsZero():
		step = incident.OnWay
	}
	return v.Say("engineer.one", "name", e.Name, "step", step)
}

func (v view) arrival() string {
	e := v.in.Engineer
	if !e.Arrived.IsZero() {
		return v.Say("engineer.arrived", "at", e.Arrived)
	}
	return v.Clock(e.Due)
}

func (v view) risks() string {
	var out []string
	for _, k := range []incident.Key{incident.Risk, incident.Capacity} {
		if s, ok := v.known(k); ok {
			out = append(out, s)
		}
	}
	for _, n := range v.in.OpenNeeds() {
		out = append(out, v.Say("need.one", "n", n.N, "text", n.Text))
	}
	if n := len(v.in.OpenQuestions()); n > 0 {
		out = append(out, v.Say("questions.open", "n", n))
	}
	if len(out) == 0 {
		return v.Say("none")
	}
	return v.lines(out)
}

func (v view) backEntry() string {
	var out []string
	for _, k := range []incident.Key{incident.BackEntry, incident.Backlog, incident.Issue} {
		if s, ok := v.known(k); ok {
			out = append(out, v.Say("fact.line", "key", k, "value", s))
		}
	}
	if !v.in.BackEntryBy.IsZero() {
		out = append(out, v.Say("backentry.by", "at", v.in.BackEntryBy))
	}
	if len(out) == 0 && v.in.Phase == incident.Open {
		return v.Say("backentry.later")
	}
	return v.lines(out)
}

func (v view) done() string {
	out := []string{v.Say("done.told", "n", len(v.in.Told))}
	if n := len(v.in.Progress); n > 0 {
		out = append(out, v.in.Progress[n-1].Text)
	}
	return v.lines(out)
}

func (v view) notes(notes []incident.Note) string {
	var out []string
	for _, n := range slices.Backward(notes) {
		if len(out) < 3 {
			out = append(out, n.Text)
		}
	}
	return v.lines(out)
}

// symptoms quotes the reports word for word, the most repeated first.
func (v view) symptoms() string {
	var out []string
	for _, g := range v.in.SymptomGroups() {
		if len(out) == 3 {
			break
		}
		text := v.Say("quote", "text", g.Text)
		if g.Count > 1 {
			text = v.Say("symptom.times", "text", text, "n", g.Count)
		}
		out = append(out, text)
	}
	return v.lines(out)
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

func (v view) decisionFields(f map[string]string) {
	var asked []string
	var by time.Time
	for _, d := range v.in.OpenDecisions() {
		asked = append(asked, v.Say("decision.open_by", "n", d.N, "text", d.Note.Text, "deadline", optional(d.By)))
		if !d.By.IsZero() && (by.IsZero() || d.By.Before(by)) {
			by = d.By
		}
	}
	for _, d := range slices.Backward(v.in.Decisions) {
		if d.Answer != "" {
			asked = append(asked, v.Say("decision.taken", "n", d.N, "text", d.Note.Text, "answer", d.Answer, "by", d.Decider))
			break
		}
	}
	f["decision"], f["decision_by"] = v.Say("none"), v.Say("none")
	if len(asked) > 0 {
		f["decision"] = strings.Join(asked, v.Say("clause.sep"))
	}
	if !by.IsZero() {
		f["decision_by"] = v.Clock(by)
	}
}
