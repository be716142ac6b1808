package incident_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/incident"
)

// wardClocks are clocks with those of the wards.
func wardClocks() incident.Rules {
	r := clocks()
	r.Follow = incident.Follow{incident.Reminded: 5 * time.Minute, incident.Escalated: 10 * time.Minute, incident.Listed: 15 * time.Minute}
	r.ScriptRemind, r.VisitDue = 5*time.Minute, 30*time.Minute
	return r
}

// told is an outage of which two departments were told at minute 2.
func told() []incident.Body {
	return with(open(), incident.Told{Departments: []incident.DepartmentID{"ed", "ward_surg"}})
}

func answering() []story {
	paper := incident.Acknowledged{Department: "ed", Word: incident.OnPaper}
	saw := incident.WardSaw{Department: "ed"}
	cannot := incident.Acknowledged{Department: "ed", Word: incident.Cannot, Text: "no pumps"}
	return []story{
		{name: "a department works on paper", given: told(), minute: 4, when: incident.Acknowledge(paper), then: []incident.Body{saw, paper}},
		{name: "who was seen before only answers", given: with(told(), saw), minute: 4, when: incident.Acknowledge(paper), then: []incident.Body{paper}},
		{name: "a later answer replaces an earlier", given: with(told(), saw, paper), minute: 6, when: incident.Acknowledge(cannot), then: []incident.Body{cannot}},
		{name: "the same answer again says nothing", given: with(told(), saw, cannot), minute: 6, when: incident.Acknowledge(cannot), refused: "refused.answered map[at:2026-05-12 12:04:00 +0000 UTC by:wang department:ed]"},
		{
			name: "a department told by phone", given: told(), minute: 4, when: incident.Acknowledge{Department: "ed", Word: incident.Heard},
			then: []incident.Body{saw, incident.Acknowledged{Department: "ed", Word: incident.Heard}},
		},
		{name: "who was seen need not be told by phone", given: with(told(), saw), minute: 4, when: incident.Acknowledge{Department: "ed", Word: incident.Heard}, refused: "refused.same map[field:answer]"},
		{name: "no answer of whom was not told", given: told(), minute: 4, when: incident.Acknowledge{Department: "lab", Word: incident.OnPaper}, refused: "refused.not_told map[department:lab]"},
		{name: "no answer of nobody", given: told(), minute: 4, when: incident.Acknowledge{Word: incident.OnPaper}, refused: "refused.missing map[field:department]"},
		{name: "an answer is one of three", given: told(), minute: 4, when: incident.Acknowledge{Department: "ed", Word: "perhaps"}, refused: "refused.missing map[field:answer]"},
		{name: "no paper for what is back", given: restored(), minute: 40, when: incident.Acknowledge(paper), refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{name: "the first sign is noted", given: told(), minute: 3, when: incident.MarkSeen{Department: "ed"}, then: []incident.Body{saw}},
		{name: "a second sign is not", given: with(told(), saw), minute: 3, when: incident.MarkSeen{Department: "ed"}},
		{
			name: "a department asks for a runner", given: told(), minute: 5, when: incident.RequestSupply{Department: "ed", What: incident.Runner, Text: "to the lab"},
			then: []incident.Body{saw, incident.SupplyRequested{N: 1, Department: "ed", What: incident.Runner, Text: "to the lab"}},
		},
		{
			name: "needs of wards and engineers share their numbers", given: with(told(), saw, incident.NeedRaised{N: 1, Text: "a disk"}), minute: 5,
			when: incident.RequestSupply{Department: "ed", What: incident.Forms}, then: []incident.Body{incident.SupplyRequested{N: 2, Department: "ed", What: incident.Forms}},
		},
		{
			name: "what waits is not asked for twice", given: with(told(), saw, incident.SupplyRequested{N: 1, Department: "ed", What: incident.Forms}), minute: 5,
			when: incident.RequestSupply{Department: "ed", What: incident.Forms}, refused: "refused.asked_already map[n:1]",
		},
		{name: "no supply for nobody", given: told(), minute: 5, when: incident.RequestSupply{What: incident.Forms}, refused: "refused.missing map[field:department]"},
		{name: "a supply is one of three", given: told(), minute: 5, when: incident.RequestSupply{Department: "ed", What: "coffee"}, refused: "refused.missing map[field:supply]"},
	}
}

func reading() []story {
	return []story{
		{name: "the script is read", given: told(), minute: 4, when: incident.ReadScript{}, then: []incident.Body{incident.ScriptRead{At: at(4)}}},
		{name: "the script was read a little ago", given: told(), minute: 4, when: incident.ReadScript{At: at(2)}, then: []incident.Body{incident.ScriptRead{At: at(2)}}},
		{name: "it is read once", given: with(told(), incident.ScriptRead{At: at(3)}), minute: 6, when: incident.ReadScript{}, refused: "refused.script_read map[at:2026-05-12 12:03:00 +0000 UTC by:wang]"},
		{name: "it is not read in the future", given: told(), minute: 4, when: incident.ReadScript{At: at(9)}, refused: "refused.future map[at:2026-05-12 12:09:00 +0000 UTC field:at]"},
		{
			name: "at L1 there is nothing to read", given: []incident.Body{incident.Declared{Since: at(-1), Systems: []incident.SystemID{"his"}, Level: incident.L1}}, minute: 4,
			when: incident.ReadScript{}, refused: "refused.no_script map[id:INC-7]",
		},
	}
}

func visiting() []story {
	claimed := incident.VisitClaimed{Department: "ed"}
	seen := incident.VisitReported{Department: "ed", Works: "monitors", Stuck: "prescriptions", Waiting: "20"}
	return []story{
		{name: "a visit is claimed", given: told(), minute: 5, when: incident.ClaimVisit(claimed), then: []incident.Body{claimed}},
		{name: "nobody claims it twice", given: with(told(), claimed), minute: 5, when: incident.ClaimVisit(claimed), refused: "refused.claimed map[at:2026-05-12 12:03:00 +0000 UTC by:wang department:ed]"},
		{name: "a claim is given back", given: with(told(), claimed), minute: 5, when: incident.DropVisit(claimed), then: []incident.Body{incident.VisitDropped(claimed)}},
		{name: "what nobody claimed cannot be given back", given: told(), minute: 5, when: incident.DropVisit(claimed), refused: "refused.not_claimed map[department:ed]"},
		{name: "somebody just walks in", given: told(), minute: 5, when: incident.ArriveVisit(claimed), then: []incident.Body{incident.VisitArrived(claimed)}},
		{name: "a department is visited again later", given: with(told(), claimed, seen), minute: 50, when: incident.ClaimVisit(claimed), then: []incident.Body{claimed}},
		{name: "what was seen is reported", given: with(told(), claimed), minute: 9, when: incident.ReportVisit(seen), then: []incident.Body{seen}},
		{
			name: "nobody counted the patients", given: told(), minute: 9, when: incident.ReportVisit{Department: "ed", Stuck: "all"},
			then: []incident.Body{incident.VisitReported{Department: "ed", Stuck: "all", Waiting: incident.WaitUnknown}},
		},
		{name: "patients are a number and no name", given: told(), minute: 9, when: incident.ReportVisit{Department: "ed", Stuck: "all", Waiting: "Mrs Li"}, refused: "refused.waiting map[]"},
		{name: "a visit goes somewhere", given: told(), minute: 9, when: incident.ClaimVisit{}, refused: "refused.missing map[field:department]"},
	}
}

func feedingBack() []story {
	said := incident.FeedbackGiven{Department: "ed", Text: "no spare forms"}
	return []story{
		{name: "feedback during the outage", given: told(), minute: 5, when: incident.GiveFeedback(said), then: []incident.Body{said}},
		{name: "feedback when all is over", given: closed(), minute: 500, when: incident.GiveFeedback(said), then: []incident.Body{said}},
		{name: "no feedback on nothing", when: incident.GiveFeedback(said), refused: "refused.not_declared map[]"},
	}
}

// TestReportsOfTheSameAreCountedTogether groups by words and system, whatever the keyboard made of them,
// and keeps every report byte for byte.
func TestReportsOfTheSameAreCountedTogether(t *testing.T) {
	at := len(open())
	in := given(with(
		open(),
		incident.Reported{Text: "保存报错 ORA-00060", System: "his", Department: "ed"},
		incident.Reported{Text: " 保存报错　ｏｒａ-00060。\n", System: "his", Department: "icu"},
		incident.Reported{Same: at + 1, Department: "ed"},
		incident.Reported{Text: "保存报错 ORA-00060", System: "lis", Department: "lab"},
		incident.Reported{Text: "保存报错 ORA-00061", System: "his"},
		incident.Reported{Same: at + 3, Department: "icu"}, // the same as what was the same
	)...)
	want := []incident.Group{
		{Text: "保存报错 ORA-00060", System: "his", Count: 4, First: at + 1, Departments: []incident.DepartmentID{"ed", "icu"}},
		{Text: "保存报错 ORA-00060", System: "lis", Count: 1, First: at + 4, Departments: []incident.DepartmentID{"lab"}},
		{Text: "保存报错 ORA-00061", System: "his", Count: 1, First: at + 5},
	}
	if diff := cmp.Diff(want, in.SymptomGroups()); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	heat := []incident.Heat{{Department: "ed", Count: 2}, {Department: "icu", Count: 2}, {Department: "lab", Count: 1}}
	if diff := cmp.Diff(heat, in.SymptomHeat()); diff != "" {
		t.Errorf("heat (-want +got):\n%s", diff)
	}
	if alike, ok := in.Alike(at + 6); !ok || alike.First != at+1 {
		t.Errorf("the last report is like %+v", alike)
	}
	if got := in.Symptoms[1].Text; got != " 保存报错　ｏｒａ-00060。\n" {
		t.Errorf("a report was changed to %q", got)
	}
}

// TestSilenceIsFollowedUpStepByStep lives a quarter of an hour with one department that answers, one that
// was seen and one that gives no sign.
func TestSilenceIsFollowedUpStepByStep(t *testing.T) {
	in := given(with(open(), incident.Told{Departments: []incident.DepartmentID{"ed", "ward_surg", "icu"}})...) // told at minute 2
	happen := func(minute int, bodies ...incident.Body) {
		for _, b := range bodies {
			in = in.Apply(incident.Event{At: at(minute), By: "mia", Body: b})
		}
	}
	r := wardClocks()
	r.ClinicalEvery, r.ScriptRemind, r.StaleAfter, r.Limits = nil, 0, 0, incident.Limits{} // the other clocks rest
	due := func(minute int, want ...incident.Body) {
		t.Helper()
		if !in.Due(r).Equal(at(minute)) {
			t.Errorf("due at %v, want minute %d", in.Due(r), minute)
		}
		if early, _ := (incident.Tick{Rules: r}).Decide(in, at(minute).Add(-time.Second)); len(early) > 0 {
			t.Errorf("a second before minute %d: %v", minute, early)
		}
		got, err := (incident.Tick{Rules: r}).Decide(in, at(minute))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("at minute %d (-want +got):\n%s", minute, diff)
		}
		happen(minute, got...)
	}
	happen(3, incident.WardSaw{Department: "ed"}, incident.Acknowledged{Department: "ed", Word: incident.OnPaper}, incident.WardSaw{Department: "ward_surg"})
	due(7, incident.SilenceChased{Step: incident.Reminded, Departments: []incident.DepartmentID{"ward_surg", "icu"}})
	happen(8, incident.ETASet{At: at(90)}) // a new time resets nothing
	due(12, incident.SilenceChased{Step: incident.Escalated, Departments: []incident.DepartmentID{"icu"}})
	due(17, incident.SilenceChased{Step: incident.Listed, Departments: []incident.DepartmentID{"icu"}})
	due(90, incident.ETASlipped{At: at(90)}, incident.DecisionAsked{N: 1, Slipped: at(90)})
	if got := in.Ward("ed"); got != incident.WardPaper || in.Ward("ward_surg") != incident.WardSeen || in.Ward("icu") != incident.WardSilent {
		t.Errorf("ed is %s", got)
	}
	happen(100, back(), incident.Reopened{Reason: "again", Systems: []incident.SystemID{"his"}})
	due(105, incident.SilenceChased{Step: incident.Reminded, Departments: []incident.DepartmentID{"ed", "ward_surg", "icu"}})
	if w := in.Wards["ed"]; len(w.Answers) != 1 || in.OnPaper("ed") {
		t.Errorf("after a relapse: %+v", w)
	}
}

// TestWordOfAWard tells the worst that holds of a department.
func TestWordOfAWard(t *testing.T) {
	saw, paper := incident.WardSaw{Department: "ed"}, incident.Acknowledged{Department: "ed", Word: incident.OnPaper}
	asks := incident.SupplyRequested{N: 1, Department: "ed", What: incident.Forms}
	for _, c := range []struct {
		more []incident.Body
		want incident.WardStanding
	}{
		{nil, incident.WardSilent},
		{[]incident.Body{saw}, incident.WardSeen},
		{[]incident.Body{saw, paper}, incident.WardPaper},
		{[]incident.Body{saw, paper, asks}, incident.WardNeeds},
		{[]incident.Body{saw, paper, asks, incident.NeedMet{N: 1}}, incident.WardPaper},
		{[]incident.Body{saw, asks, incident.Acknowledged{Department: "ed", Word: incident.Cannot}}, incident.WardCannot},
		{[]incident.Body{saw, incident.Acknowledged{Department: "ed", Word: incident.Heard}}, incident.WardSeen},
	} {
		if got := given(with(told(), c.more...)...).Ward("ed"); got != c.want {
			t.Errorf("after %v: %s, want %s", c.more, got, c.want)
		}
	}
}
