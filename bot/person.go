package bot

import (
	"slices"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// Role is what a person may do, as far as permission goes. Everybody is clinical; the other
// roles are given by configuration or by /outage role.
type Role string

// The roles that decide who may do what.
const (
	Clinical    Role = "clinical"
	Engineer    Role = "engineer"
	Leader      Role = "leader"
	Coordinator Role = "coordinator"
)

// Person is somebody of the directory, or a stranger with the clinical role only.
type Person struct {
	ID         incident.PersonID
	Name       string
	Lang       hospital.Lang // "" means the room's language
	Department incident.DepartmentID
	Roles      []Role
	Accounts   map[string]string // platform name -> that platform's user id
	Phone      string
}

// Has reports whether the person holds the role. Everybody is clinical.
func (p Person) Has(role Role) bool {
	if role == Clinical {
		return true
	}
	return slices.Contains(p.Roles, role)
}
