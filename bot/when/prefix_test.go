package when_test

import (
	"testing"

	"wardline/bot/when"
)

func TestASentenceMayStartWithATime(t *testing.T) {
	now := tuesday(t)
	for _, c := range []struct {
		sense      when.Sense
		text, want string
		rest       string
	}{
		{when.Ahead, "14:30 vendor is on the way", "05-12 14:30", "vendor is on the way"},
		{when.Ahead, "14:30, vendor is on the way", "05-12 14:30", "vendor is on the way"},
		{when.Ahead, "45m restoring the index", "05-12 11:08", "restoring the index"},
		{when.Ahead, "in 2 hours: waiting for a disk", "05-12 12:23", "waiting for a disk"},
		{when.Ahead, "1430: waiting for a disk", "05-12 14:30", "waiting for a disk"},
		{when.Ahead, "3:30 p.m. New Switch", "05-12 15:30", "New Switch"},
		{when.Ahead, "tomorrow 8am Vendor", "05-13 08:00", "Vendor"},
		{when.Ahead, "tomorrow we test", "ambiguous | 05-13 08:00, 05-13 12:00, 05-13 17:00", "we test"},
		{when.Ahead, "下午3点恢复", "05-12 15:00", "恢复"},
		{when.Ahead, "半小时后恢复，先用纸", "05-12 10:53", "恢复，先用纸"},
		{when.Ahead, "明早8点　厂商到场", "05-13 08:00", "厂商到场"},
		{when.Ahead, "１４：３０ 厂商到场", "05-12 14:30", "厂商到场"},
		{when.Ahead, "14:30到场", "05-12 14:30", "到场"},
		{when.Ahead, "14点30台式机恢复", "05-12 14:00", "30台式机恢复"},
		{when.Ahead, "14:30后台重启", "05-12 14:30", "后台重启"},
		{when.Ahead, "两小时内修好", "05-12 12:23", "修好"},
		{when.Ahead, "30 minutes", "05-12 10:53", ""},
		{when.Ahead, "8点 恢复", "ambiguous | 05-12 20:00, 05-13 08:00", "恢复"},
		{when.Behind, "10:20 PACS down", "05-12 10:20", "PACS down"},
		{when.Behind, "10:20 多个科室报告", "05-12 10:20", "多个科室报告"},
		{when.Behind, "since 9:40 no images", "05-12 09:40", "no images"},
		{when.Behind, "20分钟前开始卡", "05-12 10:03", "开始卡"},
		{when.Behind, "昨晚11点起影像打不开", "05-11 23:00", "影像打不开"},
		{when.Behind, "10 minutes ago Ward 3 called", "05-12 10:13", "Ward 3 called"},
	} {
		r, rest, ok := when.Prefix(c.text, now, now.Location(), c.sense)
		if !ok || show(r) != c.want || rest != c.rest {
			t.Errorf("%q starts with %s, ok %t, rest %q; want %s, rest %q", c.text, show(r), ok, rest, c.want, c.rest)
		}
	}
}

func TestWordsThatOnlyLookLikeATimeAreLeftAlone(t *testing.T) {
	now := tuesday(t)
	for _, text := range []string{
		"", "PACS is down", "1200 users cannot log in", "3 wards", "30", "at 3 wards the phones are dead",
		"三点建议", "一点问题也没有", "晚点恢复", "晚一点再说", "2分院断网", "3号楼断电", "14:30-15:00 window", "14:30 to 15:00",
		"14:30 或 15:00", "8点到9点", "2小时多了", "8点多坏的", "8点几分", "14:30后再说", "14:30 UTC restart", "2m2x",
		"10:23.5 x", "soon", "early on", "早就坏了", "半天没反应", "两三台坏了", "monitor dead", "sunquest is down", "mayday",
	} {
		r, rest, ok := when.Prefix(text, now, now.Location(), when.Ahead)
		if ok || rest != text || r.Problem != when.Unreadable {
			t.Errorf("%q starts with %s, ok %t, rest %q; want no time and the text untouched", text, show(r), ok, rest)
		}
	}
}
