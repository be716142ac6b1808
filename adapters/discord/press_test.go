package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/commands"
)

const answering = "POST /interactions/{interaction_id}/{interaction_token}/callback"

// TestPressedTwiceIsSaidOnce presses the button of a preview twice before the first press is answered.
func TestPressedTwiceIsSaidOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	preview := lin.Slash(it, "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	yes := labelled(buttonsOf(preview), "确认").ID
	release := r.slow()
	first, second := lin.Press(preview, yes), lin.Press(preview, yes)
	release()
	if text := first.Answer().Content; !strings.Contains(text, "INC-1") {
		t.Errorf("the first press is answered with %q", text)
	}
	if more, ok := second.AwaitFollowUps(enough, 1); !ok || !strings.Contains(more[0].Content, "已失效") {
		if text := second.Answer().Content; !strings.Contains(text, "已失效") {
			t.Errorf("the second press is answered with %q and %v", text, more)
		}
	}
	if n := strings.Count(strings.Join(r.lines(), "\n"), "confirm"); n != 1 {
		t.Errorf("it was said %d times", n)
	}
}

// TestWhatIsDeliveredTwiceIsDoneOnce sends an interaction twice.
func TestWhatIsDeliveredTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	r.briefly()
	r.discord.Gateway().Double(1)
	if text := r.people["lin"].Slash(r.rooms[bot.IT], "outage list", nil).Answer().Content; text == "" {
		t.Error("no answer")
	}
	r.ask("after") // in the same channel, after both
	r.waitFor(func() bool { return strings.Contains(strings.Join(r.lines(), "\n"), "after") })
	if got := r.lines(); len(got) != 2 {
		t.Errorf("heard %q", got)
	}
	if n := len(r.discord.Requests(answering)); n != 1 {
		t.Errorf("answered %d times", n)
	}
}

// TestAFirstAnswerComesInTimeWhateverHappensToIt loses, delays and refuses it.
func TestAFirstAnswerComesInTimeWhateverHappensToIt(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]discordtest.Fault{
		"the server fails": discordtest.Status(502), "cut off": discordtest.Reset(), "the answer is lost": discordtest.Lost(), "no answer": discordtest.BlackHole(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, calm)
			r.ready()
			n := 2
			if name == "no answer" {
				n = 1
			}
			r.discord.FailNext(answering, n, fault)
			began := time.Now()
			i := r.people["lin"].Slash(r.rooms[bot.IT], "outage declare", nil)
			if title := fmt.Sprint(i.Form()["title"]); !strings.Contains(title, "宣布故障") {
				t.Errorf("%q opened", title)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("the first answer took %s", took)
			}
		})
	}
}

// TestWhatIsNumberedOtherwiseIsNotLate has ids that tell no time, such as those of other servers.
func TestWhatIsNumberedOtherwiseIsNotLate(t *testing.T) {
	now := time.Now()
	at := func(ago time.Duration) string { return fmt.Sprint((now.Add(-ago).UnixMilli() - 1420070400000) << 22) }
	for id, late := range map[string]bool{at(0): false, at(time.Second): false, at(4 * time.Second): true, at(time.Minute): true, at(time.Hour): false, "1001": false, "x": false, at(-time.Minute): false} {
		if got := discord.TooLate(id, now); got != late {
			t.Errorf("%s is late: %v", id, got)
		}
	}
}

// TestAPrivateAnswerStaysPrivateWhereTheServerIsNotNamed lets the token of a command expire whose server was left
// out: the answer goes to its author alone.
func TestAPrivateAnswerStaysPrivateWhereTheServerIsNotNamed(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	lin, it := r.people["lin"], r.rooms[bot.IT]
	for n, who := range []string{`"user":{"id":"` + lin.ID() + `"}`, `"member":{"user":{"id":"` + lin.ID() + `"}}`} {
		r.adapter.Hear(t.Context(), "INTERACTION_CREATE", fmt.Sprintf(
			`{"id":"%d","type":2,"token":"gone","channel_id":"%s",%s,"data":{"name":"outage","options":[{"name":"list","type":1}]}}`, 1001+n, it, who))
	}
	r.waitFor(func() bool {
		n := 0
		for _, m := range r.discord.Messages(lin.DMChannel()) {
			if m.Author.ID == r.discord.BotID() {
				n++
			}
		}
		return n == 2
	})
	for _, m := range r.discord.Messages(it) {
		if strings.Contains(m.Content, "没有") {
			t.Errorf("everybody reads %q", m.Content)
		}
	}
}

// TestAnAnswerWithoutAWordIsStillOne has the bot do something and say nothing: Discord takes no empty message, and
// would tell its author that the command failed.
func TestAnAnswerWithoutAWordIsStillOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	r.answers(func(commands.Line) *commands.Reply { return &commands.Reply{Text: " \n"} })
	if m := r.people["lin"].Slash(r.rooms[bot.IT], "outage list", nil).Answer(); strings.TrimSpace(m.Content) == "" {
		t.Error("the answer is empty")
	}
}
