package incident_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wardline/bot/incident"
)

// life is one incident under random commands and a moving clock, with what must stay true of it.
type life struct {
	r      *rapid.T
	t      *testing.T
	now    time.Time
	in     incident.Incident
	log    []incident.Event
	texts  int
	struck []string       // texts that must be nowhere
	copies map[int]string // what older values said of themselves
	olds   map[int]incident.Incident
	slips  map[int]bool // events of the ETAs that have passed
	given  map[string]bool
}

// TestLawsOfAnIncident lives some thousand lives of up to 150 commands each.
func TestLawsOfAnIncident(t *testing.T) {
	steps := 0
	rapid.Check(t, func(r *rapid.T) {
		for range rapid.IntRange(1, 80).Draw(r, "lives") {
			l := &life{r: r, t: t, now: at(0), in: incident.Incident{ID: 7}, copies: map[int]string{}, olds: map[int]incident.Incident{}, slips: map[int]bool{}, given: map[string]bool{}}
			for range rapid.IntRange(1, 150).Draw(r, "commands") {
				l.step()
				steps++
			}
			l.end()
		}
	})
	t.Logf("%d commands", steps)
}

func (l *life) step() {
	l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 10, 61, 600, 1800, 7200}).Draw(l.r, "seconds")) * time.Second)
	before := l.in
	c := l.command()
	bodies, err := c.Decide(l.in, l.now)
	again, _ := c.Decide(l.in, l.now)
	if len(again) != len(bodies) {
		l.r.Fatalf("%#v decides %v, then %v", c, bodies, again)
	}
	var refusal *incident.Refusal
	switch {
	case err != nil && !errors.As(err, &refusal):
		l.r.Fatalf("%#v fails with something else than a refusal: %v", c, err)
	case err != nil && bodies != nil:
		l.r.Fatalf("%#v is refused and happens", c)
	}
	if tick, ok := c.(incident.Tick); ok {
		l.checkTick(tick, bodies, err)
	}
	l.happen(bodies)
	l.tell()
	l.check(before, c)
	if l.in.Version%16 == 0 && l.olds[l.in.Version].Version == 0 {
		l.olds[l.in.Version], l.copies[l.in.Version] = l.in, state(l.t, l.in)
	}
}

// happen folds as the desk does: one by one, and the whole log anew after a strike.
func (l *life) happen(bodies []incident.Body) {
	anew := false
	for _, b := range bodies {
		e := incident.Event{At: l.now, Recorded: l.now, By: "wang", Body: b}
		l.log = append(l.log, e)
		l.in = l.in.Apply(e)
		switch b := b.(type) {
		case incident.Struck:
			anew = true
			l.struck = append(l.struck, token(l.log[b.Number-1].Body)...)
		case incident.ETASlipped:
			l.slips[l.in.ETAs[len(l.in.ETAs)-1].Event] = true
		case incident.NeedRaised, incident.SupplyRequested, incident.TestAsked, incident.DecisionAsked, incident.QuestionAsked:
			l.once(b)
		}
	}
	if anew {
		l.in = incident.Fold(7, l.log)
	}
}

// tell tells the departments that were not told, as the desk does on its own.
func (l *life) tell() {
	var untold []incident.DepartmentID
	for _, d := range l.in.DepartmentsWith(incident.Affected, incident.Possible) {
		if !slices.Contains(l.in.Told, d) {
			untold = append(untold, d)
		}
	}
	if l.in.Phase == incident.Open && len(untold) > 0 {
		l.happen([]incident.Body{incident.Told{Departments: untold}})
	}
	if told := slices.Sorted(slices.Values(l.in.Told)); len(slices.Compact(told)) < len(l.in.Told) {
		l.r.Fatalf("told twice: %v", l.in.Told)
	}
}

// once checks that a number is given to one thing only, whatever was struck meanwhile.
func (l *life) once(b incident.Body) {
	n, kind := 0, b.Kind()
	switch b := b.(type) {
	case incident.NeedRaised:
		n = b.N
	case incident.SupplyRequested:
		n, kind = b.N, "need_raised" // one row of numbers for both
	case incident.TestAsked:
		n = b.N
	case incident.DecisionAsked:
		n = b.N
		slip := fmt.Sprint("slipped", n)
		if l.given[slip] && !b.Slipped.IsZero() { // the same one, asked again
			return
		}
		l.given[slip] = !b.Slipped.IsZero()
	case incident.QuestionAsked:
		n = b.N
	}
	key := fmt.Sprint(kind, n)
	if l.given[key] {
		l.r.Fatalf("number %s is given twice", key)
	}
	l.given[key] = true
}

func (l *life) checkTick(tick incident.Tick, bodies []incident.Body, err error) {
	due := l.in.Due(tick.Rules)
	isDue := !due.IsZero() && !l.now.Before(due)
	if err != nil || isDue != (len(bodies) > 0) {
		l.r.Fatalf("at %v, due %v: the clock does %v, %v", l.now, due, bodies, err)
	}
	after := l.in
	for _, b := range bodies {
		after = after.Apply(incident.Event{At: l.now, By: incident.Clock, Body: b})
	}
	if next := after.Due(tick.Rules); !next.IsZero() && !next.After(l.now) {
		l.r.Fatalf("at %v the clock did %v and is due again at %v", l.now, bodies, next)
	}
}

func (l *life) check(before incident.Incident, c incident.Command) {
	in := l.in
	if in.Version != len(l.log) || in.ID != 7 {
		l.r.Fatalf("version %d of %v after %d events", in.Version, in.ID, len(l.log))
	}
	if _, reopen := c.(incident.Reopen); before.Phase.Ended() && !in.Phase.Ended() && (!reopen || before.Phase == incident.Cancelled) {
		l.r.Fatalf("%#v brought back what was %s", c, before.Phase)
	}
	if before.Phase == incident.Cancelled && in.Version > before.Version {
		switch c.(type) {
		case incident.Strike, incident.AnswerQuestion, incident.AssignQuestion, incident.MergeQuestions, incident.Tick, incident.GiveFeedback: // what was asked before is still owed an answer
		default:
			l.r.Fatalf("%#v happened in a false alarm", c)
		}
	}
	if eta, holds := in.ETA(); holds && (eta.At.IsZero() || l.slips[eta.Event] || eta.Event != in.ETAs[len(in.ETAs)-1].Event) {
		l.r.Fatalf("ETA %+v was withdrawn, has slipped or is not the newest, and holds", eta)
	}
	for _, q := range in.Questions {
		if into, ok := in.Question(q.Into); q.Into != 0 && (!ok || into.Into != 0 || into.Answer != q.Answer) {
			l.r.Fatalf("question %+v does not share the answer of %+v", q, into)
		}
	}
	if in.Phase == incident.Restored && len(in.With(incident.Down, incident.Degraded)) > 0 && len(before.With(incident.Down, incident.Degraded)) == 0 {
		if _, scope := c.(incident.SetScope); !scope {
			l.r.Fatalf("%#v took down %v while watched", c, in.With(incident.Down))
		}
	}
}

// end checks what is too slow to check at every step.
func (l *life) end() {
	now := state(l.t, l.in)
	for _, s := range l.struck {
		if strings.Contains(now, s) {
			l.r.Fatalf("%s was struck and is still in %s", s, now)
		}
	}
	for _, old := range l.olds { // another future of an older value is no business of this one
		for _, e := range events(everyBody()...) {
			old = old.Apply(e)
		}
	}
	if after := state(l.t, l.in); after != now {
		l.r.Fatalf("events applied to older values turned\n%s into\n%s", now, after)
	}
	for version, old := range l.olds {
		if state(l.t, old) != l.copies[version] {
			l.r.Fatalf("version %d was\n%s and is now\n%s", version, l.copies[version], state(l.t, old))
		}
	}
	var replayed, blanked []incident.Event
	struck := map[int]bool{}
	for _, e := range l.log {
		data, err := incident.EncodeBody(e.Body)
		must(l.t, err)
		if s, ok := e.Body.(incident.Struck); ok {
			struck[s.Number] = true
		}
		again := e
		again.Body, err = incident.DecodeBody(e.Body.Kind(), data)
		must(l.t, err)
		replayed = append(replayed, again)
	}
	for i, e := range l.log {
		if struck[i+1] {
			e.Body = incident.Blanked{Was: e.Body.Kind()}
		}
		blanked = append(blanked, e)
	}
	if got := state(l.t, incident.Fold(7, replayed)); got != now {
		l.r.Fatalf("replay of the wire form gives\n%s want\n%s", got, now)
	}
	if got := state(l.t, incident.Fold(7, blanked)); got != now {
		l.r.Fatalf("the log with struck events blanked gives\n%s want\n%s", got, now)
	}
}
