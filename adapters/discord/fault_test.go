package discord_test

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/incident"
)

const posting = "POST /channels/{channel_id}/messages"

// Answers are lost, the server fails, it asks to slow down: everything is said once, in order.
func TestNothingIsLostOrSaidTwice(t *testing.T) {
	for name, fault := range map[string]discordtest.Fault{
		"lost answers":   discordtest.Lost(),
		"reset":          discordtest.Reset(),
		"500":            discordtest.Status(500),
		"503":            discordtest.Status(503),
		"a shared limit": discordtest.Shared(300 * time.Millisecond),
		"a slow server":  discordtest.Slow(time.Second),
		"a lost 504":     discordtest.Status(504),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, func(o *discordtest.Options) { o.Rates.Channel, o.Rates.Window = 100, time.Second })
			s.start()
			id := s.declare(2)
			s.said()
			for _, request := range []string{posting, "PATCH /channels/{channel_id}/messages/{message_id}", "GET /channels/{channel_id}/messages"} {
				s.discord.FailNext(request, 6, fault)
			}
			for i := range 6 {
				s.do(id, incident.GiveUpdate{Text: "update " + strconv.Itoa(i)})
			}
			s.said()
			s.discord.Heal()
			s.noneTwice()
			s.inOrder("inc-1-his-is-down", "update ", 6)
			s.inOrder("急诊科", "update ", 6)
			s.stop()
		})
	}
}

// The bot is stopped while messages are under way that are shown and never answered, and Discord does not
// recognise them any more when it comes back: they are looked for.
func TestARestartInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) { o.NonceFor = time.Second })
	s.start()
	id := s.declare(2)
	s.said()
	s.discord.FailNext(posting, 2, discordtest.Slow(time.Minute))
	s.do(id, incident.GiveUpdate{Text: "update 0"})
	s.waitFor(func() bool {
		return countOf(s.posts("inc-1-his-is-down"), "update 0") == 1 && countOf(s.posts("急诊科"), "update 0") == 1
	})
	s.do(id, incident.GiveUpdate{Text: "update 1"})
	s.stop()
	s.discord.Heal()
	s.start()
	s.said()
	if found := s.desk.Stats()[0].Found; found < 2 {
		t.Errorf("%d messages were found again", found)
	}
	s.noneTwice()
	s.inOrder("inc-1-his-is-down", "update ", 2)
	s.inOrder("急诊科", "update ", 2)
	s.stop()
}

// A card older than an hour is changed no more: a new one takes its place, and the old one goes. That the
// answer to it is lost makes no third one.
func TestAnOldBoardIsReplaced(t *testing.T) {
	var later atomic.Int64
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	s.start()
	id := s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	first := s.pinned(room.ID)
	later.Store(int64(2 * time.Hour))
	s.discord.FailNext("PUT /channels/{channel_id}/messages/pins/{message_id}", 1, discordtest.Status(500))
	s.do(id, incident.AddProgress{Text: "looking"})
	s.said()
	boards := s.pinned(room.ID)
	if len(boards) != 1 || len(first) != 1 || boards[0].ID == first[0].ID {
		t.Fatalf("%d boards, %d before\n%s", len(boards), len(first), s.log)
	}
	s.noneTwice()
	s.stop()
}

// Many calls for a right that is missing, a token that was reset: the bot says so, keeps what it has to say,
// and says it when it is mended.
func TestWhatAnAdministratorMendsIsSaidThen(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	id := s.declare(2)
	s.said()
	s.discord.SetBotPermissions(discordtest.Core &^ discordtest.ViewChannel)
	s.discord.FailNext(posting, 3, discordtest.Status(401))
	s.do(id, incident.GiveUpdate{Text: "a long story"})
	s.waitFor(func() bool { return s.desk.Stats()[0].Retried > 0 })
	s.discord.Heal()
	s.discord.SetBotPermissions(discordtest.Core)
	s.said()
	s.noneTwice()
	s.inOrder("inc-1-his-is-down", "a long story", 1)
	s.stop()
}

// A person who takes no messages, a room nobody can have: given up at once, with a reason.
func TestWhatCannotBeSaidIsGivenUp(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	s.chen.CloseDMs(true)
	m := bot.Message{ID: "x/1", Platform: "discord", Room: "dm/chen", Kind: bot.Notice, Text: "For you only.", At: time.Now()}
	if _, err := s.adapter.Say(t.Context(), m, ""); !errors.Is(err, bot.ErrRejected) {
		t.Errorf("to somebody who takes no messages: %v", err)
	}
	m.Room = "dm/nobody"
	if _, err := s.adapter.Say(t.Context(), m, ""); !errors.Is(err, bot.ErrRejected) {
		t.Errorf("to nobody: %v", err)
	}
	s.stop()
}

// A very long message comes in parts, each once, also when its sending was cut off in the middle and what
// Discord remembers is over.
func TestAVeryLongMessageComesInParts(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) { o.NonceFor = time.Millisecond })
	s.start()
	s.declare(2)
	s.said()
	text := strings.Repeat("a line that is neither short nor long\n", 300)
	m := bot.Message{ID: "x/2", Platform: "discord", Room: "inc/1", Kind: bot.Answer, Text: text, Title: "Report", At: time.Now()}
	s.discord.FailNext(posting, 1, discordtest.Slow(0)) // the first passes
	s.discord.FailNext(posting, 4, discordtest.Status(500))
	if _, err := s.adapter.Say(t.Context(), m, ""); err == nil {
		t.Fatal("it was not cut off")
	}
	if _, found, err := s.adapter.Find(t.Context(), m); found || err != nil {
		t.Fatalf("half a message was taken for the whole: %v", err)
	}
	_, err := s.adapter.Say(t.Context(), m, "")
	must(t, err)
	var parts []string
	for _, p := range s.posts("inc-1-his-is-down") {
		if strings.Contains(p, "neither short nor long") {
			parts = append(parts, p)
		}
	}
	if len(parts) != 3 {
		t.Errorf("%d parts", len(parts))
	}
	if got := strings.Count(strings.Join(parts, "\n"), "neither short"); got != 300 {
		t.Errorf("%d lines of 300", got)
	}
	if _, found, err := s.adapter.Find(t.Context(), m); !found || err != nil {
		t.Errorf("the message is not found: %v", err)
	}
	s.noneTwice()
	s.stop()
}

// A thousand refusals, and Discord hears nothing for a while; it bans at ten thousand.
func TestTheGuardStopsEverything(t *testing.T) {
	d, err := description()
	must(t, err)
	server := discordtest.New(t, discordtest.Options{Description: d, Rates: discordtest.Rates{Off: true}, KeepQuiet: true})
	log := &logbook{}
	c := discord.NewCaller(server.URL()+"/api/v10", "a wrong token", slog.New(log))
	server.FailNext("GET /users/@me", 2000, discordtest.Status(401))
	var asked bot.RetryAfter
	calls := 0
	for ; calls < 1100 && !errors.As(err, &asked); calls++ {
		err = c.DoFast(t.Context(), http.MethodGet, "/users/@me")
	}
	if calls != 1001 || !asked.Everywhere {
		t.Errorf("stopped after %d calls: %v", calls, err)
	}
	if n := server.InvalidRequests(); n != 1000 {
		t.Errorf("%d invalid requests", n)
	}
	if !log.wrote("ERROR", "nothing is sent to discord for now") {
		t.Error("nobody was told")
	}
	if strings.Contains(log.String()+err.Error(), "a wrong token") {
		t.Error("the token was told")
	}
}

// What the guard in front of Discord says is not JSON, and stops everything; what an error tells about an
// interaction does not hold its token.
func TestTheGuardInFrontOfDiscord(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	c := discord.NewCaller(s.config.API, s.config.Token, slog.New(s.log))
	s.discord.FailNext("*", 1, discordtest.Cloudflare())
	err := c.Do(t.Context(), bot.Reply, http.MethodGet, "/users/@me", nil, nil)
	var asked bot.RetryAfter
	if !errors.As(err, &asked) || !asked.Everywhere || asked.Wait < time.Minute {
		t.Errorf("a ban: %v", err)
	}
	err = c.Webhook(t.Context(), http.MethodPatch, "/webhooks/"+s.discord.AppID()+"/a-secret-token/messages/@original", map[string]string{"content": "x"}, nil)
	if err == nil || strings.Contains(err.Error(), "a-secret-token") || !strings.Contains(err.Error(), "{token}") {
		t.Errorf("an error of an interaction: %v", err)
	}
	s.discord.FailNext("*", 4, discordtest.Reset())
	err = c.Webhook(t.Context(), http.MethodPatch, "/webhooks/"+s.discord.AppID()+"/a-secret-token/messages/@original", map[string]string{"content": "x"}, nil)
	if err == nil || strings.Contains(err.Error(), "a-secret-token") {
		t.Errorf("a lost connection: %v", err)
	}
}

// inOrder fails unless a channel shows so many posts that hold some words, numbered in order.
func (s *stage) inOrder(channel, part string, n int) {
	s.t.Helper()
	var got []string
	for _, p := range s.posts(channel) {
		if at := strings.Index(p, part); at >= 0 {
			got = append(got, p[at:min(len(p), at+len(part)+1)])
		}
	}
	for i := range got {
		if n > 1 && !strings.HasPrefix(got[i], part+strconv.Itoa(i)) {
			s.t.Errorf("in %s: %q", channel, got)
			return
		}
	}
	if len(got) != n {
		s.t.Errorf("in %s: %d of %d: %q", channel, len(got), n, s.posts(channel))
	}
}

// waitFor waits until something is so.
func (s *stage) waitFor(done func() bool) {
	s.t.Helper()
	deadline := time.Now().Add(enough)
	for !done() {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain\n%s", s.log)
		}
		time.Sleep(time.Millisecond)
	}
}
