package discord_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
)

// lose ends the bot's session in a way that no word of the time in between is sent again.
func lose(t *testing.T, g discordtest.Gateway) {
	t.Helper()
	g.RefuseResume(1)
	g.Cut()
	if !g.AwaitGone(enough) {
		t.Fatal("the bot is still there")
	}
}

// TestWhatIsSaidBeforeAChannelWasEverReadIsHeard loses the first session before the bot has seen where the channels
// begin: what is said then was said when the bot had come.
func TestWhatIsSaidBeforeAChannelWasEverReadIsHeard(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.hears = true
	it := s.discord.AddChannel("it", discordtest.TypeText, "")
	s.config.Rooms = map[bot.RoomID]string{bot.IT: it}
	me := "<@" + s.discord.BotID() + "> "
	s.chen.Say(it, me+"/outage symptom too early")
	s.discord.FailNext("GET /channels/*/messages", 1000, discordtest.Status(503))
	s.start()
	s.waitFor(func() bool { return s.log.wrote("discord is connected", "resumed") })
	lose(t, s.discord.Gateway())
	s.chen.Say(it, me+"/outage symptom in between")
	s.discord.Heal()
	s.connected()
	s.chen.Say(it, me+"/outage symptom after")
	s.symptoms(2)
	s.stop()
}

// TestWhatIsSaidInANewRoomWhileAwayIsHeard loses the session when a room was made in which nobody has said anything
// yet, and when the bot has said something to somebody who never wrote to it.
func TestWhatIsSaidInANewRoomWhileAwayIsHeard(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	r.briefly()
	room := r.outage()
	kate := r.people["kate"]
	m := bot.Message{ID: "x/1", Platform: "discord", Room: "dm/kate", Kind: bot.Notice, Text: "For you only.", At: time.Now()}
	_, err := r.adapter.Say(t.Context(), m, "")
	must(t, err)
	lose(t, r.discord.Gateway())
	r.people["wu"].Say(room, "<@"+r.discord.BotID()+"> in the new room")
	kate.DM("in private")
	r.waitFor(func() bool {
		heard := strings.Join(r.lines(), "\n")
		return strings.Count(heard, "in the new room") == 1 && strings.Count(heard, "in private") == 1
	})
}

// TestARoomThatMayNotBeReadHoldsNothingUp takes the right to read one channel away before the bot comes.
func TestARoomThatMayNotBeReadHoldsNothingUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, calm)
	r.ready()
	r.briefly()
	r.ask("before")
	r.hears(enough, "before")
	path := "GET /channels/" + r.rooms[adaptertest.ICU] + "/messages"
	for _, status := range []int{403, 503} { // one that will not be mended, and one that may be
		r.discord.FailNext(path, 10000, discordtest.Status(status))
		lose(t, r.discord.Gateway())
		r.ask(fmt.Sprint("during ", status))
		r.waitFor(func() bool { return strings.Contains(strings.Join(r.lines(), "\n"), fmt.Sprint("during ", status)) })
		r.discord.Heal()
	}
}

// TestTheMenuIsRegisteredInTheEnd has the server refuse it for longer than one request is patient.
func TestTheMenuIsRegisteredInTheEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.hears = true
	s.discord.FailNext("PUT /applications/{application_id}/guilds/{guild_id}/commands", 5, discordtest.Status(503))
	s.start()
	s.waitFor(func() bool { return s.log.wrote("commands are registered") })
	s.stop()
}

// TestAServerThatIsBusyAtTheStartIsAskedAgainSoon: only what a person must mend is a reason to wait for minutes.
func TestAServerThatIsBusyAtTheStartIsAskedAgainSoon(t *testing.T) {
	t.Parallel()
	for status, times := range map[int]int{500: 5, 503: 5, 401: 2, 403: 2} { // one request asks four times where that may help
		s := newStage(t, nil)
		s.discord.FailNext("GET /users/@me", times, discordtest.Status(status))
		s.hears = true
		s.start()
		s.connected()
		s.stop()
	}
}

// TestAnAnswerThatNamesNothingIsNotKept has the first channel, and the first category, made with an answer that does
// not say which.
func TestAnAnswerThatNamesNothingIsNotKept(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `null`, ``} {
		s := newStage(t, nil)
		f := newFront(t, s.config.API)
		var left atomic.Int32
		left.Store(2)
		api := s.config.API
		f.answers(func(w http.ResponseWriter, r *http.Request, sent string) bool {
			if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/channels") || left.Add(-1) < 0 {
				return false
			}
			req, err := http.NewRequestWithContext(r.Context(), r.Method, strings.TrimSuffix(api, "/api/v10")+r.URL.Path, strings.NewReader(sent))
			if err != nil {
				return false
			}
			req.Header = r.Header.Clone()
			if answer, err := http.DefaultClient.Do(req); err == nil {
				_ = answer.Body.Close()
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(body))
			return true
		})
		s.config.API = f.base()
		s.start()
		s.declare(2)
		s.said()
		s.channel("inc-1-his-is-down")
		s.noneTwice()
		s.stop()
	}
}
