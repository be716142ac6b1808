package rigtest_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"wardline/bot"
)

// What a journal keeps, as marks in the same commit as what it is about.
const (
	saidMark    = "rig/say/"     // + message -> promise
	settledMark = "rig/settled/" // + message -> settlement
)

// promise is a message that was stored to be said.
type promise struct {
	Room bot.RoomID
	Kind bot.MessageKind
	Key  string // effect key
	N    int64  // grows in the order in which messages were stored
}

// settlement is what the bot believes became of a message.
type settlement struct {
	As       bot.MessageID // the message it was said with
	Rejected string
}

// journal is a store that also keeps what it was to forget: every message there ever was to be said,
// and what became of it. The bot does not see that.
type journal struct{ bot.Store }

// Commit implements bot.Store.
func (j *journal) Commit(ctx context.Context, changes ...bot.Change) error {
	changes = slices.Clone(changes)
	n := time.Now().UnixNano()
	for i := range changes {
		c := &changes[i]
		c.Marks = slices.Clone(c.Marks)
		for _, m := range c.Say {
			n++
			c.Marks = append(c.Marks, jsonMark(saidMark+string(m.ID), promise{Room: m.Room, Kind: m.Kind, Key: m.EffectKey(), N: n}))
		}
		for _, s := range c.Settled {
			last := c.Settled[len(c.Settled)-1].ID
			c.Marks = append(c.Marks, jsonMark(settledMark+string(s.ID), settlement{As: last, Rejected: s.Rejected}))
		}
	}
	return j.Store.Commit(ctx, changes...)
}

func jsonMark(name string, v any) bot.Mark {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs: cannot happen
	}
	return bot.Mark{Name: name, Value: string(data)}
}

// Marks implements bot.Store.
func (j *journal) Marks(ctx context.Context, prefix string) ([]bot.Mark, error) {
	marks, err := j.Store.Marks(ctx, prefix)
	return slices.DeleteFunc(marks, func(m bot.Mark) bool { return strings.HasPrefix(m.Name, "rig/") }), err
}
