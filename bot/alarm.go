package bot

import (
	"context"
	"time"
)

// alarmMark begins the marks of alarms that were given.
const alarmMark = heardMark + "alarm/"

// An Alarming is a phrase that tells those in charge what happened to the bot itself.
type Alarming string

// What can happen to the bot.
const (
	Restored      Alarming = "alarm.restored"       // a backup took the database's place, and something may be missing
	RestoredWhole Alarming = "alarm.restored_whole" // the same, and nothing seems to be missing
	Damaged       Alarming = "alarm.damaged"        // the running database does not verify
	Unsaved       Alarming = "alarm.backup"         // a backup could not be taken
	NearlyFull    Alarming = "alarm.full"           // the reserve on the disk was used up
)

// Alarm tells those in charge what happened to the bot itself: the IT room, and the room of every
// ongoing incident, each in its own language. It gets the pairs as its arguments. An alarm with
// the same key is given once a day at most. It returns once the alarm is durable.
func (d *Desk) Alarm(ctx context.Context, key string, what Alarming, pairs ...any) error {
	_, err := d.submit(ctx, func(b *batch) (Change, Outcome, error) {
		mark := Mark{Name: alarmMark + key, Value: b.now.Format(time.RFC3339)}
		if b.mark(mark.Name) != "" {
			return Change{}, Outcome{}, nil
		}
		c := Change{Marks: []Mark{mark}}
		for _, room := range d.inCharge() {
			msg := Message{
				ID: MessageID("alarm/" + key + "/" + string(room.ID) + "/" + b.now.UTC().Format(time.RFC3339Nano)), Room: room.ID, Kind: Notice,
				Urgency: Safety, Lang: room.Lang, At: b.now, Incident: room.Incident, Text: d.voiceAt(room.Lang, b.now).Say(string(what), pairs...),
			}
			c.Say = append(c.Say, d.spread(msg)...)
		}
		return c, Outcome{}, nil
	})
	return err
}

// inCharge are the rooms of those who must know when something is wrong with the bot.
func (d *Desk) inCharge() []Room {
	var out []Room
	if it, ok := d.Room(IT); ok {
		out = append(out, it)
	}
	for _, in := range d.Ongoing() {
		out = append(out, d.dress(incidentRoom(headOf(in))))
	}
	return out
}
