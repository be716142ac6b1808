package commands

import "testing"

// What reads as "it is back" stops before the wards read it; what says the opposite does not.
func TestWhatReadsAsBack(t *testing.T) {
	for _, said := range []string{
		"网络已经恢复，大家可以用了", "好了，可以登录", "HIS 修好了", "系统正常了", "请切回系统",
		"the network is back", "HIS restored, please log in", "It's back up", "you can use CPOE now", "all fixed", "PACS works again",
	} {
		if !soundsBack.MatchString(soundsOut.ReplaceAllString(fold(said), " ")) {
			t.Errorf("%q passes as if it promised nothing", said)
		}
	}
	for _, said := range []string{
		"还没有恢复，请继续手工", "预计三点恢复", "恢复前不要登录", "系统不可以用", "未修好",
		"not back yet, stay on paper", "do not log in until it is restored", "when it is back we will tell you",
		"unplug the network cable of any PC with a ransom note", "runners come every 15 minutes",
	} {
		if soundsBack.MatchString(soundsOut.ReplaceAllString(fold(said), " ")) {
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
