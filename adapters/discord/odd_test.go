package discord_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord/discordtest"
)

// nonsense are messages no gateway should send. The library reads some of them in goroutines of its own, where
// what it trips over ends the program.
func nonsense() [][]byte {
	out := [][]byte{[]byte("null"), []byte("[]"), []byte("{}"), []byte("7"), []byte("no JSON"), []byte(`{"op":null}`), []byte(`{"op":"x"}`), []byte(`{"op":99,"d":null}`), []byte(`{"op":11}`)}
	for _, event := range []string{
		"GUILD_CREATE", "GUILD_UPDATE", "VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "INTERACTION_CREATE",
		"CHANNEL_CREATE", "GUILD_MEMBER_ADD", "THREAD_LIST_SYNC", "PRESENCE_UPDATE", "TYPING_START", "NOBODY_KNOWS", "",
	} {
		for _, data := range []string{"null", "{}", "[]", "[null]", `"x"`, "5", `{"id":5,"channels":[null],"members":[null],"voice_states":[null],"guilds":[null],"author":null,"data":null,"components":[{"type":99}]}`} {
			out = append(out, []byte(`{"op":0,"s":null,"t":"`+event+`","d":`+data+`}`))
		}
	}
	return append(out, []byte(`{"op":0,"t":"GUILD_CREATE"}`), []byte(`{"op":0,"t":null,"d":null}`))
}

// hellos are first words that name no heartbeat of use, or more than that.
func hellos() map[string]string {
	return map[string]string{
		"none": `{}`, "nothing": `null`, "zero": `{"heartbeat_interval":0}`, "less": `{"heartbeat_interval":-5}`, "a text": `{"heartbeat_interval":"400"}`,
		"without end": `{"heartbeat_interval":9e18}`, "a fraction": `{"heartbeat_interval":400.5}`,
		"much beside": `{"heartbeat_interval":0,"_trace":["` + strings.Repeat("x", 5000) + `"]}`,
	}
}

// readies are sign-ins that say less than Discord does.
func readies() map[string]string {
	return map[string]string{
		"nothing": `null`, "empty": `{}`, "no session": `{"v":10,"user":{"username":"x"},"guilds":[null]}`, "odd": `{"session_id":7,"user":[],"guilds":{},"application":null}`, "a text": `"no"`,
	}
}

// TestAnOddGatewayIsUnderstood says things otherwise than Discord does, from the first connection on. What people
// say is heard all the same, before and after the connection is lost, each once.
func TestAnOddGatewayIsUnderstood(t *testing.T) {
	t.Parallel()
	odd := map[string]func(n int, said frame) [][]byte{
		"as it is": func(_ int, said frame) [][]byte { return said.as() },
		"nonsense after each event": func(_ int, said frame) [][]byte {
			if said.Op != 0 {
				return said.as()
			}
			return append(said.as(), nonsense()...)
		},
		"nonsense before each word": func(_ int, said frame) [][]byte { return append(nonsense(), said.raw) },
		"an answer to no heartbeat": func(_ int, said frame) [][]byte {
			return [][]byte{[]byte(`{"op":11,"d":null}`), said.raw, []byte(`{"op":11,"d":null}`)}
		},
		"a wish for a heartbeat": func(_ int, said frame) [][]byte {
			if said.Op != 10 && said.Op != 0 {
				return said.as()
			}
			return append(said.as(), []byte(`{"op":1,"d":null}`))
		},
		"compressed": func(_ int, said frame) [][]byte { return [][]byte{append([]byte{0}, said.raw...)} },
		"in pieces":  func(_ int, said frame) [][]byte { return [][]byte{append([]byte{1}, said.raw...)} },
		"no server":  event("GUILD_CREATE", func(frame) [][]byte { return nil }),
		"a server of four megabytes": event("GUILD_CREATE", func(said frame) [][]byte {
			return [][]byte{said.with(`{"id":"1","description":"` + strings.Repeat("x", 4<<20) + `"}`)}
		}),
		"messages without a server": event("MESSAGE_CREATE", func(said frame) [][]byte {
			return [][]byte{said.with(strings.Replace(string(said.Data), `"guild_id"`, `"_"`, 1))}
		}),
		"no number": func(_ int, said frame) [][]byte {
			if said.Op == 0 {
				said.S = nil
			}
			return [][]byte{said.with(string(said.Data))}
		},
	}
	for name, data := range hellos() {
		odd["a greeting with "+name] = func(_ int, said frame) [][]byte {
			if said.Op != 10 {
				return said.as()
			}
			return [][]byte{said.with(data)}
		}
	}
	for name, data := range readies() {
		odd["a sign-in with "+name] = event("READY", func(said frame) [][]byte { return [][]byte{said.with(data)} })
	}
	for name, change := range odd {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newFronted(t, change)
			r.ready()
			r.ask("before")
			r.hears(enough, "before")
			r.discord.Gateway().Cut()
			r.ask("during")
			r.hears(enough, "before", "during")
			r.ask("after")
			r.hears(enough, "before", "during", "after")
		})
	}
}

// event changes one kind of event.
func event(kind string, change func(said frame) [][]byte) func(int, frame) [][]byte {
	return func(_ int, said frame) [][]byte {
		if said.Event != kind {
			return said.as()
		}
		return change(said)
	}
}

// TestASessionThatIsNotTakenIsGivenUp has the gateway close each connection on which the session is to be taken up
// again, for a reason that does not say that it is over.
func TestASessionThatIsNotTakenIsGivenUp(t *testing.T) {
	t.Parallel()
	r := newFronted(t, func(n int, said frame) [][]byte {
		if (n == 2 || n == 3) && said.Op != 10 {
			return [][]byte{{2, 4000 >> 8, 4000 & 0xff}}
		}
		return said.as()
	})
	r.ready()
	r.discord.Gateway().Cut()
	r.ask("during")
	r.hears(enough, "during")
	if signed := len(r.discord.Gateway().Frames(2)); signed != 2 {
		t.Errorf("the bot signed in %d times, want twice: at the start, and when its session was not taken", signed)
	}
}

// TestASessionThatMayGoOnIsTakenUp is told that the session is invalid and may be resumed. The library would sign
// in anew, and what people pressed meanwhile would be lost.
func TestASessionThatMayGoOnIsTakenUp(t *testing.T) {
	t.Parallel()
	r := newFronted(t, func(_ int, said frame) [][]byte { return said.as() })
	r.ready()
	r.discord.Gateway().Invalidate(true)
	r.ask("during")
	r.hears(enough, "during") // perhaps still by the connection that is to end
	if !r.discord.Gateway().AwaitFrames(enough, 6, 1) {
		t.Fatalf("the bot did not take its session up again:\n%s", r.log)
	}
	r.ask("after")
	r.hears(enough, "during", "after")
	if signed := len(r.discord.Gateway().Frames(2)); signed != 1 {
		t.Errorf("the bot signed in %d times", signed)
	}
	if resumed := len(r.discord.Gateway().Frames(6)); resumed != 1 {
		t.Errorf("the bot resumed %d times", resumed)
	}
}

// TestAGatewayThatNeverAnswersHeartbeatsIsGivenUp leaves all heartbeats of the first connection unanswered, and
// goes on sending events.
func TestAGatewayThatNeverAnswersHeartbeatsIsGivenUp(t *testing.T) {
	t.Parallel()
	r := startRig(t, nil, func(discordtest.Gateway) {}, func(n int, said frame) [][]byte {
		if n == 1 && said.Op == 11 {
			return nil
		}
		return said.as()
	})
	r.ready()
	began := time.Now()
	talk := time.NewTicker(beat / 8)
	defer talk.Stop()
	for r.front.connections() < 2 {
		r.people["wu"].Say(r.rooms["it"], "among people")
		if <-talk.C; time.Since(began) > enough {
			t.Fatalf("still connected after %s", time.Since(began))
		}
	}
	if frames := r.discord.Gateway().Frames(1); len(frames) > 4 { // the library by itself waits for five
		t.Errorf("given up after %d heartbeats", len(frames))
	}
	r.ask("after")
	r.hears(enough, "after")
}

// TestWhatCameBeforeItsTurnIsNotTakenForAll cuts the connection when an event came before the one that was to come
// first: it is asked for again.
func TestWhatCameBeforeItsTurnIsNotTakenForAll(t *testing.T) {
	t.Parallel()
	held := false
	r := newFronted(t, event("MESSAGE_CREATE", func(said frame) [][]byte {
		switch {
		case strings.Contains(string(said.raw), "first") && !held:
			held = true
			return nil
		case strings.Contains(string(said.raw), "second"):
			return [][]byte{said.raw, {}}
		}
		return said.as()
	}))
	r.ready()
	r.ask("first")
	r.ask("second")
	r.hears(enough, "first", "second")
}

// TestAfterAGoodConnectionTheNextTryComesSoon loses connections one after another that were good each time.
func TestAfterAGoodConnectionTheNextTryComesSoon(t *testing.T) {
	t.Parallel()
	r := newCalm(t)
	r.ready()
	var want []string
	for n := range 6 {
		want = append(want, fmt.Sprint("again ", n))
		r.ask(want[n])
		r.hears(enough, slices.Clone(want)...)
		good := time.Now().Add(200 * time.Millisecond) // longer than a few tries, which take 20ms each
		r.waitFor(func() bool { return time.Now().After(good) })
		r.discord.Gateway().Cut()
	}
	r.waitFor(func() bool { return len(pauses(r.log.String())) >= 6 })
	if all := pauses(r.log.String()); slices.Min(all[3:]) > 31*time.Millisecond {
		t.Errorf("the bot waited %v", all)
	}
}

// pauses are how long the bot waited before it connected again.
func pauses(log string) (out []time.Duration) {
	for _, m := range regexp.MustCompile(`connection with discord is lost.* again=(\S+)`).FindAllStringSubmatch(log, -1) {
		d, err := time.ParseDuration(m[1])
		if err != nil {
			panic(err)
		}
		out = append(out, d)
	}
	return out
}

// TestSigningInIsNotHurried refuses a sign-in each time the session is over: the next comes after a while, and not at
// once on the same connection.
func TestSigningInIsNotHurried(t *testing.T) {
	t.Parallel()
	r := newCalm(t)
	r.ready()
	g := r.discord.Gateway()
	for n := range 3 {
		g.RefuseIdentify(1, 0)
		g.Close(4009)
		r.ask(fmt.Sprint("during ", n))
		r.waitFor(func() bool { return len(r.lines()) == n+1 })
	}
	signed := g.Frames(2)
	for i := range signed[1:] {
		if gap := signed[i+1].At.Sub(signed[i].At); gap < 100*time.Millisecond { // five first waits of 20ms
			t.Errorf("sign-in %d of %d came %s after the one before", i+2, len(signed), gap)
		}
	}
}
