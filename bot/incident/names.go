package incident

import (
	"fmt"
	"strconv"
	"strings"
)

// ID numbers an incident for life; people say INC-7. ID 0 is the desk's own log: what was
// reported or asked while no outage was open.
type ID int

// String returns the name people use, such as INC-7.
func (id ID) String() string {
	return "INC-" + strconv.Itoa(int(id))
}

// ParseID reads INC-7, inc7, #7 or 7.
func ParseID(s string) (ID, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	t = strings.TrimPrefix(t, "inc")
	t = strings.TrimLeft(t, "-# ")
	n, err := strconv.Atoi(t)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("parse incident id %q: want INC- and a number", s)
	}
	return ID(n), nil
}

// SystemID names a system of the hospital pack, such as his_db.
type SystemID string

// DepartmentID names a department of the hospital pack, such as ward_surg.
type DepartmentID string

// PersonID names a person of the directory; the clock and the bot itself are persons too.
type PersonID string

// The two persons who are not people.
const (
	Clock PersonID = "clock" // time itself: what falls due
	Desk  PersonID = "desk"  // the bot: what a platform answered
)
