package discord_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
)

// setUp runs the set-up of a server and returns what it printed.
func (s *stage) setUp() (string, error) {
	s.t.Helper()
	var out bytes.Buffer
	err := discord.Setup{Config: s.config, Desk: s.desk, Out: &out, Log: slog.New(s.log)}.Run(s.t.Context())
	return out.String(), err
}

// A new server: the set-up makes the rooms, does nothing the second time, and the bot that starts later
// speaks in them.
func TestSetupMakesTheRoomsOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.opts.People = slices.DeleteFunc(s.opts.People, func(p bot.Person) bool { return p.ID == "gone" })
	s.config.Private = true
	s.start()
	s.stop() // for its desk only
	out, err := s.setUp()
	must(t, err)
	for _, want := range []string{
		"ok     token: signed in as wardline\n", "ok     server: the bot is on Hospital\n", "ok     rights: all that are needed\n",
		"ok     message content intent: off", "permissions=2251800082238480&scope=bot+applications.commands",
		"ok     people: 2 with an account, all on the server\n", "ok     room it: #it, made\n", "ok     room leaders/main: #leaders, made\n", "ok     room dept/ed: #急诊科, made\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	before := len(s.discord.Channels())
	again, err := s.setUp()
	must(t, err)
	if !strings.Contains(again, "ok     room it: #it\n") || len(s.discord.Channels()) != before {
		t.Errorf("the second time: %d channels of %d\n%s", len(s.discord.Channels()), before, again)
	}
	if lead := s.channel("leaders"); s.nurse.Sees(lead.ID) || !s.chen.Sees(lead.ID) {
		t.Error("the leaders' room is not for leaders")
	}
	s.start()
	s.declare(2)
	s.said()
	if n := len(s.posts("急诊科")); n == 0 || len(s.discord.Channels()) != before+2 {
		t.Errorf("%d posts, %d channels; only the outage's room and its category are new to %d", n, len(s.discord.Channels()), before)
	}
	s.stop()
}

// What is wrong is said with what helps.
func TestSetupSaysWhatIsLeftToDo(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) { o.Permissions = discordtest.Core &^ discordtest.PinMessages })
	s.config.Content = true
	s.config.Rooms = map[bot.RoomID]string{ed: "1290338712345678905"}
	s.start()
	s.stop()
	out, err := s.setUp()
	if err == nil || err.Error() != "4 left to do" {
		t.Errorf("ended with %v", err)
	}
	for _, want := range []string{
		"TO DO  rights: Pin Messages missing: give them to the bot's role", "TO DO  message content intent: it is off: switch it on",
		"TO DO  room dept/ed: there is no channel 1290338712345678905", "TO DO  people: not on the server: gone: invite them",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	s.config.Token = "wrong"
	if out, err = s.setUp(); err == nil || !strings.Contains(out, "TO DO  token: ") || strings.Contains(out, "wrong;") {
		t.Errorf("with a wrong token: %v\n%s", err, out)
	}
}

// The examination tries everything and leaves nothing behind.
func TestExamineTriesEverything(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	s.declare(2)
	s.said()
	before := len(s.posts("it"))
	var told []string
	err := discord.Examine(t.Context(), s.config, s.desk, slog.New(s.log), func(what, seen string, wrong error) {
		told = append(told, fmt.Sprintf("%s: %s (%v)", what, seen, wrong))
	})
	must(t, err)
	if last := told[len(told)-1]; last != "a message: posted, changed, pinned and taken away in the room of the IT duty (<nil>)" {
		t.Errorf("told %q", told)
	}
	if after := len(s.posts("it")); after != before {
		t.Errorf("%d posts became %d", before, after)
	}
	s.stop()
}
