package bot

import (
	"slices"

	"wardline/bot/incident"
)

// roster lists who belongs in an incident's room: who declared it, those who coordinate and repair by
// configuration, and whoever was given a role in it. Others may come by themselves where the room is open.
func (d *Desk) roster(in incident.Incident) []incident.PersonID {
	if !in.Declared() {
		return nil
	}
	var out []incident.PersonID
	add := func(ids ...incident.PersonID) {
		for _, id := range ids {
			if id != "" && id != incident.Desk && id != incident.Clock && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	add(in.DeclaredBy)
	add(d.configured(Coordinator)...)
	add(d.configured(Engineer)...)
	for _, role := range d.opts.Pack.Policy().Roles {
		add(in.Roles[string(role.ID)]...)
	}
	return out
}

// Roster lists who belongs in an incident's room; nil for any other room.
func (d *Desk) Roster(room RoomID) []incident.PersonID {
	id, ok := room.IncidentOf()
	if !ok {
		return nil
	}
	d.mu.RLock()
	in := d.state.incidents[id]
	d.mu.RUnlock()
	return d.roster(in)
}
