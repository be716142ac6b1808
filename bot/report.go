package bot

import (
	"strings"
	"time"

	"wardline/bot/incident"
)

// Event words one entry of a timeline, with its number. Entries that only repeat another are left out.
func (v Voice) Event(n int, e incident.Event) string {
	text := v.happened(e)
	if text == "" {
		return ""
	}
	by := e.By
	if b, ok := e.Body.(incident.Reported); ok && b.Reporter != "" { // seen before the declaration, by somebody else
		by = b.Reporter
	}
	return v.Say("timeline.entry", "n", n, "at", v.Clock(e.At), "by", by, "text", text)
}

// happened words what an event says happened.
func (v Voice) happened(e incident.Event) string {
	name := "event." + string(e.Body.Kind())
	switch b := e.Body.(type) {
	case incident.Blanked:
		return v.Say("event.blanked")
	case incident.Declared:
		return v.Say(name, "systems", b.Systems, "level", b.Level, "since", b.Since, "extent", b.Extent)
	case incident.Told:
		return v.Say(name, "n", len(b.Departments), "departments", v.Departments(b.Departments, 5))
	case incident.FactSet:
		return v.Say(name, "key", b.Key, "value", b.Value, "status", b.Status)
	case incident.CauseSet:
		return v.Say(name, "cause", v.view(incident.Incident{}).causeText(incident.Cause{Class: b.Class, Text: b.Text}), "status", b.Status)
	case incident.ETASet:
		return v.Say(name, "at", b.At, "giver", b.Giver, "confidence", b.Confidence, "reason", b.Reason)
	case incident.StartCorrected:
		return v.Say(name, "since", b.Since)
	case incident.ETASlipped:
		return v.Say(name, "at", b.At)
	case incident.ScopeSet:
		return v.Say(name, "extent", b.Extent, "down", v.Systems(b.Said(incident.Down, incident.Degraded), 0), "fine", v.Systems(b.Said(incident.Fine), 0), "departments", v.Departments(b.Reaches(), 0),
			"systems", len(b.Said(incident.Down, incident.Degraded)), "works", len(b.Said(incident.Fine)), "reached", len(b.Reaches()))
	case incident.ImpactSeen:
		return v.Say(name, "department", b.Department, "text", b.Text)
	case incident.Reported:
		return v.Say(name, "department", v.departmentOr(b.Department), "text", b.Text, "same", b.Same, "files", v.files(b.Files))
	case incident.LevelSet:
		return v.Say(name, "level", b.Level, "reason", reason(b.Reason))
	case incident.LevelProposed:
		return v.Say(name, "level", b.Level, "reason", reason(b.Reason))
	case incident.EngineerMoved:
		return v.Say(name, "name", b.Name, "step", b.Step, "due", optional(b.Due))
	}
	return v.happenedNext(name, e)
}

func (v Voice) happenedNext(name string, e incident.Event) string {
	switch b := e.Body.(type) {
	case incident.Progressed:
		return v.Say(name, "text", b.Text, "done", b.Done)
	case incident.ChangeNoted:
		return v.Say(name, "text", b.Text)
	case incident.RoleGiven:
		return v.Say(name, "role", v.RoleName(b.Role), "person", b.Person, "take", b.Take)
	case incident.UpdateGiven:
		return v.Say(name, "text", b.Text)
	case incident.NeedRaised:
		return v.Say(name, "n", b.N, "text", b.Text)
	case incident.NeedMet:
		return v.Say(name, "n", b.N, "how", b.How)
	case incident.TestAsked:
		return v.Say(name, "n", b.N, "text", b.Text, "departments", b.Departments)
	case incident.TestAnswered:
		return v.Say(name, "n", b.N, "department", b.Department, "pass", b.Pass, "text", b.Text)
	case incident.DecisionAsked:
		return v.Say(name, "n", b.N, "text", v.asked(incident.Incident{}, b))
	case incident.DecisionGiven:
		return v.Say(name, "n", b.N, "answer", b.Answer)
	case incident.DecisionOverdue:
		return v.Say(name, "n", b.N)
	case incident.QuestionAsked:
		return v.Say(name, "n", b.N, "text", b.Text)
	case incident.QuestionAnswered:
		return v.Say(name, "n", b.N, "text", b.Text)
	case incident.QuestionWaits:
		return v.Say(name, "n", b.N)
	case incident.QuestionAssigned:
		return v.Say(name, "n", b.N, "person", b.To)
	case incident.QuestionMerged:
		return v.Say(name, "n", b.N, "into", b.Into)
	case incident.SystemsRestored:
		return v.Say(name, "systems", b.Systems, "all", b.All, "override", b.Override)
	case incident.Reopened:
		return v.Say(name, "reason", b.Reason, "systems", b.Systems)
	case incident.Ended:
		return v.Say(name, "note", b.Note, "override", b.Override)
	case incident.CalledOff:
		return v.Say(name, "reason", b.Reason)
	case incident.Joined:
		return v.Say(name, "into", b.Into)
	case incident.Struck:
		return v.Say(name, "n", b.Number, "reason", b.Reason)
	}
	return v.happenedOnWards(name, e)
}

// Report sums an outage up. Every figure is counted from the log; what cannot be counted is UNKNOWN.
func (v Voice) Report(in incident.Incident, events []incident.Event) string {
	var told, freed time.Time
	var between time.Duration // released, and not yet failed again
	var read []string
	slips, changes, updates, unanswered := 0, -1, 0, len(in.OpenQuestions())
	silent := map[incident.DepartmentID]bool{}
	for _, e := range events {
		switch b := e.Body.(type) {
		case incident.SilenceChased:
			for _, d := range b.Departments {
				silent[d] = silent[d] || b.Step == incident.Escalated
			}
		case incident.Told:
			if told.IsZero() {
				told = e.At
			}
		case incident.SystemsRestored:
			if b.All {
				freed = e.At
			}
		case incident.Reopened:
			between += span(freed, e.At)
		case incident.ScriptRead:
			read = append(read, v.Clock(b.At))
		case incident.ETASlipped:
			slips++
		case incident.ETASet:
			changes++
		case incident.NoChange, incident.UpdateGiven:
			updates++
		}
	}
	w := v.view(in)
	f := w.fields()
	lines := []string{
		v.Say("report.head", "id", in.ID, "phase", in.Phase, "level", in.Level, "headline", f["headline"]),
		v.Say("report.times", "since", in.Since, "declared", in.DeclaredAt, "told", told, "restored", in.RestoredAt, "ended", in.Ended),
		v.Say("report.lengths", "detect", in.DeclaredAt.Sub(in.Since), "notify", span(in.DeclaredAt, told), "duration", in.Duration(v.Now)-between, "alarm", in.Phase == incident.Cancelled),
		v.Say("report.cause", "confirmed", f["cause_confirmed"], "suspected", f["cause_suspected"], "judged", len(in.Causes)),
		v.Say("report.counts", "told", len(in.Told), "symptoms", len(in.Symptoms), "questions", len(in.Questions), "unanswered", unanswered,
			"decisions", len(in.Decisions), "updates", updates, "eta_changes", max(changes, 0), "slips", slips, "relapses", len(in.Relapses)),
	}
	lines = append(lines, v.Say("report.wards", "coverage", w.coverage(), "first", w.firstOnPaper(), "last", w.lastOnPaper(), "chased", countTrue(silent),
		"script", v.Or(strings.Join(read, v.Say("list.sep"))), "has_script", len(read) > 0 || !in.Script.Given.IsZero()))
	for _, d := range in.Decisions {
		answer := v.Unknown()
		if d.Answer != "" {
			answer = d.Answer
		}
		lines = append(lines, v.Say("report.decision", "n", d.N, "text", v.Decision(in, d), "answer", answer))
	}
	for _, fb := range in.Feedback {
		lines = append(lines, v.Say("report.feedback", "department", namedOr(fb.Department), "at", fb.At, "by", fb.By, "text", fb.Text))
	}
	return strings.Join(lines, "\n")
}

func countTrue[K comparable](m map[K]bool) int {
	n := 0
	for _, yes := range m {
		if yes {
			n++
		}
	}
	return n
}

func span(from, to time.Time) time.Duration {
	if to.IsZero() {
		return 0
	}
	return to.Sub(from)
}

// RoleName is what people call a role.
func (v Voice) RoleName(id string) string {
	for _, r := range v.desk.opts.Pack.Policy().Roles {
		if string(r.ID) == id {
			return r.Name.In(v.Lang)
		}
	}
	return id
}
