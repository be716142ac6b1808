package discord_test

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord"
	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/incident"
)

// An outage from beginning to end: a room of its own in the right category, a pinned board, wards told,
// then the room is moved and locked, and opened again for a relapse.
func TestAnOutageHasARoom(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	id := s.declare(3)
	s.said()

	room := s.channel("inc-1-his-is-down")
	if parent := s.channel(*room.ParentID); parent.Name != "Outages" || parent.Type != discordtest.TypeCategory {
		t.Errorf("the room is in %q", parent.Name)
	}
	pinned := s.pinned(room.ID)
	if len(pinned) != 1 || !strings.Contains(words(pinned[0]), "INC-1") {
		t.Fatalf("%d pinned\n%s", len(pinned), s.log)
	}
	if len(pinned[0].Components) == 0 {
		t.Error("the board has no buttons")
	}
	ward := s.posts(s.roomNamed("急诊科"))
	if len(ward) < 2 || !strings.Contains(ward[0], "HIS") && !strings.Contains(ward[0], "系统") {
		t.Errorf("the ward reads %q", ward)
	}

	s.do(id, incident.SetETA{At: time.Now().Add(time.Hour), Confidence: incident.Medium, Giver: "Lin"})
	s.said()
	if again := s.pinned(room.ID); len(again) != 1 || again[0].ID != pinned[0].ID || words(again[0]) == words(pinned[0]) {
		t.Error("the board was not changed in place")
	}

	s.do(id, incident.Restore{})
	s.do(id, incident.Close{Note: "a switch was broken", Override: "tested"})
	s.said()
	room = s.channel(room.ID)
	if parent := s.channel(*room.ParentID); parent.Name != "Past outages" {
		t.Errorf("the closed room is in %q", parent.Name)
	}
	if may(room.Overwrites, s.discord.GuildID()).Deny&discordtest.SendMessages == 0 {
		t.Error("the closed room is not locked")
	}

	s.do(id, incident.Reopen{Reason: "it is down again"})
	s.said()
	room = s.channel(room.ID)
	if parent := s.channel(*room.ParentID); parent.Name != "Outages" {
		t.Errorf("the reopened room is in %q", parent.Name)
	}
	if may(room.Overwrites, s.discord.GuildID()).Deny != 0 {
		t.Error("the reopened room is still locked")
	}
	if n := len(s.discord.Requests("PATCH /channels/{channel_id}")); n != 2 {
		t.Errorf("the room was changed %d times, want 2: moved, and moved back", n)
	}
	s.noneTwice()
	s.stop()
}

// A private room is for those who work on the outage. The bot lets itself in first, and somebody who left
// the server keeps nobody out.
func TestAPrivateRoomIsForThoseInvited(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.config.Private = true
	s.start()
	s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	if own := may(room.Overwrites, s.discord.BotID()); !own.Allow.Has(discordtest.ViewChannel | discordtest.SendMessages) {
		t.Error("the bot has not let itself in")
	}
	if !s.chen.Sees(room.ID) || !s.lin.Sees(room.ID) || s.nurse.Sees(room.ID) {
		t.Errorf("chen %v, lin %v, nurse %v", s.chen.Sees(room.ID), s.lin.Sees(room.ID), s.nurse.Sees(room.ID))
	}
	if lead := s.channel("leaders"); s.nurse.Sees(lead.ID) || !s.chen.Sees(lead.ID) {
		t.Error("the leaders' room is not for leaders and coordinators")
	}
	if !s.nurse.Sees(s.roomNamed("急诊科")) {
		t.Error("the ward's room is closed to a nurse")
	}
	if !s.log.wrote("not let into a room", "person=gone") {
		t.Error("nobody was told who is missing")
	}
	found, err := s.adapter.Inspect(t.Context(), "inc/1", "")
	must(t, err)
	if !found.Room || len(found.Out) != 0 {
		t.Errorf("%+v", found)
	}
	s.stop()
}

// Whoever deletes the room, its board, or unpins the board: what is missing comes back, and only that.
func TestWhatIsMissingComesBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	id := s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	s.discord.DropChannel(room.ID)
	s.do(id, incident.GiveUpdate{Text: "still looking"})
	s.said()
	again := s.channel("inc-1-his-is-down")
	if again.ID == room.ID || countOf(s.posts(again.ID), "still looking") != 1 || len(s.pinned(again.ID)) != 1 {
		t.Errorf("the new room reads %q, %d pinned", s.posts(again.ID), len(s.pinned(again.ID)))
	}
	s.stop()
}

// A room's channel that was made just before the bot was killed is known by the mark in its topic.
func TestAnOrphanIsTakenOver(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.discord.FailNext("POST /guilds/{guild_id}/channels", 1, discordtest.Lost()) // the category
	s.start()
	s.declare(2)
	s.said()
	s.stop()

	// The same bot without its shelf, as after a crash between the channel and the note of it.
	before := len(s.discord.Channels())
	s.path += ".new"
	s.start()
	s.declare(2)
	s.said()
	if after := len(s.discord.Channels()); after != before {
		t.Errorf("%d channels became %d", before, after)
	}
	s.stop()
}

// Only who is meant is called, whatever a person wrote.
func TestNobodyIsCalledByAccident(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	id := s.declare(2)
	s.do(id, incident.GiveUpdate{Text: "@everyone " + s.nurse.Mention() + " *see* http://pacs.local/a_b_c # [x](http://evil)"})
	s.do(id, incident.RaiseNeed{Text: "a login"})
	s.said()
	for _, ch := range s.discord.Channels() {
		for _, m := range s.discord.Messages(ch.ID) {
			if slices.Contains(m.Pinged, s.nurse.ID()) || m.MentionEveryone {
				t.Errorf("in %s: %q calls %v", ch.Name, words(m), m.Pinged)
			}
		}
	}
	posts := strings.Join(s.posts("inc-1-his-is-down"), "\n")
	for _, want := range []string{"@\u200beveryone", `\<@`, `\*see\*`, "http://pacs.local/a_b_c", `\[x](`} {
		if !strings.Contains(posts, want) {
			t.Errorf("no %q in %q", want, posts)
		}
	}
	s.stop()
}

// A person's own room is the direct channel with them.
func TestADirectRoom(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	s.waitFor(func() bool { return !s.adapter.Has("dm/nobody") }) // it serves
	if !s.adapter.Has("dm/chen") || !s.adapter.Has("dm/discord:123456789012345678") {
		t.Error("who has a room of their own here is not told apart")
	}
	m := bot.Message{ID: "x/1", Platform: "discord", Room: "dm/chen", Kind: bot.Notice, Text: "For you only.", At: time.Now()}
	ref, err := s.adapter.Say(t.Context(), m, "")
	must(t, err)
	channel, _, _ := strings.Cut(string(ref), "/")
	if channel != s.chen.DMChannel() {
		t.Errorf("said in %s", channel)
	}
	s.stop()
}

func may(list []discordtest.Overwrite, id string) discordtest.Overwrite {
	for _, o := range list {
		if o.ID == id {
			return o
		}
	}
	return discordtest.Overwrite{}
}

// roomNamed returns the id of a channel.
func (s *stage) roomNamed(name string) string { return s.channel(name).ID }

// pinned are the messages of a channel that are pinned.
func (s *stage) pinned(channel string) []discordtest.Message {
	return slices.DeleteFunc(s.discord.Messages(channel), func(m discordtest.Message) bool { return !m.Pinned })
}

// An inspection sees a board that somebody unpinned or deleted, and the next board mends it.
func TestABoardIsPinnedAgain(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	id := s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	board := bot.Ref(room.ID + "/" + s.pinned(room.ID)[0].ID)
	c := discord.NewCaller(s.config.API, s.config.Token, slog.New(s.log))
	inspect := func() bot.Found {
		found, err := s.adapter.Inspect(t.Context(), "inc/1", board)
		must(t, err)
		return found
	}
	if found := inspect(); !found.Room || !found.Board {
		t.Errorf("before: %+v", found)
	}
	must(t, c.Do(t.Context(), bot.Show, http.MethodDelete, "/channels/"+room.ID+"/messages/pins/"+s.pinned(room.ID)[0].ID, nil, nil))
	if found := inspect(); !found.Room || found.Board {
		t.Errorf("unpinned: %+v", found)
	}
	s.do(id, incident.AddProgress{Text: "looking"})
	s.said()
	if found := inspect(); !found.Board || len(s.pinned(room.ID)) != 1 {
		t.Errorf("after the next board: %+v, %d pinned", found, len(s.pinned(room.ID)))
	}
	s.noneTwice()
	s.stop()
}

// A server of another make may know only the older address of pins, and take the newer one for a message.
func TestPinsByTheOlderAddress(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	for _, newer := range []string{"PUT /channels/{channel_id}/messages/pins/{message_id}", "GET /channels/{channel_id}/messages/pins"} {
		s.discord.FailNext(newer, 1000, discordtest.Status(404))
	}
	s.start()
	s.declare(2)
	s.said()
	if n := len(s.pinned(s.channel("inc-1-his-is-down").ID)); n != 1 {
		t.Errorf("%d pinned", n)
	}
	s.noneTwice()
	s.stop()
}

// Without the right to pin a board is shown all the same, and nobody draws it anew for ever.
func TestABoardThatMayNotBePinned(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) { o.Permissions = discordtest.Core &^ discordtest.PinMessages })
	s.start()
	s.declare(2)
	s.said()
	room := s.channel("inc-1-his-is-down")
	if n := countOf(s.posts(room.ID), "Outage board"); n != 1 {
		t.Errorf("%d boards", n)
	}
	for _, m := range s.discord.Messages(room.ID) {
		if strings.Contains(words(m), "Outage board") {
			found, err := s.adapter.Inspect(t.Context(), "inc/1", bot.Ref(room.ID+"/"+m.ID))
			must(t, err)
			if !found.Board {
				t.Error("the board is drawn anew each time")
			}
		}
	}
	if !s.log.wrote("WARN", "a board is not pinned", "remedy") {
		t.Error("nobody was told")
	}
	s.stop()
}

// What a person said on another chat system is shown with who said it, and calls nobody.
func TestTalkFromElsewhereHasAName(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.start()
	s.declare(2)
	s.said()
	m := bot.Message{
		ID: "relay/mattermost/1", Platform: "discord", Room: "inc/1", Kind: bot.Relay, Title: "Li (Mattermost)",
		Text: "try *this* " + s.nurse.Mention(), At: time.Now(),
	}
	_, err := s.adapter.Say(t.Context(), m, "")
	must(t, err)
	all := s.discord.Messages(s.channel("inc-1-his-is-down").ID)
	last := all[len(all)-1]
	author, _ := last.Embeds[0]["author"].(map[string]any)
	if author["name"] != "Li (Mattermost)" || words(last) != `try \*this\* \`+s.nurse.Mention() || len(last.Pinged) != 0 {
		t.Errorf("%v: %q calls %v", author, words(last), last.Pinged)
	}
	s.stop()
}

// A category holds fifty channels; the next outage opens another.
func TestAFullCategoryIsFollowedByAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(o *discordtest.Options) { o.MaxChildren = 2 })
	outages := s.discord.AddChannel("Outages", discordtest.TypeCategory, "")
	s.discord.AddChannel("one", discordtest.TypeText, outages)
	s.discord.AddChannel("two", discordtest.TypeText, outages)
	s.start()
	s.declare(2)
	s.said()
	if parent := s.channel(*s.channel("inc-1-his-is-down").ParentID); parent.Name != "Outages 2" {
		t.Errorf("the room is in %q", parent.Name)
	}
	s.stop()
}
