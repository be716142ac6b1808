package commands_test

import (
	"strings"
	"testing"

	"wardline/bot"
	"wardline/commands"
)

// FuzzParse has anybody say anything anywhere: nothing panics, everybody is answered, and what was
// broken inside is told apart from what was merely not understood.
func FuzzParse(f *testing.F) {
	for _, s := range commands.Table() {
		f.Add("/"+s.Name(), uint8(0), uint8(0))
	}
	for _, text := range []string{
		"/outage declare HIS 全院登不上 程度:全部 确认:是", "/outage declare PACS slow departments:imaging extent:partial", "/fix eta 半小时后 高 已更换电池",
		"/outage symptom ORA-00060: \"a\\\"b", "什么时候能好", "is pacs down too", "/fix test ED,ward_surg try it", "/fix test pass n:1", "/outage restore 强制:“x” confirm:yes",
		"/outage strike 1 x confirm:yes", "/digest subscribe 0 8 * * * zone:Asia/Shanghai", "/ask answer Q1 yes", "/ask answer 1 incident:desk yes", "／故障 情况", "/", "", "\u3000", "\xff/outage", "/outage level L2 x --confirm yes",
		"/wardline lang en room", "/outage ask-leaders x options:a,b by:30m default:a", "/outage decide a", "/downtime procedure 手工开处方",
	} {
		f.Add(text, uint8(0), uint8(1))
		f.Add(text, uint8(9), uint8(3))
	}
	h := newHearer(f)
	people := append(cast(), bot.Person{ID: "stranger"})
	rooms := []bot.RoomID{"it", "inc/1", "leaders/main", "dept/ward_surg", "direct/lee", "dept/nowhere", ""}
	f.Fuzz(func(t *testing.T, text string, who, where uint8) {
		p := people[int(who)%len(people)]
		l := commands.Line{Platform: "web", User: string(p.ID), Name: p.Name, Room: rooms[int(where)%len(rooms)], Text: text}
		r := h.Handle(t.Context(), l)
		if strings.TrimSpace(r.Text) == "" && r.Form == nil {
			t.Errorf("%s in %q said %q and got no answer", p.ID, l.Room, text)
		}
		if strings.Contains(r.Text, "<") && strings.Contains(r.Text, ">") && !strings.Contains(text, "<") && strings.Contains(r.Text, ".>") {
			t.Errorf("%q is answered by a phrase that failed: %q", text, r.Text)
		}
		for _, failed := range []string{"机器人内部出错", "The bot failed inside"} {
			if strings.Contains(r.Text, failed) && !strings.Contains(text, failed) {
				t.Errorf("%q failed inside: %q", text, r.Text)
			}
		}
		for _, a := range r.Actions {
			if a.Label == "" || a.Line == "" {
				t.Errorf("%q is answered with an empty button: %+v", text, a)
			}
		}
		h.Complete(t.Context(), l)
	})
}
