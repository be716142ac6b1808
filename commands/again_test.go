package commands_test

import (
	"strings"
	"testing"

	"wardline/commands"
)

// A platform that is not sure whether its input arrived sends it again with the same id.
func TestTheSameInputHeardTwiceActsOnce(t *testing.T) {
	h := newHearer(t)
	say := func(id, text string) commands.Reply {
		t.Helper()
		return h.Handle(t.Context(), commands.Line{ID: id, Platform: "web", User: "kate", Room: "it", Text: text})
	}
	const declare = "/outage declare PACS images do not open departments:imaging extent:partial"
	if r := say("a", declare); !strings.HasPrefix(r.Text, "Declared INC-1 ") {
		t.Fatalf("declared: %q", r.Text)
	}
	if r := say("a", declare); r.Text != "This was done already; it was not done twice." || r.Refused {
		t.Errorf("heard again: %+v", r)
	}
	if r := say("", "/outage list"); strings.Count(r.Text, "INC-") != 1 {
		t.Errorf("one outage was declared, there are:\n%s", r.Text)
	}
	if r := say("b", "/fix progress changing the battery"); r.Text != "Progress noted." {
		t.Errorf("progress: %q", r.Text)
	}
	if r := say("b", "/fix progress changing the battery"); r.Text != "This was done already; it was not done twice." {
		t.Errorf("progress heard again: %q", r.Text)
	}
	if r := say("c", "/fix progress changing the battery"); r.Text != "Progress noted." {
		t.Errorf("the same words as a new input: %q", r.Text)
	}
	if r := say("", "/outage timeline"); strings.Count(r.Text, "changing the battery") != 2 {
		t.Errorf("the battery is changed twice by two inputs:\n%s", r.Text)
	}
}

func TestAnEndlessTextIsRefused(t *testing.T) {
	h := newHearer(t)
	say := func(user, text string) commands.Reply {
		t.Helper()
		return h.Handle(t.Context(), commands.Line{Platform: "web", User: user, Room: "it", Text: text})
	}
	say("kate", "/outage declare PACS images do not open departments:imaging extent:partial")
	long := strings.Repeat("长", 4001)
	if r := say("raj", "/fix progress "+long); !r.Refused || r.Text != "What is too long; 4000 characters at most. Shorten it or split it." {
		t.Errorf("in English: %+v", r)
	}
	if r := say("gao", "/fix progress "+long); !r.Refused || r.Text != "内容 太长，最多 4000 字。请缩短，或分几条写。" {
		t.Errorf("in Chinese: %+v", r)
	}
	if r := say("gao", "/fix progress "+strings.Repeat("长", 4000)); r.Refused {
		t.Errorf("4000 characters fit: %+v", r)
	}
	say("kate", "/outage declare HIS does not open level:L3 confirm:yes")
	if r := say("kate", "/outage tell incident:INC-2 "+long); !r.Refused || strings.Contains(r.Text, "长长") {
		t.Errorf("what is too long to be told is shown first: %.80s", r.Text)
	}
}
