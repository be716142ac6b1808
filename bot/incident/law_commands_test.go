package incident_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"pgregory.net/rapid"

	"wardline/bot/incident"
)

// text returns words nobody else says, so that they can be looked for.
func (l *life) text() string {
	l.texts++
	return fmt.Sprintf("said-%d-", l.texts)
}

// token finds such words in a body.
func token(b incident.Body) []string {
	data, _ := json.Marshal(b)
	return regexp.MustCompile(`said-\d+-`).FindAllString(string(data), -1)
}

// pick draws one of some values.
func pick[T any](r *rapid.T, of ...T) T { return rapid.SampledFrom(of).Draw(r, "pick") }

func (l *life) in15() time.Time {
	return l.now.Add(time.Duration(pick(l.r, -1, 5, 15, 200)) * time.Minute)
}

// command draws something a person, or the clock, may want; some of it makes no sense.
func (l *life) command() incident.Command {
	if !l.in.Declared() && pick(l.r, 0, 1, 2) > 0 {
		return incident.Declare{
			What: l.text(), Systems: []incident.SystemID{"his", "lis"}[:pick(l.r, 1, 2)], Stops: []incident.SystemID{"pharm"},
			Departments: []incident.DepartmentID{"ed"}, MayReach: []incident.DepartmentID{"icu"}, Level: pick(l.r, incident.L1, incident.L2),
			Works: l.text(), Symptoms: []incident.Reported{{Text: l.text(), Seen: l.now}},
		}
	}
	switch n := rapid.IntRange(0, 34).Draw(l.r, "command"); {
	case n < 6:
		return incident.Tick{Rules: wardClocks(), Grounds: incident.Grounds{Critical: pick(l.r, 0, 1)}}
	case n < 14:
		return l.work(n)
	case n < 22:
		return l.request(n)
	case n > 29:
		return l.onTheWards(n)
	default:
		return l.lifecycle(n)
	}
}

func (l *life) work(n int) incident.Command {
	switch n {
	case 6:
		return incident.SetFact{Key: pick(l.r, incident.Headline, incident.Plan, incident.Risk, "weather"), Value: pick(l.r, l.text(), ""), Status: pick(l.r, "", incident.Suspected)}
	case 7:
		return incident.SetCause{Class: pick(l.r, incident.Power, incident.UnknownClass, "weather"), Text: pick(l.r, "", l.text())}
	case 8:
		return incident.SetETA{At: pick(l.r, time.Time{}, l.in15(), l.in15()), Confidence: pick(l.r, incident.High, incident.Low)}
	case 9:
		return incident.SetScope{
			Systems: pick(l.r, nil, map[incident.SystemID]incident.Standing{pick[incident.SystemID](l.r, "his", "pacs"): pick(l.r, incident.Down, incident.Fine)}),
			Stops:   []incident.SystemID{pick[incident.SystemID](l.r, "ris", "emar", "bb")}, Extent: pick(l.r, "", incident.Partial, incident.Total),
			Departments: map[incident.DepartmentID]incident.Standing{"icu": pick(l.r, incident.Affected, incident.Fine)}, MayReach: []incident.DepartmentID{pick[incident.DepartmentID](l.r, "lab", "or", "cath", "dial")},
		}
	case 10:
		return incident.AddImpact{Department: pick[incident.DepartmentID](l.r, "", "ed", "lab"), Text: l.text()}
	case 11:
		return incident.Report{Text: l.text(), Department: pick[incident.DepartmentID](l.r, "", "or"), Same: pick(l.r, 0, 0, 3)}
	case 12:
		return incident.MoveEngineer{Step: pick(l.r, incident.Contacted, incident.OnWay, incident.Arrived), Name: pick(l.r, "", "Raj", "Li"), Due: pick(l.r, time.Time{}, l.in15())}
	default:
		return pick[incident.Command](l.r, incident.AddProgress{Text: l.text(), Done: pick(l.r, false, true)}, incident.AddChange{Text: l.text()}, incident.GiveUpdate{Text: l.text()},
			incident.GiveRole{Role: "scribe", Person: "kate", Take: pick(l.r, false, true)}, incident.SetLevel{Level: pick[incident.Level](l.r, 0, 1, 2, 3)})
	}
}

func (l *life) request(n int) incident.Command {
	number := rapid.IntRange(1, 5).Draw(l.r, "number")
	switch n {
	case 14:
		return incident.RaiseNeed{Text: l.text()}
	case 15:
		return incident.MeetNeed{N: number, How: l.text()}
	case 16:
		return incident.AskTest{Text: l.text(), Departments: []incident.DepartmentID{"ed", "icu"}}
	case 17:
		return incident.AnswerTest{N: number, Department: pick[incident.DepartmentID](l.r, "ed", "icu", "lab"), Pass: pick(l.r, true, true, false), Text: l.text()}
	case 18:
		return incident.AskLeaders{Text: l.text(), Options: []string{l.text()}, By: pick(l.r, time.Time{}, l.in15()), Default: l.text()}
	case 19:
		return incident.Decided{N: number, Answer: l.text()}
	case 20:
		return incident.AskPerson{Text: l.text(), Department: "ed", Same: pick(l.r, 0, 0, number), Apart: pick(l.r, false, false, true)}
	default:
		return pick[incident.Command](l.r, incident.AnswerQuestion{N: number, Text: l.text()}, incident.AssignQuestion{N: number, To: pick[incident.PersonID](l.r, "", "raj", "kate")},
			incident.MergeQuestions{N: number, Into: pick(l.r, 1, 2, 3)})
	}
}

func (l *life) onTheWards(n int) incident.Command {
	dep := pick[incident.DepartmentID](l.r, "ed", "icu", "lab", "")
	switch n {
	case 30:
		return incident.Acknowledge{Department: dep, Word: pick(l.r, incident.OnPaper, incident.Cannot, incident.Heard, "weather"), Text: pick(l.r, "", l.text())}
	case 31:
		return incident.RequestSupply{Department: dep, What: pick(l.r, incident.Forms, incident.Runner, "weather"), Text: pick(l.r, "", l.text())}
	case 32:
		return pick[incident.Command](l.r, incident.ClaimVisit{Department: dep}, incident.ArriveVisit{Department: dep}, incident.DropVisit{Department: dep})
	case 33:
		return incident.ReportVisit{Department: dep, Works: pick(l.r, "", l.text()), Stuck: l.text(), Waiting: pick[incident.Waiting](l.r, "", "7", "Mrs Li", incident.ManyWait)}
	default:
		return pick[incident.Command](l.r, incident.MarkSeen{Department: dep}, incident.ReadScript{At: pick(l.r, time.Time{}, l.in15())}, incident.GiveFeedback{Department: dep, Text: l.text()})
	}
}

func (l *life) lifecycle(n int) incident.Command {
	switch n {
	case 22, 23:
		return incident.Restore{
			Systems: pick(l.r, nil, []incident.SystemID{"his"}, []incident.SystemID{"pacs"}, []incident.SystemID{"pharm"}),
			Watch:   30 * time.Minute, Override: pick(l.r, "", "by name"),
		}
	case 24, 25:
		return incident.Reopen{Reason: "again", Systems: pick(l.r, nil, []incident.SystemID{"pacs"}), Stops: []incident.SystemID{"ris"}}
	case 26:
		return incident.Close{Note: "done", Override: pick(l.r, "", "by name")}
	case 27:
		if pick(l.r, 0, 1, 2, 3, 4) > 0 { // it would end most lives early
			return incident.RaiseNeed{Text: l.text()}
		}
		return incident.Cancel{Reason: "a loose plug"}
	default:
		number := rapid.IntRange(0, max(l.in.Version, 1)).Draw(l.r, "event")
		c := incident.Strike{Number: number, Reason: "a name"}
		if number > 0 && number <= len(l.log) {
			c.Of = l.log[number-1].Body.Kind()
		}
		return c
	}
}
