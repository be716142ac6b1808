package mattermost_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"
	"pgregory.net/rapid"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/commands"
)

// Whatever a form says, in whatever script: its dialog keeps the server's limits, which count bytes, never
// cuts a character, and loses nothing that somebody wrote.
func TestEveryDialogIsValid(t *testing.T) {
	config := mattermost.Config{Key: key, Callback: "http://127.0.0.1:1"}
	kinds := []commands.FieldKind{commands.Text, commands.LongText, commands.Pick, commands.PickMany, commands.Time}
	rapid.Check(t, func(t *rapid.T) {
		words := func(name string) string {
			return rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune("系统故障ab c，💊")), 0, 120, -1), rapid.String()).Draw(t, name)
		}
		form := commands.Form{Command: "outage declare", Title: "宣布" + words("title"), Intro: words("intro"), Submit: words("submit")}
		for i := range rapid.IntRange(1, 6).Draw(t, "fields") {
			f := commands.Field{
				Name: fmt.Sprintf("f%d", i), Label: words("label"), Hint: words("hint"), Value: words("value"), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"),
				Required: rapid.Bool().Draw(t, "required"),
			}
			if f.Kind == commands.Pick || f.Kind == commands.PickMany {
				for n := range rapid.SampledFrom([]int{0, 1, 5, 100, 101}).Draw(t, "options") {
					f.Options = append(f.Options, commands.Option{Value: fmt.Sprintf("o%d", n), Label: words("option")})
				}
				f.Value = rapid.SampledFrom([]string{"", "o0", "o0,o1", "gone"}).Draw(t, "chosen")
			}
			form.Fields = append(form.Fields, f)
		}
		multi := rapid.Bool().Draw(t, "multi")
		d, fits := mattermost.SealedForm(config, form, model.NewId(), time.Now(), multi)
		if !fits {
			return
		}
		if err := d.IsValid(); err != nil {
			t.Fatalf("invalid: %v", err)
		}
		if len(d.Elements) != len(form.Fields) {
			t.Fatalf("%d of %d fields", len(d.Elements), len(form.Fields))
		}
		for i, e := range d.Elements {
			f := form.Fields[i]
			for what, text := range map[string]string{"label": e.DisplayName, "help": e.HelpText, "default": e.Default, "placeholder": e.Placeholder, "title": d.Title} {
				if !utf8.ValidString(text) {
					t.Fatalf("%s is cut in a character: %q", what, text)
				}
			}
			if e.MultiSelect && !multi {
				t.Fatal("a list of several on a server that has none")
			}
			if e.Type != "select" && e.Default != f.Value {
				t.Fatalf("what was written is lost: %q became %q", f.Value, e.Default)
			}
			if e.Optional == f.Required {
				t.Fatal("whether it is required is lost")
			}
		}
	})
}

func TestShortenCutsBetweenCharacters(t *testing.T) {
	for text, want := range map[string]string{
		"宣布故障":                      "宣布故障",
		"已确认受影响的科室名称":               "已确认受影响的…", // 33 bytes
		"12345678 901234567890123":  "12345678 901234567890123",
		"12345678 9012345678901234": "12345678 901234567890…",
		"💊💊💊💊💊💊💊":                   "💊💊💊💊💊…",
	} {
		got := mattermost.Shorten(text, 24)
		equal(t, text, got, want)
		if len(got) > 24 {
			t.Errorf("%q has %d bytes", got, len(got))
		}
	}
}

func TestALongSentenceIsNeverLostInAForm(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	what := strings.Repeat("医生站打不开", 20) // 360 bytes: more than one line of a form takes
	s.slash("lin", s.square(), "/outage declare his "+what+" level:L9")
	refusal := s.shown("lin", "L9")
	if err := s.server.Press(s.users["lin"], refusal.Id, "填写表单"); err != nil {
		t.Fatal(err)
	}
	form := s.server.AwaitDialog(s.users["lin"].Id, 1)
	i := slices.IndexFunc(form.Dialog.Elements, func(e model.DialogElement) bool { return e.Name == "what" })
	equal(t, "kind", form.Dialog.Elements[i].Type, "textarea")
	equal(t, "what", form.Dialog.Elements[i].Default, "his "+what)
}

func TestAFormThatTakesLongIsClosedAndAnsweredLater(t *testing.T) {
	s, _, _ := overheard(t, mmtest.Options{}, func(l commands.Line) (commands.Reply, bool) {
		if l.Command == "" {
			return commands.Reply{}, false
		}
		time.Sleep(5 * time.Second)
		return commands.Reply{Text: "没有做：" + l.Args["what"], Lang: "zh", Refused: true, Form: &commands.Form{
			Command: l.Command, Title: "宣布故障", Intro: "例：/outage declare", Fields: []commands.Field{{Name: "what", Label: "怎么了", Value: l.Args["what"]}},
		}}, true
	})
	s.listening()
	s.slash("lin", s.square(), "/outage declare")
	form := s.server.AwaitDialog(s.users["lin"].Id, 1)
	began := time.Now()
	answer, err := s.server.Submit(s.users["lin"], form, map[string]any{"systems": []any{"his"}, "what": "打不开"})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("answered after %v", took)
	}
	equal(t, "errors", len(answer.Errors)+len(answer.Error), 0)
	refusal := s.shown("lin", "没有做：打不开")
	if err := s.server.Press(s.users["lin"], refusal.Id, "填写表单"); err != nil {
		t.Fatal(err)
	}
	equal(t, "what was written", s.server.AwaitDialog(s.users["lin"].Id, 2).Dialog.Elements[0].Default, "打不开")
}

func TestAQuestionInADirectMessageIsReplacedByItsAnswer(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	c := s.direct("lin")
	s.server.Say(s.users["lin"], c, "outage declare his 医生站打不开")
	question := s.written("lin", "请确认")
	s.confirm("lin", question)
	s.until("it is replaced", func() bool {
		for _, p := range s.server.Posts(c) {
			if p.Id == question.Id {
				return strings.Contains(p.Message, "INC-1") && !strings.Contains(p.Message, "请确认") && strings.Join(labels(p), "|") == "填原因|填预计时间|现在情况"
			}
		}
		return false
	})
	equal(t, "outages", len(s.open()), 1)
}

func TestWithoutTheRightToWhisperAPressIsAnsweredInADirectMessage(t *testing.T) {
	s := newHearing(t, mmtest.Options{}).listening()
	s.types("lin", bot.IT, "/outage declare his 医生站打不开")
	s.quiet()
	room := s.channel("wl-inc-1")
	s.joined(room.Id, "lin")
	admin := s.server.Client(s.server.Admin())
	if _, err := admin.UpdateUserRoles(t.Context(), s.bot.Id, "system_user"); err != nil {
		t.Fatal(err)
	}
	s.server.Say(s.users["lin"], room.Id, "@wardline /outage restore")
	s.written("lin", "恢复")
}
