package web_test

import (
	"net/http"
	"testing"

	"wardline/bot"
	"wardline/commands"
)

// A shownAnswer is a private answer with its buttons.
type shownAnswer struct {
	ID      uint64
	Actions []struct{ Label, Line string }
}

// answers reads what the bot told a person in private in the IT room.
func (h *house) answers() []shownAnswer {
	h.t.Helper()
	var a struct{ Posts []shownAnswer }
	if status := h.ask("GET", "/api/posts?room=it", "chen", nil, &a); status != http.StatusOK {
		h.t.Fatalf("read the room: status %d", status)
	}
	return a.Posts
}

// presses sends the line of a button on a post.
func (h *house) presses(id string, of uint64, line string) {
	h.t.Helper()
	said := map[string]any{"id": id, "room": "it", "text": line, "label": "确认", "of": of}
	if status := h.ask("POST", "/api/say", "chen", said, nil); status != http.StatusOK {
		h.t.Fatalf("press %s: status %d", line, status)
	}
}

func TestWhatWasConfirmedCannotBeConfirmedAgainTomorrow(t *testing.T) {
	e := &ear{answer: func(l commands.Line) commands.Reply {
		switch l.Text {
		case "/outage restore":
			return commands.Reply{Text: "确认？", Actions: []bot.Action{{Label: "确认", Line: "/outage restore confirm:yes", Style: bot.Danger}}}
		case "/outage restore confirm:yes":
			return commands.Reply{Text: "还有 1 个问题未答。", Refused: l.ID == "line-0002"}
		case "/downtime procedure":
			return commands.Reply{Text: "请选：", Actions: []bot.Action{{Label: "ED-RX", Line: "/downtime procedure ED-RX"}, {Label: "ED-TRIAGE", Line: "/downtime procedure ED-TRIAGE"}}}
		}
		return commands.Reply{Text: "1. 先分诊后登记"}
	}}
	h := open(t, demo(), newMemory(), e)
	h.says("chen", "line-0001", "it", "/outage restore")
	preview := h.answers()[0]
	if len(preview.Actions) != 1 {
		t.Fatalf("the preview has %d buttons, want 1", len(preview.Actions))
	}
	h.presses("line-0002", preview.ID, "/outage restore confirm:yes")
	if left := h.answers()[0].Actions; len(left) != 1 {
		t.Error("a refused confirmation took the button away")
	}
	h.presses("line-0003", preview.ID, "/outage restore confirm:yes")
	if left := h.answers()[0].Actions; len(left) != 0 {
		t.Errorf("the preview keeps %v", left)
	}

	// A list to choose from stays: the next patient needs the next procedure.
	h.says("chen", "line-0004", "it", "/downtime procedure")
	list := h.answers()[3]
	h.presses("line-0005", list.ID, "/downtime procedure ED-RX")
	if left := h.answers()[3].Actions; len(left) != 2 {
		t.Errorf("the list keeps %d buttons, want 2", len(left))
	}

	// Nobody reaches another person's questions, nor those asked of a room.
	h.presses("line-0006", 999, "/outage restore")
	h.post(bot.Message{ID: "7/1/1", Room: "it", Kind: bot.Request, Text: "请决定", At: at, Actions: []bot.Action{{Label: "停", Line: "/outage decide", Style: bot.Primary}}}, "")
	all := h.answers()
	request := all[len(all)-1]
	h.presses("line-0007", request.ID, "/outage decide")
	all = h.answers()
	if left := all[len(all)-2].Actions; len(left) != 1 {
		t.Error("a request to the whole room lost its button")
	}
}
