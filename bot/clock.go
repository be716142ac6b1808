package bot

import (
	"context"
	"time"

	"wardline/bot/incident"
)

// longestNap bounds the clock's sleep, so that a wall clock that was set or a machine that slept is
// noticed within a second.
const longestNap = time.Second

// heardFor is how long an input is remembered, so that a platform's repeat is not acted on again. No
// platform repeats after a day.
const heardFor = 24 * time.Hour

// keepTime does what falls due. The clock is a person called clock: its deeds are decided like
// everyone's, so nothing falls due twice.
func (d *Desk) keepTime(ctx context.Context) {
	d.firstDue(ctx)
	d.forget(ctx)
	forgotten := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-timer.C:
		}
		timer.Reset(d.tick(ctx))
		if now := time.Now(); now.Sub(forgotten) > time.Hour {
			d.forget(ctx)
			forgotten = now
		}
	}
}

// forget drops what was heard long ago.
func (d *Desk) forget(ctx context.Context) {
	limit := time.Now().Add(-heardFor)
	var old []Mark
	d.mu.RLock()
	for name, at := range d.state.heard {
		if t, err := time.Parse(time.RFC3339, at); err != nil || t.Before(limit) {
			old = append(old, Mark{Name: name})
		}
	}
	d.mu.RUnlock()
	if len(old) == 0 {
		return
	}
	if err := d.Remember(ctx, old...); err != nil {
		d.fault(ctx, "old inputs are not forgotten", err)
	}
}

// firstDue notes from when on a subscription counts, so that what falls due while the bot is down is
// known to be missed.
func (d *Desk) firstDue(ctx context.Context) {
	for _, sub := range d.subscriptions() {
		if sub.Cron == "" {
			continue
		}
		_, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) {
			s := readSent(b.mark("sent/" + sub.ID))
			if !s.Due.IsZero() {
				return Change{}, Outcome{}, nil
			}
			s.Due = b.now
			return Change{Marks: []Mark{s.mark(sub.ID)}}, Outcome{}, nil
		})
		if err != nil {
			d.opts.Log.Error("start of digest subscription not kept", "subscription", sub.ID, "err", err)
		}
	}
}

// tick does what is due and returns how long to sleep.
func (d *Desk) tick(ctx context.Context) time.Duration {
	now := time.Now().Round(0)
	nap := longestNap
	soon := func(due time.Time) {
		if !due.IsZero() {
			nap = min(nap, max(due.Sub(now), time.Millisecond))
		}
	}
	for _, in := range append(d.which(func(incident.Incident) bool { return true }), d.Log()) {
		due := in.Due(d.rules)
		if due.IsZero() || now.Before(due) {
			soon(due)
			continue
		}
		tick := incident.Tick{Rules: d.rules, Grounds: d.Grounds(in, now)}
		if _, err := d.Do(ctx, Act{Incident: in.ID, Command: tick, By: Person{ID: incident.Clock}}); err != nil {
			d.fault(ctx, "what fell due was not done; trying again", err, "incident", in.ID)
			continue
		}
		d.opts.Observer.Late(now.Sub(due))
	}
	for _, sub := range d.subscriptions() {
		due := d.nextDue(sub, readSent(d.mark("sent/"+sub.ID)), d.Ongoing(), now)
		if due.IsZero() || now.Before(due) {
			soon(due)
			continue
		}
		if _, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) { return b.owe(sub) }); err != nil {
			d.fault(ctx, "a digest was not sent; trying again", err, "subscription", sub.ID)
			continue
		}
		d.opts.Observer.Late(now.Sub(due))
	}
	return nap
}

func (d *Desk) fault(ctx context.Context, what string, err error, pairs ...any) {
	if ctx.Err() == nil {
		d.opts.Log.With(pairs...).Error("the desk could not do its part", "what", what, "err", err)
	}
}
