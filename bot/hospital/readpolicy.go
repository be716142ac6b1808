package hospital

import (
	"regexp"
	"slices"
	"time"
)

// notifyLeaders is what an escalation says when it raises no level.
const notifyLeaders = "notify_leaders"

// levelID is the form of the ids of levels.
var levelID = regexp.MustCompile(`^L[1-9]$`)

func readPolicy(t *row, p *Pack) {
	defer t.done()
	t.head(p)
	pol := &p.policy
	pol.Languages = t.languages()
	for _, e := range t.table("placeholders") {
		if !lowerID.MatchString(e.key) {
			t.r.problem(e.n, e.path, "is no name to fill", "write it like it_hotline")
		}
		pol.Placeholders = append(pol.Placeholders, Placeholder{e.key, t.r.text(e.n, e.path)})
	}
	for _, c := range t.list("levels") {
		pol.Levels = append(pol.Levels, t.r.level(c))
	}
	t.some("levels", "level")
	for _, c := range t.list("escalation") {
		pol.Escalation = append(pol.Escalation, t.r.escalation(c))
	}
	if v := t.value("decision_defaults", true); v != nil {
		pol.Defaults = t.r.defaults(v, "decision_defaults")
	}
	for _, c := range t.list("roles") {
		pol.Roles = append(pol.Roles, t.r.role(c))
	}
	for _, c := range t.list("decision_points") {
		pol.Decisions = append(pol.Decisions, t.r.decision(c))
	}
	for _, c := range t.list("reporting_clocks") {
		pol.Clocks = append(pol.Clocks, t.r.clock(c))
	}
	pol.Cadence = t.texts("cadence_rules")
}

func (t *row) languages() []Lang {
	var out []Lang
	for _, s := range t.strs("languages") {
		if s != string(ZH) && s != string(EN) {
			t.r.problem(t.n.get("languages"), dot(t.path, "languages"), "there is no language "+s, "use zh and en")
		}
		out = append(out, Lang(s))
	}
	if (len(out) != len(Langs()) || !slices.Contains(out, ZH) || !slices.Contains(out, EN)) && !t.bad {
		at := t.n
		if v := t.n.get("languages"); v != nil {
			at = v
		}
		t.r.problem(at, dot(t.path, "languages"), "must name every language once", "write languages: [zh, en], the more important first")
	}
	return out
}

func (r *reader) level(c child) Level {
	t := r.row(c.n, c.path)
	defer t.done()
	return Level{
		ID:            LevelID(t.ident(levelID, "L2")),
		Name:          t.text("name"),
		Criteria:      t.text("criteria"),
		Actions:       t.text("actions"),
		Broadcast:     Broadcast(t.oneOf("broadcast", string(ToAffected), string(ToWholeHospital))),
		ClinicalEvery: t.times("clinical_update_min", time.Minute),
		LeadersEvery:  t.times("leader_update_min", time.Minute),
		Leaders:       t.text("leaders"),
	}
}

func (r *reader) escalation(c child) Escalation {
	t := r.row(c.n, c.path)
	defer t.done()
	e := Escalation{When: t.text("when"), AutoPropose: t.flag("auto_propose")}
	if v := t.n.get("to"); v != nil && v.text == notifyLeaders {
		t.asked = append(t.asked, "to")
		e.NotifyLeaders = true
		return e
	}
	e.To, _ = oneRef[LevelID](t, "to", aLevel)
	return e
}

func (r *reader) defaults(n *node, path string) Defaults {
	t := r.row(n, path)
	defer t.done()
	return Defaults{
		WaitBeforePaper:     t.times("wait_before_paper_min", time.Minute),
		DeclareDowntime:     t.times("declare_downtime_min", time.Minute),
		ForceEscalate:       t.times("force_escalate_min", time.Minute),
		PaperStock:          t.times("paper_stock_hours", time.Hour),
		BackentryFullBelow:  t.times("backentry_full_below_min", time.Minute),
		RoundInterval:       t.times("round_interval_min", time.Minute),
		CensusCountInterval: t.times("census_count_interval_min", time.Minute),
	}
}

func (r *reader) role(c child) Role {
	t := r.row(c.n, c.path)
	defer t.done()
	return Role{
		ID:     RoleID(t.ident(lowerID, "tech_lead")),
		Name:   t.inline(),
		HICS:   t.optStr("hics"),
		Duties: t.text("duties"),
	}
}

func (r *reader) decision(c child) DecisionPoint {
	t := r.row(c.n, c.path)
	defer t.done()
	d := DecisionPoint{ID: t.ident(upperID, "D1"), When: t.text("when"), Ask: t.text("ask")}
	d.Owner, _ = oneRef[RoleID](t, "owner", aRole)
	return d
}

func (r *reader) clock(c child) ReportingClock {
	t := r.row(c.n, c.path)
	defer t.done()
	k := ReportingClock{
		ID:         t.ident(upperID, "EU-GDPR"),
		Regime:     t.text("regime"),
		AppliesIf:  t.text("applies_if"),
		ClockFrom:  t.text("clock_from"),
		To:         t.text("to"),
		Then:       t.optText("then"),
		Sources:    refs[SourceID](t, "source", aSource),
		Confidence: t.optStr("confidence"),
	}
	k.Deadline, k.HasDeadline = t.period("deadline", false)
	return k
}

// period returns an ISO 8601 duration; it reports false for a key that is absent or null.
func (t *row) period(key string, required bool) (Period, bool) {
	v := t.value(key, required)
	s := t.scalar(v, key)
	if s == "" {
		return Period{}, false
	}
	p, err := ParsePeriod(s)
	if err != nil {
		t.r.problem(v, dot(t.path, key), err.Error(), "write it like PT4H, P30D or P1M")
		return Period{}, false
	}
	return p, true
}
