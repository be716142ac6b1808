package commands

import "testing"

// What reads as "it is back" stops before the wards read it; what says the opposite does not.
func TestWhatReadsAsBack(t *testing.T) {
	none := func(string) bool { return false }
	if phones := "电话可以用了"; readsBack(phones, none) || !readsBack(phones, func(string) bool { return true }) {
		t.Errorf("%q is a release exactly where the telephones are what is down", phones)
	}
	for _, said := range []string{
		"网络已经恢复，大家可以用了", "好了，可以登录", "HIS 修好了", "系统正常了", "请切回系统",
		"the network is back", "HIS restored, please log in", "It's back up", "you can use CPOE now", "all fixed", "PACS works again",
		"可以不用纸了", "不用再写手工单了，直接进系统", "HIS 好了，纸单留着", "you can leave paper now", "paper forms stay; HIS is back",
	} {
		if !readsBack(said, none) {
			t.Errorf("%q passes as if it promised nothing", said)
		}
	}
	for _, said := range []string{
		"还没有恢复，请继续手工", "预计三点恢复", "恢复前不要登录", "系统不可以用", "未修好",
		"not back yet, stay on paper", "do not log in until it is restored", "when it is back we will tell you",
		"unplug the network cable of any PC with a ransom note", "runners come every 15 minutes",
		"今晚恢复不了，按纸单做", "只读病历可以用，HIS 不能用", "电话可以用", "you can use the downtime PC to read records", "paper forms are back in stock",
	} {
		if readsBack(said, none) {
			t.Errorf("%q is taken for a release", said)
		}
	}
}

// A ward that reports by telephone has no trouble with its telephone.
func TestHowAReportCameIsNoSystem(t *testing.T) {
	for said, want := range map[string]string{
		"护士站打电话来说刷不出": "护士站 说刷不出", "ICU 来电话，登不进去": "ICU  ，登不进去",
		"a nurse phoned, nothing loads": "a nurse  , nothing loads", "电话打不出去": "电话打不出去", "the phone is dead": "the phone is dead",
	} {
		if got := byPhone.ReplaceAllString(said, " "); got != want {
			t.Errorf("%q is looked through as %q, want %q", said, got, want)
		}
	}
}
