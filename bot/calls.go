package bot

import (
	"slices"
	"strings"

	"wardline/bot/incident"
)

// CallsAtOnce is how many departments of a list have buttons at once; the next ones are a button away.
const CallsAtOnce = 5

// Calls returns the departments still without a sign that come behind another one in the order of visits,
// CallsAtOnce at most, and whether there are more behind them; "" begins with the first. The order does not
// depend on who has answered meanwhile, so that nobody is passed over. Words name whom to ring.
func (v Voice) Calls(in incident.Incident, after incident.DepartmentID) (words string, deps []incident.DepartmentID, more bool) {
	told := ordered(in.Told, v.desk.order.departments)
	told = told[slices.Index(told, after)+1:]
	for _, d := range told {
		if in.Ward(d) == incident.WardSilent {
			deps = append(deps, d)
		}
	}
	more = len(deps) > CallsAtOnce
	deps = deps[:min(len(deps), CallsAtOnce)]
	var lines []string
	for _, d := range deps {
		lines = append(lines, v.phones(d))
	}
	return v.Say("calls.head", "id", in.ID, "n", len(in.WardsStanding(incident.WardSilent)), "list", strings.Join(lines, "\n")), deps, more
}

// list names departments one by one, with whom to ring, and a button for the first few that were told so; the
// others are a button further, or reached by typing.
func (m *mouth) list(room Room, phrase string, whom []incident.PersonID, deps []incident.DepartmentID) {
	m.say(room, Request, Ask, func(v view) Message {
		var lines []string
		var actions []Action
		all := ordered(deps, v.desk.order.departments)
		for i, d := range all {
			lines = append(lines, v.phones(d))
			if i < CallsAtOnce {
				actions = append(actions, Action{Label: v.Say("button.told", "department", d), Line: m.line("/downtime ack seen department:%s", d)})
			}
		}
		said := v.Say(phrase, "id", m.o.After.ID, "n", len(deps), "list", strings.Join(lines, "\n"), "whom", whom)
		if len(all) > CallsAtOnce {
			said += "\n" + v.Say("calls.more", "n", CallsAtOnce, "department", all[CallsAtOnce])
			actions = append(actions, Action{Label: v.Say("button.next_calls"), Line: m.line("/outage wards after:%s", all[CallsAtOnce-1])})
		}
		msg := text(said, actions...)
		msg.Mention = whom
		return msg
	})
}
