package mattermost_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/commands"
)

// A load is people who write without pause: talk in the room of an outage, and commands in direct messages.
type load struct {
	s      *stage
	room   *model.Channel
	direct string
	stop   chan struct{}
	wg     sync.WaitGroup
	least  atomic.Int64 // posts that are still to be written
}

// least is how much each writer writes, however slow the machine is.
const least = 40

// writing starts a load. Writers try again after an error, so that some things may stand there twice.
func (s *stage) writing(padding int, pause time.Duration) *load {
	s.t.Helper()
	l := &load{s: s, room: s.channel("wl-inc-1"), direct: s.direct("chen"), stop: make(chan struct{})}
	s.joined(l.room.Id, "wu", "lin", "chen")
	for i, who := range []string{"wu", "wu", "lin", "chen"} {
		l.least.Add(least)
		client, channel := s.server.Client(s.users[personID(who)]), l.room.Id
		if who == "chen" {
			channel = l.direct
		}
		l.wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-l.stop:
					if l.least.Load() <= 0 {
						return
					}
				default:
				}
				time.Sleep(pause)
				text := fmt.Sprintf("%s %d/%d %s", who, i, n, strings.Repeat("字", padding))
				ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
				_, _, err := client.CreatePost(ctx, &model.Post{ChannelId: channel, Message: text})
				cancel()
				if err == nil {
					l.least.Add(-1)
				}
			}
		})
	}
	return l
}

// end stops the load and returns the ids of all that stands on the server: talk, and commands.
func (l *load) end() (talk, commands []string) {
	l.s.t.Helper()
	close(l.stop)
	l.wg.Wait()
	list := func(channel string) (ids []string) {
		for _, p := range l.s.server.Posts(channel) {
			if p.Type == "" && p.UserId != l.s.bot.Id {
				ids = append(ids, p.Id)
			}
		}
		slices.Sort(ids)
		return ids
	}
	return list(l.room.Id), list(l.direct)
}

// compare says what was missed and what was repeated.
func compare(got, want []string) (missed, repeated int) {
	count := map[string]int{}
	for _, id := range got {
		count[id]++
	}
	for _, id := range want {
		if count[id] == 0 {
			missed++
		}
	}
	for _, n := range count {
		repeated += n - 1
	}
	return missed, repeated
}

// allHeard waits until everything was heard; it looks less often than until, as a look takes long.
func (s *stage) allHeard(h *heard, d *talked, talk, said []string) {
	s.t.Helper()
	s.until("all is heard", func() bool {
		time.Sleep(50 * time.Millisecond)
		missed, _ := compare(postsOf(d.all()), talk)
		lost, _ := compare(idsOf(h.all()), said)
		return missed+lost == 0
	})
}

func postsOf(list []bot.Talk) (out []string) {
	for _, talk := range list {
		out = append(out, talk.Post)
	}
	return out
}

func idsOf(list []commands.Line) (out []string) {
	for _, l := range list {
		out = append(out, l.ID)
	}
	return out
}

// answered answers everything at once, so that only hearing is measured.
func answered(commands.Line) (commands.Reply, bool) { return commands.Reply{Lang: "zh"}, true }

// outage is a stage with one outage, that notices losses soon.
func outage(t *testing.T, o mmtest.Options) (*stage, *heard, *talked) {
	t.Helper()
	s, h, d := overheard(t, o, answered)
	s.hurry = true
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	return s, h, d
}

func TestNothingIsMissedOrRepeatedWhateverHappensToTheConnection(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		for name, harm := range map[string]func(s *stage){
			"nothing": func(*stage) { time.Sleep(100 * time.Millisecond) },
			"cut":     func(s *stage) { s.server.Cut(); time.Sleep(150 * time.Millisecond) },
			"restart": func(s *stage) { s.server.Restart(); time.Sleep(400 * time.Millisecond) },
			"down": func(s *stage) {
				s.server.Stop()
				time.Sleep(200 * time.Millisecond)
				s.server.Start()
				time.Sleep(400 * time.Millisecond)
			},
			"hung": func(s *stage) {
				s.server.Freeze()
				time.Sleep(1500 * time.Millisecond) // longer than it takes to notice
				s.server.Thaw()
				time.Sleep(300 * time.Millisecond)
			},
			"REST fails": func(s *stage) {
				s.server.FailNext("GET", "/api/v4/channels/*/posts", 3, mmtest.Fault{Status: 503})
				s.server.FailNext("GET", "/api/v4/users/*/channels", 1, mmtest.Fault{Reset: true})
				s.server.Restart()
				time.Sleep(400 * time.Millisecond)
			},
		} {
			t.Run(version+" "+name, func(t *testing.T) {
				t.Parallel() // most of the time they wait
				s, h, d := outage(t, mmtest.Options{Version: version, SaveTime: 2 * time.Millisecond})
				l := s.writing(1, 3*time.Millisecond)
				rounds := 5
				if name == "hung" {
					rounds = 2
				}
				for range rounds {
					harm(s)
				}
				if during := 4*least - l.least.Load(); during < 10 {
					t.Errorf("only %d posts were written while this happened", during)
				}
				talk, said := l.end()
				s.allHeard(h, d, talk, said)
				_, repeated := compare(postsOf(d.all()), talk)
				_, again := compare(idsOf(h.all()), said)
				equal(t, "talk that was repeated", repeated, 0)
				equal(t, "commands that were repeated", again, 0)
				t.Logf("%d talk, %d commands", len(talk), len(said))
			})
		}
	}
}

// A connection may end while what was missed before it is still being read; that the next one goes on where it
// ended says nothing of what is still owed.
func TestAConnectionThatIsTakenUpAgainOwesWhatTheLastOneOwed(t *testing.T) {
	s, h, d := outage(t, mmtest.Options{})
	s.server.FailNext("GET", "/api/v4/users/*/channels", 1000000, mmtest.Fault{Reset: true})
	before := strings.Count(s.log.String(), "could not be read; trying again")
	s.server.Restart()
	l := s.writing(1, time.Millisecond)
	s.until("catching up fails", func() bool { return strings.Count(s.log.String(), "could not be read; trying again") > before })
	talk, said := l.end()
	s.server.Cut()
	s.until("it is taken up again", func() bool { return strings.Count(s.log.String(), "connection to mattermost was lost") > 1 })
	time.Sleep(300 * time.Millisecond)
	s.server.Heal()
	s.allHeard(h, d, talk, said)
	_, repeated := compare(postsOf(d.all()), talk)
	_, again := compare(idsOf(h.all()), said)
	equal(t, "repeated", repeated+again, 0)
}

// stuck passes nothing on until it is let go.
type stuck struct {
	mattermost.Desk
	free chan struct{}
}

func (d stuck) Relay(ctx context.Context, talk bot.Talk) error {
	<-d.free
	return d.Desk.Relay(ctx, talk)
}

func TestASlowReaderWhoIsPutOutMissesNothing(t *testing.T) {
	s, h, d := overheard(t, mmtest.Options{SendQueue: 8, DeadQueue: 4}, answered)
	s.hurry = true
	mouth, free := s.mouth, make(chan struct{})
	s.mouth = func(desk mattermost.Desk) mattermost.Desk { return mouth(stuck{desk, free}) }
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	l := s.writing(5000, 0)
	for l.least.Load() > 4*least-1400 { // more than fits into all that lies between the server and the desk
		time.Sleep(10 * time.Millisecond)
	}
	close(free)
	s.until("the bot was put out", func() bool { return strings.Contains(s.log.String(), "connection to mattermost was lost") })
	talk, said := l.end()
	s.allHeard(h, d, talk, said)
	_, repeated := compare(postsOf(d.all()), talk)
	_, again := compare(idsOf(h.all()), said)
	equal(t, "repeated", repeated+again, 0)
	t.Logf("%d talk, %d commands", len(talk), len(said))
}

// Found on a real server: the connection of an account that was switched off and on again stays open, and
// tells nothing any more. The bot was deaf from then on.
func TestABotThatWasSwitchedOffAndOnHearsAgain(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, answered)
	s.hurry = true
	s.listening()
	admin := s.server.Client(s.server.Admin())
	if _, _, err := admin.DisableBot(t.Context(), s.bot.Id); err != nil {
		t.Fatal(err)
	}
	s.server.Say(s.users["chen"], s.direct("chen"), "written meanwhile")
	if _, _, err := admin.EnableBot(t.Context(), s.bot.Id); err != nil {
		t.Fatal(err)
	}
	s.server.Say(s.users["chen"], s.direct("chen"), "written after")
	s.until("both are heard", func() bool { return len(h.all()) == 2 })
	equal(t, "heard", strings.Join(h.texts(), ", "), "written meanwhile, written after")
}

func TestWhatWasWrittenWhileTheBotWasAwayIsHeardOnce(t *testing.T) {
	s, h, d := outage(t, mmtest.Options{})
	s.server.Say(s.users["lin"], s.direct("lin"), "before")
	s.until("the first is heard", func() bool { return len(h.all()) == 1 })
	l := s.writing(1, 3*time.Millisecond)
	for range 3 {
		time.Sleep(200 * time.Millisecond)
		s.stop()
		time.Sleep(100 * time.Millisecond)
		s.start()
	}
	kate := s.direct("kate") // a channel that nobody knew before
	s.stop()
	s.server.Say(s.users["kate"], kate, "is it back?")
	s.start()
	talk, said := l.end()
	s.until("all is heard", func() bool {
		missed, _ := compare(postsOf(d.all()), talk)
		lost, _ := compare(idsOf(h.all()), said)
		return missed+lost == 0 && slices.Contains(h.texts(), "is it back?")
	})
	_, again := compare(idsOf(h.all()), said)
	equal(t, "commands that were repeated", again, 0)
}

func TestManyPagesThatWereWrittenMeanwhileAreReadWhole(t *testing.T) {
	s, _, d := outage(t, mmtest.Options{SaveTime: time.Millisecond})
	room := s.channel("wl-inc-1")
	s.joined(room.Id, "wu")
	s.server.Say(s.users["wu"], room.Id, "first")
	s.until("the first is heard", func() bool { return len(d.all()) == 1 })
	s.stop()
	var wg sync.WaitGroup
	for range 16 { // many of the same millisecond
		wg.Go(func() {
			for range 60 {
				s.server.Say(s.users["wu"], room.Id, "x")
			}
		})
	}
	wg.Wait()
	s.start()
	s.until("all is heard", func() bool { return len(d.all()) >= 961 })
	ids := postsOf(d.all())
	slices.Sort(ids)
	equal(t, "different posts", len(slices.Compact(ids)), 961)
}

func TestAConnectionThatWasCutIsTakenUpAgain(t *testing.T) {
	s, _, d := outage(t, mmtest.Options{})
	room := s.channel("wl-inc-1")
	s.joined(room.Id, "wu")
	before := s.server.Count("GET", "/api/v4/users/*/channels")
	s.server.Cut()
	s.server.Say(s.users["wu"], room.Id, "meanwhile")
	s.until("it is heard", func() bool { return len(d.all()) == 1 })
	s.until("it is told", func() bool { return strings.Contains(s.log.String(), "mattermost is heard\" again=true") })
	equal(t, "times it was caught up", s.server.Count("GET", "/api/v4/users/*/channels")-before, 0)
	s.server.Restart() // what the server knew of the connection is gone
	s.until("it is caught up", func() bool { return s.server.Count("GET", "/api/v4/users/*/channels") == before+1 })
}

func TestWhatWasWrittenBeforeTheBotCameIsNotItsBusiness(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, answered)
	c := s.direct("chen")
	s.server.Say(s.users["chen"], c, "/outage declare his old")
	time.Sleep(1100 * time.Millisecond)
	s.listening()
	s.server.Say(s.users["chen"], c, "new")
	s.until("the new is heard", func() bool { return slices.Contains(h.texts(), "new") })
	equal(t, "heard", strings.Join(h.texts(), "|"), "new")
}
