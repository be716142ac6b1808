package incident

import (
	"maps"
	"slices"
	"time"
)

// Ward is one department that was told: what became of the word that it works on paper.
type Ward struct {
	Told    time.Time // when the word was put on its way
	Seen    time.Time // when somebody of it first gave a sign; zero = nobody has
	SeenBy  PersonID
	Chased  Chase    // how far its silence was followed up
	Answers []Answer // every answer, also those from before a relapse
	Before  int      // how many of them are from before the newest relapse and hold no more
}

// Answer is what a department said about working on paper.
type Answer struct {
	Word Word
	Note
}

// Word is a department's answer to the call to paper.
type Word string

// The answers. Seen is given for a department that was told by phone or runner.
const (
	OnPaper Word = "paper"
	Cannot  Word = "cannot"
	Heard   Word = "seen"
)

// answerWords are the answers a department can give.
func answerWords() []Word { return []Word{OnPaper, Cannot, Heard} }

// Answer returns the answer that holds, and whether there is one.
func (w Ward) Answer() (Answer, bool) {
	if len(w.Answers) <= w.Before {
		return Answer{}, false
	}
	return w.Answers[len(w.Answers)-1], true
}

// WardStanding is how a told department stands, the worst that holds.
type WardStanding string

// The standings of a told department, in the order people must look at them.
const (
	WardCannot WardStanding = "cannot" // it said it cannot work on paper
	WardNeeds  WardStanding = "needs"  // it waits for forms, people or a runner
	WardSilent WardStanding = "silent" // nobody of it has given a sign
	WardSeen   WardStanding = "seen"   // somebody has, but has not said it is on paper
	WardPaper  WardStanding = "paper"  // it said it works on paper
)

// WardStandings lists them in that order.
func WardStandings() []WardStanding {
	return []WardStanding{WardCannot, WardNeeds, WardSilent, WardSeen, WardPaper}
}

// Ward returns how a told department stands. A department that was never told is silent.
func (in Incident) Ward(d DepartmentID) WardStanding {
	w := in.Wards[d]
	a, answered := w.Answer()
	switch {
	case answered && a.Word == Cannot:
		return WardCannot
	case len(in.WardNeeds(d)) > 0:
		return WardNeeds
	case answered && a.Word == OnPaper:
		return WardPaper
	case w.Seen.IsZero():
		return WardSilent
	}
	return WardSeen
}

// OnPaper reports whether a department's last answer is that it works on paper, whatever it still needs.
func (in Incident) OnPaper(d DepartmentID) bool {
	a, ok := in.Wards[d].Answer()
	return ok && a.Word == OnPaper
}

// AllOnPaper reports whether every department told says that it works on paper.
func (in Incident) AllOnPaper() bool {
	return len(in.Told) > 0 && !slices.ContainsFunc(in.Told, func(d DepartmentID) bool { return !in.OnPaper(d) })
}

// WardsStanding returns the told departments of a standing, in the order they were told.
func (in Incident) WardsStanding(s WardStanding) []DepartmentID {
	var out []DepartmentID
	for _, d := range in.Told {
		if in.Ward(d) == s {
			out = append(out, d)
		}
	}
	return out
}

// WardNeeds returns what a department still waits for.
func (in Incident) WardNeeds(d DepartmentID) []Need {
	return slices.DeleteFunc(in.OpenNeeds(), func(n Need) bool { return n.Department != d })
}

// ward changes one told department in a copy of the map.
func (in *Incident) ward(d DepartmentID, f func(w *Ward)) {
	w, told := in.Wards[d]
	if !told {
		return
	}
	f(&w)
	in.Wards = put(in.Wards, d, w)
}

// tellWards notes when departments were told.
func (in *Incident) tellWards(ids []DepartmentID, at time.Time) {
	wards := maps.Clone(in.Wards)
	if wards == nil {
		wards = map[DepartmentID]Ward{}
	}
	for _, d := range ids {
		wards[d] = Ward{Told: at}
	}
	in.Wards = wards
}

// callAgain has every told department asked anew: after a relapse an old answer says nothing.
func (in *Incident) callAgain(at time.Time) {
	wards := map[DepartmentID]Ward{}
	for d, w := range in.Wards {
		wards[d] = Ward{Told: at, Answers: w.Answers, Before: len(w.Answers)}
	}
	in.Wards = wards
}

// MarkSeen notes that somebody of a department gave a sign: pressed, asked or reported something.
type MarkSeen struct{ Department DepartmentID }

// Decide does nothing where there is nothing new to note; it never refuses.
func (c MarkSeen) Decide(in Incident, _ time.Time) ([]Body, error) {
	w, told := in.Wards[c.Department]
	if in.Phase != Open || !told || !w.Seen.IsZero() {
		return nil, nil
	}
	return bodies(WardSaw(c))
}

// WardSaw happened when a told department first gave a sign.
type WardSaw struct {
	Department DepartmentID `json:"department"`
}

// Kind is ward_saw.
func (WardSaw) Kind() Kind { return "ward_saw" }

func (b WardSaw) apply(in *Incident, e Event) {
	in.ward(b.Department, func(w *Ward) { w.Seen, w.SeenBy = e.At, e.By })
}

// Acknowledge is a department's answer to the call to paper. A later one replaces an earlier.
type Acknowledge struct {
	Department DepartmentID
	Word       Word
	Text       string
}

// Decide refuses a department that was not told, and an answer that is given already.
func (c Acknowledge) Decide(in Incident, _ time.Time) ([]Body, error) {
	if err := active(in); err != nil {
		return nil, err
	}
	w, told := in.Wards[c.Department]
	old, answered := w.Answer()
	switch {
	case c.Department == "":
		return nil, refuse("refused.missing", "field", "department")
	case !told:
		return nil, refuse("refused.not_told", "department", c.Department)
	case !slices.Contains(answerWords(), c.Word):
		return nil, refuse("refused.missing", "field", "answer")
	case c.Word == Heard && !w.Seen.IsZero():
		return nil, refuse("refused.same", "field", "answer")
	case answered && old.Word == c.Word && old.Text == c.Text:
		return nil, refuse("refused.answered", "department", c.Department, "by", old.By, "at", old.At)
	}
	if c.Text != "" {
		if err := wanted("text", c.Text); err != nil {
			return nil, err
		}
	}
	var out []Body
	if w.Seen.IsZero() { // apart, so that a struck text does not make the department silent
		out = append(out, WardSaw{Department: c.Department})
	}
	return append(out, Acknowledged(c)), nil
}

// Acknowledged happened when a department answered.
type Acknowledged struct {
	Department DepartmentID `json:"department"`
	Word       Word         `json:"word"`
	Text       string       `json:"text,omitempty"`
}

// Kind is acknowledged.
func (Acknowledged) Kind() Kind { return "acknowledged" }

func (b Acknowledged) apply(in *Incident, e Event) {
	a := Answer{Word: b.Word, Note: note(in, e, b.Text)}
	in.ward(b.Department, func(w *Ward) { w.Answers = add(w.Answers, a) })
}
