package bot

import (
	"slices"
	"strings"
	"time"

	"wardline/bot/answer"
	"wardline/bot/incident"
)

// Recent returns the incidents people may be asking about: those going on and those that ended within
// half a day.
func (d *Desk) Recent(now time.Time) []incident.Incident {
	return d.digests(now.Add(-12 * time.Hour))
}

// Live answers a question from the state alone, with its source and age. It reports false when the
// state cannot answer: then a person must.
func (v Voice) Live(r answer.Route, among []incident.Incident) (string, bool) {
	among = v.meant(r, among)
	if len(among) == 0 {
		if r.Topic == answer.Capacity || r.Topic == answer.Decision {
			return "", false
		}
		return v.Say("live.nothing", "systems", r.Systems, "named", len(r.Systems) > 0), true
	}
	var out []string
	for _, in := range among {
		text, ok := v.view(in).liveOne(r)
		if !ok {
			return "", false
		}
		out = append(out, text+v.Say("live.source", "id", in.ID, "asof", v.Now))
	}
	return strings.Join(out, "\n"), true
}

// meant narrows the incidents down to those that concern the systems named, if any do; of several
// nobody named, those going on count.
func (v Voice) meant(r answer.Route, among []incident.Incident) []incident.Incident {
	if len(r.Systems) > 0 {
		var about []incident.Incident
		for _, in := range among {
			if slices.ContainsFunc(r.Systems, func(s incident.SystemID) bool { return in.Systems[s] != "" }) {
				about = append(about, in)
			}
		}
		if len(about) > 0 {
			return about
		}
	}
	var active []incident.Incident
	for _, in := range among {
		if in.Ongoing() {
			active = append(active, in)
		}
	}
	if len(active) > 0 {
		return active
	}
	if len(among) > 1 {
		return among[len(among)-1:]
	}
	return among
}

// liveOne answers one topic from one incident.
func (v view) liveOne(r answer.Route) (string, bool) {
	in, f := v.in, v.fields()
	switch r.Topic {
	case answer.StillDown:
		return v.stillDown(r), true
	case answer.WhenBack:
		return v.whenBack(), true
	case answer.Scope:
		return v.Say("live.scope", "systems", f["systems_down"], "departments", f["departments"], "scope", in.Extent, "works", f["still_works"]), true
	case answer.Cause:
		return v.Say("live.cause", "confirmed", f["cause_confirmed"], "suspected", f["cause_suspected"]), true
	case answer.Level:
		proposed := ""
		if in.Proposed > 0 {
			proposed = in.Proposed.String()
		}
		return v.Say("live.level", "level", in.Level, "proposed", proposed), true
	case answer.Engineer:
		return v.Say("live.engineer", "engineer", f["engineer"], "arrival", f["engineer_arrival"]), true
	case answer.Since:
		return v.Say("live.since", "since", in.Since, "duration", in.Duration(v.Now), "phase", in.Phase), true
	case answer.WhoRuns:
		return v.Say("live.who", "people", v.runs()), true
	case answer.NextUpdate:
		return v.Say("live.next", "next", f["next_update"]), true
	case answer.StillWorks:
		return v.Say("live.works", "works", f["still_works"], "systems", f["systems_down"]), true
	case answer.Progress, answer.Latest:
		return v.Say("live.latest", "headline", f["headline"], "plan", f["plan"], "eta", f["eta"], "next", f["next_update"]), true
	case answer.Capacity:
		s, ok := v.known(incident.Capacity)
		return v.Say("live.capacity", "text", s), ok
	case answer.Decision:
		return v.Say("live.decision", "decision", f["decision"]), len(in.Decisions) > 0
	}
	return "", false
}

func (v view) runs() []incident.PersonID {
	if named := v.in.Roles["coordinator"]; len(named) > 0 {
		return named
	}
	return []incident.PersonID{v.in.DeclaredBy}
}

func (v view) whenBack() string {
	in := v.in
	switch {
	case in.Phase != incident.Open:
		return v.Say("live.up", "phase", in.Phase, "at", in.RestoredAt, "until", in.RestoredUntil, "watched", in.Phase == incident.Restored)
	case in.Slipped:
		old, _ := in.LastETA()
		return v.Say("live.slipped", "at", old.At, "next", v.nextClinical())
	}
	if _, ok := in.ETA(); !ok {
		return v.Say("live.eta_unknown", "next", v.nextClinical())
	}
	return v.Say("live.eta", "eta", v.eta(), "next", v.nextClinical())
}

// stillDown answers whether the systems named, or all of the outage's, may be used. It says yes only of
// what a person released or called fine.
func (v view) stillDown(r answer.Route) string {
	if len(r.Systems) == 0 {
		if v.in.Phase == incident.Open {
			return v.Say("live.not_yet", "systems", v.downLine(), "works", v.fact(incident.StillWorks), "eta", v.eta())
		}
		return v.Say("live.up", "phase", v.in.Phase, "at", v.in.RestoredAt, "until", v.in.RestoredUntil, "watched", v.in.Phase == incident.Restored)
	}
	var out []string
	for _, s := range r.Systems {
		standing := v.in.Systems[s]
		switch standing {
		case "":
			out = append(out, v.Say("live.system_not", "system", s, "down", v.certainlyDown(), "works", v.fact(incident.StillWorks)))
		case incident.Down, incident.Degraded, incident.Possible, incident.PossiblyDegraded:
			out = append(out, v.Say("live.system_"+string(standing), "system", s, "down", v.certainlyDown(), "eta", v.eta(), "works", v.fact(incident.StillWorks)))
		default:
			at := v.in.RestoredAt
			if at.IsZero() {
				at = v.in.CutOver // released while the rest is still down
			}
			out = append(out, v.Say("live.system_"+string(standing), "system", s, "at", at, "until", v.in.RestoredUntil,
				"watched", v.in.Phase == incident.Restored))
		}
	}
	return strings.Join(out, "\n")
}
