package hospital

import "wardline/bot/incident"

// FormID names a paper form, such as F-MAR.
type FormID string

// Form is a paper form used while a system is down.
type Form struct {
	ID             FormID
	Name           Text
	Departments    []incident.DepartmentID
	AllDepartments bool // the file says "*"; Departments is then empty
	Fields         Text // what must be written on it
	AfterRecovery  AfterRecovery
}

// AfterRecovery says what becomes of a filled form once the system is back.
type AfterRecovery string

// What becomes of a filled form.
const (
	BackEnter AfterRecovery = "backentry"
	Partial   AfterRecovery = "partial"
	Scan      AfterRecovery = "scan"
	Kept      AfterRecovery = "kept"
	Discard   AfterRecovery = "discard"
)
