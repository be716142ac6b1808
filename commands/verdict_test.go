package commands

import (
	"testing"
	"time"
)

// What is a whole answer, and what only begins like one: a question, a report or the name of a form goes its own way.
func TestABareYesOrNo(t *testing.T) {
	kind := func(said string) string {
		switch said = fold(said); {
		case passes.MatchString(said):
			return "works"
		case fails.MatchString(said):
			return "fails"
		case rulings.MatchString(said):
			return "rules"
		}
		return ""
	}
	for want, lines := range map[string][]string{
		"works": {"能用", "能用了", "可以用", "试了，能用了", "我们这边正常", "都好了", "works", "It works now", "works for us"},
		"fails": {"不能用", "还是不行", "我们科还是用不了", "试过了 没好", "fails", "still broken", "It doesn't work", "still not working"},
		"rules": {"同意", "不同意", "领导同意了", "批准", "照办", "就这么办", "按默认处理", "approved", "We agree", "go ahead", "do not approve", "rejected"},
		"": {
			"能用了吗", "能不能用", "不能用吗", "HIS 能用", "能用几台", "好了没", "可以吗", "同意书在哪", "是否同意", "谁同意的", "不行了快来人", "不能用怎么发药",
			"does it work", "works on paper only", "nothing works", "no paper left", "not working since 9", "who approved this", "agree with whom", "consent form", "no idea",
		},
	} {
		for _, said := range lines {
			if got := kind(said); got != want {
				t.Errorf("%q is taken as %q, want %q", said, got, want)
			}
		}
	}
}

// English words behind a named argument are its own; a sentence that has not begun is not swallowed, and in Chinese a
// space ends what is named.
func TestANamedArgumentOfSeveralWords(t *testing.T) {
	g := &grammar{table: table(), words: words()}
	for line, want := range map[string]map[string]string{
		"close the clinic? options:close,keep open default:keep open": {"text": "close the clinic?", "options": "close,keep open", "default": "keep open"},
		"options:stop,go close the clinic?":                           {"text": "close the clinic?", "options": "stop,go"},
		`close it? options:"stop it" tonight`:                         {"text": "close it? tonight", "options": "stop it"},
		"是否停诊 选项:停,不停 今晚":                                             {"text": "是否停诊 今晚", "options": "停,不停"},
	} {
		s, _ := g.spec("outage ask-leaders")
		b := binding{values: values{}, given: map[string]string{}}
		b.place(g, s, line, g.takeOptions(s, scan(line), &b), time.Time{})
		for name, value := range want {
			if b.given[name] != value {
				t.Errorf("%s: %s is %q, want %q", line, name, b.given[name], value)
			}
		}
	}
}
