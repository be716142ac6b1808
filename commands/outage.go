package commands

import (
	"wardline/bot"
	"wardline/bot/incident"
	"wardline/bot/when"
)

// outageSpecs are the commands for what is known about an outage.
func outageSpecs() []Spec {
	return []Spec{
		{
			Root: "outage", Verb: "declare", Needs: coordinator(), run: declare,
			Args: []Arg{
				{Name: "systems", Kind: Systems, Required: true, Plain: true, Stays: true},
				{Name: "what", Kind: Words, Required: true, Plain: true},
				{Name: "since", Kind: Moment, Sense: when.Behind},
				{Name: "extent", Kind: Choice, Choices: []string{"partial", "total"}},
				{Name: "departments", Kind: Departments},
				{Name: "works", Kind: Words},
				{Name: "level", Kind: Level},
			},
		},
		{Root: "outage", Verb: "status", About: AnyOutage, run: status},
		{Root: "outage", Verb: "list", run: list},
		{
			Root: "outage", Verb: "update", Needs: engineers(), About: Outage, run: update,
			Args: []Arg{
				{Name: "key", Kind: Choice, Choices: keys(), Required: true, Plain: true},
				{Name: "value", Kind: Words, Required: true, Plain: true},
				{Name: "sure", Kind: Choice, Choices: []string{"confirmed", "suspected"}},
			},
		},
		{
			Root: "outage", Verb: "tell", Needs: coordinator(), About: Outage, run: tell,
			Args: []Arg{{Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "outage", Verb: "level", Needs: coordinator(), About: Outage, run: level,
			Args: []Arg{{Name: "level", Kind: Level, Required: true, Plain: true}, {Name: "reason", Kind: Words, Plain: true}},
		},
		{
			Root: "outage", Verb: "cause", Needs: engineers(), About: Outage, run: cause,
			Args: []Arg{
				{Name: "class", Kind: Choice, Choices: classes(), Required: true, Plain: true},
				{Name: "sure", Kind: Choice, Choices: []string{"suspected", "confirmed"}, Plain: true},
				{Name: "text", Kind: Words, Plain: true},
			},
		},
		{
			Root: "outage", Verb: "scope", Needs: engineers(), About: Outage, run: scope,
			Args: []Arg{
				{Name: "extent", Kind: Choice, Choices: []string{"partial", "total"}, Plain: true},
				{Name: "systems", Kind: Systems, Plain: true},
				{Name: "departments", Kind: Departments},
				{Name: "fine", Kind: Words},
				{Name: "works", Kind: Words},
				{Name: "since", Kind: Moment, Sense: when.Behind},
			},
		},
		{
			Root: "outage", Verb: "symptom", About: Perhaps, run: symptom,
			Args: []Arg{
				{Name: "department", Kind: Department},
				{Name: "system", Kind: Systems},
				{Name: "place", Kind: Words},
				{Name: "since", Kind: Moment, Sense: when.Behind},
				{Name: "extent", Kind: Choice, Choices: []string{"partial", "total"}},
				{Name: "works", Kind: Words},
				{Name: "same", Kind: Number},
				{Name: "text", Kind: Words, Plain: true, Raw: true},
			},
		},
		{
			Root: "outage", Verb: "impact", About: Outage, run: impact,
			Args: []Arg{{Name: "department", Kind: Department, Plain: true}, {Name: "text", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "outage", Verb: "role", Needs: coordinator(), About: Outage, run: role,
			Args: []Arg{
				{Name: "role", Kind: Role, Required: true, Plain: true}, {Name: "person", Kind: People, Required: true, Plain: true}, {Name: "take", Kind: Yes},
			},
		},
		{
			Root: "outage", Verb: "ask-leaders", Needs: engineers(), About: Outage, run: askLeaders,
			Args: []Arg{
				{Name: "text", Kind: Words, Required: true, Plain: true},
				{Name: "options", Kind: Words},
				{Name: "by", Kind: Moment, Sense: when.Ahead},
				{Name: "default", Kind: Words},
			},
		},
		{
			Root: "outage", Verb: "decide", Needs: leaders(), About: Outage, run: decide,
			Args: []Arg{{Name: "n", Kind: Number, Plain: true}, {Name: "answer", Kind: Words, Required: true, Plain: true}},
		},
	}
}

// outageEndSpecs are the commands for how an outage ends and what remains of it.
func outageEndSpecs() []Spec {
	return []Spec{
		{
			Root: "outage", Verb: "restore", Needs: coordinator(), About: Outage, run: restore,
			Args: []Arg{
				{Name: "systems", Kind: Systems, Plain: true},
				{Name: "backentry", Kind: Moment, Sense: when.Ahead},
				{Name: "cutover", Kind: Moment, Sense: when.Behind},
				{Name: "override", Kind: Words},
			},
		},
		{
			Root: "outage", Verb: "reopen", Needs: engineers(), About: AnyOutage, run: reopen,
			Args: []Arg{{Name: "reason", Kind: Words, Required: true, Plain: true}, {Name: "systems", Kind: Systems}},
		},
		{
			Root: "outage", Verb: "close", Needs: coordinator(), About: Outage, run: closeOutage,
			Args: []Arg{{Name: "note", Kind: Words, Plain: true}, {Name: "override", Kind: Words}},
		},
		{
			Root: "outage", Verb: "cancel", Needs: coordinator(), About: Outage, run: cancel,
			Args: []Arg{{Name: "reason", Kind: Words, Required: true, Plain: true}},
		},
		{
			Root: "outage", Verb: "merge", Needs: coordinator(), About: Outage, run: join,
			Args: []Arg{{Name: "into", Kind: Incident, Required: true, Plain: true, Bare: true}},
		},
		{Root: "outage", Verb: "timeline", About: AnyOutage, run: timeline},
		{Root: "outage", Verb: "report", About: AnyOutage, run: report},
		{
			Root: "outage", Verb: "strike", Needs: coordinator(), About: AnyOutage, run: strike,
			Args: []Arg{{Name: "n", Kind: Number, Required: true, Plain: true}, {Name: "reason", Kind: Words, Required: true, Plain: true}},
		},
	}
}

func keys() []string {
	var out []string
	for _, k := range incident.Keys() {
		out = append(out, string(k))
	}
	return out
}

func classes() []string {
	var out []string
	for _, c := range incident.Classes() {
		out = append(out, string(c))
	}
	return out
}

// buttons is shorthand for the buttons of a reply.
func buttons(b ...bot.Action) []bot.Action { return b }
