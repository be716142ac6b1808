package bot

import (
	"strconv"
	"strings"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// RoomID names a room the same on every platform: "inc/7", "dept/ed", "leaders/main", "it".
// An adapter maps it to its own channel.
type RoomID string

// RoomKind says whom a room is for.
type RoomKind string

// The kinds of room.
const (
	IncidentRoom   RoomKind = "incident"   // one per outage
	DepartmentRoom RoomKind = "department" // one per department
	LeadersRoom    RoomKind = "leaders"
	ITRoom         RoomKind = "it"     // engineers and coordinators, between and during outages
	DirectRoom     RoomKind = "direct" // one person and the bot: "dm/<person>"
)

// IT is the room of the IT duty; there is always exactly one.
const IT RoomID = "it"

// Room is a place where people and the bot talk.
type Room struct {
	ID         RoomID
	Kind       RoomKind
	Name       hospital.Text
	Lang       hospital.Lang
	Department incident.DepartmentID // of a department's room
	Incident   incident.ID           // of an incident's room
	Phone      string                // whom to ring when the room cannot be reached
}

// IncidentRoomID names the room of an incident.
func IncidentRoomID(id incident.ID) RoomID { return RoomID("inc/" + strconv.Itoa(int(id))) }

// DepartmentRoomID names the room of a department.
func DepartmentRoomID(d incident.DepartmentID) RoomID { return RoomID("dept/" + string(d)) }

// DirectRoomID names the private room of a person.
func DirectRoomID(p incident.PersonID) RoomID { return RoomID("dm/" + string(p)) }

// IncidentOf returns the incident whose room this is, and whether it is one.
func (id RoomID) IncidentOf() (incident.ID, bool) {
	s, ok := strings.CutPrefix(string(id), "inc/")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return incident.ID(n), err == nil
}

// PersonOf returns the person whose private room this is, and whether it is one.
func (id RoomID) PersonOf() (incident.PersonID, bool) {
	s, ok := strings.CutPrefix(string(id), "dm/")
	return incident.PersonID(s), ok
}
