package bot_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// sixty is how many departments the hospital of these stories has to tell.
const sixty = 60

// bigHospital is the built-in one with more wards, so that sixty departments hear of an outage at L3.
func bigHospital(t *testing.T) *hospital.Pack {
	t.Helper()
	pack, err := defaultPack()
	must(t, err)
	told := 0
	for _, d := range pack.Departments() {
		if d.ID != "leaders" && d.ID != "it" {
			told++
		}
	}
	var more strings.Builder
	more.WriteString("version: 1\ndepartments:\n")
	for i := range sixty - told {
		fmt.Fprintf(&more, "- {id: ward_%02d, parent: ward, kind: clinical, visit_order: %d, name: {zh: 第%d病区, en: Ward %d}, aliases: {zh: [], en: []}, uses: [cpoe], downtime_set: [WARD-ORDER]}\n",
			i, 100+i, i, i)
	}
	big, err := hospital.LoadFS(fstest.MapFS{"departments.yaml": &fstest.MapFile{Data: []byte(more.String())}})
	must(t, err)
	return big
}

// inBigHospital plays a story in a hospital of sixty departments with a phone each, a nurse in each and a
// nursing lead.
func inBigHospital(t *testing.T, story func(t *testing.T, s *stage)) {
	pack := bigHospital(t)
	play(t, func(s *stage) {
		s.opts.Pack = pack
		s.opts.Rooms = s.opts.Rooms[:3]
		s.opts.People = append(s.opts.People, bot.Person{ID: "sun", Name: "Sun", Department: "nursing", Roles: []bot.Role{"nursing_lead"}, Phone: "8020"})
		for i, d := range pack.Departments() {
			s.opts.Rooms = append(s.opts.Rooms, bot.Room{
				ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID, Phone: fmt.Sprint(8100 + i),
			})
			if d.ID != "nursing" {
				s.opts.People = append(s.opts.People, bot.Person{ID: nurse(d.ID), Name: "Nurse of " + d.Name.EN, Department: d.ID})
			}
		}
	}, story)
}

func nurse(d incident.DepartmentID) incident.PersonID { return "nurse_" + incident.PersonID(d) }

// ack has a nurse of a department say that it works on paper.
func (s *stage) ack(d incident.DepartmentID) {
	s.t.Helper()
	p, _ := s.desk.PersonByID(nurse(d))
	_, err := s.desk.Do(s.t.Context(), bot.Act{Incident: 1, Command: incident.Acknowledge{Department: d, Word: incident.OnPaper}, By: p})
	must(s.t, err)
}

// night is what became of an outage in the big hospital.
type night struct {
	silent []incident.DepartmentID
	deeds  []string // of the clock, to the millisecond
	said   []string // what the incident's room and the silent wards were asked
}

// livesTwentyMinutes has 85 % of the departments answer at times of their own within four minutes and
// nine seconds; restarts are the minutes after which the bot is stopped and started again.
func livesTwentyMinutes(t *testing.T, s *stage, restarts ...time.Duration) night {
	rnd := rand.New(rand.NewPCG(60, 15))
	began := time.Now()
	s.declare(incident.L3)
	synctest.Wait()
	told := s.incident().Told
	if len(told) != sixty {
		t.Fatalf("%d departments are told, want %d", len(told), sixty)
	}
	var n night
	answers := map[incident.DepartmentID]time.Duration{}
	for _, i := range rnd.Perm(sixty) {
		if len(n.silent) < sixty*15/100 {
			n.silent = append(n.silent, told[i])
		} else {
			answers[told[i]] = time.Duration(1+rnd.IntN(4*60*1000))*time.Millisecond + 9*time.Second
		}
	}
	slices.Sort(n.silent)
	moments := slices.Clone(restarts)
	for _, after := range answers {
		moments = append(moments, after)
	}
	slices.Sort(moments)
	for _, at := range slices.Compact(moments) {
		time.Sleep(time.Until(began.Add(at)))
		for _, d := range told {
			if answers[d] == at {
				s.ack(d)
			}
		}
		if slices.Contains(restarts, at) {
			s.restart()
		}
	}
	time.Sleep(time.Until(began.Add(20 * time.Minute)))
	synctest.Wait()
	log, err := s.desk.Events(t.Context(), 1)
	must(t, err)
	for _, e := range log {
		if b, ok := e.Body.(incident.SilenceChased); ok {
			deps := slices.Sorted(slices.Values(b.Departments))
			n.deeds = append(n.deeds, fmt.Sprintf("%s step %d %v", e.At.Sub(began).Round(time.Millisecond), b.Step, deps))
		}
	}
	for _, p := range s.posts.tried(func(m bot.Message) bool { return m.Kind == bot.Request }) {
		if p.Err == nil {
			n.said = append(n.said, fmt.Sprint(p.Room, " ", p.At.Sub(began).Round(time.Second), " ", p.Text))
		}
	}
	return n
}

// TestEveryDepartmentIsAccountedForInTwentyMinutes tells sixty departments, fifteen in a hundred of which
// give no sign: all are told at once, and by twenty minutes each has answered or is named to somebody who
// can phone, at the minute the hospital's clocks say. A restart in the middle changes nothing.
func TestEveryDepartmentIsAccountedForInTwentyMinutes(t *testing.T) {
	var whole night
	t.Run("without a restart", func(t *testing.T) {
		inBigHospital(t, func(t *testing.T, s *stage) {
			whole = livesTwentyMinutes(t, s)
			in := s.incident()
			want := []string{
				fmt.Sprintf("5m0s step 1 %v", whole.silent), fmt.Sprintf("10m0s step 2 %v", whole.silent), fmt.Sprintf("15m0s step 3 %v", whole.silent),
			}
			if !slices.Equal(whole.deeds, want) {
				t.Errorf("silence was followed up\n%s\nwant\n%s", strings.Join(whole.deeds, "\n"), strings.Join(want, "\n"))
			}
			told := map[bot.RoomID]bool{}
			for _, p := range s.posts.tried(func(m bot.Message) bool {
				return m.Kind == bot.Broadcast && strings.Contains(m.Text, "[SYSTEM DOWN L3]")
			}) {
				told[p.Room] = p.Err == nil && p.At.Sub(in.DeclaredAt) < time.Second
			}
			onPaper, named := 0, 0
			list := lastSaid(s, "inc/1", "Phone them")
			for _, d := range in.Told {
				if !told[bot.DepartmentRoomID(d)] {
					t.Errorf("%s was not told within a second", d)
				}
				switch name, _ := s.opts.Pack.Department(d); {
				case in.OnPaper(d):
					onPaper++
				case strings.Contains(list, name.Name.EN+" (8"):
					named++
				default:
					t.Errorf("%s has not answered and is named to nobody:\n%s", d, list)
				}
			}
			if onPaper != 51 || named != 9 {
				t.Errorf("%d on paper, %d named with a phone", onPaper, named)
			}
			if digest := s.desk.DigestNow(hospital.EN, leaders); !strings.Contains(digest, "51/60 departments on paper (85%); silent: ") {
				t.Errorf("the leaders read\n%s", digest)
			}
			if wrong := s.ledger.wrong(); len(wrong) > 0 {
				t.Errorf("not said exactly once: %v", wrong)
			}
		})
	})
	t.Run("with restarts", func(t *testing.T) {
		inBigHospital(t, func(t *testing.T, s *stage) {
			again := livesTwentyMinutes(t, s, 3*time.Minute, 5*time.Minute, 7*time.Minute, 14*time.Minute+59*time.Second)
			if !slices.Equal(again.deeds, whole.deeds) {
				t.Errorf("with restarts\n%s\nwithout\n%s", strings.Join(again.deeds, "\n"), strings.Join(whole.deeds, "\n"))
			}
			slices.Sort(again.said)
			slices.Sort(whole.said)
			if !slices.Equal(again.said, whole.said) {
				t.Errorf("with restarts was asked\n%s\nwithout\n%s", strings.Join(again.said, "\n"), strings.Join(whole.said, "\n"))
			}
		})
	})
}

// lastSaid returns the newest message of a room that has some words.
func lastSaid(s *stage, room bot.RoomID, words string) string {
	out := ""
	for _, p := range s.posts.in(room) {
		if strings.Contains(p.Text, words) {
			out = p.Text
		}
	}
	return out
}

// TestRoomThatFailsStopsNobody lets one department's room fail for good and one be lost for minutes: all
// others are told at once, and both are on the list of those to phone.
func TestRoomThatFailsStopsNobody(t *testing.T) {
	inBigHospital(t, func(t *testing.T, s *stage) {
		s.posts.failing(func(_ context.Context, m bot.Message) error {
			if m.Room == "dept/icu" {
				return bot.ErrRejected
			}
			if m.Room == "dept/or" {
				return errors.New("no answer")
			}
			return nil
		})
		s.declare(incident.L3)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		in := s.incident()
		late := 0
		for _, d := range in.Told {
			first := s.posts.in(bot.DepartmentRoomID(d))
			if d != "icu" && d != "or" && (len(first) == 0 || first[0].At.Sub(in.DeclaredAt) >= time.Second) {
				late++
			}
		}
		if late > 0 {
			t.Errorf("%d departments were not told at once", late)
		}
		board := s.desk.Voice(hospital.EN).Status(in)
		if !strings.Contains(board, "Not reached, phone or send a runner: Intensive care unit (81") || !strings.Contains(board, "Operating rooms (81") {
			t.Errorf("the board says\n%s", board)
		}
		text, pages := s.desk.Voice(hospital.EN).Wards(in, 1)
		lines := strings.Split(text, "\n")
		if pages != 5 || !strings.HasPrefix(lines[2], "? Intensive care unit 12:00 → - → - | cannot be reached here, phone or send a runner: Intensive care unit (81") {
			t.Errorf("of %d pages the first is\n%s", pages, text)
		}
		time.Sleep(2*time.Minute + time.Second)
		synctest.Wait()
		if list := lastSaid(s, "inc/1", "do not reach 2 departments"); !strings.Contains(list, "Intensive care unit (81") || !strings.Contains(list, "Operating rooms (81") {
			t.Errorf("not reached:\n%s", list)
		}
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if list := lastSaid(s, "inc/1", "Phone them"); !strings.Contains(list, "Intensive care unit (81") || !strings.Contains(list, "Operating rooms (81") {
			t.Errorf("to be phoned:\n%s", list)
		}
	})
}

// halfHouse is a platform that has no room for the operating rooms.
type halfHouse struct{ *posts }

func (halfHouse) Has(room bot.RoomID) bool { return room != "dept/or" }

// TestDepartmentWithoutARoomIsPhoned tells a department that no chat system has a room for: it is on the
// board at once and on the phone list when the others are reminded.
func TestDepartmentWithoutARoomIsPhoned(t *testing.T) {
	play(t, func(s *stage) {
		s.opts.Platforms = []bot.Platform{halfHouse{s.posts}}
		for i, r := range s.opts.Rooms {
			if r.ID == "dept/or" {
				s.opts.Rooms[i].Phone = "8305"
			}
		}
	}, func(t *testing.T, s *stage) {
		s.declare(incident.L2)
		synctest.Wait()
		if board := s.desk.Voice(hospital.EN).Status(s.incident()); !strings.Contains(board, "Not reached, phone or send a runner: Operating rooms (8305)") {
			t.Errorf("the board says\n%s", board)
		}
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		want := "INC-1: messages do not reach 1 department. Phone them now, or send a runner:\nOperating rooms (8305)\nThen press the button of the department."
		if got := lastSaid(s, "inc/1", "do not reach"); got != want {
			t.Errorf("people read\n%s\nwant\n%s", got, want)
		}
	})
}

// TestAnAnswerEndsTheChase has the only silent department answer between two steps.
func TestAnAnswerEndsTheChase(t *testing.T) {
	inBigHospital(t, func(t *testing.T, s *stage) {
		o := s.do(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Departments: []incident.DepartmentID{"icu"}, Level: incident.L1})
		if len(o.After.Told) != 1 {
			t.Fatalf("told %v", o.After.Told)
		}
		time.Sleep(7 * time.Minute)
		s.ack("icu")
		s.do(incident.SetETA{At: time.Now().Add(time.Hour)}) // a new time asks nobody again
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		log, err := s.desk.Events(t.Context(), 1)
		must(t, err)
		chased := 0
		for _, e := range log {
			if _, ok := e.Body.(incident.SilenceChased); ok {
				chased++
			}
		}
		if in := s.incident(); chased != 1 || !in.OnPaper("icu") {
			t.Errorf("followed up %d times, the department is %s", chased, in.Ward("icu"))
		}
		requests := s.posts.in("dept/icu")
		asked := slices.IndexFunc(requests, func(p post) bool { return p.Kind == bot.Request })
		if asked < 0 || !slices.Equal(requests[asked].Mention, []incident.PersonID{nurse("icu")}) {
			t.Errorf("nobody of the department was called by name: %v", requests)
		}
	})
}

// TestPlainWordsInAWardsRoomAreASign takes talk for what it is: a ward that answers has read. Those who
// coordinate are not the ward.
func TestPlainWordsInAWardsRoomAreASign(t *testing.T) {
	inBigHospital(t, func(t *testing.T, s *stage) {
		s.declare(incident.L3)
		talk := func(by bot.Person) {
			must(t, s.desk.Relay(t.Context(), bot.Talk{Platform: "web", Post: string(by.ID), Room: "dept/icu", By: by, Text: "OK"}))
		}
		talk(wang)
		if w := s.incident().Wards["icu"]; !w.Seen.IsZero() {
			t.Errorf("the coordinator's own words count: %+v", w)
		}
		talk(bot.Person{ID: "web:night", Name: "Night nurse"})
		time.Sleep(time.Second)
		talk(bot.Person{ID: "web:other", Name: "Another nurse"})
		in := s.incident()
		if w := in.Wards["icu"]; w.SeenBy != "web:night" || !w.Seen.Equal(in.DeclaredAt) || in.Ward("icu") != incident.WardSeen {
			t.Errorf("seen: %+v", w)
		}
	})
}

func TestAllOnPaperIsSaidOnce(t *testing.T) {
	inBigHospital(t, func(t *testing.T, s *stage) {
		s.do(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Departments: []incident.DepartmentID{"ed", "icu"}, Level: incident.L1})
		time.Sleep(3 * time.Minute)
		s.ack("ed")
		if said := lastSaid(s, "inc/1", "are on paper"); said != "" {
			t.Errorf("too early: %s", said)
		}
		s.ack("icu")
		synctest.Wait()
		if got, want := lastSaid(s, "inc/1", "are on paper"), "✓ All 2 departments are on paper, 3 min after the declaration (the last by Nurse of Intensive care unit)"; got != want {
			t.Errorf("people read %q, want %q", got, want)
		}
	})
}
