package bot

import (
	"context"
	"strings"
	"time"

	"wardline/bot/incident"
)

// Talk is what a person said to a room in plain words, as an adapter heard it.
type Talk struct {
	Platform string // where it was said
	Post     string // that platform's own id of it; the same is passed on once
	Room     RoomID
	By       Person
	Text     string
	Files    []incident.File
}

// Relay passes on what was said in an incident's room to the same room on the other platforms, with the
// name of who said it. It does nothing where mirroring is off, and for rooms that are not an incident's.
// What the bot itself says is never passed on, so nothing goes round in circles. Talk that holds patients'
// data or a secret is not passed on either; the error is then a *incident.Refusal for its author's eyes, in
// whatever room it was, since the chat system itself has it.
// Plain words in a department's room are a sign that it reads, wherever they go from there.
func (d *Desk) Relay(ctx context.Context, t Talk) error {
	d.Sign(ctx, t.By, t.Room)
	id, ok := t.Room.IncidentOf()
	text := strings.TrimSpace(t.Text)
	room, known := d.Room(t.Room)
	if !known || text == "" && len(t.Files) == 0 {
		return nil
	}
	for _, s := range append([]string{text}, fileNames(t.Files)...) {
		if class, found := d.Guard(s); found {
			d.opts.Log.Info("talk was not passed on, by the guard", "class", class, "platform", t.Platform, "person", t.By.ID)
			return &incident.Refusal{Phrase: "relay.guarded", Args: map[string]any{"why": reason("guard." + string(class))}}
		}
	}
	if !d.opts.Settings.Mirror || !ok {
		return nil
	}
	heard := "relay/" + t.Platform + "/" + t.Post
	_, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		if b.mark(heardMark+heard) != "" {
			return Change{}, Outcome{Again: true}, nil
		}
		v := d.voiceAt(room.Lang, b.now)
		m := Message{
			ID: MessageID(heard), Room: room.ID, Kind: Relay, Urgency: Ask, Lang: room.Lang, Incident: id, At: b.now,
			Title: v.Say("relay.by", "name", t.By.Name, "platform", v.Say("platform."+t.Platform)), Text: text,
		}
		if len(t.Files) > 0 {
			m.Text = strings.TrimSpace(text + "\n" + v.files(t.Files))
		}
		c := Change{Marks: []Mark{{Name: heardMark + heard, Value: b.now.Format(time.RFC3339)}}}
		for _, copied := range d.spread(m) {
			if copied.Platform != t.Platform {
				c.Say = append(c.Say, copied)
			}
		}
		return c, Outcome{}, nil
	})
	return err
}

func fileNames(files []incident.File) []string {
	var out []string
	for _, f := range files {
		out = append(out, f.Name)
	}
	return out
}
