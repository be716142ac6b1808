package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"wardline/bot/incident"
)

// ErrCron marks a schedule that cannot be used; the text around it says why.
var ErrCron = errors.New("bad schedule")

// Schedule is a checked cron specification in a time zone. Nothing but its due times is used of
// robfig/cron: it remembers no runs and catches nothing up, which the desk does by marks.
type Schedule struct {
	spec  *cron.SpecSchedule
	every time.Duration // of an @every specification
	fixed bool          // names hours of the day, so that it is due once on a day with a repeated hour
	zone  *time.Location
}

// ParseSchedule reads a cron specification of five fields, or @daily, @hourly, @every 30m and the like.
// A zone is a key of its own; prefixes such as TZ= are refused (they make the parser panic).
func ParseSchedule(spec string, zone *time.Location) (s Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %q cannot be read", ErrCron, spec)
		}
	}()
	spec = strings.TrimSpace(spec)
	if strings.Contains(spec, "TZ=") {
		return s, fmt.Errorf("%w: %q names a zone; give the zone by itself", ErrCron, spec)
	}
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return s, fmt.Errorf("%w: %q: %w", ErrCron, spec, err)
	}
	s.zone = zone
	switch p := parsed.(type) {
	case *cron.SpecSchedule:
		p.Location = zone
		s.spec = p
		fields := strings.Fields(spec)
		s.fixed = len(fields) == 1 && spec != "@hourly" || len(fields) == 5 && !strings.HasPrefix(fields[1], "*")
	case cron.ConstantDelaySchedule:
		s.every = p.Delay
	}
	switch {
	case s.spec == nil && s.every < time.Minute:
		return s, fmt.Errorf("%w: %q is more often than once a minute", ErrCron, spec)
	case s.spec == nil && s.every%time.Minute != 0:
		return s, fmt.Errorf("%w: %q is not in whole minutes", ErrCron, spec)
	case s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, zone)).IsZero():
		return s, fmt.Errorf("%w: %q never comes", ErrCron, spec)
	}
	return s, nil
}

// Next returns the first due time after t. A schedule that names its hours is due once for each of
// them: on the day an hour is repeated, at its first pass; on the day an hour is left out, as many
// minutes after the gap as it was due after its start. Any other schedule follows the clock on the wall
// through both passes and over the gap.
func (s Schedule) Next(t time.Time) time.Time {
	switch {
	case s.spec == nil:
		return t.Add(s.every).Truncate(time.Minute)
	case !s.fixed:
		return s.spec.Next(t.In(s.zone))
	}
	// What a gap moved may come after what is due later on the wall, so all that is near is looked at.
	plain := *s.spec
	plain.Location = time.UTC
	var next time.Time
	for w := plain.Next(onWall(t.In(s.zone)).Add(-widestGap)); !w.IsZero(); w = plain.Next(w) {
		if !next.IsZero() && w.After(onWall(next).Add(widestGap)) {
			break
		}
		if at := s.first(w); at.After(t) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next
}

// widestGap is more than any clock of a hospital is put forward or back at once.
const widestGap = 3 * time.Hour

// onWall returns what the wall shows at t, as if it were UTC.
func onWall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// first returns the first instant at which the wall of the zone shows w; if it never does, the instant
// it would have been had the clock not been put forward.
func (s Schedule) first(w time.Time) time.Time {
	_, before := w.Add(-24 * time.Hour).In(s.zone).Zone()
	_, after := w.Add(24 * time.Hour).In(s.zone).Zone()
	early := w.Add(-time.Duration(max(before, after)) * time.Second).In(s.zone)
	late := w.Add(-time.Duration(min(before, after)) * time.Second).In(s.zone)
	switch {
	case onWall(early).Equal(w):
		return early
	case onWall(late).Equal(w):
		return late
	}
	return w.Add(-time.Duration(before) * time.Second).In(s.zone)
}

// subscriptions returns who gets digests: as configured, as asked for by /digest, and every leaders'
// room that has neither, at the level's own interval.
func (d *Desk) subscriptions() []Subscription {
	out := slices.Clone(d.opts.Digests)
	d.mu.RLock()
	for _, name := range slices.Sorted(maps.Keys(d.state.marks)) {
		if !strings.HasPrefix(name, "sub/") {
			continue
		}
		var sub Subscription
		if err := json.Unmarshal([]byte(d.state.marks[name]), &sub); err == nil {
			out = slices.DeleteFunc(out, func(s Subscription) bool { return s.Room == sub.Room })
			out = append(out, sub)
		}
	}
	d.mu.RUnlock()
	for _, r := range d.opts.Rooms {
		has := slices.ContainsFunc(out, func(s Subscription) bool { return s.Room == r.ID })
		if r.Kind == LeadersRoom && !has {
			out = append(out, Subscription{ID: "default/" + string(r.ID), Room: r.ID})
		}
	}
	return slices.DeleteFunc(out, func(s Subscription) bool { return s.Cron == never })
}

// never is the schedule of a room that was unsubscribed.
const never = "never"

// Subscriptions returns who gets digests, and when each is due next (zero: when an outage is open).
func (d *Desk) Subscriptions() ([]Subscription, []time.Time) {
	subs := d.subscriptions()
	due := make([]time.Time, len(subs))
	now := time.Now().Round(0)
	for i, s := range subs {
		due[i] = d.nextDue(s, readSent(d.mark("sent/"+s.ID)), d.Ongoing(), now)
	}
	return subs, due
}

// Subscribe makes a room get digests as s says, in place of what it got before.
func (d *Desk) Subscribe(ctx context.Context, s Subscription) error {
	s.ID = "room/" + string(s.Room)
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("subscribe %s: %w", s.Room, err)
	}
	_, err = d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		memory := readSent(b.mark("sent/" + s.ID))
		for _, old := range d.subscriptions() {
			if old.Room == s.Room { // the room has read these digests: numbers go on, and so does "what changed"
				memory = readSent(b.mark("sent/" + old.ID))
			}
		}
		memory.Due = b.now
		return Change{Marks: []Mark{{Name: "sub/" + string(s.Room), Value: string(data)}, memory.mark(s.ID)}}, Outcome{}, nil
	})
	return err
}

// Unsubscribe makes a room get no digests any more.
func (d *Desk) Unsubscribe(ctx context.Context, room RoomID, by incident.PersonID) error {
	return d.Subscribe(ctx, Subscription{Room: room, Cron: never, By: by})
}

// lostClock is how far a remembered due time may lie ahead before the clock is taken to have been
// wrong then: a day and the longest shift of summer time.
const lostClock = 26 * time.Hour

// nextDue returns when a subscription owes its next digest, zero if nothing makes it due.
func (d *Desk) nextDue(sub Subscription, s sent, incidents []incident.Incident, now time.Time) time.Time {
	if sub.Cron == "" {
		var every time.Duration
		for _, in := range incidents {
			if in.Phase == incident.Open && in.Level >= incident.L1 {
				if e := d.opts.Pack.Policy().Levels[in.Level-1].LeadersEvery; every == 0 || e < every {
					every = e
				}
			}
		}
		switch {
		case every == 0:
			return time.Time{}
		case s.At.IsZero() || s.At.After(now.Add(every)): // never sent, or by a clock that was wrong
			return now
		}
		return s.At.Add(every)
	}
	sched, err := d.schedule(sub)
	if err != nil || s.Due.IsZero() {
		return time.Time{}
	}
	if s.Due.After(now.Add(lostClock)) {
		return now // for owe to count from now on
	}
	return sched.Next(s.Due)
}

// schedule returns when a subscription is due. What was read once is kept: the clock asks every second,
// and reading a zone means reading a file.
func (d *Desk) schedule(sub Subscription) (Schedule, error) {
	key := sub.Zone + " " + sub.Cron
	if known, ok := d.schedules.Load(key); ok {
		return known.(Schedule), nil
	}
	zone := d.opts.Zone
	if sub.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(sub.Zone); err != nil {
			return Schedule{}, fmt.Errorf("zone of digest %s: %w", sub.ID, err)
		}
	}
	s, err := ParseSchedule(sub.Cron, zone)
	if err == nil {
		d.schedules.Store(key, s)
	}
	return s, err
}

// owe sends what a subscription owes at now, if anything. Of several due times that were missed, the
// newest is sent if it is no older than the catch-up time; the others are counted and said so.
func (b *batch) owe(sub Subscription) (Change, Outcome, error) {
	s := readSent(b.mark("sent/" + sub.ID))
	due := b.d.nextDue(sub, s, b.d.Ongoing(), b.now)
	if due.IsZero() || due.After(b.now) {
		return Change{}, Outcome{}, nil
	}
	if sub.Cron == "" {
		return b.digest(sub, due)
	}
	if s.Due.After(b.now.Add(lostClock)) {
		s.Due = b.now
		return Change{Marks: []Mark{s.mark(sub.ID)}}, Outcome{}, nil
	}
	sched, err := b.d.schedule(sub)
	if err != nil {
		return Change{}, Outcome{}, err
	}
	missed := 0
	for next := sched.Next(due); !next.IsZero() && !next.After(b.now); next = sched.Next(due) {
		due = next
		missed++
	}
	s.Missed += missed
	if b.now.Sub(due) > cmp.Or(b.d.opts.Settings.CatchUp, 12*time.Hour) {
		s.Missed++
		s.Due = due
		return Change{Marks: []Mark{s.mark(sub.ID)}}, Outcome{}, nil
	}
	b.marks["sent/"+sub.ID] = s.mark(sub.ID).Value
	return b.digest(sub, due)
}
