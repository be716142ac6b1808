package bot

import (
	"slices"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Room returns a room: configured, an incident's, or a person's own.
func (d *Desk) Room(id RoomID) (Room, bool) {
	for _, r := range d.opts.Rooms {
		if r.ID == id {
			return d.dress(r), true
		}
	}
	if n, ok := id.IncidentOf(); ok {
		d.mu.RLock()
		head, ok := d.state.heads[n]
		d.mu.RUnlock()
		if ok {
			return d.dress(incidentRoom(head)), true
		}
	}
	if p, ok := id.PersonOf(); ok {
		who, _ := d.PersonByID(p)
		name := d.people.name(p)
		return Room{ID: id, Kind: DirectRoom, Name: hospital.Text{ZH: name, EN: name}, Lang: d.langOr(who.Lang)}, true
	}
	return Room{}, false
}

func (d *Desk) langOr(l hospital.Lang) hospital.Lang {
	if l == "" {
		return d.opts.Lang
	}
	return l
}

func incidentRoom(h Head) Room {
	name := h.ID.String() + " " + h.Title
	return Room{ID: IncidentRoomID(h.ID), Kind: IncidentRoom, Name: hospital.Text{ZH: name, EN: name}, Incident: h.ID}
}

// dress fills in what a room does not state.
func (d *Desk) dress(r Room) Room {
	if own := d.mark("lang/" + string(r.ID)); own != "" {
		r.Lang = hospital.Lang(own)
	}
	if r.Lang == "" {
		r.Lang = d.opts.Lang
	}
	return r
}

// Rooms returns the rooms a person may see, in the order they are of use: incidents newest first, IT,
// leaders, their own department, the other departments.
func (d *Desk) Rooms(p Person) []Room {
	var out []Room
	for _, h := range d.Heads() {
		out = append(out, d.dress(incidentRoom(h)))
	}
	rank := map[RoomKind]int{ITRoom: 1, LeadersRoom: 2, DepartmentRoom: 4}
	rest := slices.Clone(d.opts.Rooms)
	order := func(r Room) int {
		if r.Kind == DepartmentRoom && r.Department == p.Department {
			return 0
		}
		return rank[r.Kind]
	}
	slices.SortStableFunc(rest, func(a, b Room) int { return order(a) - order(b) })
	for _, r := range rest {
		if r.Kind == LeadersRoom && !d.May(p, incident.Incident{}, Leader, Coordinator) {
			continue
		}
		if r.Kind == ITRoom && !d.May(p, incident.Incident{}, Engineer, Coordinator) {
			continue
		}
		out = append(out, d.dress(r))
	}
	return out
}

// roomsOf returns the configured rooms of a kind.
func (d *Desk) roomsOf(kind RoomKind) []Room {
	var out []Room
	for _, r := range d.opts.Rooms {
		if r.Kind == kind {
			out = append(out, d.dress(r))
		}
	}
	return out
}

// departmentRooms returns the rooms of the departments, in their order.
func (d *Desk) departmentRooms(ids []incident.DepartmentID) []Room {
	var out []Room
	for _, id := range ids {
		for _, r := range d.opts.Rooms {
			if r.Kind == DepartmentRoom && r.Department == id {
				out = append(out, d.dress(r))
			}
		}
	}
	return out
}

// ConfiguredRooms returns the rooms that are always there.
func (d *Desk) ConfiguredRooms() []Room {
	out := make([]Room, len(d.opts.Rooms))
	for i, r := range d.opts.Rooms {
		out[i] = d.dress(r)
	}
	return out
}
