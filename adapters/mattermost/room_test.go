package mattermost_test

import (
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
)

// connected waits until the bot may speak.
func (s *stage) connected() {
	s.t.Helper()
	s.until("connected", func() bool { return strings.Contains(s.log.String(), "connected to mattermost") })
}

// notice is a message of a room.
func notice(id bot.MessageID, room bot.RoomID, text string) bot.Message {
	return bot.Message{ID: id, Platform: "mattermost", Room: room, Kind: bot.Notice, Lang: hospital.ZH, Text: text, At: time.Now()}
}

func TestRoomsMayBeChannelsThatAreThereAlready(t *testing.T) {
	s := newStage(t, mmtest.Options{}, func(c *mattermost.Config) {
		c.Rooms = map[bot.RoomID]string{"it": "duty", "dept/ed": "ed-private", "dept/icu": "no-such"}
	})
	admin := s.server.Client(s.server.Admin())
	for name, kind := range map[string]model.ChannelType{"duty": model.ChannelTypeOpen, "ed-private": model.ChannelTypePrivate} {
		if _, _, err := admin.CreateChannel(t.Context(), &model.Channel{TeamId: s.team.Id, Name: name, DisplayName: name, Type: kind}); err != nil {
			t.Fatal(err)
		}
	}
	s.start()
	s.connected()
	if _, err := s.adapter.Say(t.Context(), notice("1", "it", "值班"), ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "in the duty's channel", s.posts("duty")[0].Message, "值班")
	for room, want := range map[bot.RoomID]string{
		"dept/ed":  `rejected by the platform: there is no channel "ed-private" for room dept/ed that the bot can see; create it, or let the bot's account into it, or correct the configuration`,
		"dept/icu": `rejected by the platform: there is no channel "no-such" for room dept/icu that the bot can see; create it, or let the bot's account into it, or correct the configuration`,
	} {
		_, err := s.adapter.Say(t.Context(), notice("2", room, "停机"), "")
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", room, err)
		}
	}
	// Let in, it needs no restart.
	if _, _, err := admin.AddChannelMember(t.Context(), s.channel("ed-private").Id, s.bot.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.adapter.Say(t.Context(), notice("3", "dept/ed", "停机"), ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "in the ward's channel", s.posts("ed-private")[0].Message, "停机")
}

func TestOnlyThoseMeantAreCalled(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.connected()
	m := notice("1", "it", "@channel 和 @it.lin：\n报错 `ORA-00060`")
	m.Mention = []incident.PersonID{"wu", "nobody"}
	if _, err := s.adapter.Say(t.Context(), m, ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "message", s.posts("wl-it")[0].Message, "@\u200bchannel 和 @\u200bit.lin：\n报错 \\`ORA-00060\\`\n@it.wu")
	m = notice("2", "dm/wu", "只有你看到")
	m.Mention = []incident.PersonID{"wu"}
	if _, err := s.adapter.Say(t.Context(), m, ""); err != nil {
		t.Fatal(err)
	}
	direct := s.server.Texts(s.server.Direct(s.bot, s.users["wu"]).Id)
	equal(t, "in private", strings.Join(direct, "|"), "只有你看到")
	_, err := s.adapter.Say(t.Context(), notice("3", "dm/nobody", "x"), "")
	if err == nil || !strings.Contains(err.Error(), "no account on mattermost is known for nobody") {
		t.Errorf("to nobody: %v", err)
	}
	for room, want := range map[bot.RoomID]bool{"it": true, "inc/9": true, "dm/wu": true, "dm/nobody": false, "dm/mattermost:abc": true, "dm/web:abc": false} {
		equal(t, "has "+string(room), s.adapter.Has(room), want)
	}
}

func TestPeopleOutsideTheTeamAreLeftOutAndNamedInTheLog(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newStage(t, mmtest.Options{Version: version}, nil)
			if _, err := s.server.Client(s.server.Admin()).RemoveTeamMember(t.Context(), s.team.Id, s.users["wu"].Id); err != nil {
				t.Fatal(err)
			}
			s.start()
			s.types("lin", "it", "/outage declare his 全院停用")
			s.quiet()
			members := strings.Join(s.server.Members(s.channel("wl-inc-1").Id), " ")
			if !strings.Contains(members, "it.lin") || strings.Contains(members, "it.wu") {
				t.Errorf("members: %s", members)
			}
			if log := s.log.String(); !strings.Contains(log, "accounts=it.wu") || strings.Contains(log, "will not be said") {
				t.Errorf("log: %s", tail(log))
			}
			// Who cannot be let in is not asked for again and again.
			found, err := s.adapter.Inspect(t.Context(), "inc/1", bot.Ref(s.board("wl-inc-1").Id))
			if err != nil || !found.Room || !found.Board || len(found.Out) != 0 {
				t.Errorf("inspected: %+v, %v", found, err)
			}
		})
	}
}

func TestWhatIsMissingIsSeen(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.types("lin", "it", "/outage declare his 全院停用")
	s.quiet()
	board := s.board("wl-inc-1")
	admin := s.server.Client(s.server.Admin())
	if _, err := admin.RemoveUserFromChannel(t.Context(), board.ChannelId, s.users["lin"].Id); err != nil {
		t.Fatal(err)
	}
	if _, err := admin.UnpinPost(t.Context(), board.Id); err != nil {
		t.Fatal(err)
	}
	found, err := s.adapter.Inspect(t.Context(), "inc/1", bot.Ref(board.Id))
	if err != nil || !found.Room || found.Board || len(found.Out) != 1 || found.Out[0] != "lin" {
		t.Errorf("unpinned, and one gone: %+v, %v", found, err)
	}
	if _, err := admin.DeleteChannel(t.Context(), board.ChannelId); err != nil {
		t.Fatal(err)
	}
	found, err = s.adapter.Inspect(t.Context(), "inc/1", bot.Ref(board.Id))
	if err != nil || found.Room {
		t.Errorf("archived: %+v, %v", found, err)
	}
}

func TestOperatorsReadWhyNothingIsSaidAndNeverTheToken(t *testing.T) {
	s := newStage(t, mmtest.Options{}, nil).start()
	s.connected()
	admin := s.server.Client(s.server.Admin())
	if _, _, err := admin.DisableBot(t.Context(), s.bot.Id); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.adapter.Say(t.Context(), notice("1", "it", "x"), ""); err == nil || !strings.Contains(err.Error(), "not sent to the platform") {
			t.Errorf("with a token that is void: %v", err)
		}
	}
	equal(t, "told", strings.Count(s.log.String(), "does not accept the bot's token"), 1)
	if _, _, err := admin.EnableBot(t.Context(), s.bot.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.adapter.Say(t.Context(), notice("1", "it", "x"), ""); err != nil {
		t.Error(err)
	}
	s.server.Stop()
	s.until("the server is off", func() bool { // what is on an old connection may have been heard
		_, err := s.adapter.Say(t.Context(), notice("2", "it", "x"), "")
		return err != nil && strings.Contains(err.Error(), "not sent to the platform")
	})
	s.server.Start()
	if strings.Contains(s.log.String(), s.token) {
		t.Error("the token is in the log")
	}
}
