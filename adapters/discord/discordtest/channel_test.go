package discordtest_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"wardline/adapters/discord/discordtest"
)

// channelsPath is where channels are made.
func channelsPath(s *discordtest.Server) string { return "/guilds/" + s.GuildID() + "/channels" }

func TestChannelIsMadeMovedAndRenamed(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, func(o *discordtest.Options) { o.Now = now.time })
	d := bot(t, s)
	category, err := d.GuildChannelCreate(s.GuildID(), "Outages", discordgo.ChannelTypeGuildCategory)
	if err != nil || category.Name != "Outages" {
		t.Fatalf("got %+v, %v", category, err)
	}
	room, err := d.GuildChannelCreateComplex(s.GuildID(), discordgo.GuildChannelCreateData{Name: "INC-7  Lab: \u68c0\u9a8c -- down!", Topic: "lab", ParentID: category.ID})
	if err != nil {
		t.Fatal(err)
	}
	if want := "inc-7-lab-\u68c0\u9a8c-down"; room.Name != want || room.ParentID != category.ID {
		t.Errorf("got %q in %q, want %q in %q", room.Name, room.ParentID, want, category.ID)
	}
	path := "/channels/" + room.ID
	for _, topic := range []any{"restored", nil} {
		if got := accepted(t, s, "PATCH", path, body{"topic": topic}); got["topic"] != topic {
			t.Errorf("got topic %v, want %v", got["topic"], topic)
		}
	}
	status, header, out := call(t, s, "PATCH", path, body{"name": "third"})
	if status != 429 || out["retry_after"] != 600.0 || header.Get("X-RateLimit-Scope") != "user" {
		t.Errorf("third change: %d %v", status, out)
	}
	accepted(t, s, "PATCH", path, body{"position": 9, "parent_id": nil})
	now.add(10 * time.Minute)
	accepted(t, s, "PATCH", path, body{"name": "third"})
	accepted(t, s, "PATCH", channelsPath(s), []body{{"id": room.ID, "position": 3, "parent_id": category.ID}})
	accepted(t, s, "DELETE", "/channels/"+category.ID, nil)
	if got, _ := s.Channel("third"); got.ParentID != nil || got.Position != 3 {
		t.Errorf("got %+v", got)
	}
	refused(t, s, "GET", "/channels/"+category.ID, nil, 404, 10003)
	if n := len(s.Channels()); n != 1 {
		t.Errorf("%d channels left", n)
	}
}

func TestGuildAndCategoryAreFullAtSomePoint(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.MaxChannels, o.MaxChildren = 4, 2 })
	category := s.AddChannel("full", discordtest.TypeCategory, "")
	accepted(t, s, "POST", channelsPath(s), body{"name": "one", "parent_id": category})
	accepted(t, s, "POST", channelsPath(s), body{"name": "two", "parent_id": category})
	out := refused(t, s, "POST", channelsPath(s), body{"name": "three", "parent_id": category}, 400, 50035)
	code := out["errors"].(body)["parent_id"].(body)["_errors"].([]any)[0].(body)["code"]
	if code != "CHANNEL_PARENT_MAX_CHANNELS" {
		t.Errorf("inner code %v", code)
	}
	accepted(t, s, "POST", channelsPath(s), body{"name": "three"})
	refused(t, s, "POST", channelsPath(s), body{"name": "four"}, 400, 30013)
}

func TestBotMayLockItselfOut(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	hide := body{"id": s.GuildID(), "type": 0, "deny": strconv.FormatUint(uint64(discordtest.ViewChannel), 10)}
	lost := accepted(t, s, "POST", channelsPath(s), body{"name": "lost", "permission_overwrites": []body{hide}})["id"].(string)
	refused(t, s, "GET", "/channels/"+lost, nil, 403, 50001)
	refused(t, s, "POST", "/channels/"+lost+"/messages", body{"content": "hello"}, 403, 50001)
	refused(t, s, "PATCH", "/channels/"+lost, body{"position": 1}, 403, 50001)

	view := body{"id": s.BotID(), "type": 1, "allow": fmt.Sprint(uint64(discordtest.ViewChannel | discordtest.SendMessages))}
	kept := accepted(t, s, "POST", channelsPath(s), body{"name": "kept", "permission_overwrites": []body{hide, view}})["id"].(string)
	accepted(t, s, "POST", "/channels/"+kept+"/messages", body{"content": "hello"})
	if nurse.Sees(kept) || nurse.Messages(kept) != nil {
		t.Error("the nurse sees a hidden room")
	}
	accepted(t, s, "PUT", "/channels/"+kept+"/permissions/"+nurse.ID(), body{"type": 1, "allow": "1024"})
	if !nurse.Sees(kept) || len(nurse.Messages(kept)) != 1 {
		t.Error("the nurse does not see the room she was let into")
	}
	accepted(t, s, "DELETE", "/channels/"+kept+"/permissions/"+nurse.ID(), nil)
	if nurse.Sees(kept) {
		t.Error("the nurse still sees the room")
	}
	if n := s.InvalidRequests(); n != 3 {
		t.Errorf("%d invalid requests, want 3", n)
	}
}

func TestRightsAreHeldTo(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Permissions = discordtest.ViewChannel | discordtest.ManageRoles })
	room := s.AddChannel("ward-3", discordtest.TypeText, "", discordtest.Overwrite{ID: s.GuildID(), Deny: discordtest.EmbedLinks})
	quiet := s.AddChannel("quiet", discordtest.TypeText, "", discordtest.Overwrite{ID: s.GuildID(), Deny: discordtest.SendMessages | discordtest.ReadHistory})
	m := accepted(t, s, "POST", "/channels/"+room+"/messages", body{"content": "hello"})["id"].(string)
	refused(t, s, "POST", "/channels/"+room+"/messages", body{"embeds": []body{{"title": "no"}}}, 403, 50013)
	refused(t, s, "POST", "/channels/"+quiet+"/messages", body{"content": "hello"}, 403, 50013)
	refused(t, s, "PUT", "/channels/"+room+"/pins/"+m, nil, 403, 50013)
	refused(t, s, "POST", channelsPath(s), body{"name": "mine"}, 403, 50013)
	// A bot gives no right it lacks, and the right to manage roles not even then.
	for _, bits := range []discordtest.Permission{discordtest.ManageChannels, discordtest.ManageRoles} {
		refused(t, s, "PUT", "/channels/"+room+"/permissions/"+s.GuildID(), body{"type": 0, "allow": fmt.Sprint(uint64(bits))}, 403, 50013)
	}
	refused(t, s, "GET", "/guilds/"+s.GuildID()+"/members?limit=10", nil, 403, 50001)
	if _, _, list := callRaw(t, s, "GET", "/channels/"+quiet+"/messages", nil); string(list) != "[]" {
		t.Errorf("read %s without the right to read history", list)
	}
	s.SetBotPermissions(discordtest.Administrator)
	accepted(t, s, "POST", "/channels/"+quiet+"/messages", body{"content": "hello"})
	accepted(t, s, "POST", channelsPath(s), body{"name": "mine"})
}

func TestRolesAndMembers(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.GuildMembers = true })
	engineers := s.AddRole("engineers", 0) // above the bot's
	nurse := s.AddUser("Nurse")
	d := bot(t, s)
	role, err := d.GuildRoleCreate(s.GuildID(), &discordgo.RoleParams{Name: "outage"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.GuildMemberRoleAdd(s.GuildID(), nurse.ID(), role.ID); err != nil {
		t.Error(err)
	}
	refused(t, s, "PUT", "/guilds/"+s.GuildID()+"/members/"+nurse.ID()+"/roles/"+engineers, nil, 403, 50013)
	m, err := d.GuildMember(s.GuildID(), nurse.ID())
	if err != nil || len(m.Roles) != 1 || m.Roles[0] != role.ID {
		t.Errorf("got %+v, %v", m, err)
	}
	list, err := d.GuildMembers(s.GuildID(), s.BotID(), 10)
	if err != nil || len(list) != 1 || list[0].User.Username != "nurse" {
		t.Errorf("got %+v, %v", list, err)
	}
	guild, err := d.Guild(s.GuildID())
	if err != nil || len(guild.Roles) != 4 {
		t.Errorf("got %+v, %v", guild, err)
	}
	if me, err := d.User("@me"); err != nil || me.ID != s.BotID() || !me.Bot {
		t.Errorf("got %+v, %v", me, err)
	}
	if app := accepted(t, s, "GET", "/applications/@me", nil); app["flags"] != float64(1<<15) {
		t.Errorf("got %v", app["flags"])
	}
	accepted(t, s, "GET", "/guilds/"+s.GuildID()+"/roles/"+role.ID, nil)
	if err := d.GuildRoleDelete(s.GuildID(), role.ID); err != nil {
		t.Error(err)
	}
}
