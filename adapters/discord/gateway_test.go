package discord_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/commands"
)

// ask says something to the bot in the IT room.
func (r *rig) ask(text string) {
	r.people["wu"].Say(r.rooms["it"], "<@"+r.discord.BotID()+"> "+text)
}

// TestWhateverTheGatewayDoesNothingIsMissedOrRepeated plays each fault between questions: one before, some
// while nobody can hear them, one after. All are heard, each once, and soon.
func TestWhateverTheGatewayDoesNothingIsMissedOrRepeated(t *testing.T) {
	t.Parallel()
	type gateway = discordtest.Gateway
	faults := map[string]func(g gateway){
		"asked to reconnect":                 func(g gateway) { g.AskReconnect() },
		"asked to reconnect when signing in": func(g gateway) { g.ReconnectFirst(1); g.Invalidate(false) },
		"asked to reconnect when resuming":   func(g gateway) { g.ReconnectFirst(2); g.Cut() },
		"no hello":                           func(g gateway) { g.WithholdHello(1); g.Cut() },
		"no answer to heartbeats":            func(g gateway) { g.StopAcks(true); time.AfterFunc(2*beat, func() { g.StopAcks(false) }) },
		"resume refused":                     func(g gateway) { g.RefuseResume(1); g.Cut() },
		"session invalid":                    func(g gateway) { g.Invalidate(false) },
		"session invalid, may resume":        func(g gateway) { g.Invalidate(true) },
		"session invalid when signing in":    func(g gateway) { g.RefuseIdentify(3, 0); g.RefuseResume(1); g.Cut() },
		"connection cut":                     func(g gateway) { g.Cut() },
		"cut twice":                          func(g gateway) { g.Cut(); time.AfterFunc(beat, func() { g.Cut() }) },
		"events twice":                       func(g gateway) { g.Double(20) },
		"events in the wrong order":          func(g gateway) { g.Swap(2) },
	}
	for _, code := range []int{1000, 1001, 4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009} {
		faults[fmt.Sprintf("closed with %d", code)] = func(g gateway) { g.Close(code) }
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newEars(t, func(gateway) {})
			r.ready()
			r.ask("before")
			r.hears(enough, "before")
			began := time.Now()
			fault(r.discord.Gateway())
			want := []string{"before", "during 1", "during 2", "during 3", "during 4", "after"}
			for i := 1; i <= 4; i++ {
				r.ask(fmt.Sprintf("during %d", i))
				time.Sleep(beat / 3) // spread over the fault
			}
			// The library takes a second to put a connection down; sessions that hang take up to two tries.
			limit := began.Add(2*(beat+beat/2) + 2*time.Second + slack)
			r.hears(time.Until(limit), want[:5]...)
			t.Logf("all heard %s after the fault", time.Since(began).Round(10*time.Millisecond))
			r.ask("after")
			r.hears(enough, want...)
			adaptertest.Eventually(t, enough, func() string {
				if r.discord.Gateway().Ready() == 1 {
					return ""
				}
				return "the bot is not connected once"
			})
		})
	}
}

// TestAnOpenThatHangsAtTheStartIsLeftBehind has the library wait for itself in its very first session.
func TestAnOpenThatHangsAtTheStartIsLeftBehind(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(discordtest.Gateway){
		"asked to reconnect": func(g discordtest.Gateway) { g.ReconnectFirst(2) }, "no hello": func(g discordtest.Gateway) { g.WithholdHello(2) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newEars(t, fault)
			r.ready()
			r.ask("hello?")
			r.hears(enough, "hello?")
		})
	}
}

// TestWhatOnlyAPersonCanMendIsSaidAndTriedSeldom closes with each code that says so.
func TestWhatOnlyAPersonCanMendIsSaidAndTriedSeldom(t *testing.T) {
	t.Parallel()
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			cause, remedy := discord.Fatal(code)
			if cause == "" || remedy == "" {
				t.Fatalf("%d has cause %q and remedy %q", code, cause, remedy)
			}
			r := newCalm(t)
			r.ready()
			g := r.discord.Gateway()
			g.RefuseIdentify(2, code)
			began := time.Now()
			g.Close(code)
			adaptertest.Eventually(t, enough, func() string {
				if log := r.log.String(); !strings.Contains(log, cause) || !strings.Contains(log, remedy) {
					return "the log does not say what to do:\n" + log
				}
				return ""
			})
			if !g.AwaitFrames(enough, 2, 4) { // the first, two refused, one taken
				t.Fatalf("the bot gave up:\n%s", r.log)
			}
			signed := g.Frames(2)
			for i, f := range signed[1:] {
				last := signed[i].At
				if i == 0 {
					last = began
				}
				if gap := f.At.Sub(last); gap < 600*time.Millisecond {
					t.Errorf("sign-in %d came %s after the refusal before; 700ms were to pass", i+2, gap)
				}
			}
			r.ask("back?")
			r.hears(enough, "back?")
		})
	}
}

// TestAPanicInAHandlerIsNobodysEnd lets the bot's own code fail for one question.
func TestAPanicInAHandlerIsNobodysEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	r.answers(func(l commands.Line) *commands.Reply {
		if l.Text == "boom" || l.Room == "leaders/main" {
			panic("a mistake of ours")
		}
		if l.Command != "" {
			return nil
		}
		return &commands.Reply{Text: "yes", Lang: "en"}
	})
	r.ask("boom")
	r.ask("still there?")
	r.hears(enough, "boom", "still there?")
	if log := r.log.String(); !strings.Contains(log, "a mistake of ours") {
		t.Errorf("the log does not name the panic:\n%s", log)
	}
	i := r.people["lin"].Slash(r.rooms["it"], "outage list", nil)
	j := r.people["zhou"].Slash(r.rooms["leaders/main"], "outage list", nil)
	if text := i.Answer().Content; text == "" {
		t.Error("the command after a panic is not answered")
	}
	if text := j.Answer().Content; !strings.Contains(text, "没有") {
		t.Errorf("a command that panics is answered with %q", text)
	}
}

// TestWhatIsEmptyOrUnknownDoesNoHarm hands on events no server should send.
func TestWhatIsEmptyOrUnknownDoesNoHarm(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.ready()
	for _, e := range [][2]string{
		{"INTERACTION_CREATE", `{}`},
		{"INTERACTION_CREATE", `null`},
		{"INTERACTION_CREATE", `[]`},
		{"INTERACTION_CREATE", `{"id":"1","token":"t","type":2}`},
		{"INTERACTION_CREATE", `{"id":"2","token":"t","type":3,"data":null,"member":{"user":{"id":"5"}}}`},
		{"INTERACTION_CREATE", `{"id":"3","token":"t","type":99,"data":{},"user":{"id":"5"}}`},
		{"INTERACTION_CREATE", `{"id":"4","token":"t","type":4,"data":{"options":[{"options":[{}]}]},"user":{"id":"5"}}`},
		{"MESSAGE_CREATE", `{}`},
		{"MESSAGE_CREATE", `{"id":"9","author":null}`},
		{"MESSAGE_CREATE", `{"id":9}`},
		{"READY", `"no"`},
		{"SOMETHING_NEW", `{"a":1}`},
		{"", ``},
	} {
		r.adapter.Hear(t.Context(), e[0], e[1])
	}
	r.ask("alive?")
	r.hears(enough, "alive?")
}

// TestFramesAreReadInPiecesOfAnySize cuts a server's bytes everywhere.
func TestFramesAreReadInPiecesOfAnySize(t *testing.T) {
	long := strings.Repeat("x", 70000)
	stream := "HTTP/1.1 101 Switching Protocols\r\nA: b\r\n\r\n" +
		"\x81\x08{\"op\":1}" + "\x81\x7e\x02\x01" + long[:513] + "\x81\x7f\x00\x00\x00\x00\x00\x01\x11\x70" + long + "\x01\x03hal" + "\x89\x00" + "\x80\x03ves" + "\x88\x02\x0f\xa4"
	want := fmt.Sprintf("%q", []string{`1 {"op":1}`, "1 " + long[:513], "1 " + long, "9 ", "1 halves", "8 \x0f\xa4"})
	for _, size := range []int{1, 2, 3, 7, 64, 4096, len(stream)} {
		if got := fmt.Sprintf("%q", discord.Frames([]byte(stream), size)); got != want {
			t.Errorf("in pieces of %d: %s, want %s", size, got, want)
		}
	}
}
