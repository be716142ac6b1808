package main_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "write the pictures of the README into this folder")

// TestScreenshots makes the pictures of the README from the real demo:
//
//	go test . -run TestScreenshots -args -screenshots docs/images
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("no -screenshots folder: no pictures are wanted")
	}
	if err := os.MkdirAll(*screenshots, 0o750); err != nil {
		t.Fatal(err)
	}
	browser := chromium(t)
	server, base := serve(t, t.TempDir(), unusedPort(t))
	desk := look{width: 1280, height: 800, scale: 1.25, lang: "zh", theme: "light"}
	coordinator := sit(browser, t, base, "lin", desk)
	nurse := sit(browser, t, base, "chen", look{width: 360, height: 780, scale: 2, lang: "zh", theme: "light"})
	coordinator.says("/outage declare HIS 保存医嘱一直转圈 程度:全部 还能用:查看病历、检验结果")
	coordinator.press("#posts .private", "确认")
	nurse.reads("#posts .broadcast .text", "马上做")
	nurse.reads("#board", "查看病历")

	coordinator.goes("inc/1")
	engineer := sit(browser, t, base, "wu", desk)
	engineer.goes("inc/1")
	engineer.says("库存月报把订单表锁住了，正在核对会话")
	engineer.says("/outage cause 软件 推测 库存月报锁住了订单表")
	engineer.says("/fix contacted 高工 预计到场:20m")
	engineer.says("/fix eta 45m 中")
	coordinator.reads("#board", "吴昊")
	coordinator.says("急诊和 ICU 已电话通知到人")
	coordinator.reads("#posts .human .text", "已电话通知到人")
	coordinator.js("document.activeElement.blur()")
	nurse.reads("#board .clock", ":")
	phone := sit(browser, t, base, "lin", look{width: 360, height: 780, scale: 2, lang: "zh", theme: "light"})
	wards := sit(browser, t, base, "chen", look{width: 360, height: 780, scale: 2, lang: "zh", theme: "light"})
	wards.says("/downtime ack 已转手工")
	wards.reads("#posts .private .text", "已转手工")
	wards.says("/downtime procedure ED-RX")
	wards.reads("#posts .private .text", "通用名")
	phone.goes("inc/1")
	phone.says("/downtime ack 转不了 停机箱是空的 科室:外科病区")
	phone.reads("#posts .private .text", "转不了手工")
	phone.do(chromedp.Navigate(base + "/print/wards/INC-1?lang=zh&person=lin"))
	phone.reads("td", "停机箱是空的")
	for s, name := range map[*seat]string{nurse: "desk-phone.png", coordinator: "desk.png", phone: "wards-phone.png", wards: "procedure-phone.png"} {
		s.picture(*screenshots, name)
		info, err := os.Stat(filepath.Join(*screenshots, name))
		if err != nil || info.Size() > 300_000 {
			t.Errorf("%s: %d bytes, want at most 300,000 (%v)", name, info.Size(), err)
		}
	}
	server.end()
}
