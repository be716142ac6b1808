package mattermost_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

// work is some outage in which every room is spoken in, with boards that change meanwhile.
func work(s *stage) {
	s.types("lin", "it", "/outage declare his 全院停用 extent:total level:L3")
	for _, line := range []string{"/fix arrived", "/fix eta 45m high 换交换机", "/fix progress 一半了", "/outage cause network suspected 核心交换机"} {
		s.types("wu", "inc/1", line)
	}
	s.types("lin", "inc/1", "/outage tell 请用纸质单")
}

// all lists the channels of the hospital's rooms that are there.
func (s *stage) all() []string {
	s.t.Helper()
	list, _, err := s.server.Client(s.server.Admin()).GetPublicChannelsForTeam(s.t.Context(), s.team.Id, 0, 200, "")
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		if strings.HasPrefix(c.Name, "wl-") {
			out = append(out, c.Name)
		}
	}
	slices.Sort(out)
	return out
}

// asked waits until the bot has made some more requests, whatever it is doing then, or has said all.
func (s *stage) asked(more int) {
	s.t.Helper()
	before := len(s.server.Requests())
	s.until("more requests", func() bool { return len(s.server.Requests()) >= before+more || s.desk.Unsaid("mattermost") == 0 })
}

// readings are all posts of all rooms, as text by room. Boards are left out: how often they change is chance.
func (s *stage) readings() map[string][]string {
	s.t.Helper()
	out := map[string][]string{}
	for _, name := range s.all() {
		seen := map[string]bool{}
		for _, p := range s.posts(name) {
			key, _ := p.GetProp("wardline_key").(string)
			if key == "" || seen[key] {
				s.t.Errorf("%s: shown twice, or without a key: %q", name, text(p))
			}
			seen[key] = true
			if !p.IsPinned {
				out[name] = append(out[name], strings.Join(strings.Fields(text(p)), " "))
			}
		}
		s.board(name)
	}
	return out
}

// undisturbed is what an outage looks like when nothing goes wrong: so many posts in each room.
func undisturbed(t *testing.T) map[string][]string {
	t.Helper()
	s := newStage(t, mmtest.Options{}, nil).start()
	work(s)
	s.quiet()
	shown := s.readings()
	if len(shown) < 35 || len(shown["wl-inc-1"]) < 5 {
		t.Fatalf("%d rooms, %d posts in the outage's", len(shown), len(shown["wl-inc-1"]))
	}
	return shown
}

func same(t *testing.T, got, want map[string][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d rooms, want %d", len(got), len(want))
	}
	for room := range want {
		if len(got[room]) != len(want[room]) {
			t.Errorf("%s: %d posts, want %d:\n%s", room, len(got[room]), len(want[room]), strings.Join(got[room], "\n"))
		}
	}
}

func TestNothingIsLostOrDoubledWhateverHappensToAnswers(t *testing.T) {
	want := undisturbed(t)
	// One of n requests, by chance: a regular pattern would hit the same step of every try.
	nth := func(n int, f mmtest.Fault) func(mmtest.Request) (mmtest.Fault, bool) {
		var mu sync.Mutex
		chance := rand.New(rand.NewPCG(1, 2))
		return func(r mmtest.Request) (mmtest.Fault, bool) {
			mu.Lock()
			defer mu.Unlock()
			return f, r.User == "wardline" && chance.IntN(n) == 0
		}
	}
	for name, hook := range map[string]func(mmtest.Request) (mmtest.Fault, bool){
		"answers get lost":       nth(3, mmtest.Fault{LoseAnswer: true}),
		"connections are reset":  nth(3, mmtest.Fault{Reset: true}),
		"the server fails":       nth(4, mmtest.Fault{Status: http.StatusInternalServerError}),
		"a proxy stands between": nth(4, mmtest.Fault{Status: http.StatusBadGateway}),
		"too many requests":      nth(100, mmtest.Fault{Status: http.StatusTooManyRequests, RetryAfter: "1"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, mmtest.Options{PendingWindow: time.Millisecond}, nil).start()
			s.until("connected", func() bool { return strings.Contains(s.log.String(), "connected to mattermost") })
			s.server.Hook(hook)
			work(s)
			s.quiet()
			s.server.Heal()
			same(t, s.readings(), want)
		})
	}
	t.Run("the bot is killed again and again", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, mmtest.Options{PendingWindow: time.Millisecond}, nil).start()
		s.server.Hook(nth(5, mmtest.Fault{LoseAnswer: true}))
		work(s)
		for range 4 {
			s.asked(60)
			s.stop()
			s.start()
		}
		s.quiet()
		s.server.Heal()
		same(t, s.readings(), want)
	})
	t.Run("the server restarts", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, mmtest.Options{}, nil).start()
		work(s)
		for range 3 {
			s.asked(60)
			s.server.Restart()
		}
		s.quiet()
		same(t, s.readings(), want)
	})
	t.Run("the server limits requests", func(t *testing.T) {
		t.Parallel()
		s := newStage(t, mmtest.Options{Rate: mmtest.Rate{PerSecond: 100, Burst: 50}}, nil).start()
		work(s)
		s.quiet()
		// The stage asks by the same address.
		s.until("the stage may ask", func() bool {
			_, resp, _ := s.server.Client(s.server.Admin()).GetMe(t.Context(), "") // only the figures count
			return resp != nil && resp.Header.Get("X-Ratelimit-Remaining") >= "50"
		})
		n := 0
		for _, r := range s.server.Requests() {
			if r.User == "wardline" && r.Status == http.StatusTooManyRequests {
				n++
			}
		}
		t.Logf("refused for their number: %d of the bot's requests", n)
	})
}

func TestABoardThatWasDeletedIsPostedAgainAndOneThatWasUnpinnedIsPinned(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newStage(t, mmtest.Options{Version: version}, nil).start()
			s.types("lin", "it", "/outage declare his 全院停用")
			s.quiet()
			first := s.board("wl-inc-1")
			admin := s.server.Client(s.server.Admin())
			if _, err := admin.UnpinPost(t.Context(), first.Id); err != nil {
				t.Fatal(err)
			}
			s.types("wu", "inc/1", "/fix eta 45m")
			s.quiet()
			equal(t, "board", s.board("wl-inc-1").Id, first.Id)
			if !strings.Contains(s.channel("wl-inc-1").Header, "预计恢复") || strings.Contains(s.channel("wl-inc-1").Header, "未知") {
				t.Errorf("header %q", s.channel("wl-inc-1").Header)
			}
			if n := len(s.board("wl-inc-1").Attachments()[0].Actions); n < 4 {
				t.Errorf("%d buttons after a change", n)
			}
			equal(t, "from_bot", s.board("wl-inc-1").GetProp("from_bot"), any("true"))
			if _, err := admin.DeletePost(t.Context(), first.Id); err != nil {
				t.Fatal(err)
			}
			s.types("wu", "inc/1", "/fix progress 一半了")
			s.quiet()
			if s.board("wl-inc-1").Id == first.Id {
				t.Error("the board was not posted again")
			}
		})
	}
}

func TestAnArchivedRoomGoesOnUnderTheNextName(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.quiet()
	admin := s.server.Client(s.server.Admin())
	if _, err := admin.DeleteChannel(t.Context(), s.channel("wl-inc-1").Id); err != nil {
		t.Fatal(err)
	}
	s.types("wu", "inc/1", "/fix progress 一半了")
	s.quiet()
	if got := s.posts("wl-inc-1-2"); len(got) != 2 || !strings.Contains(text(got[0])+text(got[1]), "一半了") {
		t.Errorf("%d posts in the next channel", len(got))
	}
	s.board("wl-inc-1-2")
	if want := s.server.URL + "/hospital/channels/wl-inc-1"; !strings.Contains(s.channel("wl-inc-1-2").Header, want) {
		t.Errorf("header %q does not lead to %s", s.channel("wl-inc-1-2").Header, want)
	}
	if h := s.channel("wl-inc-1-2").Header; !strings.HasPrefix(h, "停用中") {
		t.Errorf("header %q does not say how things stand", h)
	}
	for _, who := range []incident.PersonID{"lin", "wu"} { // nobody would look for it by themselves
		if _, _, err := admin.GetChannelMember(t.Context(), s.channel("wl-inc-1-2").Id, s.users[who].Id, ""); err != nil {
			t.Errorf("%s is not in the next channel: %v", who, err)
		}
	}
}

// Found on a real server: the line above a channel led to itself.
func TestTheWayBackIsShownWhereThereIsOne(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.quiet()
	admin := s.server.Client(s.server.Admin())
	first := s.channel("wl-inc-1")
	if _, err := admin.RemoveUserFromChannel(t.Context(), first.Id, s.bot.Id); err != nil {
		t.Fatal(err)
	}
	s.types("wu", "inc/1", "/fix eta 45m") // the bot goes in again
	s.quiet()
	if h := s.channel("wl-inc-1").Header; strings.Contains(h, "channels/") {
		t.Errorf("back in the same channel, the line above it is %q", h)
	}
	other := "his-room"
	if _, _, err := admin.PatchChannel(t.Context(), first.Id, &model.ChannelPatch{Name: &other}); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.DeleteChannel(t.Context(), first.Id); err != nil {
		t.Fatal(err)
	}
	s.types("wu", "inc/1", "/fix progress 一半了")
	s.quiet()
	if h := s.channel("wl-inc-1").Header; !strings.Contains(h, "channels/his-room") {
		t.Errorf("the line above the next channel is %q", h)
	}
}

func TestAClosedOutageIsArchivedAndAReopenedOneHasANewChannel(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.types("wu", "inc/1", "/fix progress 一半了")
	s.types("lin", "inc/1", "/outage restore override:已核对")
	s.types("lin", "inc/1", "/outage close override:演练")
	s.quiet()
	if s.channel("wl-inc-1").DeleteAt == 0 {
		t.Error("the channel is not archived")
	}
	before := len(s.posts("wl-it"))
	struck := slices.ContainsFunc([]string{"3", "4", "5", "6"}, func(n string) bool {
		return !s.hearer.Handle(t.Context(), commands.Line{Platform: "mattermost", User: "it.lin", Room: "inc/1", Text: "/outage strike " + n + " 写错了 confirm:yes"}).Refused
	})
	if !struck {
		t.Fatal("nothing was struck")
	}
	s.quiet()
	if got := s.posts("wl-it"); len(got) != before+1 || !strings.HasPrefix(got[len(got)-1].Message, "**INC-1") {
		t.Errorf("what was said about an outage that is over did not reach the duty: %q", got[len(got)-1].Message)
	}
	s.types("wu", "inc/1", "/outage reopen 又卡住了")
	s.quiet()
	equal(t, "archived", s.channel("wl-inc-1-2").DeleteAt, 0)
	s.board("wl-inc-1-2")
	if log := s.log.String(); strings.Contains(log, "will not be said") || strings.Contains(log, "put out of it") {
		t.Errorf("something was refused: %s", tail(log))
	}
}

func TestAChannelOfSomebodyElseIsNotTakenOver(t *testing.T) {
	s := newStage(t, mmtest.Options{}, func(c *mattermost.Config) { c.Private = true })
	kate := s.server.Client(s.users["kate"])
	for name, kind := range map[string]model.ChannelType{"wl-inc-1": model.ChannelTypeOpen, "wl-inc-1-2": model.ChannelTypePrivate} {
		if _, _, err := kate.CreateChannel(t.Context(), &model.Channel{TeamId: s.team.Id, Name: name, DisplayName: "mine", Type: kind}); err != nil {
			t.Fatal(err)
		}
	}
	s.start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.quiet()
	equal(t, "posts in hers", len(s.posts("wl-inc-1"))+len(s.posts("wl-inc-1-2")), 0)
	s.board("wl-inc-1-3")
	equal(t, "type", string(s.channel("wl-inc-1-3").Type), "P")
	equal(t, "type of a ward's", string(s.channel("wl-dept-ed").Type), "O")
	// Put out of its own private channel, the bot opens the next one.
	if _, err := s.server.Client(s.server.Admin()).RemoveUserFromChannel(t.Context(), s.channel("wl-inc-1-3").Id, s.bot.Id); err != nil {
		t.Fatal(err)
	}
	s.types("wu", "inc/1", "/fix progress 一半了")
	s.quiet()
	s.board("wl-inc-1-4")
}

func TestTwoBotsOnOneServerDoNotTakeEachOthersMessages(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.quiet()
	first := len(s.posts("wl-inc-1"))
	other := newStage(t, mmtest.Options{}, nil)
	other.server, other.team, other.users = s.server, s.team, s.users
	other.bot, other.token = s.server.Bot("second", s.team)
	other.start()
	other.types("lin", "it", "/outage declare his 全院停用")
	other.quiet()
	equal(t, "posts of the second", len(other.posts("wl-inc-1-2")), first)
	equal(t, "posts of the first", len(s.posts("wl-inc-1")), first)
}

func TestALongMessageIsSplitAndCompletedAfterAFault(t *testing.T) {
	s := newStage(t, mmtest.Options{PendingWindow: time.Millisecond}, nil).start()
	s.until("connected", func() bool { return strings.Contains(s.log.String(), "connected to mattermost") })
	m := bot.Message{
		ID: "long", Platform: "mattermost", Room: "it", Kind: bot.Notice, Lang: "zh", At: time.Now(), Title: "报告",
		Text: strings.Repeat(strings.Repeat("张", 99)+"\n", 400), Actions: []bot.Action{{Label: "好", Line: "/outage status"}}, Mention: []incident.PersonID{"lin"},
	}
	s.server.FailNext("POST", "/api/v4/posts", 1, mmtest.Fault{LoseAnswer: true})
	if _, err := s.adapter.Say(t.Context(), m, ""); err == nil {
		t.Fatal("an answer that was lost is no success")
	}
	if _, found, err := s.adapter.Find(t.Context(), m); found || err != nil {
		t.Fatalf("found %v, %v: two parts are missing", found, err)
	}
	ref, err := s.adapter.Say(t.Context(), m, "")
	if err != nil {
		t.Fatal(err)
	}
	posts := s.posts("wl-it")
	equal(t, "parts", len(posts), 3)
	equal(t, "the first", string(ref), posts[0].Id)
	equal(t, "begins", posts[0].Message[:len("(1/3)\n**报告**\n")], "(1/3)\n**报告**\n")
	equal(t, "ends", posts[2].Message[len(posts[2].Message)-len("\n@it.lin"):], "\n@it.lin")
	equal(t, "buttons", len(posts[2].Attachments()[0].Actions), 1)
	again, found, err := s.adapter.Find(t.Context(), m)
	if again != ref || !found || err != nil {
		t.Errorf("found %q, %v, %v", again, found, err)
	}
}
