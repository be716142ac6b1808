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
	slices.SortStableFunc(among, func(a, b incident.Incident) int { return first(a.Active()) - first(b.Active()) })
	if len(among) == 0 {
		if r.Topic == answer.Capacity || r.Topic == answer.Decision {
			return "", false
		}
		return v.Say("live.nothing", "systems", r.Systems, "named", len(r.Systems) > 0), true
	}
	var out []string
	for i, in := range among {
		one := r
		if one.Systems = v.speaksFor(r.Systems, among, i); len(r.Systems) > 0 && len(one.Systems) == 0 {
			continue
		}
		text, ok := v.view(in).liveOne(one)
		switch {
		case !ok && r.Topic == answer.EnterBy: // that outage goes on
			continue
		case !ok:
			return "", false
		}
		if !bySystem(r) && (len(among) > 1 || v.view(in).saysUp(r)) {
			text = v.Say("live.about", "systems", v.view(in).named(), "text", text)
		}
		out = append(out, text+v.Say("live.source", "id", in.ID, "asof", v.Now))
	}
	return strings.Join(out, "\n"), len(out) > 0
}

// first puts what is down before what may be used: who reads only one line reads that one.
func first(yes bool) int {
	if yes {
		return 0
	}
	return 1
}

// meant narrows the incidents down to those that concern the systems named, if any do; of several
// nobody named, those going on count, else the one that ended last.
func (v Voice) meant(r answer.Route, among []incident.Incident) []incident.Incident {
	var about []incident.Incident
	for i, in := range among {
		if slices.ContainsFunc(v.speaksFor(r.Systems, among, i), func(s incident.SystemID) bool { return weight(in, s) > 0 }) {
			about = append(about, in)
		}
	}
	if len(about) > 0 {
		return about
	}
	var active []incident.Incident
	for _, in := range among {
		if in.Ongoing() {
			active = append(active, in)
		}
	}
	switch {
	case len(active) > 0:
		return active
	case len(among) < 2:
		return among
	}
	last := slices.MaxFunc(among, func(a, b incident.Incident) int { return a.Ended.Compare(b.Ended) })
	return []incident.Incident{last}
}

// speaksFor returns for which of the systems the i-th of several incidents answers: where one of them
// has a system out of use, no other may call it fine. What none of them has, the first answers for.
func (v Voice) speaksFor(systems []incident.SystemID, among []incident.Incident, i int) []incident.SystemID {
	var out []incident.SystemID
	for _, s := range systems {
		best := 0
		for _, in := range among {
			best = max(best, weight(in, s))
		}
		if best == 0 && i == 0 || best > 0 && weight(among[i], s) == best {
			out = append(out, s)
		}
	}
	return out
}

// weight orders what incidents know of a system: out of use now, something of it now, or of late.
func weight(in incident.Incident, s incident.SystemID) int {
	standing := in.Systems[s]
	switch {
	case standing == "", standing.Guess() && !in.Active(), in.Phase == incident.Merged: // the other one answers
		return 0
	case !in.Ongoing():
		return 1
	case standing == incident.Down, standing == incident.Degraded:
		return 3
	}
	return 2
}

// liveOne answers one topic from one incident.
func (v view) liveOne(r answer.Route) (string, bool) {
	in, f := v.in, v.fields()
	if v.saysUp(r) {
		return v.up(), true
	}
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
	case answer.EnterBy:
		return v.Say("live.enter_by", "cutover", in.CutOver, "by", in.BackEntryBy), !in.BackEntryBy.IsZero()
	case answer.Phone, answer.Todo: // answered without a state
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
	if in.Slipped {
		old, _ := in.LastETA()
		return v.Say("live.slipped", "at", old.At, "next", v.nextClinical())
	}
	if _, ok := in.ETA(); !ok {
		return v.Say("live.eta_unknown", "next", v.nextClinical())
	}
	return v.Say("live.eta", "eta", v.eta(), "next", v.nextClinical())
}

// bySystem reports whether an answer goes through the systems named, one by one.
func bySystem(r answer.Route) bool { return r.Topic == answer.StillDown && len(r.Systems) > 0 }

// saysUp reports whether a question about what is down is answered by what is in use again.
func (v view) saysUp(r answer.Route) bool {
	switch r.Topic {
	case answer.StillDown, answer.WhenBack, answer.Scope, answer.StillWorks:
		return v.in.Phase != incident.Open && !bySystem(r)
	default:
		return false
	}
}

// named are the systems an incident is about, for those who do not know its number.
func (v view) named() string {
	if down := v.in.With(incident.Down, incident.Degraded); len(down) > 0 {
		return v.Systems(down, v.most)
	}
	return v.Systems(v.in.With(incident.Up), v.most)
}

// up says since when the systems may be used.
func (v view) up() string {
	return v.Say("live.up", "phase", v.in.Phase, "at", v.in.RestoredAt, "until", v.in.RestoredUntil,
		"watched", v.in.Phase == incident.Restored, "false", v.in.Phase == incident.Cancelled)
}

// stillDown answers whether the systems named, or all of the outage's, may be used. It says yes only of
// what a person released or called fine.
func (v view) stillDown(r answer.Route) string {
	if r.Thing != "" && len(r.Systems) == 0 {
		return v.Say("live.thing", "thing", r.Thing, "down", v.certainlyDown(), "works", v.fact(incident.StillWorks))
	}
	if len(r.Systems) == 0 {
		return v.Say("live.not_yet", "systems", v.downLine(), "works", v.fact(incident.StillWorks), "eta", v.eta())
	}
	var out []string
	for _, s := range r.Systems {
		standing := v.in.Systems[s]
		switch {
		case weight(v.in, s) > 0 && v.in.Phase == incident.Cancelled:
			out = append(out, v.Say("live.false_alarm", "system", s))
			continue
		case weight(v.in, s) == 0 && !v.in.Ongoing():
			out = append(out, v.Say("live.nothing", "systems", s, "named", true))
			continue
		}
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
