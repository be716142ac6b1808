package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

// picture is a screenshot of an error.
func picture() discordtest.File {
	return discordtest.File{Name: "error.png", Kind: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}
}

// TestWordsToTheBotAreHeardInEveryWayTheyAreSaid tries what people do, without leave to read all messages.
func TestWordsToTheBotAreHeardInEveryWayTheyAreSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	chen, ed, me := r.people["chen"], r.rooms[adaptertest.ED], "<@"+r.discord.BotID()+">"
	chen.Say(ed, me+"，什么时候好？")
	chen.Say(ed, "什么时候好 "+me)
	chen.DM("什么时候好")
	chen.DM("/outage list")
	chen.Say(ed, me, picture())
	chen.DM("", picture())
	chen.Say(ed, me)
	chen.Say(ed, "这句不是对机器人说的")
	elsewhere := r.discord.AddChannel("canteen", 0, "")
	chen.Say(elsewhere, me+" 食堂能用吗")
	adaptertest.Eventually(t, enough, func() string {
		if n := len(r.lines()); n < 8 {
			return fmt.Sprintf("only %d lines were heard: %q", n, r.lines())
		}
		return ""
	})
	type heard struct {
		room    bot.RoomID
		text    string
		command string
		files   int
	}
	var got []heard
	r.mu.Lock()
	for _, l := range r.heard {
		got = append(got, heard{l.Room, l.Text, l.Command, len(l.Files)})
		if l.User != chen.ID() || l.ID == "" || l.Platform != "discord" {
			t.Errorf("a line by %q with id %q on %q", l.User, l.ID, l.Platform)
		}
	}
	r.mu.Unlock()
	want := []heard{
		{"dept/ed", "什么时候好？", "", 0},
		{"dept/ed", "什么时候好", "", 0},
		{"dm/chen", "什么时候好", "", 0},
		{"dm/chen", "/outage list", "", 0},
		{"dept/ed", "", "outage symptom", 1},
		{"dm/chen", "", "outage symptom", 1},
		{"dept/ed", "", "wardline help", 0},
		{"dm/chen", "食堂能用吗", "", 0},
	}
	for _, w := range want {
		if i := slices.Index(got, w); i < 0 {
			t.Errorf("nobody heard %+v", w)
		} else {
			got = slices.Delete(got, i, i+1)
		}
	}
	if len(got) > 0 {
		t.Errorf("too much was heard: %+v", got)
	}
	for _, m := range r.discord.Messages(ed) {
		if m.Author.ID == r.discord.BotID() {
			t.Errorf("an answer to one person was given to the room: %q", m.Content)
		}
	}
}

// TestWhatTookLongStillReachesWhoAsked has a question and a command wait for longer than one piece of work may last,
// as the first ones do while the desk still learns on a busy machine.
func TestWhatTookLongStillReachesWhoAsked(t *testing.T) {
	t.Parallel()
	const limit = 6 * time.Second
	r := startRig(t, calm, nil, nil, func(r *rig) { r.limit = limit })
	r.ready()
	r.answers(func(l commands.Line) *commands.Reply {
		if !strings.Contains(l.Text+l.Args["question"], "什么时候好") {
			return nil
		}
		time.Sleep(limit + limit/4)
		return &commands.Reply{Text: "三点", Lang: "zh"}
	})
	chen := r.people["chen"]
	chen.DM("什么时候好")
	asked := chen.Slash(r.rooms[adaptertest.ED], "ask question", map[string]any{"question": "什么时候好"})
	adaptertest.Eventually(t, enough, func() string {
		for _, m := range chen.Messages(chen.DMChannel()) {
			if m.Author.ID == r.discord.BotID() && strings.Contains(fmt.Sprint(m.Content, m.Embeds), "三点") {
				return ""
			}
		}
		return "no answer in private:\n" + r.log.String()
	})
	if m, ok := asked.AwaitAnswer(enough); !ok || !strings.Contains(fmt.Sprint(m.Content, m.Embeds), "三点") {
		t.Errorf("the command was answered with %q", m.Content)
	}
}

// TestTalkIsPassedOnWhereItMayBeRead has people talk in an outage's room, with and without the intent.
func TestTalkIsPassedOnWhereItMayBeRead(t *testing.T) {
	t.Parallel()
	for _, content := range []bool{true, false} {
		t.Run(fmt.Sprint(content), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(o *discordtest.Options, c *discord.Config) { o.MessageContent, c.Content = content, content })
			r.ready()
			room := r.outage()
			wu := r.people["wu"]
			said := wu.Say(room, "我在机房")
			wu.Say(room, "看这个", picture())
			wu.Say(r.rooms[adaptertest.ED], "这里不是故障群")
			wu.Say(room, "/outage list")
			wu.Say(room, "<@"+r.discord.BotID()+"> /outage status")
			want := []string{"/outage status"}
			if content {
				want = append(want, "/outage list")
			}
			adaptertest.Eventually(t, enough, func() string {
				got := slices.DeleteFunc(r.lines(), func(s string) bool { return s == "" || strings.Contains(s, "confirm") })
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					return fmt.Sprintf("heard %q, want %q", got, want)
				}
				return ""
			})
			r.mu.Lock()
			defer r.mu.Unlock()
			slices.SortStableFunc(r.talk, func(a, b bot.Talk) int { return strings.Compare(string(b.Room), string(a.Room)) }) // rooms are heard side by side
			switch {
			case !content && len(r.talk) > 0:
				t.Errorf("what may not be read was passed on: %+v", r.talk)
			case content && (len(r.talk) != 3 || r.talk[0].Text != "我在机房" || r.talk[0].Post != said.ID || r.talk[0].By.ID != "wu" ||
				r.talk[0].Room != "inc/1" || len(r.talk[1].Files) != 1 || r.talk[1].Files[0].Name != "error.png" ||
				r.talk[2].Room != adaptertest.ED): // there it is a sign that the ward reads
				t.Errorf("passed on was %+v", r.talk)
			}
		})
	}
}

// outage declares one and returns the channel of its room.
func (r *rig) outage() string {
	r.t.Helper()
	lin := r.people["lin"]
	m := lin.Slash(r.rooms[bot.IT], "outage declare", map[string]any{"systems": "his", "what": "全院停用"}).Answer()
	lin.Press(m, labelled(buttonsOf(m), "确认").ID).Answer()
	adaptertest.Eventually(r.t, enough, func() string {
		if r.adapter.Channel("inc/1") == "" {
			return "the outage has no room"
		}
		return ""
	})
	return r.adapter.Channel("inc/1")
}

// TestASymptomTakesAScreenshotFromTheMenu sends a file with the command.
func TestASymptomTakesAScreenshotFromTheMenu(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	room := r.outage()
	r.people["chen"].Slash(r.rooms[adaptertest.ED], "outage symptom", map[string]any{"text": "保存医嘱失败", "file": picture()}).Answer()
	if _, ok := r.discord.AwaitMessages(room, enough, func(list []discordtest.Message) bool {
		return slices.ContainsFunc(list, func(m discordtest.Message) bool {
			return strings.Contains(words(m), "保存医嘱失败") && strings.Contains(words(m), "error.png")
		})
	}); !ok {
		t.Error("the room does not show the symptom with its picture")
	}
}

// TestWhatWasSaidWhileTheBotWasStoppedIsAnswered restarts the bot on the same store.
func TestWhatWasSaidWhileTheBotWasStoppedIsAnswered(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	it, me := s.listening()
	s.chen.Say(it, me+"/outage symptom first")
	s.chen.DM("/outage symptom second")
	s.symptoms(2)
	s.stop()
	s.chen.Say(it, me+"/outage symptom third")
	s.chen.DM("/outage symptom fourth")
	s.lin.Say(it, "among people")
	s.start()
	s.connected()
	s.symptoms(4)
	s.stop()
	s.start() // what is answered is not answered again
	s.connected()
	s.chen.DM("/outage symptom fifth") // answered after all that came before it
	answers := func(list []discordtest.Message) (n int) {
		for _, m := range list {
			if m.Author.ID == s.discord.BotID() {
				n++
			}
		}
		return n
	}
	found, _ := s.discord.AwaitMessages(s.chen.DMChannel(), enough, func(list []discordtest.Message) bool { return answers(list) >= 5 })
	s.symptoms(5)
	if n := answers(found); n != 5 {
		t.Errorf("five symptoms were answered %d times", n)
	}
	s.stop()
}

// TestAStopWhileCatchingUpLosesNothing stops the bot when it has heard something new and has not yet read what
// is older: what is new must not stand for what is old.
func TestAStopWhileCatchingUpLosesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	it, me := s.listening()
	s.chen.Say(it, me+"/outage symptom first")
	s.symptoms(1)
	s.stop()
	s.chen.Say(it, me+"/outage symptom second")
	s.discord.FailNext("GET /channels/*/messages", 1000, discordtest.Status(503))
	s.start()
	s.connected()
	s.chen.Say(it, me+"/outage symptom third")
	s.symptoms(2)
	s.stop()
	s.discord.Heal()
	s.start()
	s.connected()
	s.symptoms(3)
	s.stop()
}

// listening starts a bot that hears, and returns the channel of the IT duty and how the bot is called.
func (s *stage) listening() (it, me string) {
	s.t.Helper()
	s.hears = true
	s.start()
	s.connected()
	s.said()
	it, err := s.adapter.MakeChannel(s.t.Context(), bot.IT)
	must(s.t, err)
	return it, "<@" + s.discord.BotID() + "> "
}

// symptoms waits until the desk's log has exactly so many.
func (s *stage) symptoms(n int) {
	s.t.Helper()
	var seen []incident.Symptom
	adaptertest.Eventually(s.t, enough, func() string {
		if seen = s.desk.Log().Symptoms; len(seen) != n {
			return fmt.Sprintf("%d symptoms of %d: %v\n%s", len(seen), n, seen, s.log)
		}
		return ""
	})
}
