package commands

import (
	"context"
	"strings"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
)

// digestSpecs are the commands for leaders' summaries.
func digestSpecs() []Spec {
	who := []bot.Role{bot.Leader, bot.Coordinator}
	return []Spec{
		{
			Root: "digest", Verb: "subscribe", Needs: who, run: subscribe,
			Args: []Arg{
				{Name: "rooms", Kind: Rooms},
				{Name: "schedule", Kind: Words, Plain: true},
				{Name: "language", Kind: Choice, Choices: []string{"zh", "en"}},
				{Name: "zone", Kind: OneWord},
			},
		},
		{Root: "digest", Verb: "unsubscribe", Needs: who, run: unsubscribe, Args: []Arg{{Name: "rooms", Kind: Rooms, Plain: true}}},
		{Root: "digest", Verb: "list", run: subscriptions},
		{Root: "digest", Verb: "now", run: digestNow, Args: []Arg{{Name: "language", Kind: Choice, Choices: []string{"zh", "en"}, Plain: true}, {Name: "rooms", Kind: Rooms}}},
	}
}

// roomsMeant are the rooms named, or this one.
func (c *Call) roomsMeant() []bot.RoomID {
	if ids, _ := c.values["rooms"].([]bot.RoomID); len(ids) > 0 {
		return ids
	}
	return []bot.RoomID{c.Line.Room}
}

// subscribe makes rooms get digests at times in plain words or of cron, or at the level's own interval. Room names
// and the language may also stand before and after the schedule without their keys.
func subscribe(ctx context.Context, c *Call) (Reply, error) {
	zone := c.h.desk.Zone()
	if name := c.text("zone"); name != "" {
		var known bool
		if zone, known = zoneNamed(name); !known {
			return c.refuse("usage.zone", "text", name), nil
		}
	}
	schedule, refused, err := c.schedule(zone)
	if refused != nil {
		return *refused, nil
	} else if err != nil {
		return Reply{}, err
	}
	rooms := c.roomsMeant()
	for _, room := range rooms {
		s := bot.Subscription{Room: room, Cron: schedule, Zone: c.text("zone"), Lang: hospital.Lang(c.text("language")), By: c.Person.ID}
		if err := c.h.desk.Subscribe(ctx, s); err != nil {
			return Reply{}, err
		}
	}
	lines := []string{c.Voice.Say("done.subscribe", "rooms", rooms)}
	subs, due := c.h.desk.Subscriptions()
	for i, s := range subs {
		for _, room := range rooms {
			if s.Room == room {
				lines = append(lines, c.subscription(s, due[i]))
			}
		}
	}
	return Reply{Text: strings.Join(lines, "\n")}, nil
}

func zoneNamed(name string) (*time.Location, bool) {
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// splitSchedule takes room names and a language off the words of the schedule.
func (c *Call) splitSchedule() string {
	var left []string
	rooms, _ := c.values["rooms"].([]bot.RoomID)
	for w := range strings.FieldsSeq(strings.Trim(c.text("schedule"), quoteMarks)) {
		r, isRoom := c.h.grammar.room(strings.Trim(w, listSigns))
		switch lang := c.h.grammar.lang(w); {
		case lang != "":
			c.values["language"] = string(lang)
		case isRoom && len(left) == 0:
			rooms = append(rooms, r.ID)
		default:
			left = append(left, w)
		}
	}
	if len(rooms) > 0 {
		c.values["rooms"] = rooms
	}
	return strings.Trim(strings.Join(left, " "), quoteMarks)
}

func unsubscribe(ctx context.Context, c *Call) (Reply, error) {
	rooms := c.roomsMeant()
	for _, room := range rooms {
		if err := c.h.desk.Unsubscribe(ctx, room, c.Person.ID); err != nil {
			return Reply{}, err
		}
	}
	return c.say("done.unsubscribe", "rooms", rooms), nil
}

// subscriptions lists who gets digests and when the next is due.
func subscriptions(_ context.Context, c *Call) (Reply, error) {
	subs, due := c.h.desk.Subscriptions()
	var lines []string
	for i, s := range subs {
		lines = append(lines, c.subscription(s, due[i]))
	}
	if len(lines) == 0 {
		return c.say("digest.no_subscriptions"), nil
	}
	return Reply{Text: strings.Join(lines, "\n")}, nil
}

func (c *Call) subscription(s bot.Subscription, due time.Time) string {
	zone := s.Zone
	if zone == "" {
		zone = c.h.desk.Zone().String()
	}
	return c.Voice.Say("digest.subscription", "room", s.Room, "cron", s.Cron, "words", c.scheduleWords(s.Cron), "zone", zone, "due", due, "has_due", !due.IsZero())
}

// digestNow shows the digest of this moment to the speaker alone; with rooms, a leader or coordinator
// has it posted there.
func digestNow(ctx context.Context, c *Call) (Reply, error) {
	ids, _ := c.values["rooms"].([]bot.RoomID)
	if len(ids) == 0 {
		lang := c.Voice.Lang
		if l := c.text("language"); l != "" {
			lang = hospital.Lang(l)
		}
		return Reply{Text: c.h.desk.DigestNow(lang, c.Line.Room)}, nil
	}
	if !c.h.desk.May(c.Person, c.In, bot.Leader, bot.Coordinator) {
		c.Spec.Needs = []bot.Role{bot.Leader, bot.Coordinator}
		return c.notAllowed(), nil
	}
	for _, room := range ids {
		if err := c.h.desk.SendDigest(ctx, room, c.Person); err != nil {
			return Reply{}, err
		}
	}
	return c.say("done.digest", "rooms", ids), nil
}
