package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/bot/phrase"
)

// Desk is the bot: it carries commands out, remembers the incidents that still matter, and sees that
// what must be said is said.
type Desk struct {
	opts     Options
	book     *phrase.Book
	people   *directory
	rules    incident.Rules
	order    order
	phones   []string      // the hospital's own, which the guard lets pass
	deeds    chan *deed    // what waits to be decided; written by anybody, read by the decider
	closed   chan struct{} // closed when nothing is decided any more
	speakers []*speaker
	wake     chan struct{} // the clock's: something changed; written by the decider, read by the clock

	schedules sync.Map // of Schedule, by zone and specification

	mu    sync.RWMutex // protects what follows; written by the decider after each commit
	state state
}

// state is what the desk knows. The decider lays a batch over it and installs that once it is durable.
type state struct {
	incidents map[incident.ID]incident.Incident // ongoing, and those that ended since the start
	heads     map[incident.ID]Head
	marks     map[string]string
	heard     map[string]string // input already acted on -> when
	last      incident.ID
}

// heardMark begins the names of marks that remember an input was acted on. They are many and short-lived,
// so they are kept apart from the others.
const heardMark = "heard/"

func (st *state) set(m Mark) {
	among := st.marks
	if strings.HasPrefix(m.Name, heardMark) {
		among = st.heard
	}
	if m.Value == "" {
		delete(among, m.Name)
	} else {
		among[m.Name] = m.Value
	}
}

func (st *state) get(name string) string {
	if strings.HasPrefix(name, heardMark) {
		return st.heard[name]
	}
	return st.marks[name]
}

// New reads what the store remembers and returns a desk that is ready to Run.
func New(ctx context.Context, o Options) (*Desk, error) {
	book, err := phrase.New()
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observer == nil {
		o.Observer = unobserved{}
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if o.Lang == "" {
		o.Lang = hospital.ZH
	}
	d := &Desk{
		opts: o, book: book, people: newDirectory(o.People), rules: rulesOf(o), order: orderOf(o.Pack), phones: phonesOf(o),
		deeds: make(chan *deed), closed: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	if err := d.load(ctx); err != nil {
		return nil, err
	}
	for _, p := range o.Platforms {
		s, err := newSpeaker(ctx, d, p)
		if err != nil {
			return nil, err
		}
		d.speakers = append(d.speakers, s)
	}
	return d, nil
}

func rulesOf(o Options) incident.Rules {
	policy := o.Pack.Policy()
	r := incident.Rules{
		ClinicalEvery: map[incident.Level]time.Duration{},
		StaleAfter:    o.Settings.StaleAfter,
		StaleMost:     policy.Defaults.ForceEscalate,
		AskRemind:     o.Settings.AskRemind,
		ScriptRemind:  o.Settings.RemindScript,
		VisitDue:      policy.Defaults.RoundInterval,
		Follow: incident.Follow{
			incident.Reminded: o.Settings.RemindSilent, incident.Escalated: o.Settings.EscalateSilent, incident.Listed: o.Settings.PhoneSilent,
		},
		Limits: incident.Limits{
			ToL2: policy.Defaults.DeclareDowntime, ToL3: policy.Defaults.ForceEscalate, LongHaul: 8 * time.Hour,
		},
	}
	for i, l := range policy.Levels {
		r.ClinicalEvery[incident.Level(i+1)] = l.ClinicalEvery
	}
	return r
}

// load reads heads, marks and every incident that is not over.
func (d *Desk) load(ctx context.Context) error {
	st := state{
		incidents: map[incident.ID]incident.Incident{0: {}}, heads: map[incident.ID]Head{}, marks: map[string]string{},
		heard: map[string]string{},
	}
	heads, err := d.opts.Store.Heads(ctx)
	if err != nil {
		return fmt.Errorf("read the list of incidents: %w", err)
	}
	for _, h := range heads {
		st.heads[h.ID] = h
		st.last = max(st.last, h.ID)
		if !h.Open && h.ID != 0 {
			continue
		}
		in, err := d.recall(ctx, h.ID)
		if err != nil {
			return err
		}
		st.incidents[h.ID] = in
	}
	marks, err := d.opts.Store.Marks(ctx, "")
	if err != nil {
		return fmt.Errorf("read marks: %w", err)
	}
	for _, m := range marks {
		st.set(m)
	}
	st.last = max(st.last, lastKnown(st.marks))
	d.state = st
	d.people.rename(st.marks)
	return nil
}

// recall folds an incident from its newest snapshot and what followed.
func (d *Desk) recall(ctx context.Context, id incident.ID) (incident.Incident, error) {
	snapshot, version, tail, err := d.opts.Store.Load(ctx, id)
	if err != nil {
		return incident.Incident{}, fmt.Errorf("read %s: %w", id, err)
	}
	in := incident.Incident{ID: id}
	if snapshot != nil {
		if in, err = incident.ReadSnapshot(snapshot); err != nil {
			return incident.Incident{}, fmt.Errorf("read %s: %w", id, err)
		}
		if in.Version != version {
			return incident.Incident{}, fmt.Errorf("read %s: snapshot of event %d says %d", id, version, in.Version)
		}
	}
	return in.Resume(tail), nil
}

// Run decides, speaks and keeps time until ctx ends. It returns what made it stop early, or nil.
func (d *Desk) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(d.closed)
		d.decide(ctx, stop)
	})
	wg.Go(func() { d.keepTime(ctx) })
	for _, s := range d.speakers {
		wg.Go(func() { s.run(ctx) })
		wg.Go(func() { s.reconcile(ctx) })
	}
	wg.Wait()
	if err := context.Cause(ctx); errors.Is(err, ErrBroken) {
		return err
	}
	return nil
}

// Alive returns nil once the desk has decided something that changes nothing.
func (d *Desk) Alive(ctx context.Context) error {
	_, err := d.submit(ctx, func(*batch) (Change, Outcome, error) { return Change{}, Outcome{}, nil })
	return err
}

// Incident returns an incident that is in memory, or reads it. It reports false if there is none.
func (d *Desk) Incident(ctx context.Context, id incident.ID) (incident.Incident, bool, error) {
	d.mu.RLock()
	in, ok := d.state.incidents[id]
	_, exists := d.state.heads[id]
	d.mu.RUnlock()
	if ok || !exists {
		return in, ok, nil
	}
	in, err := d.recall(ctx, id)
	return in, err == nil, err
}

// Ongoing returns the incidents in which something is still owed, oldest first.
func (d *Desk) Ongoing() []incident.Incident {
	return d.which(func(in incident.Incident) bool { return in.Ongoing() })
}

// which returns the incidents in memory that are declared and wanted, oldest first.
func (d *Desk) which(wanted func(incident.Incident) bool) []incident.Incident {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []incident.Incident
	for _, id := range slices.Sorted(maps.Keys(d.state.incidents)) {
		if in := d.state.incidents[id]; in.Declared() && wanted(in) {
			out = append(out, in)
		}
	}
	return out
}

// Heads lists all incidents, newest first.
func (d *Desk) Heads() []Head {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []Head
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(d.state.heads))) {
		if id != 0 {
			out = append(out, d.state.heads[id])
		}
	}
	return out
}

// Log returns the desk's own log: what was reported and asked while nothing was declared.
func (d *Desk) Log() incident.Incident {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.state.incidents[0]
}

// Events returns the timeline of an incident; what was struck is blank.
func (d *Desk) Events(ctx context.Context, id incident.ID) ([]incident.Event, error) {
	return d.opts.Store.Events(ctx, id, 0, 0)
}

// Pack returns the hospital.
func (d *Desk) Pack() *hospital.Pack { return d.opts.Pack }

// Book returns the phrasebook.
func (d *Desk) Book() *phrase.Book { return d.book }

// Settings returns the hospital's own figures.
func (d *Desk) Settings() Settings { return d.opts.Settings }

// Zone returns the hospital's time zone.
func (d *Desk) Zone() *time.Location { return d.opts.Zone }

// Lang returns the language of rooms that name none.
func (d *Desk) Lang() hospital.Lang { return d.opts.Lang }

// Rules returns the clocks incidents run under.
func (d *Desk) Rules() incident.Rules { return d.rules }

// mark returns a small durable fact, "" if it is not set.
func (d *Desk) mark(name string) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.state.marks[name]
}

// Heard reports whether an input, named as in Act.Heard, was acted on already. Do asks the same again:
// this is for those who would otherwise show a preview of what was done a moment ago.
func (d *Desk) Heard(input string) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.state.get(heardMark+input) != ""
}

// Logger returns the desk's own logger.
func (d *Desk) Logger() *slog.Logger { return d.opts.Log }
