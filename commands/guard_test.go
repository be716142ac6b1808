package commands_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"wardline/commands"
)

// leaks are lines with invented data, and the value that must be nowhere afterwards.
func leaks() map[string]string {
	return map[string]string{
		"急诊一位患者 11010519491231002X 建不了档":    "11010519491231002X",
		"家属手机 139 1234 5678 收不到短信":          "139 1234 5678",
		"住院号 ZY00778812 的医嘱看不到":             "ZY00778812",
		"12床李雪莲的血气没传":                       "李雪莲",
		"bed 7 Mrs Whitcombe needs a label": "Whitcombe",
		"DOB 17/03/1951 does not match":     "17/03/1951",
		"银行卡6222021234567890128刷了两次":        "6222021234567890128",
		"HIS的密码是Zhuyuan#88":                 "Zhuyuan#88",
		"token: a9f3c2b1d4e5f6a7b8c9":       "a9f3c2b1d4e5f6a7b8c9",
	}
}

// book is a log that can be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// Whatever way a patient's data takes into the bot, it is nowhere afterwards: not in the file, not in
// the log, not in anything said, and not in the answer.
func TestWhatTheGuardCatchesIsNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, t.TempDir())
		log := &logbook{}
		s.log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s.open()
		s.say("wang@it", "/outage declare his 全院登录不上 confirm:yes", nil, "")
		caught := 0
		for line, value := range leaks() {
			for _, l := range waysIn(line) {
				l.Platform, l.User, l.Room = "web", "wang", "inc/1"
				reply := s.house.hearer.Handle(t.Context(), l)
				if !reply.Guarded || !reply.Refused || strings.Contains(reply.Text, value) || reply.Form != nil || len(reply.Actions) > 0 {
					t.Errorf("%+v is answered %+v", l, reply)
				}
				caught++
			}
		}
		s.settle()
		said := strings.Builder{}
		for _, m := range append(s.said.all, s.said.boards...) {
			said.WriteString(m.Title + "\n" + m.Text + "\n")
		}
		s.stop()
		file, err := os.ReadFile(filepath.Join(s.dir, "wardline.db"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(file, []byte("全院登录不上")) || !strings.Contains(log.text.String(), "class=named_patient") {
			t.Fatal("the file or the log cannot be read like this, so finding nothing there would prove nothing")
		}
		for _, value := range leaks() {
			for where, text := range map[string]string{"file": string(file), "log": log.text.String(), "rooms": said.String()} {
				if strings.Contains(text, value) {
					t.Errorf("%q is in the %s", value, where)
				}
			}
		}
		t.Logf("%d lines were refused", caught)
	})
}

// waysIn are all ways to say a line: plain, after each command, and in each field of each form.
func waysIn(line string) []commands.Line {
	ways := []commands.Line{{Text: line}, {Text: "@wardline " + line}, {Text: "/nonsense " + line}, {Command: line}}
	for _, spec := range commands.Table() {
		ways = append(ways, commands.Line{Text: "/" + spec.Name() + " " + line})
		for _, a := range spec.Args {
			ways = append(ways, commands.Line{Command: spec.Name(), Args: map[string]string{a.Name: line}})
		}
	}
	return ways
}

func TestTheHospitalsNumbersMayBeSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, t.TempDir())
		s.open()
		defer s.stop()
		for _, text := range []string{"打8120没人接怎么办", "8000 是总值班吗"} {
			if class, found := s.house.desk.Guard(text); found {
				t.Errorf("%q is taken for %s", text, class)
			}
		}
		if _, found := s.house.desk.Guard("12床李四"); !found {
			t.Error("a name with a bed is let pass")
		}
	})
}
