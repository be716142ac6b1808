package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
)

// outage is an ear that plays the bot in a small outage.
func outage(say func(bot.Message, bot.Ref) bot.Ref) func(commands.Line) commands.Reply {
	var systems []commands.Option
	for _, s := range []string{"HIS 核心数据库", "门诊医生站", "住院医生站", "护士站", "LIS 检验", "PACS 影像", "药房", "收费", "手术麻醉", "输血"} {
		systems = append(systems, commands.Option{Value: s, Label: s})
	}
	board := bot.Message{
		ID: "7/1/2", Room: "inc/7", Kind: bot.Board, Key: "board", Lang: hospital.ZH, Level: "L3", At: at,
		Text: "HIS 打不开，改用手工流程\n自 10:12 起，已 18 分钟\n停了：HIS 核心数据库、门诊医生站\n还能用：LIS、PACS 本地调阅\n预计恢复：未知\n下次通知：11:00",
		Actions: []bot.Action{
			{Label: "我们已改用纸质流程", Line: "/downtime ack", Style: bot.Primary},
			{Label: "报告症状", Line: "/outage symptom"},
			{Label: "提问", Line: "/ask"},
		},
	}
	return func(l commands.Line) commands.Reply {
		switch {
		case l.Command == "outage declare" && l.Args["what"] == "坏":
			return commands.Reply{Refused: true, Lang: hospital.ZH, Text: "说明太短，没有建立事件。请写出哪里、从几点起、什么样。"}
		case l.Command == "outage declare":
			say(bot.Message{ID: "7/1/0", Room: "inc/7", Kind: bot.OpenRoom, Lang: hospital.ZH, Title: "INC-7 HIS 打不开", Text: "陈值班负责", At: at}, "")
			say(bot.Message{
				ID: "7/1/1", Room: "inc/7", Kind: bot.Broadcast, Lang: hospital.ZH, Level: "L3", At: at,
				Text: "马上做：医嘱写在纸上，两人核对后执行\n停了：" + l.Args["systems"] + "（自 10:12 起）\n还能用：LIS 出报告电话通知\n有问题在群里问，或打 8120\n下次通知：11:00",
			}, "")
			say(board, "")
			return commands.Reply{Text: "已建立 INC-7，将通知 12 个科室。", Lang: hospital.ZH}
		case strings.HasPrefix(l.Text, "/outage declare"):
			return commands.Reply{Form: &commands.Form{
				Command: "outage declare", Title: "报告系统故障", Intro: "先报告，细节以后可以补。", Submit: "报告",
				Fields: []commands.Field{
					{Name: "systems", Label: "哪些系统", Kind: commands.PickMany, Required: true, Options: systems, Value: "护士站"},
					{Name: "what", Label: "什么样", Kind: commands.LongText, Required: true, Hint: "例：点登录后一直转圈"},
					{Name: "since", Label: "从几点起", Kind: commands.Time, Value: "现在"},
					{Name: "scope", Label: "范围", Kind: commands.Pick, Options: []commands.Option{{Value: "all", Label: "全院"}, {Value: "one", Label: "只有本科室"}}},
				},
			}}
		case l.Text == "/downtime ack":
			board.ID, board.Text = "7/2/1", strings.Replace(board.Text, "未知", "14:30（王工，把握中）", 1)
			say(board, "")
			return commands.Reply{Text: "已记下：急诊科改用纸质流程。", Lang: hospital.ZH}
		}
		return commands.Reply{Text: "预计恢复时间：未知。11:00 再通知。", Lang: hospital.ZH}
	}
}

// stage opens a house with the small outage.
func stage(t *testing.T) *house {
	t.Helper()
	e := &ear{}
	h := open(t, demo(), newMemory(), e)
	e.answer = outage(h.post)
	return h
}

func TestABrowserSeesAnOutageThrough(t *testing.T) {
	h := stage(t)
	b := browser(t, 390, 844)
	b.enter(h, "lily")
	if got := b.text("#room-name"); got != "急诊科" {
		t.Errorf("she starts in %q, want her own ward", got)
	}

	// Declare by form, with the keyboard.
	b.click("#say")
	b.types("/outage d")
	b.until("document.querySelectorAll('#completion li').length === 1")
	b.types("\t")
	b.types("\r")
	b.until("document.querySelector('#form').open")
	if got := b.text("#form-title"); got != "报告系统故障" {
		t.Errorf("the form is %q", got)
	}
	b.js(`document.querySelector("#form [value='HIS 核心数据库']").click()`)
	b.click("#form footer .primary")
	b.until("!document.querySelector('#field-what-wrong').hidden")
	b.types("坏")
	b.click("#form footer .primary")
	b.until("document.querySelector('#form .note.bad')?.textContent.startsWith('说明太短')")
	b.shot("refused")
	b.click("#field-what")
	b.types("了，点登录后一直转圈")
	b.click("#form footer .primary")
	b.until("!document.querySelector('#form').open")
	b.until("document.querySelector('#posts .private')?.innerText.includes('已建立 INC-7')")
	declared := h.ear.lines()[len(h.ear.lines())-1]
	if declared.Command != "outage declare" || declared.Args["what"] != "坏了，点登录后一直转圈" || declared.Args["systems"] != "HIS 核心数据库,护士站" {
		t.Errorf("the bot heard %+v", declared)
	}

	// The incident's room has news; its board shows.
	b.until("document.querySelector('#elsewhere').textContent === '1'")
	b.click("#side-open")
	b.shot("drawer")
	b.click("[data-room='inc/7']")
	b.until("document.querySelector('#board').innerText.includes('HIS 打不开')")
	b.until("document.querySelector('#elsewhere').hidden")
	if got := b.text("#posts .post .by .clock"); got != "10:30" {
		t.Errorf("the broadcast is of %q, want the hospital's 10:30", got)
	}

	// A button on the board, which is edited in place.
	b.click("#board button.primary")
	b.until("document.querySelector('#board').textContent.includes('14:30（王工')")
	b.until("document.querySelector('#posts .private')?.innerText.includes('急诊科改用纸质流程')")
	if got := b.text("#posts .echo"); got != "我们已改用纸质流程" {
		t.Errorf("the answer is to %q, want the button's label", got)
	}

	b.click("#say")
	b.types("分诊台也打不开")
	b.types("\r")
	b.until("document.querySelector('#posts').innerText.includes('分诊台也打不开')")
	b.until("document.querySelector('#say').value === ''")
	before := b.text("#posts article")
	b.do(chromedp.Reload())
	b.until("document.querySelector('#posts').innerText.includes('分诊台也打不开')")
	if after := b.text("#posts article"); after != before {
		t.Errorf("after a reload she sees\n%s\nwant\n%s", after, before)
	}
	b.shot("end")
}

func TestAServerRestartedUnderAnOpenPageLosesAndDoublesNothing(t *testing.T) {
	h := stage(t)
	b := browser(t, 390, 844)
	b.enter(h, "lily")
	b.click("#say")
	b.types("一")
	b.types("\r")
	b.until("document.querySelector('#posts').innerText.includes('一')")

	h.stop()
	b.until("document.querySelector('#line').innerText.includes('正在重连')")
	b.types("二")
	b.types("\r")
	b.types("三")
	b.types("\r")
	b.until("document.querySelectorAll('#pending li').length === 2")
	b.shot("lost")

	config := demo()
	config.Listen = h.server.Addr()
	h = open(t, config, h.shelf, h.ear)
	h.post(bot.Message{ID: "9", Room: "dept/ed", Kind: bot.Notice, Text: "回来了", At: at}, "")
	b.until("document.querySelector('#pending').children.length === 0")
	b.until("document.querySelector('#posts').innerText.includes('回来了')")
	b.until("!document.querySelector('#line').classList.contains('shown')")
	shown := b.text("#posts .text")
	for _, want := range []string{"一", "二", "三", "回来了"} {
		if strings.Count(shown, want) != 1 {
			t.Errorf("%q is shown %d times in %q", want, strings.Count(shown, want), shown)
		}
	}
	if posts, _ := h.room("chen", "dept/ed"); len(posts) != 4 {
		t.Errorf("the desk keeps %d posts, want 4: %+v", len(posts), posts)
	}
}

// looks are the screens on which the page must be at its best.
var looks = []struct {
	name          string
	width, height int64
	theme, lang   string
	who           incident.PersonID
	posts         int // he sees no answer of hers
}{
	{"phone light zh", 320, 640, "light", "zh", "lily", 4},
	{"phone dark en", 320, 640, "dark", "en", "lily", 4},
	{"desk light en", 1280, 800, "light", "en", "john", 3},
	{"desk dark zh", 1280, 800, "dark", "zh", "lily", 4},
}

func TestThePageFitsEveryScreenAndNamesEveryControl(t *testing.T) {
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			h := stage(t)
			h.ear.answer(commands.Line{Command: "outage declare", Args: map[string]string{"systems": "HIS 核心数据库"}})
			h.says("chen", "line-0001", "inc/7", "工程师已联系，王工 20 分钟到")
			h.says("lily", "line-0002", "inc/7", "@wardline 什么时候恢复？")
			b := browser(t, look.width, look.height)
			b.do(chromedp.Navigate(h.base + "/"))
			b.js(fmt.Sprintf("localStorage.setItem('wardline.theme', %q); localStorage.setItem('wardline.lang', %q)", look.theme, look.lang))
			b.do(chromedp.Reload())
			b.until("document.querySelector('#people').open")
			b.fits("people")
			b.click(fmt.Sprintf("[data-person=%q]", look.who))
			b.until("document.querySelector('#room-name').textContent !== ''")
			b.fits("empty")
			b.js("document.querySelector('[data-room=\"inc/7\"]').click()")
			b.until(fmt.Sprintf("document.querySelectorAll('#posts .post').length === %d", look.posts))
			b.fits("room")
			b.click("#plus")
			b.fits("plus")
			b.js("[...document.querySelectorAll('#plus-menu button')].find((e) => e.textContent.includes('/outage declare')).click()")
			b.until("document.querySelector('#form').open")
			b.fits("form")
		})
	}
}
