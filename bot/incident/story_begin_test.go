package incident_test

import (
	"strings"

	"wardline/bot/incident"
)

func declaring() []story {
	full := incident.Declare{
		What: "HIS is down", Since: at(-10), Systems: []incident.SystemID{"his"}, Stops: []incident.SystemID{"pharm"},
		Degrades: []incident.SystemID{"lis"}, Departments: []incident.DepartmentID{"ed"}, MayReach: []incident.DepartmentID{"ward_surg"},
		Level: incident.L2, Reason: "why.critical",
	}
	rich, blank, early, bare := full, full, full, full
	rich.Works, rich.Symptoms = "the viewer", []incident.Reported{{Text: "ORA-00060", Department: "ed", Seen: at(-5), Reporter: "lee"}}
	blank.What = " \n"
	early.Since = at(1)
	bare.Systems = nil
	return []story{
		{name: "a declaration opens the incident and states its headline", when: full, then: open()},
		{
			name: "what still works and earlier symptoms come with the declaration", when: rich,
			then: with(open(), incident.FactSet{Key: incident.StillWorks, Value: "the viewer", Status: incident.Confirmed}, rich.Symptoms[0]),
		},
		{
			name: "a declaration that knows little begins now, at the lowest level",
			when: incident.Declare{What: "slow", Systems: []incident.SystemID{"his"}},
			then: []incident.Body{
				incident.Declared{Since: at(0), Systems: []incident.SystemID{"his"}, Level: incident.L1},
				incident.FactSet{Key: incident.Headline, Value: "slow", Status: incident.Confirmed},
			},
		},
		{name: "an incident is declared once", given: open(), when: full, refused: "refused.declared map[id:INC-7]"},
		{name: "nothing is declared without a system", when: bare, refused: "refused.missing map[field:systems]"},
		{name: "nothing is declared without a sentence", when: blank, refused: "refused.missing map[field:what]"},
		{name: "a failure cannot begin tomorrow", when: early, refused: "refused.future map[at:2026-05-12 12:01:00 +0000 UTC field:since]"},
		{
			name: "the coordinator sets the level", given: open(), when: incident.SetLevel{Level: incident.L3, Reason: "whole hospital"},
			then: []incident.Body{incident.LevelSet{Level: incident.L3, Reason: "whole hospital"}},
		},
		{
			name: "keeping the level answers a proposal", given: with(open(), incident.LevelProposed{Level: incident.L3, Reason: "why.several"}),
			when: incident.SetLevel{Level: incident.L2}, then: []incident.Body{incident.LevelSet{Level: incident.L2}},
		},
		{name: "the same level again says nothing", given: open(), when: incident.SetLevel{Level: incident.L2}, refused: "refused.same map[field:level]"},
		{name: "there is no fifth level", given: open(), when: incident.SetLevel{Level: 5}, refused: "refused.unknown_level map[]"},
		{name: "no level before the declaration", when: incident.SetLevel{Level: incident.L2}, refused: "refused.not_declared map[]"},
		{name: "no level after the end", given: closed(), when: incident.SetLevel{Level: incident.L2}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{
			name: "a role is given", given: open(), when: incident.GiveRole{Role: "scribe", Person: "kate"},
			then: []incident.Body{incident.RoleGiven{Role: "scribe", Person: "kate"}},
		},
		{
			name: "a role is taken back", given: with(open(), incident.RoleGiven{Role: "scribe", Person: "kate"}),
			when: incident.GiveRole{Role: "scribe", Person: "kate", Take: true},
			then: []incident.Body{incident.RoleGiven{Role: "scribe", Person: "kate", Take: true}},
		},
		{
			name: "a role is not given twice", given: with(open(), incident.RoleGiven{Role: "scribe", Person: "kate"}),
			when: incident.GiveRole{Role: "scribe", Person: "kate"}, refused: "refused.same map[field:role]",
		},
		{name: "a role is not taken from who has none", given: open(), when: incident.GiveRole{Role: "scribe", Person: "kate", Take: true}, refused: "refused.same map[field:role]"},
		{name: "no roles in a false alarm", given: cancelled(), when: incident.GiveRole{Role: "scribe", Person: "kate"}, refused: "refused.cancelled map[id:INC-7]"},
	}
}

func knowing() []story {
	suspected := incident.CauseSet{Class: incident.Software, Text: "lock", Status: incident.Suspected}
	return []story{
		{
			name: "a fact is confirmed unless said otherwise", given: open(), when: incident.SetFact{Key: incident.Plan, Value: "restart"},
			then: []incident.Body{incident.FactSet{Key: incident.Plan, Value: "restart", Status: incident.Confirmed}},
		},
		{
			name: "a suspected fact becomes confirmed", given: with(open(), incident.FactSet{Key: incident.Plan, Value: "restart", Status: incident.Suspected}),
			when: incident.SetFact{Key: incident.Plan, Value: "restart"},
			then: []incident.Body{incident.FactSet{Key: incident.Plan, Value: "restart", Status: incident.Confirmed}},
		},
		{
			name: "an empty value takes a fact back", given: open(), when: incident.SetFact{Key: incident.Headline},
			then: []incident.Body{incident.FactSet{Key: incident.Headline, Status: incident.Confirmed}},
		},
		{name: "a fact nobody stated cannot be taken back", given: open(), when: incident.SetFact{Key: incident.Plan}, refused: "refused.same map[field:plan]"},
		{name: "the same fact again says nothing", given: open(), when: incident.SetFact{Key: incident.Headline, Value: "HIS is down"}, refused: "refused.same map[field:headline]"},
		{name: "there is no such fact", given: open(), when: incident.SetFact{Key: "weather", Value: "fine"}, refused: "refused.unknown_fact map[key:weather]"},
		{
			name: "a fact fits a screen", given: open(), when: incident.SetFact{Key: incident.Plan, Value: strings.Repeat("长", incident.MaxText+1)},
			refused: "refused.too_long map[field:plan max:4000]",
		},
		{
			name: "the longest text is taken", given: open(), when: incident.AddChange{Text: strings.Repeat("长", incident.MaxText)},
			then: []incident.Body{incident.ChangeNoted{Text: strings.Repeat("长", incident.MaxText)}},
		},
		{name: "no facts before the declaration", when: incident.SetFact{Key: incident.Plan, Value: "x"}, refused: "refused.not_declared map[]"},
		{
			name: "a cause is suspected unless said otherwise", given: open(), when: incident.SetCause{Class: incident.Software, Text: "lock"},
			then: []incident.Body{suspected},
		},
		{
			name: "a suspected cause is confirmed", given: with(open(), suspected),
			when: incident.SetCause{Class: incident.Software, Text: "lock", Status: incident.Confirmed},
			then: []incident.Body{incident.CauseSet{Class: incident.Software, Text: "lock", Status: incident.Confirmed}},
		},
		{name: "the same cause again says nothing", given: with(open(), suspected), when: incident.SetCause{Class: incident.Software, Text: "lock"}, refused: "refused.same map[field:cause]"},
		{name: "there is no such class of cause", given: open(), when: incident.SetCause{Class: "weather"}, refused: "refused.unknown_class map[class:weather]"},
		{name: "a cause is not blank", given: open(), when: incident.SetCause{Class: incident.Power, Text: " "}, refused: "refused.missing map[field:cause]"},
		{name: "no cause after the end", given: closed(), when: incident.SetCause{Class: incident.Power}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{
			name: "a symptom is kept word for word, even before anything is declared", when: incident.Report{Text: " ORA-00060\t!", System: "his"},
			then: []incident.Body{incident.Reported{Text: " ORA-00060\t!", System: "his"}},
		},
		{
			name: "me too names the symptom meant", given: with(open(), incident.Reported{Text: "slow"}), when: incident.Report{Text: "slow", Same: 3},
			then: []incident.Body{incident.Reported{Text: "slow", Same: 3}},
		},
		{name: "me too needs a symptom", given: open(), when: incident.Report{Text: "slow", Same: 2}, refused: "refused.no_item map[kind:symptom n:2]"},
		{name: "a symptom has words", given: open(), when: incident.Report{}, refused: "refused.missing map[field:symptom]"},
		{name: "no symptoms of what is over", given: closed(), when: incident.Report{Text: "slow"}, refused: "refused.ended map[id:INC-7 phase:closed]"},
		{
			name: "an impact is noted", given: open(), when: incident.AddImpact{Department: "ed", Text: "12 wait"},
			then: []incident.Body{incident.ImpactSeen{Department: "ed", Text: "12 wait"}},
		},
		{name: "an impact has words", given: open(), when: incident.AddImpact{Department: "ed"}, refused: "refused.missing map[field:impact]"},
	}
}
