package bot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/memory"
)

// TestBothEnginesRememberTheSame gives two desks, one on a file and one in memory, the same commands
// at the same moments, restarts both now and then, and compares all that is kept.
func TestBothEnginesRememberTheSame(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		file, mem := newStage(t, dir), newStage(t, "")
		engine := memory.New()
		mem.open = func() (*storage.Store, error) {
			engine = engine.Reopen()
			return storage.Open(engine, storage.Options{})
		}
		both := []*stage{file, mem}
		for _, s := range both {
			every("*/7 * * * *")(s)
			s.opts.Rooms = s.opts.Rooms[:6]
			s.start()
			defer s.stop()
		}
		lived := 0
		rapid.Check(struct{ rapid.TB }{t}, func(r *rapid.T) { // plain, because a bubble knows no deadline
			if lived++; lived > 40 { // the rest would tell little more, and take long beside a race detector
				return
			}
			p := &pair{r: r, both: both}
			p.declare()
			for range rapid.IntRange(1, 20).Draw(r, "steps") {
				p.step()
			}
			p.compare()
			p.end()
		})
	})
}

// pair is two desks that are told the same.
type pair struct {
	r    *rapid.T
	both []*stage
	id   incident.ID
	n    int
}

func (p *pair) declare() {
	level := rapid.SampledFrom([]incident.Level{incident.L1, incident.L2, incident.L3}).Draw(p.r, "level")
	for _, s := range p.both {
		o, err := s.desk.Do(s.t.Context(), bot.Act{Command: incident.Declare{What: "down", Systems: []incident.SystemID{"his"}, Level: level}, By: wang})
		must(s.t, err)
		p.id = o.After.ID
	}
}

func (p *pair) step() {
	synctest.Wait()
	switch rapid.IntRange(0, 30).Draw(p.r, "what") {
	case 0:
		time.Sleep(time.Duration(rapid.IntRange(1, 1200).Draw(p.r, "seconds")) * time.Second)
	case 1:
		for _, s := range p.both {
			s.restart()
		}
	case 2:
		for _, s := range p.both {
			s.posts.failing(down)
		}
	case 3:
		for _, s := range p.both {
			s.posts.failing(nil)
		}
		time.Sleep(3 * time.Minute) // what waited is said
	default:
		p.command()
	}
}

// command gives both desks one command; both must answer the same.
func (p *pair) command() {
	p.n++
	text := fmt.Sprint("words ", p.n)
	number := rapid.IntRange(1, 4).Draw(p.r, "number")
	c := rapid.SampledFrom([]incident.Command{
		incident.AddProgress{Text: text},
		incident.SetFact{Key: incident.Plan, Value: text},
		incident.SetETA{At: time.Now().Add(time.Duration(number) * 9 * time.Minute)},
		incident.RaiseNeed{Text: text},
		incident.MeetNeed{N: number},
		incident.AskPerson{Text: text, Department: "ed", Room: "dept/ed"},
		incident.AnswerQuestion{N: number, Text: text},
		incident.AssignQuestion{N: number, To: "raj"},
		incident.MergeQuestions{N: number, Into: number + 1},
		incident.Strike{Number: number + 1, Of: "fact_set", Reason: "a name"},
		incident.SetLevel{Level: incident.Level(number)},
		incident.Restore{Watch: 10 * time.Minute},
		incident.Reopen{Reason: text},
		incident.Close{Override: "by name"},
		incident.Report{Text: text, Department: "ed"},
		incident.AskLeaders{Text: text, By: time.Now().Add(5 * time.Minute)},
		incident.Decided{N: number, Answer: text},
	}).Draw(p.r, "command")
	heard := fmt.Sprint("web/", rapid.IntRange(0, 200).Draw(p.r, "heard"))
	var answers []string
	for _, s := range p.both {
		o, err := s.desk.Do(s.t.Context(), bot.Act{Incident: p.id, Command: c, By: bot.Person{ID: "web:x", Name: text}, Heard: heard})
		if refused := (*incident.Refusal)(nil); err != nil && !errors.As(err, &refused) {
			p.r.Fatalf("%#v: %v", c, err)
		}
		answers = append(answers, fmt.Sprint(o.Again, len(o.Events), o.After.Version, err))
	}
	if answers[0] != answers[1] {
		p.r.Fatalf("%#v: the file says %s, memory %s", c, answers[0], answers[1])
	}
}

// end closes the incident, so that the next one is alone.
func (p *pair) end() {
	for _, s := range p.both {
		for _, c := range []incident.Command{incident.Restore{Watch: time.Hour, Override: "by name"}, incident.Close{Override: "by name"}} {
			_, err := s.desk.Do(s.t.Context(), bot.Act{Incident: p.id, Command: c, By: wang})
			if refused := (*incident.Refusal)(nil); err != nil && !errors.As(err, &refused) {
				p.r.Fatalf("%#v: %v", c, err)
			}
		}
	}
}

func (p *pair) compare() {
	synctest.Wait()
	var kept [2]map[string]any
	for i, s := range p.both {
		in, _, err := s.desk.Incident(s.t.Context(), p.id)
		must(s.t, err)
		state, err := json.Marshal(in)
		must(s.t, err)
		heads, err := s.store.Heads(s.t.Context())
		must(s.t, err)
		marks, err := s.store.Marks(s.t.Context(), "")
		must(s.t, err)
		unsaid, err := s.store.Unsaid(s.t.Context(), "web")
		must(s.t, err)
		log, err := s.store.Events(s.t.Context(), p.id, 0, 0)
		must(s.t, err)
		// Which room is found out first not to be reached is chance: the list of those is left out, and which
		// of its boards was shown last.
		marks = slices.DeleteFunc(marks, func(m bot.Mark) bool {
			return strings.HasPrefix(m.Name, "missed/") || strings.HasPrefix(m.Name, "ref/")
		})
		unsaid = slices.DeleteFunc(unsaid, func(m bot.Message) bool {
			return strings.HasPrefix(string(m.ID), "missed/") || strings.HasPrefix(string(m.ID), "renew/")
		})
		// What several goroutines commit at one instant comes in any order; the rooms' own order is a
		// matter of other stories.
		slices.SortFunc(unsaid, func(a, b bot.Message) int { return strings.Compare(string(a.ID), string(b.ID)) })
		kept[i] = map[string]any{"state": string(state), "heads": heads, "marks": marks, "unsaid": unsaid, "log": log}
	}
	if !reflect.DeepEqual(kept[0], kept[1]) {
		p.r.Fatalf("file and memory differ (-file +memory):\n%s", cmp.Diff(kept[0], kept[1]))
	}
}
