package commands_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wardline/commands"
)

func TestWordsOfALine(t *testing.T) {
	tests := []struct {
		name, line string
		want       []commands.Word
	}{
		{"nothing", "  \u3000 ", nil},
		{"plain words, wide spaces", "a b\u3000c", []commands.Word{{Text: "a"}, {Text: "b"}, {Text: "c"}}},
		{"straight quotes", `say "two words" now`, []commands.Word{{Text: "say"}, {Text: "two words", Quoted: true}, {Text: "now"}}},
		{"curly quotes", "“两 个词”", []commands.Word{{Text: "两 个词", Quoted: true}}},
		{"corner quotes", "「两 个词」 『三 个』", []commands.Word{{Text: "两 个词", Quoted: true}, {Text: "三 个", Quoted: true}}},
		{"wide straight quotes", "＂a b＂", []commands.Word{{Text: "a b", Quoted: true}}},
		{"a quote in a quote", `"a \"b\" \\ c"`, []commands.Word{{Text: `a "b" \ c`, Quoted: true}}},
		{"a quote that never ends is a letter", `"a b`, []commands.Word{{Text: `"a`}, {Text: "b"}}},
		{"key and value", "since:10:23", []commands.Word{{Key: "since", Text: "10:23"}}},
		{"Chinese key, wide colon", "科室：急诊，外科病区", []commands.Word{{Key: "科室", Text: "急诊，外科病区"}}},
		{"equals, narrow and wide", "level=L2 级别＝L3", []commands.Word{{Key: "level", Text: "L2"}, {Key: "级别", Text: "L3"}}},
		{"quoted value", `works:"reading records" 还能用：“看 病历”`, []commands.Word{
			{Key: "works", Text: "reading records", Quoted: true}, {Key: "还能用", Text: "看 病历", Quoted: true},
		}},
		{"several quoted values", `options:"换 整机","修" by:30m`, []commands.Word{
			{Key: "options", Text: "换 整机,修", Quoted: true}, {Key: "by", Text: "30m"},
		}},
		{"several quoted values with spaces", "选项：“换”， “修”", []commands.Word{{Key: "选项", Text: "换,修", Quoted: true}}},
		{"a comma after a quoted value", `选项：“换”， 修`, []commands.Word{{Key: "选项", Text: "换", Quoted: true}, {Text: "，"}, {Text: "修"}}},
		{"dashes", "--level L2 --reason=x", []commands.Word{{Key: "level", Text: "L2"}, {Key: "reason", Text: "x"}}},
		{"quoted value after dashes", `--works "a b"`, []commands.Word{{Key: "works", Text: "a b", Quoted: true}}},
		{"dashes at the end", "--level", []commands.Word{{Text: "--level"}}},
		{"quoted dashes are text", `"--level" L2`, []commands.Word{{Text: "--level", Quoted: true}, {Text: "L2"}}},
		{"a time is no key", "10:50", []commands.Word{{Text: "10:50"}}},
		{"an error number is no key", "ORA-00060: deadlock", []commands.Word{{Text: "ORA-00060:"}, {Text: "deadlock"}}},
		{"an empty value", "works: x", []commands.Word{{Key: "works"}, {Text: "x"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, commands.Scan(tt.line)); diff != "" {
				t.Errorf("Scan(%q) (-want +got):\n%s", tt.line, diff)
			}
		})
	}
}

func TestALineBindsToItsArguments(t *testing.T) {
	h := newHearer(t)
	now := time.Date(2026, 5, 12, 10, 0, 0, 0, time.FixedZone("", 8*3600))
	tests := []struct {
		name, line, command string
		given               map[string]string
		troubles            []string
	}{
		{
			"the same in Chinese words", "／故障 宣布 HIS，医嘱 保存 转圈 科室：急诊、外科病区 自：9：50 程度=部分", "outage declare",
			map[string]string{"systems": "HIS，医嘱", "what": "保存 转圈", "departments": "急诊、外科病区", "since": "9：50", "extent": "部分"},
			nil,
		},
		{
			"options inside the sentence are taken out", "/outage declare PACS images departments:ED do not open level:L2", "outage declare",
			map[string]string{"systems": "PACS", "what": "PACS images do not open", "departments": "ED", "level": "L2"},
			nil,
		},
		{
			"an option twice is a list", "/outage declare PACS slow departments:ED departments:ward_surg", "outage declare",
			map[string]string{"systems": "PACS", "what": "PACS slow", "departments": "ED,ward_surg"},
			nil,
		},
		{
			"a time of several words", "/fix eta in half an hour high vendor is here", "fix eta",
			map[string]string{"eta": "in half an hour", "confidence": "high", "reason": "vendor is here"},
			nil,
		},
		{
			"a Chinese time with spaces", "/fix eta 明天 下午 3点 中 等备件", "fix eta",
			map[string]string{"eta": "明天 下午 3点", "confidence": "中", "reason": "等备件"},
			nil,
		},
		{
			"an optional choice may be left out", "/fix eta 10:50 vendor is here", "fix eta",
			map[string]string{"eta": "10:50", "reason": "vendor is here"},
			nil,
		},
		{
			"a symptom keeps every byte", "/outage symptom  error:  ORA-00060: a=b \"x  y\"", "outage symptom",
			map[string]string{"text": "error:  ORA-00060: a=b \"x  y\""},
			nil,
		},
		{
			"options of a symptom come first", "/outage symptom department:ED place:bed 3 note: it hangs", "outage symptom",
			map[string]string{"department": "ED", "place": "bed", "text": "3 note: it hangs"},
			nil,
		},
		{
			"an incident may lead", "/outage level INC-2 L3 worse", "outage level",
			map[string]string{"incident": "INC-2", "level": "L3", "reason": "worse"},
			nil,
		},
		{"a wrong word is named, not dropped", "/outage level high worse", "outage level", map[string]string{"level": "high", "reason": "worse"}, []string{"usage.level"}},
		{"what is missing is said", "/outage declare nothing works here", "outage declare", map[string]string{"what": "nothing works here"}, []string{"usage.missing"}},
		{"what is left over is said", "/outage list please", "outage list", map[string]string{}, []string{"usage.extra"}},
		{"plain words are a question", "when will it be back", "ask", map[string]string{"question": "when will it be back"}, nil},
		{"a question may begin with a root's word", "outage or not?", "ask", map[string]string{"question": "outage or not?"}, nil},
		{"an answer in two words", "/downtime ack on paper since eight", "downtime ack", map[string]string{"answer": "on paper", "text": "since eight"}, nil},
		{"a question that begins with who", "/ask who is fixing it", "ask", map[string]string{"question": "who is fixing it"}, nil},
		{"a question that begins with queue", "/ask queue at the pharmacy is out the door", "ask", map[string]string{"question": "queue at the pharmacy is out the door"}, nil},
		{"a question in Chinese that begins with who", "/ask 谁 在修", "ask", map[string]string{"question": "谁 在修"}, nil},
		{"a question for a person, in Chinese", "/ask 请人 打印机能借吗", "ask person", map[string]string{"question": "打印机能借吗"}, nil},
		{"a question that begins with answer", "/ask answer me please", "ask", map[string]string{"question": "answer me please"}, nil},
		{"five fields of a schedule", "/digest subscribe 0 8,20 * * * 语言:英文", "digest subscribe", map[string]string{"schedule": "0 8,20 * * *", "language": "英文"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			command, given, troubles := h.Bind(tt.line, now)
			if command != tt.command {
				t.Errorf("%q is %q, want %q", tt.line, command, tt.command)
			}
			if diff := cmp.Diff(tt.given, given); diff != "" {
				t.Errorf("%q gives (-want +got):\n%s", tt.line, diff)
			}
			if diff := cmp.Diff(tt.troubles, troubles); diff != "" {
				t.Errorf("%q has the troubles (-want +got):\n%s", tt.line, diff)
			}
		})
	}
}

// A button is a line: whatever its values are, the line must read back to the same.
func TestAButtonReadsBackToItsArguments(t *testing.T) {
	h := newHearer(t)
	now := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	text := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z急诊0-9:=："“”「」『』＂\\ ,，\-/]{1,12}`),
		rapid.StringMatching(`.{1,8}`),
		rapid.SampledFrom([]string{`"`, `\`, `\"`, `a\`, "--level", "INC-1", "confirm:yes", "10:50", "\u3000x", "“", "a：b", "」", "x\ny"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom(commands.Table()).Draw(t, "command")
		given := map[string]string{}
		for _, a := range spec.Args {
			if rapid.Bool().Draw(t, "has "+a.Name) {
				given[a.Name] = text.Draw(t, a.Name)
			}
		}
		line := h.Again(spec, given)
		command, got, _ := h.Bind(line, now)
		if command != spec.Name() || !maps.Equal(got, given) {
			t.Fatalf("%q\nwas  %s %q\nreads %s %q", line, spec.Name(), given, command, got)
		}
	})
}

func TestQuoteLeavesPlainWordsPlain(t *testing.T) {
	for in, want := range map[string]string{"INC-1": "INC-1", "急诊,外科": "急诊,外科", "a b": `"a b"`, "": `""`, `x"y`: `"x\"y"`, "-1": `"-1"`} {
		if got := commands.Quote(in); got != want {
			t.Errorf("Quote(%q) = %s, want %s", in, got, want)
		}
	}
}

// No word may mean two arguments of one command, two verbs of one root or two choices of one argument.
func TestNoWordMeansTwoThings(t *testing.T) {
	h := newHearer(t)
	verbs := map[string][]string{}
	for _, s := range commands.Table() {
		seen := map[string]string{}
		for _, a := range s.Args {
			for _, w := range append(h.Words(a.Name), a.Name) {
				if other := seen[w]; other != "" && other != a.Name {
					t.Errorf("/%s: %q means %s and %s", s.Name(), w, other, a.Name)
				}
				seen[w] = a.Name
			}
			choices := map[string]string{}
			for _, ch := range a.Choices {
				for _, w := range append(h.Words(ch), ch) {
					if other := choices[w]; other != "" && other != ch {
						t.Errorf("/%s %s: %q means %s and %s", s.Name(), a.Name, w, other, ch)
					}
					choices[w] = ch
				}
			}
		}
		for _, w := range append(h.Words(s.Verb), s.Verb) {
			if s.Verb != "" && slices.Contains(verbs[s.Root], w) {
				t.Errorf("/%s: %q means two verbs", s.Root, w)
			}
			verbs[s.Root] = append(verbs[s.Root], w)
		}
	}
	if len(verbs) < 6 || !strings.HasPrefix(commands.Table()[0].Name(), "outage") {
		t.Errorf("the table is not what was looked at: %v", verbs)
	}
}
