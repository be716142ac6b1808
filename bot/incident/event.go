package incident

import "time"

// Event is one fact on an incident's timeline. It is past and cannot fail to apply.
type Event struct {
	At       time.Time // when it happened; may be before Recorded for what was written down later
	Recorded time.Time // when it entered the log
	By       PersonID
	Body     Body
}

// Kind names an event on the wire. A kind is never renamed and never reused.
type Kind string

// Body says what happened. The set of bodies is closed: every kind is listed in wire.go.
type Body interface {
	Kind() Kind
	apply(in *Incident, e Event)
}
