package hospital

import "wardline/bot/incident"

// SheetID names a back-entry sheet, such as BE-ED.
type SheetID string

// PriorityID names a priority of back-entry, such as P1.
type PriorityID string

// Sheet is a department's list of what to enter into the restored system.
type Sheet struct {
	ID          SheetID
	Title       Text
	Departments []incident.DepartmentID
	Items       []SheetItem
}

// SheetItem is one thing to enter, who enters it and who checks.
type SheetItem struct {
	Priority PriorityID
	What     Text
	Who      Text
	Check    Text
	Forms    []FormID
}

// Priority is one class of back-entry and the time it should be done in.
type Priority struct {
	ID     PriorityID
	Name   Text
	Target Period
	What   Text
}

// OrderStep is one step of the order in which the whole hospital back-enters.
type OrderStep struct {
	Step  int
	Text  Text
	Units []incident.DepartmentID
}
