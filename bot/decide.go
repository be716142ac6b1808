package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"wardline/bot/incident"
)

// Act is one thing somebody wants done.
type Act struct {
	Incident incident.ID // ignored when the command is incident.Declare
	Command  incident.Command
	By       Person
	Heard    string // names the input it came from ("mattermost/abc"); acted on once
	Marks    []Mark // remembered together with it
}

// Outcome is what came of an act.
type Outcome struct {
	Before, After incident.Incident
	Events        []incident.Event
	Again         bool // the same input was acted on before; nothing was done now
}

// ErrUnknownIncident is returned for an incident that does not exist.
var ErrUnknownIncident = errors.New("no such incident")

// ErrClosed is returned when the desk has stopped; nothing was done.
var ErrClosed = errors.New("the desk has stopped")

// maxJoined bounds how many waiting deeds are decided and committed together.
const maxJoined = 128

// snapshotEvery is how many events an incident may have beyond its newest snapshot. Replaying one
// event costs about 5 µs, so this keeps an incident's start below 2 ms.
const snapshotEvery = 256

// deed is a decision waiting for the decider: it looks at the state and says what changes.
type deed struct {
	decide  func(b *batch) (Change, Outcome, error)
	outcome Outcome
	err     error
	done    chan struct{}
}

// batch is what changes once everything decided so far is durable, laid over the desk's state.
type batch struct {
	d         *Desk
	now       time.Time
	incidents map[incident.ID]incident.Incident
	heads     map[incident.ID]Head
	marks     map[string]string // "" = deleted
	events    map[incident.ID][]incident.Event
	say       []Message
}

func (d *Desk) newBatch() *batch {
	return &batch{
		d: d, now: time.Now().Round(0), incidents: map[incident.ID]incident.Incident{}, heads: map[incident.ID]Head{},
		marks: map[string]string{}, events: map[incident.ID][]incident.Event{},
	}
}

func (b *batch) incident(id incident.ID) (incident.Incident, bool) {
	if in, ok := b.incidents[id]; ok {
		return in, true
	}
	in, ok := b.d.state.incidents[id] // only the decider writes it, and this is the decider
	return in, ok
}

func (b *batch) mark(name string) string {
	if value, ok := b.marks[name]; ok {
		return value
	}
	return b.d.state.get(name)
}

func (b *batch) last() incident.ID {
	last := b.d.state.last
	for id := range b.heads {
		last = max(last, id)
	}
	return last
}

// install makes the batch what the desk knows.
func (b *batch) install() {
	b.d.mu.Lock()
	defer b.d.mu.Unlock()
	st := &b.d.state
	st.last = b.last()
	maps.Copy(st.incidents, b.incidents)
	maps.Copy(st.heads, b.heads)
	for name, value := range b.marks {
		st.set(Mark{Name: name, Value: value})
	}
}

// Do carries out a command and returns once it is durable. The error is a *incident.Refusal if the
// command makes no sense now; anything else is a fault of ours, and nothing was done.
func (d *Desk) Do(ctx context.Context, a Act) (Outcome, error) {
	if err := d.prefetch(ctx, a); err != nil {
		return Outcome{}, err
	}
	return d.submit(ctx, func(b *batch) (Change, Outcome, error) { return b.act(a) })
}

// Remember makes marks durable without touching an incident.
func (d *Desk) Remember(ctx context.Context, marks ...Mark) error {
	_, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) { return Change{Marks: marks}, Outcome{}, nil })
	return err
}

func (d *Desk) submit(ctx context.Context, decide func(b *batch) (Change, Outcome, error)) (Outcome, error) {
	dd := &deed{decide: decide, done: make(chan struct{})}
	select {
	case d.deeds <- dd:
	case <-ctx.Done():
		return Outcome{}, ctx.Err()
	case <-d.closed:
		return Outcome{}, ErrClosed
	}
	<-dd.done // once taken, the outcome is known: the decider never gives up halfway
	return dd.outcome, dd.err
}

// prefetch brings an ended incident into memory, so that it can be reopened.
func (d *Desk) prefetch(ctx context.Context, a Act) error {
	if _, isNew := a.Command.(incident.Declare); isNew {
		return nil
	}
	d.mu.RLock()
	_, held := d.state.incidents[a.Incident]
	d.mu.RUnlock()
	if held {
		return nil
	}
	in, ok, err := d.Incident(ctx, a.Incident)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s: %w", a.Incident, ErrUnknownIncident)
	}
	_, err = d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		if _, held := b.incident(a.Incident); !held {
			b.incidents[a.Incident] = in
		}
		return Change{}, Outcome{}, nil
	})
	return err
}

// decide takes what waits, decides it in order on a copy of the state, commits all of it at once, and
// only then lets the new state be seen and the askers know.
func (d *Desk) decide(ctx context.Context, stop context.CancelCauseFunc) {
	for {
		select {
		case first := <-d.deeds:
			if err := d.together(d.gather(first)); errors.Is(err, ErrBroken) {
				stop(err) // a service manager starts the bot again, which opens the store anew
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// gather takes all that wait. It lets those run first who are about to ask: the askers just answered, in
// most cases, with what they want next. Deciding for the first of them alone would make the others wait
// for a whole disk sync. It only yields and never sleeps, so a lone asker waits for nothing.
func (d *Desk) gather(first *deed) []*deed {
	waiting := []*deed{first}
	for idle := 0; idle < 2 && len(waiting) < maxJoined; {
		select {
		case next := <-d.deeds:
			waiting = append(waiting, next)
			idle = 0
		default:
			runtime.Gosched()
			idle++
		}
	}
	return waiting
}

func (d *Desk) together(waiting []*deed) error {
	b := d.newBatch()
	var changes []Change
	var bound []*deed // those whose answer rests on the commit: also what was refused in view of a change before it
	for _, dd := range waiting {
		change, outcome, err := dd.decide(b)
		dd.outcome, dd.err = outcome, err
		if len(changes) > 0 || !change.empty() {
			bound = append(bound, dd)
		}
		if err == nil && !change.empty() {
			for _, m := range change.Marks {
				b.marks[m.Name] = m.Value
			}
			changes = append(changes, change)
			b.say = append(b.say, change.Say...)
		}
	}
	// The commit is not tied to any asker's context: what is decided is carried through.
	var err error
	if len(changes) > 0 {
		began := time.Now()
		err = d.opts.Store.Commit(context.Background(), changes...)
		d.opts.Observer.Committed(time.Since(began), err)
	}
	if err != nil {
		d.opts.Log.Error("commit failed; nothing was done", "changes", len(changes), "err", err)
		for _, dd := range bound {
			dd.outcome, dd.err = Outcome{}, fmt.Errorf("store: %w", err)
		}
	} else {
		b.install()
		d.announceAll(changes)
	}
	for _, dd := range waiting {
		close(dd.done)
	}
	return err
}

func (c Change) empty() bool {
	return len(c.Events)+len(c.Say)+len(c.Settled)+len(c.Marks)+len(c.Strike) == 0
}

// announceAll wakes whoever has something new to do.
func (d *Desk) announceAll(changes []Change) {
	for _, c := range changes {
		if len(c.Marks) > 0 {
			names := map[string]string{}
			for _, m := range c.Marks {
				names[m.Name] = m.Value
			}
			d.people.rename(names)
		}
	}
	for _, s := range d.speakers {
		s.add(changes)
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// act decides one command of one person.
func (b *batch) act(a Act) (Change, Outcome, error) {
	if a.Heard != "" && b.mark(heardMark+a.Heard) != "" {
		return Change{}, Outcome{Again: true}, nil
	}
	id := a.Incident
	_, isNew := a.Command.(incident.Declare)
	if isNew {
		id = b.last() + 1
	}
	before, ok := b.incident(id)
	if !ok && !isNew {
		return Change{}, Outcome{}, fmt.Errorf("%s: %w", id, ErrUnknownIncident)
	}
	before.ID = id
	bodies, err := a.Command.Decide(before, b.now)
	if err != nil || len(bodies) == 0 {
		return Change{}, Outcome{Before: before, After: before}, err
	}
	o := Outcome{Before: before, After: before}
	o.fold(b.now, a.By.ID, bodies)
	o.fold(b.now, incident.Desk, b.d.consequences(o.After, b.now))

	change := Change{Incident: id, Version: before.Version, Events: o.Events, Marks: slices.Clone(a.Marks)}
	change.Marks = append(change.Marks, b.stranger(a.By)...)
	if a.Heard != "" {
		change.Marks = append(change.Marks, Mark{Name: heardMark + a.Heard, Value: b.now.Format(time.RFC3339)})
	}
	if err := b.strike(&change, &o); err != nil {
		return Change{}, Outcome{}, err
	}
	if change.Strike != nil || o.After.Version/snapshotEvery > before.Version/snapshotEvery {
		if change.Snapshot, err = o.After.Snapshot(); err != nil {
			return Change{}, Outcome{}, err
		}
	}
	head := headOf(o.After)
	change.Head = &head
	b.incidents[id], b.heads[id] = o.After, head
	b.events[id] = append(b.events[id], o.Events...)
	b.announce(o, &change)
	return change, o, nil
}

func (o *Outcome) fold(now time.Time, by incident.PersonID, bodies []incident.Body) {
	for _, body := range bodies {
		e := incident.Event{At: now, Recorded: now, By: by, Body: body}
		o.Events = append(o.Events, e)
		o.After = o.After.Apply(e)
	}
}

func headOf(in incident.Incident) Head {
	title, _ := in.Fact(incident.Headline)
	return Head{
		ID: in.ID, Version: in.Version, Open: in.Ongoing(), Title: title.Value, Level: in.Level, Phase: in.Phase,
		Since: in.Since, Ended: in.Ended,
	}
}
