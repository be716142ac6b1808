package discord_test

import (
	"net/http"
	"testing"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
)

// TestWhoWritesFirstInPrivateIsHeard has somebody write to the bot before it has ever said anything to them, on a
// server that tells only of private channels that the bot opened itself.
func TestWhoWritesFirstInPrivateIsHeard(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *discordtest.Options, c *discord.Config) { calm(o, c); o.OnlyOpened, c.Greets = true, true })
	r.ready()
	r.briefly()
	r.people["kate"].DM("when will it be back?")
	r.hears(enough, "when will it be back?")
}

// TestNobodyIsAskedForTwice starts the bot again: whose private channel is known is not asked for any more.
func TestNobodyIsAskedForTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.hears, s.config.Greets = true, true
	opened := func() int {
		n := 0
		for _, q := range s.discord.Requests() {
			if q.Method == http.MethodPost && q.Path == "/users/@me/channels" && q.Status == http.StatusOK {
				n++
			}
		}
		return n
	}
	s.start()
	s.waitFor(func() bool { return s.log.wrote("discord is connected", "resumed") })
	first := opened()
	if rec := s.adapter.Channel(bot.DirectRoomID("chen")); rec == "" || first == 0 {
		t.Errorf("%d private channels were opened, chen's is %q", first, rec)
	}
	s.stop()
	s.start()
	s.connected()
	if again := opened(); again != first {
		t.Errorf("%d private channels were opened, and %d after the second start", first, again)
	}
	s.stop()
}
