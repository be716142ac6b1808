package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// sent is what a subscription remembers of its digests, in the mark "sent/<subscription>".
type sent struct {
	At     time.Time           `json:"at,omitzero"`      // when the last one was sent
	Due    time.Time           `json:"due,omitzero"`     // for which due time
	Missed int                 `json:"missed,omitempty"` // skipped because they were too old, and not yet said so
	Seen   map[incident.ID]int `json:"seen,omitempty"`
	N      map[incident.ID]int `json:"n,omitempty"`
}

func readSent(mark string) sent {
	var s sent
	if mark != "" {
		_ = json.Unmarshal([]byte(mark), &s) // written by ourselves; an unreadable one counts as never sent
	}
	if s.Seen == nil {
		s.Seen = map[incident.ID]int{}
	}
	if s.N == nil {
		s.N = map[incident.ID]int{}
	}
	return s
}

func (s sent) mark(sub string) Mark {
	data, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("mark of subscription %s: %v", sub, err)) // times and numbers only: cannot happen
	}
	return Mark{Name: "sent/" + sub, Value: string(data)}
}

// digestBody words one incident for leaders, with what changed since event number seen.
func (d *Desk) digestBody(v view, n, seen int, next time.Time) string {
	v.since = seen
	more := map[string]string{"n": fmt.Sprint(n), "changed": v.changed(seen)}
	more["next_update"] = v.Say("next.none")
	more["scope"] = v.Or(v.extentOr(v.in.Extent)) // the layout says "scope" itself
	if !next.IsZero() {
		more["next_update"] = v.Clock(next)
	}
	return v.fitting(hospital.ForLeaders, func(v view) string { return v.layout("DIGEST-LEADER", more) })
}

// mostChanged is how many changes fit the line.
const mostChanged = 5

// changed sums up in one line what happened after event number seen.
func (v view) changed(seen int) string {
	in := v.in
	var out []string
	add := func(phrase string, pairs ...any) {
		if len(out) < mostChanged {
			out = append(out, v.Say(phrase, pairs...))
		}
	}
	if n := len(in.Relapses); n > 0 && in.LastReopen > seen {
		add("changed.reopened", "at", in.Relapses[n-1].At)
	}
	if in.LastRestore > seen && !in.RestoredAt.IsZero() {
		add("changed.restored", "at", in.RestoredAt)
	}
	if in.LastRestore > seen && in.Active() && in.LastRestore > in.LastReopen {
		add("changed.released", "systems", in.With(incident.Up))
	}
	if in.ScopeEvent > seen {
		add("changed.scope", "systems", v.certainlyDown())
	}
	if in.LevelEvent > seen {
		add("changed.level", "level", in.Level)
	}
	if eta, ok := in.LastETA(); ok && eta.Event > seen {
		add("changed.eta", "eta", v.eta())
	}
	if c, ok := in.Cause(); ok && c.Event > seen {
		add("changed.cause", "cause", v.causeText(c), "status", c.Status)
	}
	if n := len(in.Progress); n > 0 && in.Progress[n-1].Event > max(seen, in.LastReopen) {
		add("changed.progress", "text", in.Progress[n-1].Text)
	}
	for _, k := range incident.Keys() {
		if f, ok := in.Fact(k); ok && f.Event > seen {
			add("changed.fact", "key", k, "value", f.Value)
		}
	}
	if len(out) == 0 {
		return v.Say("changed.none")
	}
	return strings.Join(out, v.Say("clause.sep"))
}

// firstReport notes for the room's subscriptions that the leaders have had their first report, and
// returns when the next is due.
func (b *batch) firstReport(c *Change, room RoomID, in incident.Incident, now time.Time) time.Time {
	var next time.Time
	for _, sub := range b.d.subscriptions() {
		if sub.Room != room {
			continue
		}
		s := readSent(b.mark("sent/" + sub.ID))
		s.Seen[in.ID], s.N[in.ID] = in.Version, 1
		if sub.Cron == "" {
			s.At = now
		}
		c.Marks = append(c.Marks, s.mark(sub.ID))
		due := b.d.nextDue(sub, s, []incident.Incident{in}, now)
		if !due.IsZero() && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next
}

// digests are the incidents a digest speaks of: those going on, and those that ended since the last. One
// that was joined to another is spoken of there.
func (d *Desk) digests(since time.Time) []incident.Incident {
	return d.which(func(in incident.Incident) bool {
		return in.Ongoing() || in.Phase != incident.Merged && in.Ended.After(since)
	})
}

// DigestNow returns the digest of this moment in a language, without sending or remembering anything.
func (d *Desk) DigestNow(lang hospital.Lang, room RoomID) string {
	v := d.Voice(lang)
	seen, numbers := map[incident.ID]int{}, map[incident.ID]int{}
	var next time.Time
	for _, sub := range d.subscriptions() {
		if sub.Room == room {
			s := readSent(d.mark("sent/" + sub.ID))
			seen, numbers = s.Seen, s.N
			next = d.nextDue(sub, s, d.Ongoing(), v.Now)
		}
	}
	var blocks []string
	for _, in := range d.digests(v.Now.Add(-12 * time.Hour)) {
		blocks = append(blocks, d.digestBody(v.view(in), max(numbers[in.ID], 1), seen[in.ID], next))
	}
	if len(blocks) == 0 {
		return v.Say("digest.none")
	}
	return strings.Join(blocks, "\n\n")
}

// SendDigest sends the digest of this moment to a room now, and counts as its regular one.
func (d *Desk) SendDigest(ctx context.Context, room RoomID, by Person) error {
	_, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		sub := Subscription{ID: "room/" + string(room), Room: room}
		for _, s := range d.subscriptions() {
			if s.Room == room {
				sub = s
				break
			}
		}
		return b.digest(sub, b.now)
	})
	return err
}

// digest sends what a subscription owes for a due time, in the same commit as the mark that says so.
func (b *batch) digest(sub Subscription, due time.Time) (Change, Outcome, error) {
	d := b.d
	room, ok := d.Room(sub.Room)
	if !ok {
		return Change{}, Outcome{}, nil
	}
	lang := sub.Lang
	if lang == "" {
		lang = room.Lang
	}
	s := readSent(b.mark("sent/" + sub.ID))
	since := s.At
	v := d.voiceAt(lang, b.now)
	s.At = b.now
	if due.After(s.Due) {
		s.Due = due
	}
	ongoing := d.digests(since)
	next := d.nextDue(sub, s, ongoing, b.now)
	var worst incident.Level
	var blocks, notes []string
	for _, in := range ongoing {
		s.N[in.ID]++
		blocks = append(blocks, d.digestBody(v.view(in), s.N[in.ID], s.Seen[in.ID], next))
		notes = append(notes, in.ID.String()+" "+v.view(in).changed(s.Seen[in.ID]))
		s.Seen[in.ID] = in.Version
		worst = max(worst, in.Level)
	}
	if len(blocks) == 0 {
		blocks = append(blocks, v.Say("digest.none"))
	}
	if s.Missed > 0 {
		blocks = append(blocks, v.Say("digest.missed", "n", s.Missed))
		s.Missed = 0
	}
	msg := Message{
		ID: MessageID(fmt.Sprintf("digest/%s/%s", sub.ID, due.UTC().Format(time.RFC3339Nano))), Room: room.ID, Kind: Digest, Urgency: Sum,
		Lang: lang, Level: worst.String(), Text: strings.Join(blocks, "\n\n"), At: b.now,
		Note:    strings.Join(notes, v.Say("clause.sep")),
		Actions: []Action{{Label: v.Say("button.status"), Line: "/outage status"}},
	}
	return Change{Say: d.spread(msg), Marks: []Mark{s.mark(sub.ID)}}, Outcome{}, nil
}
