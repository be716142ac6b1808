package incident_test

import (
	"time"

	"wardline/bot/incident"
)

func ending() []story {
	test := incident.TestAsked{N: 1, Text: "log in", Departments: []incident.DepartmentID{"ed"}}
	scope := incident.ScopeSet{Systems: map[incident.SystemID]incident.Standing{"pacs": incident.Down}}
	all := incident.SystemsRestored{Systems: []incident.SystemID{"his"}, All: true, WatchUntil: at(60), CutOver: at(30)}
	waived := all
	waived.Override = "ED is empty"
	owed := with(restored(), incident.NeedRaised{N: 1, Text: "a disk"}, test, incident.QuestionAsked{N: 1, Text: "labels?"},
		incident.DecisionAsked{N: 1, Text: "?"}, incident.WatchEnded{})
	return []story{
		{name: "all that is down is restored", given: open(), minute: 30, when: incident.Restore{Watch: 30 * time.Minute}, then: []incident.Body{all}},
		{
			name: "one of two systems is restored", given: with(open(), scope), minute: 30, when: incident.Restore{Systems: []incident.SystemID{"pacs"}, CutOver: at(20)},
			then: []incident.Body{incident.SystemsRestored{Systems: []incident.SystemID{"pacs"}, CutOver: at(20)}},
		},
		{
			name: "nothing is restored against a failed test", given: with(open(), test), minute: 30, when: incident.Restore{},
			refused: "refused.tests_open map[departments:[ed] n:1 text:log in]",
		},
		{
			name: "a person may waive a test by name", given: with(open(), test), minute: 30, when: incident.Restore{Watch: 30 * time.Minute, Override: "ED is empty"},
			then: []incident.Body{waived},
		},
		{name: "what works is not restored", given: open(), when: incident.Restore{Systems: []incident.SystemID{"pacs"}}, refused: "refused.not_down map[system:pacs]"},
		{name: "what is back is not restored", given: restored(), when: incident.Restore{}, refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{name: "nothing is restored before the declaration", when: incident.Restore{}, refused: "refused.not_declared map[]"},
		{
			name: "a relapse brings back what was restored", given: restored(), when: incident.Reopen{Reason: "locked again"},
			then: []incident.Body{incident.Reopened{Reason: "locked again", Systems: []incident.SystemID{"his"}}},
		},
		{
			name: "a relapse after the end", given: closed(), when: incident.Reopen{Reason: "locked again", Systems: []incident.SystemID{"pacs"}},
			then: []incident.Body{incident.Reopened{Reason: "locked again", Systems: []incident.SystemID{"pacs"}}},
		},
		{name: "what is open is not reopened", given: open(), when: incident.Reopen{Reason: "x"}, refused: "refused.still_open map[id:INC-7]"},
		{name: "a false alarm is not reopened", given: cancelled(), when: incident.Reopen{Reason: "x"}, refused: "refused.cancelled map[id:INC-7]"},
		{name: "nothing is reopened before the declaration", when: incident.Reopen{Reason: "x"}, refused: "refused.not_declared map[]"},
		{name: "a relapse has a reason", given: restored(), when: incident.Reopen{}, refused: "refused.missing map[field:reason]"},
		{
			name: "a relapse of nothing", when: incident.Reopen{Reason: "x"}, refused: "refused.missing map[field:systems]",
			given: with(open(), incident.ScopeSet{Systems: map[incident.SystemID]incident.Standing{"his": incident.Fine}}, incident.SystemsRestored{All: true}),
		},
		{name: "an incident is closed", given: recovering(), when: incident.Close{Note: "all paper is in"}, then: []incident.Body{incident.Ended{Note: "all paper is in"}}},
		{name: "what is down is not closed", given: open(), when: incident.Close{Override: "go home"}, refused: "refused.close_open map[id:INC-7 systems:[his]]"},
		{name: "the watch is not cut short", given: restored(), when: incident.Close{}, refused: "refused.close_watch map[id:INC-7 until:2026-05-12 13:00:00 +0000 UTC]"},
		{
			name: "a person may cut the watch short by name", given: restored(), when: incident.Close{Override: "known cause"},
			then: []incident.Body{incident.Ended{Override: "known cause"}},
		},
		{name: "nothing is closed while something is owed", given: owed, when: incident.Close{}, refused: "refused.close_owed map[decisions:1 id:INC-7 needs:1 questions:1 tests:1]"},
		{name: "a person may close over what is owed", given: owed, when: incident.Close{Override: "moved on"}, then: []incident.Body{incident.Ended{Override: "moved on"}}},
		{name: "nothing is closed twice", given: closed(), when: incident.Close{}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{name: "a false alarm is cancelled", given: open(), when: incident.Cancel{Reason: "a loose plug"}, then: []incident.Body{incident.CalledOff{Reason: "a loose plug"}}},
		{name: "a false alarm has a reason", given: open(), when: incident.Cancel{}, refused: "refused.missing map[field:reason]"},
		{name: "what was restored was no false alarm", given: restored(), when: incident.Cancel{Reason: "x"}, refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{
			name: "what came back was no false alarm", given: with(restored(), incident.Reopened{Reason: "x", Systems: []incident.SystemID{"his"}}),
			when: incident.Cancel{Reason: "x"}, refused: "refused.cancel_relapse map[id:INC-7]",
		},
		{name: "the start is corrected", given: open(), when: incident.CorrectStart{Since: at(-20)}, then: []incident.Body{incident.StartCorrected{Since: at(-20)}}},
		{name: "no outage begins ahead", given: open(), when: incident.CorrectStart{Since: at(900)}, refused: "refused.future map[at:2026-05-13 03:00:00 +0000 UTC field:since]"},
		{name: "what was released began before", given: restored(), minute: 40, when: incident.CorrectStart{Since: at(35)}, refused: "refused.began_late map[at:2026-05-12 12:02:00 +0000 UTC id:INC-7]"},
		{name: "the start is corrected after a release", given: restored(), minute: 40, when: incident.CorrectStart{Since: at(-20)}, then: []incident.Body{incident.StartCorrected{Since: at(-20)}}},
		{name: "an outage is part of another one", given: open(), when: incident.Join{Into: 3}, then: []incident.Body{incident.Joined{Into: 3}}},
		{name: "no outage is part of itself", given: open(), when: incident.Join{Into: 7}, refused: "refused.join_itself map[id:INC-7]"},
		{name: "what was released is joined no more", given: restored(), when: incident.Join{Into: 3}, refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{
			name: "what was joined goes on elsewhere", given: with(open(), incident.Joined{Into: 3}), when: incident.Close{Override: "x"},
			refused: "refused.joined map[id:INC-7 into:INC-3]",
		},
		{
			name: "what was joined is not reopened", given: with(open(), incident.Joined{Into: 3}), when: incident.Reopen{Reason: "x"},
			refused: "refused.joined map[id:INC-7 into:INC-3]",
		},
	}
}

func striking() []story {
	return []story{
		{
			name: "a sentence is struck", given: open(), when: incident.Strike{Number: 2, Of: "fact_set", Reason: "a name"},
			then: []incident.Body{incident.Struck{Number: 2, Reason: "a name"}},
		},
		{
			name: "a sentence is struck after the end", given: closed(), when: incident.Strike{Number: 2, Of: "fact_set", Reason: "a name"},
			then: []incident.Body{incident.Struck{Number: 2, Reason: "a name"}},
		},
		{name: "what did not happen is not struck", given: open(), when: incident.Strike{Number: 3, Of: "fact_set", Reason: "x"}, refused: "refused.no_item map[kind:event n:3]"},
		{name: "events are numbered from one", given: open(), when: incident.Strike{Of: "fact_set", Reason: "x"}, refused: "refused.no_item map[kind:event n:0]"},
		{name: "the declaration is not struck", given: open(), when: incident.Strike{Number: 1, Of: "declared", Reason: "x"}, refused: "refused.not_strikable map[kind:declared n:1]"},
		{name: "a strike has a reason", given: open(), when: incident.Strike{Number: 2, Of: "fact_set"}, refused: "refused.missing map[field:reason]"},
	}
}

// clocks are rules with round figures: the wards hear every half hour, engineers are asked after 20
// minutes of silence, a question is brought up after 10.
func clocks() incident.Rules {
	half := 30 * time.Minute
	return incident.Rules{
		ClinicalEvery: map[incident.Level]time.Duration{incident.L1: 2 * half, incident.L2: half, incident.L3: half, incident.L4: half},
		StaleAfter:    20 * time.Minute,
		AskRemind:     10 * time.Minute,
		Limits:        incident.Limits{ToL2: half, ToL3: 2 * time.Hour, LongHaul: 8 * time.Hour},
	}
}

// quiet are the clocks of silent engineers alone, who are asked every hundred minutes at the least.
func quiet() incident.Rules {
	return incident.Rules{StaleAfter: 20 * time.Minute, StaleMost: 100 * time.Minute}
}

func ticking() []story {
	tick := incident.Tick{Rules: clocks()}
	heard := incident.AddProgress{Text: "reading logs"}
	sign := incident.Progressed(heard)
	asked := incident.Stale{}
	question := incident.QuestionAsked{N: 1, Text: "labels?"}
	return []story{
		{name: "nothing is due", given: open(), minute: 19, when: tick},
		{name: "silent engineers are asked", given: open(), minute: 20, when: tick, then: []incident.Body{incident.Stale{}}},
		{name: "engineers just asked are left alone", given: with(open(), incident.Stale{}), minute: 25, when: tick},
		{
			name: "engineers who stay silent are asked again after twice the wait", given: with(open(), incident.Stale{}, incident.NoChange{}, incident.LevelProposed{Level: incident.L3}),
			minute: 42, when: incident.Tick{Rules: quiet()}, then: []incident.Body{incident.Stale{}},
		},
		{
			name: "and then after four times, not before", given: with(open(), incident.Stale{}, incident.Stale{}), minute: 82, when: incident.Tick{Rules: quiet()},
		},
		{
			name: "but never later than the longest wait", given: with(open(), asked, asked, asked, asked, asked),
			minute: 106, when: incident.Tick{Rules: quiet()}, then: []incident.Body{incident.Stale{}},
		},
		{name: "a sign of the engineers puts the question off", given: with(open(), sign), minute: 21, when: tick},
		{name: "the wards hear on time that nothing has changed", given: with(open(), incident.Stale{}), minute: 30, when: tick, then: []incident.Body{incident.NoChange{}}},
		{
			name: "a passed ETA slips, and the wards hear of nothing else", given: with(open(), incident.ETASet{At: at(45)}, asked, asked), minute: 45, when: tick,
			then: []incident.Body{incident.ETASlipped{At: at(45)}, incident.DecisionAsked{N: 1, Slipped: at(45), By: at(75)}},
		},
		{
			name: "a second time that passes asks the leaders under the same number", minute: 50, when: incident.Tick{Rules: quiet()},
			given: with(open(), incident.ETASet{At: at(3)}, incident.ETASlipped{At: at(3)}, incident.DecisionAsked{N: 1, Slipped: at(3)}, incident.ETASet{At: at(50)}, incident.Stale{}),
			then:  []incident.Body{incident.ETASlipped{At: at(50)}, incident.DecisionAsked{N: 1, Slipped: at(50)}},
		},
		{
			name: "engineers who were asked for a new time are not asked for progress at once", minute: 22, when: incident.Tick{Rules: quiet()},
			given: with(open(), incident.ETASet{At: at(50)}, incident.ETASlipped{At: at(50)}, incident.DecisionAsked{N: 1, Slipped: at(50)}),
		},
		{
			name: "but after the usual wait they are", minute: 23, when: incident.Tick{Rules: quiet()},
			given: with(open(), incident.ETASet{At: at(50)}, incident.ETASlipped{At: at(50)}, incident.DecisionAsked{N: 1, Slipped: at(50)}, incident.NoChange{}),
			then:  []incident.Body{incident.Stale{}},
		},
		{
			name: "what a passed time asked is closed with the release", given: with(open(), incident.ETASet{At: at(3)}, incident.ETASlipped{At: at(3)},
				incident.DecisionAsked{N: 1, Slipped: at(3), By: at(33)}, back()), minute: 40, when: tick,
		},
		{
			name: "time in use does not count towards a higher level", given: with(restored(), incident.Reopened{Reason: "again", Systems: []incident.SystemID{"his"}}), minute: 110,
			when: incident.Tick{Rules: incident.Rules{Limits: clocks().Limits}},
		},
		{
			name: "two hours out of use in all do", given: with(restored(), incident.Reopened{Reason: "again", Systems: []incident.SystemID{"his"}}), minute: 111,
			when: incident.Tick{Rules: incident.Rules{Limits: clocks().Limits}}, then: []incident.Body{incident.LevelProposed{Level: incident.L3, Reason: "why.lasted_l3"}},
		},
		{name: "an ETA slips once", given: with(open(), incident.ETASet{At: at(3)}, incident.ETASlipped{At: at(3)}, incident.Stale{}), minute: 5, when: tick},
		{
			name: "two hours ask for a higher level", given: with(open(), sign, asked, asked, asked, incident.NoChange{}), minute: 110,
			when: tick, then: []incident.Body{incident.LevelProposed{Level: incident.L3, Reason: "why.lasted_l3"}, incident.NoChange{}},
		},
		{
			name: "a higher level is proposed once", minute: 111, when: tick,
			given: with(open(), asked, asked, asked, incident.LevelProposed{Level: incident.L3, Reason: "why.lasted_l3"}), then: []incident.Body{incident.NoChange{}},
		},
		{name: "a question waits too long", given: with(open(), question), minute: 12, when: tick, then: []incident.Body{incident.QuestionWaits{N: 1}}},
		{name: "a question is brought up once", given: with(open(), question, incident.QuestionWaits{N: 1}), minute: 14, when: tick},
		{name: "a question waits where nothing is declared", given: []incident.Body{question}, minute: 10, when: tick, then: []incident.Body{incident.QuestionWaits{N: 1}}},
		{
			name: "leaders are late", given: with(open(), incident.DecisionAsked{N: 1, Text: "?", By: at(15)}), minute: 15, when: tick,
			then: []incident.Body{incident.DecisionOverdue{N: 1}},
		},
		{name: "the watch ends", given: restored(), minute: 60, when: tick, then: []incident.Body{incident.WatchEnded{}}},
		{name: "the watch goes on", given: restored(), minute: 59, when: tick},
		{name: "nothing is due after the end", given: closed(), minute: 9999, when: tick},
		{name: "nothing is due in a false alarm", given: cancelled(), minute: 9999, when: tick},
	}
}
