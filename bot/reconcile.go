package bot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"wardline/bot/incident"
)

// reconcileEvery is how often what should be there is compared with what is.
const reconcileEvery = 5 * time.Minute

// reconcile compares wanted and observed every few minutes and after each reconnection, and mends the
// difference: people unpin and archive things, and a platform may come back from an older backup.
func (s *speaker) reconcile(ctx context.Context) {
	inspector, _ := s.p.(Inspector)
	ticker := time.NewTicker(reconcileEvery)
	defer ticker.Stop()
	for {
		var back <-chan struct{}
		if inspector != nil {
			back = inspector.Reconnected()
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-back:
		}
		if err := s.renew(ctx); err != nil {
			s.d.fault(ctx, "boards in doubt are not renewed", err, "platform", s.p.Name())
		}
		if inspector == nil {
			continue
		}
		for _, room := range s.wanted() {
			if err := s.mend(ctx, inspector, room); err != nil && ctx.Err() == nil {
				s.d.opts.Log.Warn("a room was not inspected", "platform", s.p.Name(), "room", room.ID, "err", err)
			}
		}
	}
}

// renew has those boards said again whose last change got no answer: it may be carried out late, and
// undo a newer one.
func (s *speaker) renew(ctx context.Context) error {
	s.mu.Lock()
	doubtful := slices.Sorted(maps.Keys(s.doubt))
	clear(s.doubt)
	s.mu.Unlock()
	if len(doubtful) == 0 {
		return nil
	}
	_, err := s.d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		var c Change
		for _, id := range doubtful {
			if room, ok := s.d.Room(id); ok {
				c.Say = append(c.Say, Message{
					ID: MessageID(fmt.Sprintf("renew/%s/%s", id, b.now.UTC().Format(time.RFC3339Nano))), Platform: s.p.Name(), Room: id,
					Kind: Board, Key: "board", Urgency: Show, Lang: room.Lang, At: b.now,
				})
			}
		}
		return c, Outcome{}, nil
	})
	return err
}

// wanted are the rooms that must be there with a board: those of incidents going on, and all others
// that have one.
func (s *speaker) wanted() []Room {
	var out []Room
	for _, in := range s.d.Ongoing() {
		out = append(out, s.d.dress(incidentRoom(headOf(in))))
	}
	s.mu.Lock()
	var ids []RoomID
	for id := range s.refs {
		if _, isIncident := id.IncidentOf(); !isIncident {
			ids = append(ids, id)
		}
	}
	s.mu.Unlock()
	slices.Sort(ids)
	for _, id := range ids {
		if r, ok := s.d.Room(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// mend asks about one room and has said again what is missing. A room in which something still waits to
// be said is left alone: what is missing may be just that.
func (s *speaker) mend(ctx context.Context, inspector Inspector, room Room) error {
	s.mu.Lock()
	l := s.rooms[room.ID]
	idle := l == nil || len(l.queue) == 0
	ref := s.refs[room.ID]
	s.mu.Unlock()
	if !idle {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.waits.Say)
	defer cancel()
	found, err := inspector.Inspect(ctx, room.ID, ref)
	if err != nil || found.Room && found.Board && len(found.Out) == 0 {
		return err
	}
	if !found.Board {
		s.mu.Lock()
		delete(s.refs, room.ID) // the next board is looked for, and posted anew if it is gone
		s.mu.Unlock()
	}
	_, err = s.d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		var c Change
		add := func(kind MessageKind, m Message) {
			m.ID = MessageID(fmt.Sprintf("mend/%s/%s/%s", kind, room.ID, b.now.UTC().Format(time.RFC3339Nano)))
			m.Platform, m.Room, m.Kind, m.Lang, m.At, m.Urgency = s.p.Name(), room.ID, kind, room.Lang, b.now, Show
			c.Say = append(c.Say, m)
		}
		if !found.Room && room.Incident != incident.ID(0) {
			v := s.d.voiceAt(room.Lang, b.now)
			add(OpenRoom, Message{Title: room.Name.In(v.Lang), Text: v.Say("room.purpose", "id", room.Incident)})
		}
		if !found.Room || !found.Board {
			add(Board, Message{Key: "board"})
		}
		if len(found.Out) > 0 {
			add(Invite, Message{Mention: found.Out})
		}
		return c, Outcome{}, nil
	})
	return err
}
