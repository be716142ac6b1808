package bot

import (
	"context"

	"wardline/bot/incident"
)

// Sign notes that a department gave a sign: whatever somebody of it presses, asks, reports or says in its
// room shows that the word has arrived. In a department's room everybody counts as of it, but for those who
// repair and coordinate. It is noted apart from what they did, also where that changed nothing, and a
// fault of ours is logged only.
func (d *Desk) Sign(ctx context.Context, p Person, room RoomID) {
	dep := p.Department
	if r, ok := d.Room(room); ok && r.Department != "" && !d.May(p, incident.Incident{}, Engineer, Coordinator) {
		dep = r.Department
	}
	for _, in := range d.which(incident.Incident.Active) {
		if w, told := in.Wards[dep]; !told || !w.Seen.IsZero() {
			continue
		}
		if _, err := d.Do(ctx, Act{Incident: in.ID, Command: incident.MarkSeen{Department: dep}, By: p}); err != nil {
			d.fault(ctx, "the sign of a department was not noted", err, "incident", in.ID, "department", dep)
		}
	}
}
