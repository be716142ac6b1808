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
		s.fixed = spec == "@daily" || spec == "@midnight" || len(fields) == 5 && !strings.HasPrefix(fields[1], "*")
	case cron.ConstantDelaySchedule:
		s.every = p.Delay
	}
	switch {
	case s.spec == nil && s.every < time.Minute:
		return s, fmt.Errorf("%w: %q is more often than once a minute", ErrCron, spec)
	case s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, zone)).IsZero():
		return s, fmt.Errorf("%w: %q never comes", ErrCron, spec)
	}
	return s, nil
}

// Next returns the first due time after t. On the day an hour is repeated, a schedule that names the
// hour is due once, at its first pass; on the day an hour is left out, what falls into it is due as
// many minutes after the gap as it was due after its start.
func (s Schedule) Next(t time.Time) time.Time {
	if s.spec == nil {
		return t.Add(s.every).Truncate(time.Minute)
	}
	next := s.spec.Next(t.In(s.zone))
	if !s.fixed || next.IsZero() {
		return next
	}
	if _, before := t.In(s.zone).Zone(); !s.sameOffset(t, next) { // a change of clocks lies between
		plain := *s.spec
		plain.Location = time.FixedZone("", before)
		if skipped := plain.Next(t.In(plain.Location)); skipped.Before(next) && wall(skipped) != wall(skipped.In(s.zone)) && s.skipped(skipped) {
			return skipped.In(s.zone)
		}
	}
	if first := s.earlier(next); wall(first) == wall(next) && !first.Equal(next) && !first.After(t) {
		return s.Next(next)
	}
	return next
}

func wall(t time.Time) string { return t.Format("2006-01-02 15:04") }

func (s Schedule) sameOffset(a, b time.Time) bool {
	_, x := a.In(s.zone).Zone()
	_, y := b.In(s.zone).Zone()
	return x == y
}

// skipped reports whether the wall time of t, read in its own fixed zone, does not exist in the zone.
func (s Schedule) skipped(t time.Time) bool {
	y, mo, day := t.Date()
	return wall(time.Date(y, mo, day, t.Hour(), t.Minute(), 0, 0, s.zone)) != wall(t)
}

// earlier returns the first instant that has the wall time of t.
func (s Schedule) earlier(t time.Time) time.Time {
	for _, back := range []time.Duration{time.Hour, 30 * time.Minute} {
		if e := t.Add(-back); wall(e.In(s.zone)) == wall(t) {
			return e
		}
	}
	return t
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
	memory := readSent(d.mark("sent/" + s.ID))
	for _, old := range d.subscriptions() {
		if old.Room == s.Room { // the room has read these digests: numbers go on, and so does "what changed"
			memory = readSent(d.mark("sent/" + old.ID))
		}
	}
	memory.Due = time.Now().Round(0)
	return d.Remember(ctx, Mark{Name: "sub/" + string(s.Room), Value: string(data)}, memory.mark(s.ID))
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
		case s.At.IsZero() || s.At.After(now.Add(lostClock)):
			return now
		}
		return s.At.Add(every)
	}
	sched, err := d.schedule(sub)
	if err != nil || s.Due.IsZero() {
		return time.Time{}
	}
	if s.Due.After(now.Add(lostClock)) {
		s.Due = now
	}
	return sched.Next(s.Due)
}

func (d *Desk) schedule(sub Subscription) (Schedule, error) {
	zone := d.opts.Zone
	if sub.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(sub.Zone); err != nil {
			return Schedule{}, fmt.Errorf("zone of digest %s: %w", sub.ID, err)
		}
	}
	return ParseSchedule(sub.Cron, zone)
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
