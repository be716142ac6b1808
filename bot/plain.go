package bot

import (
	"slices"
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// ITPhone says by which numbers IT and those who coordinate are reached.
func (v Voice) ITPhone(coordinators []incident.PersonID) string {
	var people []string
	for _, id := range coordinators {
		if p, ok := v.desk.PersonByID(id); ok && p.Phone != "" {
			people = append(people, v.Say("phone.of", "person", id, "phone", p.Phone))
		}
	}
	return v.Say("live.phone", "people", people, "some", len(people) > 0)
}

// besides adds to a message that systems may be used again what other outages keep a department on paper
// for: who reads "use again" must not read it of everything. Its place is below the first line.
func (v view) besides(dep incident.DepartmentID, message, text string) string {
	switch message {
	case "CLIN-UP", "clinical.partly_up", "clinical.cancelled", "clinical.joined":
	default:
		return text
	}
	head, rest, _ := strings.Cut(text, "\n")
	lines := []string{head}
	for _, in := range v.desk.Ongoing() {
		if in.ID != v.in.ID && in.Active() && slices.Contains(in.Told, dep) {
			w := v.Voice.view(in)
			w.most = v.most
			lines = append(lines, v.Say("clinical.besides", "id", in.ID, "systems", w.certainlyDown()))
		}
	}
	return strings.Join(append(lines, rest), "\n")
}

// outThere returns the other outage that keeps all of some released systems out of use in a department.
func (v view) outThere(dep incident.DepartmentID, released []incident.SystemID) (incident.Incident, bool) {
	for _, in := range v.desk.Ongoing() {
		down := in.With(incident.Down, incident.Degraded)
		if in.ID != v.in.ID && in.Active() && slices.Contains(in.Told, dep) && len(released) > 0 &&
			!slices.ContainsFunc(released, func(s incident.SystemID) bool { return !slices.Contains(down, s) }) {
			return in, true
		}
	}
	return incident.Incident{}, false
}

// KeptOut returns the departments that would still be without some systems, by another outage, if these
// were released in this one.
func (v Voice) KeptOut(in incident.Incident, systems []incident.SystemID) []incident.DepartmentID {
	var out []incident.DepartmentID
	for _, dep := range in.Told {
		if _, kept := v.view(in).outThere(dep, systems); kept {
			out = append(out, dep)
		}
	}
	return out
}

// notHere is what a department reads, and may press, instead of "use again" while another outage keeps all
// of what was released out of use there.
func (v view) notHere(dep incident.DepartmentID, message string) (Message, bool) {
	if message != "CLIN-UP" && message != "clinical.partly_up" {
		return Message{}, false
	}
	other, ok := v.outThere(dep, v.in.LastReleased)
	if !ok {
		return Message{}, false
	}
	return text(v.Say("clinical.not_here", "id", v.in.ID, "asof", v.Now, "systems", v.Systems(v.in.LastReleased, v.most), "other", other.ID),
		v.Voice.view(other).wardActions(dep)...), true
}

// Todo says what a department does now in an outage it was told of, and by which procedures; "" if it was
// told of none.
func (v Voice) Todo(in incident.Incident, dep incident.DepartmentID) (string, []hospital.ProcedureID) {
	if !in.Active() || !slices.Contains(in.Told, dep) {
		return "", nil
	}
	w := v.view(in)
	text := v.Say("live.todo", "department", dep, "action", w.action(dep), "next", w.nextClinical()) + v.Say("live.source", "id", in.ID, "asof", v.Now)
	ids := w.procedures(dep)
	return text, ids[:min(len(ids), mostProcedures)]
}
