package main_test

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A telling is one language's version of the story: who plays it and what they read.
type telling struct {
	lang                               string
	nurse, ward, engineer, leader      string
	what, confirm, act, unknown, steps string // what the coordinator writes, and what people read
	ack, onPaper, procedure            string // the nurse's buttons, and what her board says then
}

var tellings = []telling{
	{
		lang: "zh", nurse: "chen", ward: "dept/ed", engineer: "wu", leader: "zhou",
		what: "全院打不开", confirm: "确认", act: "马上做", unknown: "未知", steps: "本院尚未批准",
		ack: "已转手工", onPaper: "已转手工（", procedure: "手工流程",
	},
	{
		lang: "en", nurse: "emily", ward: "dept/icu", engineer: "mark", leader: "helen",
		what: "does not open anywhere", confirm: "Confirm", act: "Do now", unknown: "UNKNOWN", steps: "not approved",
		ack: "We are on paper", onPaper: "on paper since", procedure: "Paper procedure",
	},
}

// serve starts the demo on a port and returns it when it is open.
func serve(t *testing.T, folder, port string) (*bot, string) {
	t.Helper()
	b := start(t, true, "demo", "--data", folder, "--port", port)
	return b, b.await(`Open: +(http://127\.0\.0\.1:\d+)$`)
}

// unusedPort finds a port that nobody listens on at this moment.
func unusedPort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing came through it
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// declare has the coordinator declare an outage of the HIS by form.
func declare(s *seat, say telling) {
	s.t.Helper()
	s.click("#plus")
	s.press("#plus-menu", "/outage declare")
	s.until("document.querySelector('#form').open")
	s.types("#form input[type=search]", "his")
	s.click("#form .choice:has([value=his])")
	s.types("#field-what", say.what)
	s.click("#form footer .primary")
	s.until("!document.querySelector('#form').open")
	s.reads("#posts .private .text", say.what)
	s.press("#posts .private", say.confirm)
	s.goes("inc/1")
	s.reads("#room-name", say.what)
	s.reads("#board", say.what)
}

// agrees checks that a page shows a room exactly as the desk keeps it.
func agrees(s *seat, room string) []string {
	s.t.Helper()
	s.until("document.querySelectorAll('#posts [data-post]').length >= " + strconv.Itoa(len(s.kept(room))))
	shown, kept := s.shown(), s.kept(room)
	if !slices.Equal(shown, kept) {
		s.t.Errorf("%s sees in %s\n%s\nbut the desk keeps\n%s", s.who, room, strings.Join(shown, "\n"), strings.Join(kept, "\n"))
	}
	return shown
}

func TestFourPeopleSeeAnOutageThroughInTheBrowser(t *testing.T) {
	browser := chromium(t)
	for _, say := range tellings {
		t.Run(say.lang, func(t *testing.T) { play(browser, t, say) })
	}
}

func play(browser context.Context, t *testing.T, say telling) {
	folder, port := t.TempDir(), unusedPort(t)
	server, base := serve(t, folder, port)
	desk := look{width: 1280, height: 800, scale: 1, lang: say.lang, theme: "light"}
	phone := look{width: 360, height: 740, scale: 1, lang: say.lang, theme: "dark"}
	coordinator := sit(browser, t, base, "lin", desk)
	nurse := sit(browser, t, base, say.nurse, phone)
	declare(coordinator, say)

	// The nurse is where she belongs, and reads first what to do.
	nurse.reads("#board", say.act)
	nurse.reads("#posts .broadcast .text", say.act)
	nurse.reads("#posts .broadcast .text", say.steps) // its first procedure is quoted unasked
	nurse.press("#board", say.ack)
	nurse.reads("#board", say.onPaper)
	nurse.press("#board", say.procedure)
	nurse.press("#posts .private", "-")
	nurse.reads("#posts .private .text", say.steps)
	nurse.says("@wardline When will it be back?")
	nurse.reads("#posts .human .text", "When will it be back?")
	nurse.reads("#posts .private .text", say.unknown)

	// The engineer gives a time by the board's button; the ward's board knows it at once.
	engineer := sit(browser, t, base, say.engineer, desk)
	engineer.goes("inc/1")
	engineer.press("#board", "预计时间") // the incident's room speaks Chinese
	engineer.until("document.querySelector('#form').open")
	engineer.types("#field-eta", "2h")
	engineer.click("#form footer .primary")
	engineer.until("!document.querySelector('#form').open")
	const given = `document.querySelector("#board").innerText.match(/预计恢复：(?:\d+月\d+日 )?(\d\d:\d\d)/)?.[1]`
	engineer.until(given)
	eta := engineer.evaluate(given)
	nurse.reads("#board", eta)
	nurse.says("@wardline when will it be back")
	nurse.reads("#posts .private .text", eta)

	// A leader reads the digest and decides by a button.
	leader := sit(browser, t, base, say.leader, phone)
	leader.goes("leaders/main")
	leader.reads("#posts .digest .text", "INC-1")
	coordinator.says("/outage ask-leaders 是否停常规检查 选项:停,不停")
	leader.press("#posts .request", "不停")
	leader.reads("#posts .private .text", "D1")
	coordinator.reads("#posts .text", "不停")

	server = survive(t, server, folder, port, map[string]*seat{"inc/1": coordinator, say.ward: nurse, "leaders/main": leader})

	// Who only watched has missed nothing either.
	engineer.reads("#posts .human .text", "typed while it was down: lin")
	agrees(engineer, "inc/1")
	server.end()
}

// survive reloads the pages, kills the desk under them, and starts it again.
func survive(t *testing.T, server *bot, folder, port string, seats map[string]*seat) *bot {
	t.Helper()
	before := map[string][]string{}
	for room, s := range seats {
		s.do(chromedp.Reload())
		before[room] = agrees(s, room)
	}
	if err := server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = server.cmd.Wait() // it says that it was killed
	for _, s := range seats {
		s.until("document.querySelector('#line').classList.contains('shown')")
		s.says("typed while it was down: " + s.who)
		s.until("document.querySelectorAll('#pending li').length === 1")
	}
	server, _ = serve(t, folder, port)
	for room, s := range seats {
		s.until("document.querySelector('#pending').children.length === 0")
		s.until("!document.querySelector('#line').classList.contains('shown')")
		s.reads("#posts .human .text", "typed while it was down: "+s.who)
		after := agrees(s, room)
		if len(after) != len(before[room])+1 || !slices.Equal(after[:len(before[room])], before[room]) {
			t.Errorf("%s saw in %s\n%s\nand after the restart\n%s", s.who, room, strings.Join(before[room], "\n"), strings.Join(after, "\n"))
		}
		s.do(chromedp.Reload())
		agrees(s, room)
	}
	return server
}
