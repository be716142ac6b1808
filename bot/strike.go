package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wardline/bot/incident"
)

// strike folds the whole log anew when something was struck, so that the text is in no state and in
// no snapshot any more, and takes it out of what waits to be said. It reads the log while others wait;
// striking is rare.
func (b *batch) strike(c *Change, o *Outcome) error {
	for _, e := range o.Events {
		if s, ok := e.Body.(incident.Struck); ok {
			c.Strike = append(c.Strike, s.Number)
		}
	}
	if c.Strike == nil {
		return nil
	}
	log, err := b.d.opts.Store.Events(context.Background(), c.Incident, 0, 0)
	if err != nil {
		return fmt.Errorf("read the log of %s: %w", c.Incident, err)
	}
	log = append(log, b.events[c.Incident]...)
	o.After = incident.Fold(c.Incident, append(log, o.Events...))
	for _, n := range c.Strike {
		if err := b.unsay(c, incident.Words(log[n-1].Body)); err != nil {
			return err
		}
	}
	return nil
}

// unsay puts messages without the words in the place of those that would still say them. What may be
// on its way to a platform at this moment cannot be called back.
func (b *batch) unsay(c *Change, words []string) error {
	unsaid := slices.Clone(b.say)
	for _, p := range b.d.opts.Platforms {
		waiting, err := b.d.opts.Store.Unsaid(context.Background(), p.Name())
		if err != nil {
			return fmt.Errorf("read what %s still has to say: %w", p.Name(), err)
		}
		unsaid = append(unsaid, waiting...)
	}
	for _, old := range unsaid {
		m := old.without(words, b.d.voiceAt(old.Lang, b.now).Say("event.blanked"))
		if m.Title == old.Title && m.Text == old.Text && m.Note == old.Note && slices.Equal(m.Actions, old.Actions) {
			continue
		}
		m.ID += "/struck"
		c.Settled = append(c.Settled, Settled{Platform: old.Platform, ID: old.ID, Rejected: "struck"})
		c.Say = append(c.Say, m)
	}
	return nil
}

// without returns the message with a blank in place of words.
func (m Message) without(words []string, blank string) Message {
	m.Actions = slices.Clone(m.Actions)
	for _, w := range words {
		if w = strings.TrimSpace(w); w == "" {
			continue
		}
		m.Title, m.Text, m.Note = strings.ReplaceAll(m.Title, w, blank), strings.ReplaceAll(m.Text, w, blank), strings.ReplaceAll(m.Note, w, blank)
		for i, a := range m.Actions {
			m.Actions[i].Label, m.Actions[i].Line = strings.ReplaceAll(a.Label, w, blank), strings.ReplaceAll(a.Line, w, blank)
		}
	}
	return m
}
