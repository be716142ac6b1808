package incident_test

import (
	"slices"
	"testing"
	"time"

	"wardline/bot/incident"
)

// at returns a time so many minutes after noon on a day in May; noon is when every story begins.
func at(minutes int) time.Time {
	return time.Date(2026, 5, 12, 12, minutes, 0, 0, time.UTC)
}

// given folds bodies as events of one minute each, from noon on, all by wang.
func given(bodies ...incident.Body) incident.Incident {
	return incident.Fold(7, events(bodies...))
}

func events(bodies ...incident.Body) []incident.Event {
	var log []incident.Event
	for i, b := range bodies {
		log = append(log, incident.Event{At: at(i), Recorded: at(i), By: "wang", Body: b})
	}
	return log
}

// with appends to a log without touching what others hold of it.
func with(log []incident.Body, more ...incident.Body) []incident.Body {
	return append(slices.Clip(log), more...)
}

// his is the outage of most stories: the hospital information system, said at noon to be down for
// ten minutes, with pharmacy behind it.
func his() incident.Declared {
	return incident.Declared{
		Since: at(-10), Systems: []incident.SystemID{"his"}, Stops: []incident.SystemID{"pharm"}, Degrades: []incident.SystemID{"lis"},
		Departments: []incident.DepartmentID{"ed"}, MayReach: []incident.DepartmentID{"ward_surg"}, Level: incident.L2, Reason: "why.critical",
	}
}

func open() []incident.Body {
	return []incident.Body{his(), incident.FactSet{Key: incident.Headline, Value: "HIS is down", Status: incident.Confirmed}}
}

func back() incident.SystemsRestored {
	return incident.SystemsRestored{Systems: []incident.SystemID{"his"}, All: true, WatchUntil: at(60), CutOver: at(30)}
}

func restored() []incident.Body   { return with(open(), back()) }
func recovering() []incident.Body { return with(restored(), incident.WatchEnded{}) }
func closed() []incident.Body     { return with(recovering(), incident.Ended{Note: "all paper is in"}) }

func cancelled() []incident.Body { return with(open(), incident.CalledOff{Reason: "a loose plug"}) }

// must fails the test on an error that no story allows.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
