package bot

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// missedPrefix begins the marks of rooms that are not reached: "missed/<platform>/<room>" -> why.
const missedPrefix = "missed/"

func (s *speaker) log(m Message) *slog.Logger {
	return s.d.opts.Log.With("platform", s.p.Name(), "room", m.Room, "message", m.ID, "kind", m.Kind, "key", m.EffectKey())
}

// notReached notes that a room cannot be reached and tells those who coordinate, with a phone number.
func (d *Desk) notReached(ctx context.Context, s *speaker, room RoomID, why error) {
	reason := why.Error()
	d.changeMissed(ctx, Mark{Name: s.missedMark(room), Value: reason[:min(len(reason), 200)]}, room)
}

// reached takes a room off the list.
func (d *Desk) reached(ctx context.Context, s *speaker, room RoomID) {
	d.changeMissed(ctx, Mark{Name: s.missedMark(room)}, room)
}

// changeMissed changes the list and has the boards that show it brought up to date. The rooms that show
// it are not on it: their own failing is seen by nobody there.
func (d *Desk) changeMissed(ctx context.Context, mark Mark, room RoomID) {
	_, err := d.submit(context.WithoutCancel(ctx), func(b *batch) (Change, Outcome, error) {
		if (b.mark(mark.Name) == "") == (mark.Value == "") { // a new reason is no news, and some name a time
			return Change{}, Outcome{}, nil
		}
		c := Change{Marks: []Mark{mark}}
		it, _ := d.Room(IT)
		rooms := []Room{it}
		for _, in := range d.Ongoing() {
			rooms = append(rooms, d.dress(incidentRoom(headOf(in))))
		}
		what := "missed/"
		if mark.Value == "" { // a room may fail and be reached again within one tick of the clock
			what = "reached/"
		}
		for _, r := range rooms {
			if r.ID == room || r.ID == "" {
				continue
			}
			msg := Message{
				ID: MessageID(what + string(r.ID) + "/" + b.now.UTC().Format(time.RFC3339Nano) + "/" + string(room)), Room: r.ID, Kind: Board,
				Key: "board", Urgency: Show, Lang: r.Lang, At: b.now,
			}
			c.Say = append(c.Say, d.spread(msg)...)
		}
		return c, Outcome{}, nil
	})
	if err != nil {
		d.fault(ctx, "the list of rooms not reached is not up to date", err, "room", room)
	}
}

// missed returns the rooms that are not reached, in order.
func (d *Desk) missed() []Room {
	d.mu.RLock()
	var ids []RoomID
	for _, name := range slices.Sorted(maps.Keys(d.state.marks)) {
		if rest, ok := strings.CutPrefix(name, missedPrefix); ok {
			_, room, _ := strings.Cut(rest, "/")
			ids = append(ids, RoomID(room))
		}
	}
	d.mu.RUnlock()
	ids = append(ids, d.nowhere()...)
	slices.Sort(ids)
	var out []Room
	for _, id := range slices.Compact(ids) {
		if r, ok := d.Room(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// nowhere returns the rooms of departments that were told of an outage and that no chat system has.
func (d *Desk) nowhere() []RoomID {
	has := func(room RoomID) bool {
		return slices.ContainsFunc(d.opts.Platforms, func(p Platform) bool {
			c, chooses := p.(Chooser)
			return !chooses || c.Has(room)
		})
	}
	var out []RoomID
	for _, in := range d.which(incident.Incident.Active) {
		for _, r := range d.departmentRooms(in.Told) {
			if !has(r.ID) {
				out = append(out, r.ID)
			}
		}
	}
	return out
}

// unreached returns those of some departments none of whose rooms can be reached.
func (d *Desk) unreached(ids []incident.DepartmentID) []incident.DepartmentID {
	missed := d.missed()
	var out []incident.DepartmentID
	for _, id := range ids {
		rooms := d.departmentRooms([]incident.DepartmentID{id})
		if !slices.ContainsFunc(rooms, func(r Room) bool {
			return !slices.ContainsFunc(missed, func(m Room) bool { return m.ID == r.ID })
		}) {
			out = append(out, id)
		}
	}
	return out
}

// missedLine names the rooms that are not reached, with whom to ring; "" if all are.
func (v Voice) missedLine() string {
	var out []string
	for _, r := range v.desk.missed() {
		phone := r.Phone
		if phone == "" {
			phone = v.Say("missed.no_phone")
		}
		out = append(out, v.Say("missed.one", "room", hospital.Text.In(r.Name, v.Lang), "phone", phone))
	}
	if len(out) == 0 {
		return ""
	}
	return v.Say("board.missed", "rooms", strings.Join(out, v.Say("list.sep")))
}
