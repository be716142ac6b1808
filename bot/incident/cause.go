package incident

import "time"

// Class is the kind of cause leaders are told: hardware, software or network come first in the
// mission; power, external and attack complete it.
type Class string

// The classes of cause.
const (
	Hardware     Class = "hardware"
	Software     Class = "software"
	Network      Class = "network"
	Power        Class = "power"
	External     Class = "external"
	Attack       Class = "attack"
	UnknownClass Class = "unknown"
)

// Classes lists the classes of cause.
func Classes() []Class {
	return []Class{Hardware, Software, Network, Power, External, Attack, UnknownClass}
}

// Cause is a judgement of why it failed.
type Cause struct {
	Class  Class
	Text   string
	Status Status
	By     PersonID
	At     time.Time
	Event  int
}

// Cause returns the judgement that holds, and whether there is one.
func (in Incident) Cause() (Cause, bool) {
	c, ok := last(in.Causes)
	return c, ok && (c.Class != "" && c.Class != UnknownClass || c.Text != "")
}

// SetCause states a cause, suspected unless said otherwise. It replaces any earlier one.
type SetCause struct {
	Class  Class
	Text   string
	Status Status
}

// Decide refuses a class that is none of Classes and a cause that is already stated so.
func (c SetCause) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	known := false
	for _, k := range Classes() {
		known = known || k == c.Class
	}
	if !known {
		return nil, refuse("refused.unknown_class", "class", c.Class)
	}
	if c.Text != "" {
		if err := wanted("cause", c.Text); err != nil {
			return nil, err
		}
	}
	if c.Status == "" {
		c.Status = Suspected
	}
	if old, ok := in.Cause(); ok && old.Class == c.Class && old.Text == c.Text && old.Status == c.Status {
		return nil, refuse("refused.same", "field", "cause")
	}
	return bodies(CauseSet(c))
}

// CauseSet happened when somebody judged the cause.
type CauseSet struct {
	Class  Class  `json:"class"`
	Text   string `json:"text,omitempty"`
	Status Status `json:"status"`
}

// Kind is cause_set.
func (CauseSet) Kind() Kind { return "cause_set" }

func (b CauseSet) apply(in *Incident, e Event) {
	in.Causes = add(in.Causes, Cause{Class: b.Class, Text: b.Text, Status: b.Status, By: e.By, At: e.At, Event: in.Version})
}
