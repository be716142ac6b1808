package incident_test

import "wardline/bot/incident"

func expecting() []story {
	eta := incident.ETASet{At: at(60), Confidence: incident.High, Giver: "vendor"}
	slipped := with(open(), eta, incident.ETASlipped{At: at(60)})
	withdrawn := with(open(), eta, incident.ETASet{Reason: "no part"})
	return []story{
		{name: "an ETA is given", given: open(), minute: 2, when: incident.SetETA(eta), then: []incident.Body{eta}},
		{
			name: "the same time with another confidence is news", given: with(open(), eta), minute: 3, when: incident.SetETA{At: at(60), Confidence: incident.Low},
			then: []incident.Body{incident.ETASet{At: at(60), Confidence: incident.Low}},
		},
		{name: "an ETA is withdrawn", given: with(open(), eta), minute: 3, when: incident.SetETA{Reason: "no part"}, then: []incident.Body{incident.ETASet{Reason: "no part"}}},
		{name: "a slipped ETA is withdrawn", given: slipped, minute: 61, when: incident.SetETA{}, then: []incident.Body{incident.ETASet{}}},
		{name: "the same ETA again says nothing", given: with(open(), eta), minute: 3, when: incident.SetETA(eta), refused: "refused.same map[field:eta]"},
		{name: "no ETA cannot be withdrawn", given: open(), minute: 3, when: incident.SetETA{}, refused: "refused.same map[field:eta]"},
		{name: "a withdrawn ETA cannot be withdrawn", given: withdrawn, minute: 4, when: incident.SetETA{}, refused: "refused.same map[field:eta]"},
		{name: "an ETA lies ahead", given: open(), minute: 60, when: incident.SetETA(eta), refused: "refused.past map[at:2026-05-12 13:00:00 +0000 UTC field:eta]"},
		{name: "no ETA for what is back", given: restored(), minute: 31, when: incident.SetETA(eta), refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{name: "no ETA before the declaration", when: incident.SetETA(eta), refused: "refused.not_declared map[]"},
	}
}

func scoping() []story {
	more := incident.SetScope{
		Systems: map[incident.SystemID]incident.Standing{"pacs": incident.Down}, Stops: []incident.SystemID{"ris"},
		Departments: map[incident.DepartmentID]incident.Standing{"ed": incident.Fine}, Extent: incident.Partial,
	}
	return []story{
		{name: "a scope is stated", given: open(), when: more, then: []incident.Body{incident.ScopeSet(more)}},
		{
			name: "only the extent is news", given: open(), when: incident.SetScope{Extent: incident.Total},
			then: []incident.Body{incident.ScopeSet{Extent: incident.Total}},
		},
		{
			name: "what was released is reopened, not widened", given: restored(), when: incident.SetScope{Systems: map[incident.SystemID]incident.Standing{"lis": incident.Down}},
			refused: "refused.scope_released map[id:INC-7 systems:[lis]]",
		},
		{name: "a scope that says nothing", given: open(), when: incident.SetScope{}, refused: "refused.same map[field:scope]"},
		{
			name: "a scope that is so already", given: open(),
			when:    incident.SetScope{Systems: map[incident.SystemID]incident.Standing{"his": incident.Down}, Departments: map[incident.DepartmentID]incident.Standing{"ed": incident.Affected}},
			refused: "refused.same map[field:scope]",
		},
		{name: "no scope after the end", given: cancelled(), when: more, refused: "refused.cancelled map[id:INC-7]"},
	}
}

func repairing() []story {
	contacted := incident.EngineerMoved{Step: incident.Contacted, Name: "Raj", Due: at(40)}
	need := incident.NeedRaised{N: 1, Text: "a disk"}
	test := incident.TestAsked{N: 1, Text: "log in", Departments: []incident.DepartmentID{"ed", "icu"}}
	return []story{
		{name: "an engineer is contacted", given: open(), minute: 2, when: incident.MoveEngineer(contacted), then: []incident.Body{contacted}},
		{
			name: "the known engineer sets out", given: with(open(), contacted), minute: 3, when: incident.MoveEngineer{Step: incident.OnWay},
			then: []incident.Body{incident.EngineerMoved{Step: incident.OnWay, Name: "Raj"}},
		},
		{
			name: "the same step with a new time is news", given: with(open(), contacted), minute: 3, when: incident.MoveEngineer{Step: incident.Contacted, Due: at(50)},
			then: []incident.Body{incident.EngineerMoved{Step: incident.Contacted, Name: "Raj", Due: at(50)}},
		},
		{
			name: "another engineer begins anew", given: with(open(), contacted), minute: 3, when: incident.MoveEngineer{Step: incident.Contacted, Name: "Li"},
			then: []incident.Body{incident.EngineerMoved{Step: incident.Contacted, Name: "Li"}},
		},
		{name: "the same step again says nothing", given: with(open(), contacted), minute: 3, when: incident.MoveEngineer{Step: incident.Contacted}, refused: "refused.same map[field:contacted]"},
		{name: "nobody sets out", given: open(), when: incident.MoveEngineer{Step: incident.OnWay}, refused: "refused.missing map[field:engineer]"},
		{
			name: "nobody is due in the past", given: open(), minute: 41, when: incident.MoveEngineer(contacted),
			refused: "refused.past map[at:2026-05-12 12:40:00 +0000 UTC field:due]",
		},
		{name: "no engineer before the declaration", when: incident.MoveEngineer(contacted), refused: "refused.not_declared map[]"},
		{name: "a milestone is noted", given: open(), when: incident.AddProgress{Text: "lock found"}, then: []incident.Body{incident.Progressed{Text: "lock found"}}},
		{name: "the engineers say it is mended", given: open(), when: incident.AddProgress{Text: "up", Done: true}, then: []incident.Body{incident.Progressed{Text: "up", Done: true}}},
		{name: "what is back is not mended again", given: restored(), when: incident.AddProgress{Text: "up", Done: true}, refused: "refused.not_open map[id:INC-7 phase:restored]"},
		{name: "work goes on while it is watched", given: restored(), when: incident.AddProgress{Text: "logs read"}, then: []incident.Body{incident.Progressed{Text: "logs read"}}},
		{name: "a milestone has words", given: open(), when: incident.AddProgress{}, refused: "refused.missing map[field:text]"},
		{name: "no progress after the end", given: closed(), when: incident.AddProgress{Text: "x"}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{name: "a change is noted", given: open(), when: incident.AddChange{Text: "patch"}, then: []incident.Body{incident.ChangeNoted{Text: "patch"}}},
		{name: "a change has words", given: open(), when: incident.AddChange{}, refused: "refused.missing map[field:text]"},
		{name: "the wards are told in own words", given: open(), when: incident.GiveUpdate{Text: "paper"}, then: []incident.Body{incident.UpdateGiven{Text: "paper"}}},
		{name: "the wards are not told nothing", given: open(), when: incident.GiveUpdate{}, refused: "refused.missing map[field:text]"},
		{name: "a need is raised", given: with(open(), need), when: incident.RaiseNeed{Text: "a window"}, then: []incident.Body{incident.NeedRaised{N: 2, Text: "a window"}}},
		{name: "a need has words", given: open(), when: incident.RaiseNeed{}, refused: "refused.missing map[field:text]"},
		{name: "a need is met", given: with(open(), need), when: incident.MeetNeed{N: 1, How: "from store"}, then: []incident.Body{incident.NeedMet{N: 1, How: "from store"}}},
		{name: "a need nobody has is not met", given: open(), when: incident.MeetNeed{N: 1}, refused: "refused.no_item map[kind:need n:1]"},
		{name: "a need is met once", given: with(open(), need, incident.NeedMet{N: 1}), when: incident.MeetNeed{N: 1}, refused: "refused.already_done map[kind:need n:1]"},
		{name: "no need is met after the end", given: closed(), when: incident.MeetNeed{N: 1}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{name: "a test is asked", given: open(), when: incident.AskTest{Text: "log in", Departments: test.Departments}, then: []incident.Body{test}},
		{name: "a test needs testers", given: open(), when: incident.AskTest{Text: "log in"}, refused: "refused.missing map[field:departments]"},
		{name: "a test has words", given: open(), when: incident.AskTest{Departments: test.Departments}, refused: "refused.missing map[field:text]"},
		{
			name: "a tester answers", given: with(open(), test), when: incident.AnswerTest{N: 1, Department: "ed", Pass: true},
			then: []incident.Body{incident.TestAnswered{N: 1, Department: "ed", Pass: true}},
		},
		{
			name: "a tester thinks again", given: with(open(), test, incident.TestAnswered{N: 1, Department: "ed", Pass: true}),
			when: incident.AnswerTest{N: 1, Department: "ed", Text: "slow"}, then: []incident.Body{incident.TestAnswered{N: 1, Department: "ed", Text: "slow"}},
		},
		{name: "who was not asked does not answer", given: with(open(), test), when: incident.AnswerTest{N: 1, Department: "lab"}, refused: "refused.not_asked map[department:lab n:1]"},
		{name: "a test nobody asked is not answered", given: open(), when: incident.AnswerTest{N: 2, Department: "ed"}, refused: "refused.no_item map[kind:test n:2]"},
		{name: "no test is answered before the declaration", when: incident.AnswerTest{N: 1}, refused: "refused.not_declared map[]"},
	}
}

func asking() []story {
	decision := incident.DecisionAsked{N: 1, Text: "send patients on?", Options: []string{"yes", "no"}, By: at(30), Default: "no"}
	question := incident.QuestionAsked{N: 1, Text: "labels?", Department: "ed", Room: "dept/ed", Lang: "en"}
	return []story{
		{
			name: "leaders are asked", given: open(), minute: 2,
			when: incident.AskLeaders{Text: decision.Text, Options: decision.Options, By: decision.By, Default: "no"}, then: []incident.Body{decision},
		},
		{name: "leaders are asked something", given: open(), when: incident.AskLeaders{}, refused: "refused.missing map[field:question]"},
		{
			name: "leaders are not asked for yesterday", given: open(), minute: 30, when: incident.AskLeaders{Text: "?", By: at(30)},
			refused: "refused.past map[at:2026-05-12 12:30:00 +0000 UTC field:by]",
		},
		{name: "leaders are not asked after the end", given: closed(), when: incident.AskLeaders{Text: "?"}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{name: "a leader decides", given: with(open(), decision), when: incident.Decided{N: 1, Answer: "yes"}, then: []incident.Body{incident.DecisionGiven{N: 1, Answer: "yes"}}},
		{
			name: "a leader decides late", given: with(open(), decision, incident.DecisionOverdue{N: 1}), minute: 40, when: incident.Decided{N: 1, Answer: "yes"},
			then: []incident.Body{incident.DecisionGiven{N: 1, Answer: "yes"}},
		},
		{name: "a decision has words", given: with(open(), decision), when: incident.Decided{N: 1}, refused: "refused.missing map[field:answer]"},
		{name: "nobody asked for this decision", given: open(), when: incident.Decided{N: 1, Answer: "yes"}, refused: "refused.no_item map[kind:decision n:1]"},
		{
			name: "a decision is taken once", given: with(open(), decision, incident.DecisionGiven{N: 1, Answer: "no"}), when: incident.Decided{N: 1, Answer: "no"},
			refused: "refused.already_done map[kind:decision n:1]",
		},
		{
			name: "leaders may decide anew", given: with(open(), decision, incident.DecisionGiven{N: 1, Answer: "no"}), when: incident.Decided{N: 1, Answer: "yes"},
			then: []incident.Body{incident.DecisionGiven{N: 1, Answer: "yes"}},
		},
		{
			name: "a question waits for a person, even before anything is declared", when: incident.AskPerson{Text: "labels?", Department: "ed", Room: "dept/ed", Lang: "en"},
			then: []incident.Body{question},
		},
		{name: "a question has words", given: open(), when: incident.AskPerson{}, refused: "refused.missing map[field:question]"},
		{name: "no questions about what is over", given: cancelled(), when: incident.AskPerson{Text: "?"}, refused: "refused.cancelled map[id:INC-7]"},
		{name: "a person answers", given: with(open(), question), when: incident.AnswerQuestion{N: 1, Text: "by hand"}, then: []incident.Body{incident.QuestionAnswered{N: 1, Text: "by hand"}}},
		{name: "an answer has words", given: with(open(), question), when: incident.AnswerQuestion{N: 1}, refused: "refused.missing map[field:answer]"},
		{name: "nobody asked this", given: open(), when: incident.AnswerQuestion{N: 1, Text: "x"}, refused: "refused.no_item map[kind:question n:1]"},
		{
			name: "a question is answered once", given: with(open(), question, incident.QuestionAnswered{N: 1, Text: "by hand"}), when: incident.AnswerQuestion{N: 1, Text: "no"},
			refused: "refused.already_done map[kind:question n:1]",
		},
	}
}
