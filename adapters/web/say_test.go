package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
)

var at = time.Date(2026, 5, 12, 2, 30, 0, 0, time.UTC) // 10:30 at the hospital

func TestAMessageSaidTwiceIsShownOnce(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	m := bot.Message{ID: "7/1/1", Room: "inc/7", Kind: bot.Broadcast, Text: "改用手工流程", At: at}
	first := h.post(m, "")
	if again := h.post(m, ""); again != first {
		t.Errorf("the second ref is %q, want %q", again, first)
	}
	// The same id with another kind is another message.
	m.Kind, m.Text = bot.Notice, "已通知"
	h.post(m, "")

	// A crash between showing it and settling it: another server, the same shelf.
	h.stop()
	h = open(t, demo(), h.shelf, h.ear)
	h.post(m, "")
	posts, _ := h.room("chen", "inc/7")
	if got, want := texts(posts), "10:30 改用手工流程|10:30 已通知"; got != want {
		t.Errorf("the room shows %q, want %q", got, want)
	}
}

func TestABoardIsEditedInPlace(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	board := bot.Message{ID: "7/1/2", Room: "inc/7", Kind: bot.Board, Key: "board", Text: "ETA 未知", At: at}
	ref := h.post(board, "")
	h.post(bot.Message{ID: "7/1/3", Room: "inc/7", Kind: bot.Notice, Text: "工程师已到场", At: at}, "")
	board.ID, board.Text, board.At = "7/2/1", "ETA 14:30", at.Add(time.Minute)
	if again := h.post(board, ref); again != ref {
		t.Errorf("the edited board has ref %q, want %q", again, ref)
	}
	// The answer to an edit was lost, and with it the ref.
	board.ID, board.Text = "7/3/1", "ETA 15:00"
	if again := h.post(board, ""); again != ref {
		t.Errorf("a board said without its ref has ref %q, want %q", again, ref)
	}
	posts, pinned := h.room("chen", "inc/7")
	if got, want := texts(pinned), "10:30 ETA 15:00"; got != want {
		t.Errorf("pinned is %q, want %q", got, want)
	}
	if pinned[0].Edited != "10:31" {
		t.Errorf("edited at %q, want 10:31", pinned[0].Edited)
	}
	if got, want := texts(posts), "10:30 工程师已到场"; got != want {
		t.Errorf("the room shows %q, want %q", got, want)
	}
}

func TestAClosedRoomIsReadOnly(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	h.post(bot.Message{ID: "7/1/0", Room: "inc/7", Kind: bot.OpenRoom, Title: "INC-7", Text: "HIS 打不开", At: at}, "")
	if _, status := h.says("lily", "line-0001", "inc/7", "收到"); status != http.StatusOK {
		t.Fatalf("status %d in an open room", status)
	}
	h.post(bot.Message{ID: "7/9/0", Room: "inc/7", Kind: bot.CloseRoom, At: at}, "")

	a, status := h.says("lily", "line-0002", "inc/7", "还有人吗")
	if status != http.StatusUnprocessableEntity || a.Error != "这个房间已关闭，不能再发言。请到信息科房间或本科室房间说。" {
		t.Errorf("answered %d %q", status, a.Error)
	}
	if _, status := h.says("lily", "line-0003", "inc/7", "/outage timeline"); status != http.StatusOK {
		t.Errorf("a command in a closed room: status %d", status)
	}
	var list struct {
		Rooms []struct {
			ID, About string
			Closed    bool
		}
	}
	h.ask("GET", "/api/rooms", "lily", nil, &list)
	if r := list.Rooms[0]; r.ID != "inc/7" || !r.Closed || r.About != "HIS 打不开" {
		t.Errorf("the room is listed as %+v", r)
	}
}

func TestWordsAreSaidOnceHoweverOftenTheyAreSent(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	first, _ := h.says("lily", "line-0001", "dept/ed", "分诊台也打不开")
	h.stop()
	h = open(t, demo(), h.shelf, h.ear)
	second, status := h.says("lily", "line-0001", "dept/ed", "分诊台也打不开")
	if status != http.StatusOK || len(second.Posts) != 1 || second.Posts[0].ID != first.Posts[0].ID {
		t.Errorf("sent again: %d %+v, want the same post as %+v", status, second.Posts, first.Posts)
	}
	if posts, _ := h.room("chen", "dept/ed"); len(posts) != 1 {
		t.Errorf("the room shows %d posts, want 1", len(posts))
	}
	if n := len(h.ear.lines()); n != 0 {
		t.Errorf("the bot heard %d lines of people talking to each other", n)
	}
}

func TestACommandIsAnsweredInPrivateAndOnce(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for range 2 {
		a, _ := h.says("lily", "line-0001", "inc/7", "／outage status")
		if a.Text != "heard /outage status" || len(a.Posts) != 1 || !a.Posts[0].Private || a.Posts[0].Echo != "/outage status" {
			t.Errorf("answered %+v", a)
		}
	}
	if n := len(h.ear.lines()); n != 1 {
		t.Errorf("the bot heard %d lines, want 1", n)
	}
	l := h.ear.lines()[0]
	if l.ID != "line-0001" || l.Platform != "web" || l.User != "lily" || l.Room != "inc/7" || l.Locale != "zh-CN" {
		t.Errorf("the bot heard %+v", l)
	}
	if posts, _ := h.room("lily", "inc/7"); len(posts) != 1 {
		t.Errorf("after a reload she sees %d posts, want her answer", len(posts))
	}
	if posts, _ := h.room("chen", "inc/7"); len(posts) != 0 {
		t.Errorf("somebody else sees her answer: %+v", posts)
	}
}

func TestTheBotHearsItsNameAndPrivateTalk(t *testing.T) {
	for _, c := range []struct {
		room bot.RoomID
		said string
		want string // what the bot hears; "" = nothing
	}{
		{"inc/7", "@wardline 什么时候恢复？", "什么时候恢复？"},
		{"inc/7", "＠Bot，LIS 也停了吗", "LIS 也停了吗"},
		{"inc/7", "请问 @bot LIS 呢", "请问 LIS 呢"},
		{"inc/7", "写信到 desk@bottle.example", ""},
		{"inc/7", "@bottle 你好", ""},
		{"inc/7", "大家好", ""},
		{"dm/lily", "什么时候恢复？", "什么时候恢复？"},
	} {
		h := open(t, demo(), newMemory(), &ear{})
		h.says("lily", "line-0001", c.room, c.said)
		got := ""
		for _, l := range h.ear.lines() {
			got += l.Text
		}
		if got != c.want {
			t.Errorf("%q in %s: the bot heard %q, want %q", c.said, c.room, got, c.want)
		}
		posts, _ := h.room("lily", c.room)
		if posts[0].Text != c.said {
			t.Errorf("the room shows %q, want %q", posts[0].Text, c.said)
		}
		h.stop()
	}
}

func TestARefusedFormLeavesNoTraceInTheRoom(t *testing.T) {
	e := &ear{answer: func(l commands.Line) commands.Reply {
		if l.Command == "" {
			return commands.Reply{Form: &commands.Form{Command: "outage declare", Title: "报告系统故障"}}
		}
		if l.Args["what"] == "" {
			return commands.Reply{Refused: true, Text: "请写出了什么问题"}
		}
		return commands.Reply{Text: "已建立 INC-7", Lang: hospital.ZH}
	}}
	h := open(t, demo(), newMemory(), e)
	a, _ := h.says("lily", "line-0001", "dept/ed", "/outage declare")
	if a.Form == nil || a.Form.Command != "outage declare" || len(a.Posts) != 0 {
		t.Fatalf("answered %+v, want a form", a)
	}
	submit := func(id, what string) (a answer) {
		h.ask("POST", "/api/say", "lily", map[string]any{
			"id": id, "room": "dept/ed", "command": "outage declare", "args": map[string]string{"what": what},
		}, &a)
		return a
	}
	if a := submit("line-0002", ""); !a.Refused || a.Text != "请写出了什么问题" || len(a.Posts) != 0 {
		t.Errorf("answered %+v, want a refusal", a)
	}
	if a := submit("line-0003", "打不开"); a.Refused || len(a.Posts) != 1 {
		t.Errorf("answered %+v, want a post", a)
	}
	posts, _ := h.room("lily", "dept/ed")
	if got, want := fmt.Sprint(len(posts), posts[0].Echo, posts[0].Text), "1/outage declare已建立 INC-7"; got != want {
		t.Errorf("the room shows %q, want %q", got, want)
	}
}

func TestAFullDiskIsNotAnAnswer(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	h.shelf.full = true
	if _, err := h.server.Say(t.Context(), bot.Message{ID: "1", Room: "it", Kind: bot.Notice, Text: "x"}, ""); err == nil || errors.Is(err, bot.ErrRejected) {
		t.Errorf("say on a full disk: %v, want an error that is worth another try", err)
	}
	a, status := h.says("lily", "line-0001", "dept/ed", "在吗")
	if status != http.StatusInternalServerError || !strings.Contains(a.Error, "请再试一次") {
		t.Errorf("answered %d %q", status, a.Error)
	}
	h.shelf.full = false
	if _, status := h.says("lily", "line-0001", "dept/ed", "在吗"); status != http.StatusOK {
		t.Errorf("the same line later: status %d", status)
	}
	if posts, _ := h.room("lily", "dept/ed"); len(posts) != 1 {
		t.Errorf("the room shows %d posts, want 1", len(posts))
	}
}

func TestHistoryIsReadPageByPage(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	for i := range 150 {
		h.post(bot.Message{ID: bot.MessageID(fmt.Sprint("7/", i)), Room: "inc/7", Kind: bot.Notice, Text: fmt.Sprint(i), At: at}, "")
	}
	var got []string
	for before := uint64(0); ; {
		var page struct {
			Posts []seen
			More  bool
		}
		h.ask("GET", fmt.Sprintf("/api/posts?room=inc/7&before=%d", before), "chen", nil, &page)
		var some []string
		for _, p := range page.Posts {
			some = append(some, p.Text)
		}
		got = append(some, got...)
		if !page.More {
			break
		}
		before = page.Posts[0].ID
	}
	if len(got) != 150 || got[0] != "0" || got[149] != "149" {
		t.Errorf("read %d posts from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

func TestPastIncidentsDoNotCrowdTheRooms(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	h.desk.past = 50
	for n := 101; n <= 150; n++ {
		h.post(bot.Message{ID: bot.MessageID(fmt.Sprint(n)), Room: bot.RoomID(fmt.Sprint("inc/", n)), Kind: bot.CloseRoom, At: at}, "")
	}
	var list struct {
		Rooms []struct{ ID string }
		Older int
	}
	h.ask("GET", "/api/rooms", "lily", nil, &list)
	if len(list.Rooms) != 23 || list.Rooms[2].ID != "inc/150" || list.Older != 30 {
		t.Errorf("%d rooms are listed and %d left out; want her 3, 20 past ones, newest first, and 30", len(list.Rooms), list.Older)
	}
	h.ask("GET", "/api/rooms?past=all", "lily", nil, &list)
	if len(list.Rooms) != 53 || list.Older != 0 {
		t.Errorf("asked for all: %d rooms are listed and %d left out", len(list.Rooms), list.Older)
	}
}

// texts joins what a reader sees.
func texts(posts []seen) string {
	var all []string
	for _, p := range posts {
		all = append(all, p.Clock+" "+p.Text)
	}
	return strings.Join(all, "|")
}

// Talk among people goes through no command, so the desk looks at it itself.
func TestPatientsDataIsNeitherShownNorKept(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{answer: func(l commands.Line) commands.Reply {
		return commands.Reply{Text: "没有保存", Lang: hospital.ZH, Refused: true, Guarded: true}
	}})
	for i, said := range []map[string]any{
		{"room": "dept/ed", "text": "12床李雪莲还在等血"},
		{"room": "dept/ed", "text": "@wardline 12床李雪莲还在等血"},
		{"room": "dept/ed", "text": "/outage symptom 12床李雪莲还在等血"},
		{"room": "dept/ed", "command": "outage symptom", "args": map[string]string{"what": "12床李雪莲还在等血"}},
		{"room": "dept/ed", "command": "12床李雪莲", "args": map[string]string{}},
		{"room": "dept/ed", "text": "/outage status", "label": "12床李雪莲"},
		{"room": string(bot.DirectRoomID("lily")), "text": "密码是Zhuyuan#88 李雪莲"},
	} {
		said["id"] = fmt.Sprintf("line-%04d", i)
		var a answer
		if status := h.ask("POST", "/api/say", "lily", said, &a); status != http.StatusOK || a.Text != "没有保存" || !a.Refused {
			t.Errorf("%v is answered %d %+v", said, status, a)
		}
		for _, p := range a.Posts {
			if !p.Private || p.Echo != "" {
				t.Errorf("%v is shown as %+v", said, p)
			}
		}
	}
	if posts, _ := h.room("chen", "dept/ed"); len(posts) != 0 {
		t.Errorf("others see %+v", posts)
	}
	for key, value := range h.shelf.entries {
		if strings.Contains(string(value), "李雪莲") || strings.Contains(key, "李雪莲") {
			t.Errorf("%s keeps %s", key, value)
		}
	}
	if a, _ := h.says("lily", "line-9999", "dept/ed", "12床还在等血"); len(a.Posts) != 1 || a.Posts[0].Private {
		t.Errorf("a bed without a name is answered %+v", a)
	}
}

// What a person said on another platform reads as theirs, not as the bot's, and once.
func TestWordsFromElsewhereAreAPersons(t *testing.T) {
	h := open(t, demo(), newMemory(), &ear{})
	m := bot.Message{ID: "relay/mattermost/p1", Room: "inc/7", Kind: bot.Relay, Title: "高工（Mattermost）", Text: "交换机在重启", At: at}
	h.post(m, "")
	h.post(m, "")
	posts, _ := h.room("chen", "inc/7")
	if len(posts) != 1 || posts[0].Kind != "words" || posts[0].Name != "高工（Mattermost）" || posts[0].Text != "交换机在重启" {
		t.Errorf("the room shows %+v", posts)
	}
}
