package incident

import "time"

// Key names a fact an incident keeps.
type Key string

// The facts people may set with /outage update. Cause, ETA, scope and level have events of their own.
const (
	Headline   Key = "headline"   // one sentence: what failed, who is hit, what is being done
	StillWorks Key = "works"      // what still works
	Workaround Key = "workaround" // what to do instead, beyond the procedures
	Patients   Key = "patients"   // impact on patients, in numbers and words, never a name
	Plan       Key = "plan"       // what is being done to repair
	Fallback   Key = "fallback"   // what is done if the plan fails
	Risk       Key = "risk"       // what may go wrong, what help is wanted
	ReadOnly   Key = "readonly"   // how the read-only copy stands
	Capacity   Key = "capacity"   // what runs out, such as space on a device
	Backlog    Key = "backlog"    // what waits to be entered or sent
	Issue      Key = "issue"      // what does not agree after recovery
	BackEntry  Key = "backentry"  // how back-entry goes
	Versions   Key = "versions"   // application, database and OS versions
	Server     Key = "server"     // model, CPU, memory, disk, network
	Tried      Key = "tried"      // what was tried already
	Logs       Key = "logs"       // where logs are
	Access     Key = "access"     // which access the engineers have
	Contact    Key = "contact"    // who is on site
	LoginOrder Key = "login"      // in which order units log in again
)

// Keys lists the facts in the order people read them.
func Keys() []Key {
	return []Key{
		Headline, StillWorks, Workaround, Patients, Plan, Fallback, Risk, ReadOnly, Capacity, Backlog, Issue,
		BackEntry, Versions, Server, Tried, Logs, Access, Contact, LoginOrder,
	}
}

// Status tells how sure a fact is.
type Status string

// The statuses of a fact.
const (
	Suspected Status = "suspected"
	Confirmed Status = "confirmed"
)

// Fact is one value a fact had.
type Fact struct {
	Value  string
	Status Status
	By     PersonID
	At     time.Time
	Event  int // number of the event that set it
}

// Fact returns the value that holds, and whether there is one.
func (in Incident) Fact(k Key) (Fact, bool) {
	f, ok := last(in.Facts[k])
	return f, ok && f.Value != ""
}

// SetFact states a fact. An empty value takes it back.
type SetFact struct {
	Key    Key
	Value  string
	Status Status
}

// Decide refuses unknown keys and values that change nothing.
func (c SetFact) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := ongoing(in); err != nil {
		return nil, err
	}
	known := false
	for _, k := range Keys() {
		known = known || k == c.Key
	}
	if !known {
		return nil, refuse("refused.unknown_fact", "key", c.Key)
	}
	if c.Value != "" {
		if err := wanted(string(c.Key), c.Value); err != nil {
			return nil, err
		}
	}
	if c.Status == "" {
		c.Status = Confirmed
	}
	if old, ok := in.Fact(c.Key); ok == (c.Value != "") && old.Value == c.Value && (c.Value == "" || old.Status == c.Status) {
		return nil, refuse("refused.same", "field", string(c.Key))
	}
	return bodies(FactSet(c))
}

// FactSet happened when somebody stated a fact.
type FactSet struct {
	Key    Key    `json:"key"`
	Value  string `json:"value"`
	Status Status `json:"status"`
}

// Kind is fact_set.
func (FactSet) Kind() Kind { return "fact_set" }

func (b FactSet) apply(in *Incident, e Event) {
	in.Facts = put(in.Facts, b.Key, add(in.Facts[b.Key], Fact{Value: b.Value, Status: b.Status, By: e.By, At: e.At, Event: in.Version}))
}

// Note is a dated sentence.
type Note struct {
	Text  string
	By    PersonID
	At    time.Time
	Event int
}

// note makes the Note of an event being applied.
func note(in *Incident, e Event, text string) Note {
	return Note{Text: text, By: e.By, At: e.At, Event: in.Version}
}
