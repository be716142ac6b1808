package adaptertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/incident"
)

// play is one playing of the contract.
type play struct {
	t    testing.TB
	chat Chat
}

// Life plays the whole life of an outage, in the order in which a hospital would try the bot out:
// declared by one line, room, board, invitations, broadcast, symptom with a picture, questions in both
// languages by mention and in private, a change of the expected time, a digest on schedule, a decision
// by button, a second outage declared by form and called off, restored, closed, archived.
func Life(t testing.TB, chat Chat) {
	t.Helper()
	p := &play{t, chat}
	p.declare()
	p.rooms()
	p.questions()
	p.symptom()
	p.eta()
	p.decision()
	p.second()
	p.digest()
	p.end()
	p.once()
}

// step names what is being tried, for whoever reads a failure.
func (p *play) step(name string) {
	p.t.Helper()
	p.t.Logf("-- %s", name)
}

// yes has the coordinator press the button of a preview, if there is one.
func (p *play) yes(room bot.RoomID, seen Seen) Seen {
	p.t.Helper()
	for _, b := range seen.Buttons {
		if b.Label == "确认" || b.Label == "Confirm" {
			return p.chat.Press(p.t, "lin", room, b)
		}
	}
	return seen
}

func (p *play) want(seen Seen, words ...string) {
	p.t.Helper()
	for _, w := range words {
		if !strings.Contains(seen.Text, w) {
			p.t.Fatalf("the answer does not say %q: %q", w, seen.Text)
		}
	}
}

// reads waits until the room reads all of the words in one post of the bot.
func (p *play) reads(room bot.RoomID, words ...string) {
	p.t.Helper()
	Eventually(p.t, patience, func() string {
		for _, post := range p.chat.Posts(p.t, room) {
			if post.Bot && all(post.Text, words) {
				return ""
			}
		}
		return fmt.Sprintf("%s does not read %q", room, words)
	})
}

func all(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// hears waits until who was told all of the words in private.
func (p *play) hears(who incident.PersonID, words ...string) {
	p.t.Helper()
	Eventually(p.t, patience, func() string {
		if slices.ContainsFunc(p.chat.Private(p.t, who), func(s string) bool { return all(s, words) }) {
			return ""
		}
		return fmt.Sprintf("%s was not told %q, but %q", who, words, p.chat.Private(p.t, who))
	})
}

func (p *play) declare() {
	p.step("declare by one line")
	refused := p.chat.Command(p.t, "chen", ED, "/outage declare his 全院停用")
	p.want(refused, "林岚")
	seen := p.chat.Command(p.t, "lin", bot.IT, "/outage declare his 全院停用")
	p.want(p.yes(bot.IT, seen), "INC-1")
}

func (p *play) rooms() {
	p.step("room, board, invitations, broadcast")
	p.reads(ED, "INC-1", "ED-TRIAGE")
	p.reads(ICU, "INC-1")
	p.reads("inc/1", "林岚", "INC-1")
	Eventually(p.t, patience, func() string {
		board, ok := p.board("inc/1")
		if !ok {
			return "no board is pinned in the room"
		}
		state, _ := p.chat.Room(p.t, "inc/1")
		if !strings.Contains(board.Text, "未知") || len(board.Buttons) < 4 {
			return fmt.Sprintf("the board says %q with %d buttons", board.Text, len(board.Buttons))
		}
		if state.Members != nil && (!slices.Contains(state.Members, "lin") || !slices.Contains(state.Members, "wu")) {
			return fmt.Sprintf("in the room are %v", state.Members)
		}
		return ""
	})
}

func (p *play) board(room bot.RoomID) (Post, bool) {
	p.t.Helper()
	var boards []Post
	for _, post := range p.chat.Posts(p.t, room) {
		if post.Bot && post.Pinned {
			boards = append(boards, post)
		}
	}
	if len(boards) > 1 {
		p.t.Fatalf("%d boards are pinned in %s", len(boards), room)
	}
	if len(boards) == 0 {
		return Post{}, false
	}
	return boards[0], true
}

func (p *play) questions() {
	p.step("questions by mention and in private, in Chinese and English")
	p.chat.Mention(p.t, "chen", ED, "什么时候能好", "")
	p.hears("chen", "未知", "INC-1")
	p.chat.Direct(p.t, "kate", "when will it be back?")
	p.hears("kate", "UNKNOWN", "INC-1")
	p.want(p.chat.Command(p.t, "kate", ICU, "/ask is PACS down too"), "INC-1")
}

func (p *play) symptom() {
	p.step("symptom with a picture")
	p.chat.Mention(p.t, "chen", ED, "/outage symptom ORA-00060 deadlock: 保存医嘱失败", "error.png")
	p.reads("inc/1", "ORA-00060", "保存医嘱失败")
	if !p.lacks(Pictures) {
		p.reads("inc/1", "ORA-00060", "error.png")
	}
}

func (p *play) eta() {
	p.step("change of the expected time")
	p.want(p.chat.Command(p.t, "wu", "inc/1", "/fix eta 45m high 换交换机"), "预计恢复")
	p.reads(ED, "恢复时间从", "吴昊")
	Eventually(p.t, patience, func() string {
		board, _ := p.board("inc/1")
		if strings.Contains(board.Text, "吴昊") {
			return ""
		}
		return "the board does not know who gave the expected time: " + board.Text
	})
}

func (p *play) decision() {
	p.step("decision by button")
	p.want(p.chat.Command(p.t, "wu", "inc/1", `/outage ask-leaders 换整机还是修 options:"换整机","修" by:30m`), "D1")
	b := p.button(Leaders, "换整机")
	p.button(Leaders, "修")
	p.chat.Press(p.t, "chen", Leaders, b) // may not
	p.chat.Press(p.t, "zhou", Leaders, b)
	p.reads("inc/1", "周国栋", "D1", "换整机")
}

// button waits until a post of the room has a button, and returns it.
func (p *play) button(room bot.RoomID, label string) Button {
	p.t.Helper()
	var found Button
	Eventually(p.t, patience, func() string {
		for _, post := range p.chat.Posts(p.t, room) {
			for _, b := range post.Buttons {
				if post.Bot && strings.Contains(b.Label, label) {
					found, found.Of = b, post.ID
					return ""
				}
			}
		}
		return fmt.Sprintf("%s has no button %q", room, label)
	})
	return found
}

func (p *play) second() {
	p.step("declare by form, and call it off")
	seen := p.chat.Command(p.t, "lin", bot.IT, "/outage declare")
	switch {
	case seen.Form == nil && p.lacks(Forms):
		p.want(seen, "/outage declare") // what to type instead
		seen = p.chat.Command(p.t, "lin", bot.IT, "/outage declare pacs 影像打不开 level:L1")
	case seen.Form == nil:
		p.t.Fatalf("the bare command opened no form, but said %q", seen.Text)
	default:
		seen = p.chat.Submit(p.t, "lin", bot.IT, seen.Form, map[string]string{"systems": "pacs", "what": "影像打不开", "level": "L1"})
	}
	p.yes(bot.IT, seen)
	p.reads("inc/2", "影像打不开")
	seen = p.chat.Command(p.t, "lin", "inc/2", "/outage cancel 误报，只是一台电脑")
	p.yes("inc/2", seen)
	p.archived("inc/2")
}

func (p *play) digest() {
	p.step("digest on schedule")
	Eventually(p.t, 90*time.Second, func() string {
		for _, post := range p.chat.Posts(p.t, Leaders) {
			if post.Bot && all(post.Text, []string{"院领导摘要", "INC-1"}) {
				return ""
			}
		}
		return "no digest came"
	})
}

func (p *play) end() {
	p.step("restore, close, archive")
	p.chat.Command(p.t, "wu", "inc/1", "/fix done 已换")
	seen := p.chat.Command(p.t, "lin", "inc/1", "/outage restore override:现场已逐台核对")
	p.yes("inc/1", seen)
	p.reads(ED, "INC-1", "恢复")
	seen = p.chat.Command(p.t, "lin", "inc/1", "/outage close override:演练到此为止")
	p.yes("inc/1", seen)
	p.archived("inc/1")
}

func (p *play) archived(room bot.RoomID) {
	p.t.Helper()
	Eventually(p.t, patience, func() string {
		if state, ok := p.chat.Room(p.t, room); !ok || !state.Archived {
			return string(room) + " is not archived"
		}
		return ""
	})
}

// once sees that no message is there twice.
func (p *play) once() {
	p.step("nothing is there twice")
	for _, room := range []bot.RoomID{bot.IT, Leaders, ED, ICU, "inc/1", "inc/2"} {
		seen := map[string]string{}
		for _, post := range p.chat.Posts(p.t, room) {
			if before, twice := seen[post.Key]; post.Key != "" && twice {
				p.t.Errorf("%s reads twice, as %s and %s: %s", room, before, post.ID, post.Text)
			}
			seen[post.Key] = post.ID
		}
	}
}
