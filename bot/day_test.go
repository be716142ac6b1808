package bot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wardline/bot"
	"wardline/bot/incident"
)

// what happens in a day: the bot goes down or comes up, the platform does, or somebody says something.
type turn struct {
	at time.Time
	do string
}

// TestADayOfRestartsMissesNothingAndDoublesNothing lives 24 hours of one outage with three digest
// subscriptions, ETAs, progress and questions, while the bot and its platform go down at random, and
// compares what the clock did with a model that walks the day in quarter seconds.
func TestADayOfRestartsMissesNothingAndDoublesNothing(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			set := func(s *stage) {
				s.opts.Rooms = s.opts.Rooms[:8] // five departments will do
				s.opts.Digests = []bot.Subscription{
					{ID: "config/1", Room: english, Cron: "*/20 * * * *"},
					{ID: "config/2", Room: leaders, Cron: "0 7,8,20 * * *", Zone: "Asia/Shanghai"},
					{ID: "config/3", Room: bot.IT, Cron: "@every 75m"},
				}
			}
			play(t, set, func(t *testing.T, s *stage) {
				rnd := rand.New(rand.NewPCG(seed, 1))
				synctest.Wait()
				begin := time.Now()
				day := aDay(rnd, begin)
				m := newModel(s.desk.Rules(), begin)
				s.declare(incident.L3)
				for i := range day {
					if day[i].do == "eta" { // drawn here so that the model and the bot know the same
						day[i].do = fmt.Sprint("eta ", 1+rnd.IntN(90))
					}
					time.Sleep(time.Until(day[i].at))
					s.turn(day[i])
				}
				time.Sleep(10 * time.Minute) // what waited for the platform is said
				synctest.Wait()
				m.live(day, time.Now())
				s.wantDay(m)
			})
		})
	}
}

// aDay draws turns; people speak only while the bot is up. Nothing falls together with what is due: that
// is at whole seconds or half seconds.
func aDay(rnd *rand.Rand, begin time.Time) []turn {
	var day []turn
	at := begin
	for at.Before(begin.Add(23 * time.Hour)) {
		up := time.Duration(1+rnd.IntN(90)) * time.Minute
		for range rnd.IntN(4) {
			said := []string{"eta", "progress", "question", "platform down", "platform up"}[rnd.IntN(5)]
			day = append(day, turn{at.Add(time.Duration(1+rnd.IntN(int(up/time.Second)-1))*time.Second + 500*time.Millisecond), said})
		}
		gone := time.Duration(rnd.IntN([]int{5, 600, 9000}[rnd.IntN(3)])) * time.Second
		day = append(day, turn{at.Add(up + 250*time.Millisecond), "down"}, turn{at.Add(up + gone + 750*time.Millisecond), "up"})
		at = at.Add(up + gone + time.Second)
	}
	day = append(day, turn{at.Add(500 * time.Millisecond), "platform up"})
	slices.SortStableFunc(day, func(a, b turn) int { return a.at.Compare(b.at) })
	return day
}

func (s *stage) turn(t turn) {
	s.t.Helper()
	minutes := 0
	switch n, _ := fmt.Sscanf(t.do, "eta %d", &minutes); {
	case n == 1:
		s.do(incident.SetETA{At: t.at.Add(time.Duration(minutes) * time.Minute)})
	case t.do == "progress":
		s.do(incident.AddProgress{Text: "still looking"})
	case t.do == "question":
		s.do(incident.AskPerson{Text: t.at.Format("labels at 15:04:05?"), Department: "ed"}) // other words each time: the same would join
	case t.do == "platform down":
		s.posts.failing(down)
	case t.do == "platform up":
		s.posts.failing(nil)
	case t.do == "down":
		s.stop()
	case t.do == "up":
		s.start()
	}
}

// model is what must happen, told in plain words for one outage that stays open.
type model struct {
	rules             incident.Rules
	now               time.Time
	told, heard       time.Time      // the wards, of the engineers
	asked             bool           // for the script to be read
	nudges            int            // how often for progress
	nudged, decide    time.Time      // when so last; until when the leaders are asked to decide, zero = nothing
	chased            incident.Chase // how far silence was followed up
	eta               time.Time
	questions         []time.Time
	deeds             []string            // of the clock
	schedules, missed map[string][]string // of each subscription: what was sent, what waits
}

func newModel(r incident.Rules, begin time.Time) *model {
	return &model{rules: r, now: begin, told: begin, heard: begin, schedules: map[string][]string{}, missed: map[string][]string{}}
}

func (m *model) live(day []turn, end time.Time) {
	up := true
	for ; !m.now.After(end); m.now = m.now.Add(250 * time.Millisecond) {
		for len(day) > 0 && !day[0].at.After(m.now) {
			switch day[0].do {
			case "down", "up":
				up = day[0].do == "up"
			default:
				m.person(day[0].do)
			}
			day = day[1:]
		}
		m.note()
		if up {
			m.clock()
		}
	}
}

func (m *model) person(do string) {
	minutes := 0
	switch n, _ := fmt.Sscanf(do, "eta %d", &minutes); {
	case n == 1:
		m.eta, m.told, m.heard, m.nudges = m.now.Add(time.Duration(minutes)*time.Minute), m.now, m.now, 0
	case do == "progress":
		m.heard, m.nudges = m.now, 0
	case do == "question":
		m.questions = append(m.questions, m.now)
	}
}

// note notes which digests fall due at this moment, bot or no bot.
func (m *model) note() {
	if m.now.Nanosecond() != 0 || m.now.Second() != 0 || !m.now.After(at0(12, 0)) {
		return
	}
	owed := map[string]bool{
		"config/1": m.now.Minute()%20 == 0,
		"config/2": m.now.Minute() == 0 && slices.Contains([]int{23, 0, 12}, m.now.Hour()), // 7, 8 and 20 o'clock in Shanghai
		"config/3": m.now.Sub(at0(12, 0))%(75*time.Minute) == 0,
	}
	for sub, is := range owed {
		if is {
			m.missed[sub] = append(m.missed[sub], m.now.Format("02T15:04"))
		}
	}
}

// clock does what is due, once.
func (m *model) clock() {
	did := func(what string) { m.deeds = append(m.deeds, m.now.Format("02 15:04:05.00 ")+what) }
	for sub, due := range m.missed {
		newest := due[len(due)-1]
		m.schedules[sub] = append(m.schedules[sub], fmt.Sprintf("%s for %s missed %d", m.now.Format("02 15:04:05"), newest, len(due)-1))
		delete(m.missed, sub)
	}
	m.questions = slices.DeleteFunc(m.questions, func(asked time.Time) bool {
		late := m.now.Sub(asked) >= m.rules.AskRemind
		if late {
			did("question_waits")
		}
		return late
	})
	every := m.rules.ClinicalEvery[incident.L3]
	if !m.decide.IsZero() && !m.now.Before(m.decide) {
		did("decision_overdue") // no leader of this day ever decides
		m.decide = time.Time{}
	}
	quiet := m.now.Sub(m.told) >= every
	if !m.eta.IsZero() && !m.now.Before(m.eta) {
		did("eta_slipped")
		did("decision_asked")
		m.eta, m.told, m.decide, quiet = time.Time{}, m.now, m.now.Add(every), false
		m.nudged = m.now // asked for a new time
	}
	wait, last := every, m.heard
	if m.nudged.After(last) {
		last = m.nudged
	}
	for range m.nudges {
		wait = min(2*wait, m.rules.StaleMost)
	}
	if m.now.Sub(last) >= wait {
		did("stale")
		m.nudges++
		m.nudged = m.now
	}
	if quiet {
		did("no_change")
		m.told = m.now
	}
	for step := m.chased + 1; step <= incident.Listed && m.now.Sub(at0(12, 0)) >= m.rules.Follow[step]; step++ {
		did("silence_chased") // no department of this day ever answers
		m.chased = step
	}
	if !m.asked && m.now.Sub(at0(12, 0)) >= m.rules.ScriptRemind {
		did("script_waits")
		m.asked = true
	}
}

// wantDay compares the day with the model.
func (s *stage) wantDay(m *model) {
	s.t.Helper()
	log, err := s.desk.Events(s.t.Context(), 1)
	must(s.t, err)
	var deeds []string
	for _, e := range log {
		if e.By == incident.Clock {
			deeds = append(deeds, e.At.Format("02 15:04:05.00 ")+string(e.Body.Kind()))
		}
	}
	if len(deeds) < 30 {
		s.t.Errorf("the clock did only %d things; the day is too quiet to tell", len(deeds))
	}
	if diff := cmp.Diff(m.deeds, deeds); diff != "" {
		s.t.Errorf("what the clock did (-model +bot):\n%s", diff)
	}
	for sub, room := range map[string]bot.RoomID{"config/1": english, "config/2": leaders, "config/3": bot.IT} {
		if diff := cmp.Diff(m.schedules[sub], s.sent(room)); diff != "" {
			s.t.Errorf("digests of %s (-model +bot):\n%s", sub, diff)
		}
	}
	if wrong := s.ledger.wrong(); len(wrong) > 0 {
		s.t.Errorf("not said exactly once: %v", wrong)
	}
	shown := map[bot.MessageID]int{}
	for _, p := range s.posts.tried(func(m bot.Message) bool { return m.Kind != bot.Board }) {
		if p.Err == nil {
			shown[p.ID]++
		}
	}
	for id, n := range shown {
		if n != 1 {
			s.t.Errorf("%s was shown %d times", id, n)
		}
	}
}
