package rigtest_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wardline/bot"
	"wardline/bot/rigtest"
	"wardline/storage"
	"wardline/storage/bolt"
)

// tally is what came out.
type tally struct {
	acknowledged, unanswered, events, messages, posts, rooms, closings int

	lost     int // acknowledged commands that are not in the log
	twice    int // commands that are in the log twice
	missing  int // messages that nobody sees
	doubled  int // posts that are there twice
	ghosts   int // rooms nobody wants
	order    int // messages shown before older ones
	problems []string
}

// String gives the figures.
func (c tally) String() string {
	return fmt.Sprintf("%d commands acknowledged, %d events, %d messages, %d posts, %d rooms, %d closings; lost %d, acted on twice %d, missing %d, doubled %d, ghost rooms %d, out of order %d",
		c.acknowledged, c.events, c.messages, c.posts, c.rooms, c.closings, c.lost, c.twice, c.missing, c.doubled, c.ghosts, c.order)
}

func (c *tally) add(o tally) {
	for _, p := range []struct{ to, from *int }{
		{&c.acknowledged, &o.acknowledged},
		{&c.events, &o.events},
		{&c.messages, &o.messages},
		{&c.posts, &o.posts},
		{&c.rooms, &o.rooms},
		{&c.closings, &o.closings},
		{&c.lost, &o.lost},
		{&c.twice, &o.twice},
		{&c.missing, &o.missing},
		{&c.doubled, &o.doubled},
		{&c.ghosts, &o.ghosts},
		{&c.order, &o.order},
	} {
		*p.to += *p.from
	}
	c.problems = append(c.problems, o.problems...)
}

func (c *tally) fail(n *int, format string, args ...any) {
	*n++
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// count compares what was acknowledged with the log, and what was stored with what people see.
func count(t *testing.T, file string, chat *rigtest.Chat, people *crowd) tally {
	t.Helper()
	report, err := bolt.Verify(t.Context(), file)
	must(t, err)
	var c tally
	other := 0
	if !report.OK() || report.Messages != 0 {
		c.fail(&other, "the store does not verify, or something is still to be said: %+v", report)
	}
	store, _, err := bolt.OpenStore(file, bolt.Options{})
	must(t, err)
	defer func() { must(t, store.Close()) }()
	c.log(t, store, people)
	promised, settled := read[promise](t, store, saidMark), read[settlement](t, store, settledMark)
	left, err := store.Marks(t.Context(), "tried/")
	must(t, err)
	for _, m := range left {
		c.fail(&other, "a mark is left behind: %s", m.Name)
	}
	c.seen(chat, promised, settled)
	return c
}

func read[T any](t *testing.T, store *storage.Store, prefix string) map[bot.MessageID]T {
	t.Helper()
	marks, err := store.Marks(t.Context(), prefix)
	must(t, err)
	out := map[bot.MessageID]T{}
	for _, m := range marks {
		var v T
		must(t, json.Unmarshal([]byte(m.Value), &v))
		out[bot.MessageID(strings.TrimPrefix(m.Name, prefix))] = v
	}
	return out
}

var wordPattern = regexp.MustCompile(`word[0-9]+x`)

// log looks for the word of every command in the events.
func (c *tally) log(t *testing.T, store *storage.Store, people *crowd) {
	t.Helper()
	heads, err := store.Heads(t.Context())
	must(t, err)
	found := map[string]map[string]int{} // word -> kind of event -> how often
	for _, h := range heads {
		events, err := store.Events(t.Context(), h.ID, 0, 0)
		must(t, err)
		c.events += len(events)
		for _, e := range events {
			body, err := json.Marshal(e.Body)
			must(t, err)
			for _, word := range wordPattern.FindAllString(string(body), -1) {
				if found[word] == nil {
					found[word] = map[string]int{}
				}
				found[word][fmt.Sprintf("%T", e.Body)]++
			}
		}
	}
	acknowledged := people.acknowledged()
	c.acknowledged, c.unanswered = len(acknowledged), len(people.said)-len(acknowledged)
	for _, l := range people.said {
		a, ok := acknowledged[l.ID]
		if ok && len(found[l.ID]) == 0 && strings.Contains(l.Text, l.ID) {
			c.fail(&c.lost, "%q was acknowledged by %q and is in no log", l.Text, a.Text)
		}
		for kind, n := range found[l.ID] {
			if n != 1 {
				c.fail(&c.twice, "%q was acted on %d times as %s", l.Text, n, kind)
			}
		}
	}
}

// seen compares what was stored to be said with what is there.
func (c *tally) seen(chat *rigtest.Chat, promised map[bot.MessageID]promise, settled map[bot.MessageID]settlement) {
	byKey := map[string][]rigtest.Post{}
	for _, p := range chat.Posts() {
		byKey[p.Key] = append(byKey[p.Key], p)
	}
	rooms := map[bot.RoomID]int{}
	for _, r := range chat.Rooms() {
		if r.Owner() != "" {
			rooms[r.Owner()]++
		}
	}
	c.messages, c.posts, c.rooms = len(promised), len(chat.Posts()), len(rooms)
	wanted := map[bot.RoomID]bool{}
	last := map[bot.RoomID]shown{}
	for _, id := range inOrder(promised) {
		p, s := promised[id], settled[id]
		wanted[p.Room] = true
		as := byKey[p.Key]
		switch {
		case s.As == "":
			c.fail(&c.missing, "%s %s is not settled", p.Kind, id)
		case s.Rejected != "":
			c.fail(&c.missing, "%s %s was given up: %s", p.Kind, id, s.Rejected)
		case p.Kind == bot.OpenRoom || p.Kind == bot.CloseRoom:
			if p.Kind == bot.CloseRoom {
				c.closings++
			}
			if rooms[p.Room] != 1 {
				c.fail(&c.missing, "%s %s: there are %d rooms", p.Kind, id, rooms[p.Room])
			}
		case s.As != id && p.Kind == bot.Digest:
			if len(as) != 0 {
				c.fail(&c.doubled, "%s %s was said by itself and within %s", p.Kind, id, s.As)
			}
		case len(as) == 0:
			c.fail(&c.missing, "%s %s is not there", p.Kind, id)
		case p.Kind != bot.Board:
			if before := last[p.Room]; before.post > as[0].ID && p.Kind != bot.Digest {
				c.fail(&c.order, "%s %s is shown before the older %s", p.Kind, id, before.id)
			}
			if p.Kind != bot.Digest { // a digest may overtake: it sums up
				last[p.Room] = shown{as[0].ID, id}
			}
		}
	}
	for key, posts := range byKey {
		there := slices.DeleteFunc(slices.Clone(posts), func(p rigtest.Post) bool { return p.Deleted })
		if len(there) > 1 {
			c.fail(&c.doubled, "%d posts with key %s in room %d: %q", len(there), key, posts[0].Room, posts[0].Text)
		}
	}
	for id, n := range rooms {
		if n > 1 || !wanted[id] {
			c.fail(&c.ghosts, "%d rooms for %s", n, id)
		}
	}
}

// shown is the newest message of a room so far.
type shown struct {
	post int
	id   bot.MessageID
}

func inOrder(promised map[bot.MessageID]promise) []bot.MessageID {
	ids := make([]bot.MessageID, 0, len(promised))
	for id := range promised {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b bot.MessageID) int { return cmp.Compare(promised[a].N, promised[b].N) })
	return ids
}
