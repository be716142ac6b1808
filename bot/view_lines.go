package bot

import (
	"slices"
	"strings"

	"wardline/bot/incident"
)

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
	case incident.Merged:
		return v.Say("headline.merged", "text", text, "into", in.PartOf)
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
	f, ok := v.in.Fact(incident.Patients)
	if !ok {
		return v.impact(0)
	}
	out := []string{v.fact(incident.Patients)}
	if later := v.impact(f.Event); later != v.Unknown() {
		out = append(out, later)
	}
	return v.lines(out)
}

// impact gives the newest impact of each department after event number since, newest first.
func (v view) impact(since int) string {
	var out []string
	seen := map[incident.DepartmentID]bool{}
	for _, i := range slices.Backward(v.in.Impacts) {
		if i.Event > since && !seen[i.Department] && len(out) < 3 {
			seen[i.Department] = true
			out = append(out, v.Say("impact.one", "department", v.Department(i.Department), "text", v.impactText(i)))
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
		return e.Name // since when is said beside it
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
		if n.Department != "" {
			out = append(out, v.Say("need.of_ward", "n", n.N, "department", n.Department, "what", n.What, "text", n.Text))
			continue
		}
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
		if g.Text == "" { // a picture without words
			text = v.Say("symptom.picture")
		}
		if g.Count > 1 {
			text = v.Say("symptom.times", "text", text, "n", g.Count)
		}
		out = append(out, text)
	}
	return v.lines(out)
}

// heat says which departments report symptoms, the most affected first; "" if none does.
func (v view) heat() string {
	var out []string
	all := v.in.SymptomHeat()
	for _, h := range all[:min(len(all), v.most)] {
		out = append(out, v.Say("heat.one", "department", h.Department, "n", h.Count))
	}
	if len(all) == 0 {
		return ""
	}
	return v.Say("heat", "n", len(all), "departments", strings.Join(out, v.Say("list.sep")))
}
