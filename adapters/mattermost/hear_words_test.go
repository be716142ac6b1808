package mattermost_test

import (
	"context"
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

// heard keeps the lines that reach the hearer, and answers those it has an answer for.
type heard struct {
	mattermost.Hearer
	answer func(commands.Line) (commands.Reply, bool)

	mu    sync.Mutex
	lines []commands.Line
}

func (h *heard) Handle(ctx context.Context, l commands.Line) commands.Reply {
	h.mu.Lock()
	h.lines = append(h.lines, l)
	h.mu.Unlock()
	if h.answer != nil {
		if reply, ok := h.answer(l); ok {
			return reply
		}
	}
	return h.Hearer.Handle(ctx, l)
}

func (h *heard) all() []commands.Line {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.lines)
}

// texts are the texts of all lines.
func (h *heard) texts() (out []string) {
	for _, l := range h.all() {
		out = append(out, l.Text)
	}
	return out
}

// talked keeps what is passed on to other chat systems.
type talked struct {
	mattermost.Desk

	mu   sync.Mutex
	list []bot.Talk
}

func (d *talked) Relay(ctx context.Context, talk bot.Talk) error {
	d.mu.Lock()
	d.list = append(d.list, talk)
	d.mu.Unlock()
	return d.Desk.Relay(ctx, talk)
}

func (d *talked) all() []bot.Talk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.list)
}

// overheard is a stage on which every line and all talk is kept.
func overheard(t *testing.T, o mmtest.Options, answer func(commands.Line) (commands.Reply, bool)) (*stage, *heard, *talked) {
	t.Helper()
	s, h, d := newHearing(t, o), &heard{answer: answer}, &talked{}
	s.ear = func(hearer mattermost.Hearer) mattermost.Hearer { h.Hearer = hearer; return h }
	s.mouth = func(desk mattermost.Desk) mattermost.Desk { d.Desk = desk; return d }
	return s, h, d
}

func TestWhoMentionsTheBotIsAnsweredAlone(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	for _, said := range []struct{ text, heard string }{
		{"@wardline 系统什么时候能好？", "系统什么时候能好？"},
		{"请问@Wardline，HIS 坏了吗", "请问 ，HIS 坏了吗"},
		{"＠wardline 故障 情况", "故障 情况"},
		{"is it back, @wardline?", "is it back,  ?"},
		{"@wardline", "/wardline help"},
		{"thanks @wardline.", "thanks"},
		{"／outage 情况", ""},                    // town square is no room of ours: there it is talk
		{"@wardline-test is another bot", ""}, // and not us
		{"mail me at chen@wardline.example", ""},
		{"@wardlines and @wardline.x", ""},
	} {
		before := len(h.all())
		s.server.Say(s.users["chen"], s.square(), said.text)
		if said.heard == "" {
			continue
		}
		s.until("heard "+said.text, func() bool { return len(h.all()) > before })
		l := h.all()[before]
		equal(t, said.text, l.Text, said.heard)
		equal(t, "user", l.User, "clin.chen")
		equal(t, "locale", l.Locale, "zh-CN")
	}
	s.shown("chen", "没有") // an answer below the channel
	equal(t, "lines", len(h.all()), 6)
	for _, p := range s.server.Posts(s.square()) {
		if p.UserId == s.bot.Id && p.Type == "" {
			t.Errorf("the bot told everybody: %q", p.Message)
		}
	}
}

// TestWhatTookLongStillReachesWhoAsked has a question and a command wait for longer than one piece of work may last,
// as the first ones do while the desk still learns on a busy machine.
func TestWhatTookLongStillReachesWhoAsked(t *testing.T) {
	const limit = 6 * time.Second
	s, _, _ := overheard(t, mmtest.Options{}, func(l commands.Line) (commands.Reply, bool) {
		if !strings.Contains(l.Text, "什么时候好") {
			return commands.Reply{}, false
		}
		time.Sleep(limit + limit/4)
		return commands.Reply{Text: "三点"}, true
	})
	s.limit = limit
	s.listening()
	s.server.Say(s.users["chen"], s.square(), "@wardline 什么时候好")
	s.shown("chen", "三点")
	if _, err := s.server.Execute(s.users["kate"], s.square(), s.team.Id, "/ask 什么时候好"); err != nil {
		t.Fatal(err)
	}
	s.shown("kate", "三点")
}

func TestADirectMessageIsAQuestionOrACommand(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	c := s.direct("kate")
	s.server.Say(s.users["kate"], c, "／outage　status")
	s.written("kate", "No outage")
	s.server.Say(s.users["kate"], c, "When is the HIS back?")
	s.until("both are heard", func() bool { return len(h.all()) == 2 })
	l := h.all()[0]
	equal(t, "text", l.Text, "/outage　status")
	equal(t, "room", l.Room, bot.DirectRoomID("kate"))
	equal(t, "room of the question", h.all()[1].Room, bot.DirectRoomID("kate"))
}

func TestAScreenshotStaysWithTheSymptom(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, nil)
	s.listening()
	c := s.direct("chen")
	as := s.server.Client(s.users["chen"])
	up, _, err := as.UploadFile(t.Context(), []byte("\x89PNG\r\n\x1a\n"), c, "报错.png")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := as.CreatePost(t.Context(), &model.Post{ChannelId: c, Message: "/outage symptom 保存医嘱一直转圈", FileIds: []string{up.FileInfos[0].Id}})
	if err != nil { // a slash at the start is a command only in the apps
		t.Fatal(err)
	}
	s.until("it is heard", func() bool { return len(h.all()) == 1 })
	files := h.all()[0].Files
	if len(files) != 1 || files[0].Name != "报错.png" || files[0].Link != s.server.URL+"/_redirect/pl/"+p.Id {
		t.Errorf("files: %+v", files)
	}
	s.until("the desk keeps it", func() bool {
		symptoms := s.desk.Log().Symptoms
		return len(symptoms) == 1 && slices.Equal(symptoms[0].Files, files)
	})
}

func TestTalkInTheRoomOfAnOutageIsPassedOn(t *testing.T) {
	s, h, d := overheard(t, mmtest.Options{}, nil)
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	room := s.channel("wl-inc-1")
	s.joined(room.Id, "wu")
	s.server.Say(s.users["wu"], room.Id, "重启了应用服务器")
	s.until("talk is passed on", func() bool { return len(d.all()) == 1 })
	talk := d.all()[0]
	equal(t, "text", talk.Text, "重启了应用服务器")
	equal(t, "room", talk.Room, bot.RoomID("inc/1"))
	equal(t, "by", talk.By.ID, "wu")
	as := s.server.Client(s.users["wu"])
	for _, props := range []model.StringInterface{{"from_webhook": "true"}, {"from_bot": "true"}} { // as it looks when a machine writes
		if _, _, err := as.CreatePost(t.Context(), &model.Post{ChannelId: room.Id, Message: "@wardline /outage close", Props: props}); err != nil {
			t.Fatal(err)
		}
	}
	s.server.Say(s.users["wu"], room.Id, "／fix progress 快好了")
	s.until("the command is heard", func() bool { return slices.Contains(h.texts(), "/fix progress 快好了") })
	equal(t, "lines", strings.Join(h.texts(), "|"), "/fix progress 快好了")
	equal(t, "talk", len(d.all()), 1)
}

func TestTalkThatTheDeskDoesNotPassOnIsToldToItsAuthorAlone(t *testing.T) {
	s, _, d := overheard(t, mmtest.Options{}, nil)
	s.mouth = func(desk mattermost.Desk) mattermost.Desk { d.Desk = refusing{desk}; return d }
	s.listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	room, ward := s.channel("wl-inc-1"), s.channel("wl-dept-ed")
	s.joined(room.Id, "wu")
	s.joined(ward.Id, "chen")
	s.server.Say(s.users["wu"], room.Id, "密码是 x")
	s.shown("wu", "密码")
	equal(t, "talk", len(d.all()), 1)
	s.server.Say(s.users["chen"], ward.Id, "收到") // a ward that says a word has read what it was told
	s.until("the desk sees the sign", func() bool { return len(d.all()) == 2 && d.all()[1].Room == "dept/ed" })
}

// refusing passes nothing on that is said about passwords.
type refusing struct{ mattermost.Desk }

func (d refusing) Relay(ctx context.Context, talk bot.Talk) error {
	if strings.Contains(talk.Text, "密码") {
		return &incident.Refusal{Phrase: "guard.secret"}
	}
	return d.Desk.Relay(ctx, talk)
}

func TestWhoAsksSomethingThatTakesLongIsToldSo(t *testing.T) {
	release := make(chan struct{})
	s, _, _ := overheard(t, mmtest.Options{}, func(l commands.Line) (commands.Reply, bool) {
		if !strings.Contains(l.Text, "慢") && l.Args["text"] != "慢" {
			return commands.Reply{}, false
		}
		select {
		case <-release:
		case <-time.After(20 * time.Second):
		}
		return commands.Reply{Text: "好了：" + l.Text, Lang: "zh"}, true
	})
	s.listening()
	began := time.Now()
	r := s.slash("chen", s.square(), "/ask 慢")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("answered after %v", took)
	}
	equal(t, "meanwhile", r.Text, "正在处理，结果稍后只发给您本人。")
	close(release)
	s.shown("chen", "好了：/ask 慢")
}

func TestManyAtOnceAreHeardOnceEach(t *testing.T) {
	s, h, _ := overheard(t, mmtest.Options{}, func(l commands.Line) (commands.Reply, bool) {
		return commands.Reply{Text: "heard " + l.Text, Lang: "zh"}, true
	})
	s.listening()
	const each = 25
	people := []string{"lin", "wu", "chen", "kate"}
	var wg sync.WaitGroup
	for _, who := range []struct{ id string }{{people[0]}, {people[1]}, {people[2]}, {people[3]}} {
		wg.Go(func() {
			for n := range each {
				text := "/ask " + who.id + " " + strings.Repeat("?", n+1)
				user := s.users[personID(who.id)]
				if n%2 == 0 {
					if _, err := s.server.Execute(user, s.square(), s.team.Id, text); err != nil {
						t.Error(err)
					}
					continue
				}
				s.server.Say(user, s.square(), "@wardline "+text)
			}
		})
	}
	wg.Wait()
	s.until("all are heard", func() bool { return len(h.all()) >= each*len(people) })
	texts := h.texts()
	slices.Sort(texts)
	equal(t, "lines", len(texts), each*len(people))
	equal(t, "different ones", len(slices.Compact(texts)), each*len(people))
}
