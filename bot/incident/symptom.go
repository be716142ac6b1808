package incident

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Report records a symptom, word for word.
type Report Reported

// Decide refuses a symptom without words or picture; the text is kept as it came. A symptom may be reported before
// anything is declared (to the desk's own log) and after restoring, but not once all is over.
func (c Report) Decide(in Incident, _ time.Time) ([]Body, error) {
	if in.Phase.Ended() {
		return nil, refuse("refused.ended", "id", in.ID, "phase", in.Phase)
	}
	if err := wanted("symptom", c.Text); err != nil && len(c.Files) == 0 && (c.Same == 0 || c.Text != "") { // a picture of it, or "me too", says enough
		return nil, err
	}
	if c.Same > 0 && !slices.ContainsFunc(in.Symptoms, func(s Symptom) bool { return s.Event == c.Same }) {
		return nil, refuse("refused.no_item", "kind", "symptom", "n", c.Same)
	}
	return bodies(Reported(c))
}

// Reported happened when somebody described what they see. Text is byte for byte what they gave.
type Reported struct {
	Text       string       `json:"text"`
	System     SystemID     `json:"system,omitempty"`
	Department DepartmentID `json:"department,omitempty"`
	Place      string       `json:"place,omitempty"`
	Since      time.Time    `json:"since,omitzero"`
	Extent     Extent       `json:"extent,omitempty"`
	Works      string       `json:"works,omitempty"`
	Same       int          `json:"same,omitempty"` // "me too": event number of the symptom meant
	Reporter   PersonID     `json:"reporter,omitempty"`
	Seen       time.Time    `json:"seen,omitzero"` // when it was first reported, if before this event
	Files      []File       `json:"files,omitempty"`
}

// File is a picture or document somebody attached. It stays where it was posted; the incident keeps its
// name and the address at which the people of that room can open it.
type File struct {
	Name string `json:"name"`
	Link string `json:"link,omitempty"`
}

// Kind is reported.
func (Reported) Kind() Kind { return "reported" }

// Symptom is what somebody sees.
type Symptom struct {
	Reported
	By    PersonID
	At    time.Time
	Event int
}

func (b Reported) apply(in *Incident, e Event) {
	s := Symptom{Reported: b, By: e.By, At: e.At, Event: in.Version}
	if b.Reporter != "" {
		s.By = b.Reporter
	}
	if !b.Seen.IsZero() {
		s.At = b.Seen
	}
	in.Symptoms = add(in.Symptoms, s)
	if in.Declared() && b.Department != "" && in.Departments[b.Department] != Affected {
		in.Departments = put(in.Departments, b.Department, Affected)
	}
}

// Group is one symptom and how often it was reported: in the same words about the same system, or by
// "me too".
type Group struct {
	Text        string // of the first report, byte for byte
	System      SystemID
	Count       int
	First       int // event number of the first report
	Departments []DepartmentID
}

// SymptomGroups returns the reports grouped by words and system, the most frequent first, then the oldest.
// Width, case, spaces and a full stop make no other words.
func (in Incident) SymptomGroups() []Group {
	var out []Group
	at := map[groupKey]int{}
	keys := map[int]groupKey{} // by event number
	for _, s := range in.Symptoms {
		k, ok := keys[s.Same]
		if !ok || s.Same == 0 {
			k = groupKey{sameWords(s.Text), s.System}
		}
		keys[s.Event] = k
		if !ok && s.Same > 0 && s.Text == "" {
			continue // the same as what was struck since
		}
		i, known := at[k]
		if !known {
			i = len(out)
			at[k] = i
			out = append(out, Group{Text: s.Text, System: s.System, First: s.Event})
		}
		out[i].Count++
		if s.Department != "" && !slices.Contains(out[i].Departments, s.Department) {
			out[i].Departments = append(out[i].Departments, s.Department)
		}
	}
	slices.SortStableFunc(out, func(a, b Group) int { return b.Count - a.Count })
	return out
}

// Alike returns the group a report belongs to, and whether there is one.
func (in Incident) Alike(event int) (Group, bool) {
	i := slices.IndexFunc(in.Symptoms, func(s Symptom) bool { return s.Event == event })
	if i < 0 {
		return Group{}, false
	}
	s := in.Symptoms[i]
	if s.Same > 0 {
		return in.Alike(s.Same)
	}
	for _, g := range in.SymptomGroups() {
		if (groupKey{sameWords(g.Text), g.System}) == (groupKey{sameWords(s.Text), s.System}) {
			return g, true
		}
	}
	return Group{}, false
}

// groupKey is what two reports of the same thing share.
type groupKey struct {
	words  string
	system SystemID
}

// What a Chinese keyboard types for a space, for printable ASCII (which begins after wideBase as ASCII
// does after its space), and for a full stop.
const (
	wideSpace = 0x3000
	wideBase  = 0xff00
	wideStop  = 0x3002
)

// sameWords folds what makes no difference between two reports; it is compared and never shown.
func sameWords(s string) string {
	narrow := func(r rune) rune {
		switch {
		case r == wideSpace:
			r = ' '
		case r > wideBase && r <= wideBase+'~'-' ':
			r -= wideBase - ' '
		case r == wideStop:
			r = '.'
		}
		return unicode.ToLower(r)
	}
	return strings.TrimRight(strings.Join(strings.Fields(strings.Map(narrow, s)), " "), ".!")
}

// Heat is how often a department reported symptoms.
type Heat struct {
	Department DepartmentID
	Count      int
}

// SymptomHeat returns the departments that report symptoms, the most affected first.
func (in Incident) SymptomHeat() []Heat {
	var out []Heat
	for _, s := range in.Symptoms {
		if s.Department == "" {
			continue
		}
		i := slices.IndexFunc(out, func(h Heat) bool { return h.Department == s.Department })
		if i < 0 {
			i = len(out)
			out = append(out, Heat{Department: s.Department})
		}
		out[i].Count++
	}
	slices.SortStableFunc(out, func(a, b Heat) int { return b.Count - a.Count })
	return out
}
