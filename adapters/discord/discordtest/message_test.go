package discordtest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"wardline/adapters/discord/discordtest"
)

func TestRepeatedNonceGivesTheEarlierMessage(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, func(o *discordtest.Options) { o.Now = now.time })
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	path := "/channels/" + room + "/messages"
	say := body{"content": "down", "nonce": "abc", "enforce_nonce": true}
	first := accepted(t, s, "POST", path, say)["id"]
	now.add(3*time.Minute - time.Second)
	if again := accepted(t, s, "POST", path, say)["id"]; again != first {
		t.Errorf("got message %v, want %v", again, first)
	}
	accepted(t, s, "DELETE", path+"/"+first.(string), nil)
	refused(t, s, "POST", path, say, 404, 10008)
	now.add(time.Second)
	if later := accepted(t, s, "POST", path, say)["id"]; later == first {
		t.Error("got the first message after the nonce was forgotten")
	}
	say["enforce_nonce"] = false
	accepted(t, s, "POST", path, say)
	if n := len(s.Messages(room)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestOldMessagesAreEditedRarely(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, func(o *discordtest.Options) { o.Now, o.OldEdits = now.time, 1 })
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	path := "/channels/" + room + "/messages/"
	m := accepted(t, s, "POST", "/channels/"+room+"/messages", body{"content": "down"})["id"].(string)
	accepted(t, s, "PATCH", path+m, body{"content": "still down"})
	now.add(time.Hour)
	accepted(t, s, "PATCH", path+m, body{"content": "restored"})
	refused(t, s, "PATCH", path+m, body{"content": "closed"}, 429, 30046)
	refused(t, s, "PATCH", path+nurse.Say(room, "mine").ID, body{"content": "yours"}, 403, 50005)
	if got := s.Messages(room)[0]; got.Content != "restored" || got.Edited == nil {
		t.Errorf("got %+v", got)
	}
}

func TestMentionsNotifyOnlyWhomTheyMay(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	engineers := s.AddRole("engineers", 0)
	nurse, engineer := s.AddUser("Nurse"), s.AddUser("Engineer", engineers)
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	hidden := s.AddChannel("hidden", discordtest.TypeText, "", discordtest.Overwrite{ID: nurse.ID(), Type: discordtest.OverwriteMember, Deny: discordtest.ViewChannel})
	text := nurse.Mention() + " <@&" + engineers + "> @everyone"
	everybody := []string{nurse.ID(), engineer.ID()}
	for _, c := range []struct {
		name    string
		room    string
		allowed any
		want    []string
	}{
		{"by default all", room, nil, everybody},
		{"nobody", room, body{"parse": []string{}}, nil},
		{"one user", room, body{"users": []string{nurse.ID()}}, []string{nurse.ID()}},
		{"roles", room, body{"parse": []string{"roles"}}, []string{engineer.ID()}},
		{"who cannot see the room", hidden, nil, []string{engineer.ID()}},
	} {
		say := body{"content": text}
		if c.allowed != nil {
			say["allowed_mentions"] = c.allowed
		}
		accepted(t, s, "POST", "/channels/"+c.room+"/messages", say)
		list := s.Messages(c.room)
		slices.Sort(c.want)
		if got := list[len(list)-1].Pinged; !slices.Equal(got, c.want) {
			t.Errorf("%s: pinged %v, want %v", c.name, got, c.want)
		}
	}
	s.SetBotPermissions(discordtest.Core &^ discordtest.MentionEveryone)
	accepted(t, s, "POST", "/channels/"+room+"/messages", body{"content": text, "embeds": []body{{"title": engineer.Mention()}}})
	list := s.Messages(room)
	if got := list[len(list)-1].Pinged; !slices.Equal(got, []string{nurse.ID()}) {
		t.Errorf("without the right: pinged %v, want the nurse only", got)
	}
	s.SetMentionable(engineers, true)
	edited := accepted(t, s, "PATCH", "/channels/"+room+"/messages/"+list[0].ID, body{"content": "edited " + nurse.Mention()})
	if list := s.Messages(room); len(edited["mentions"].([]any)) != 1 || !slices.Equal(list[0].Pinged, slices.Sorted(slices.Values(everybody))) {
		t.Errorf("an edit changed who was pinged to %v", list[0].Pinged)
	}
}

func TestFilesAreKeptAndServed(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	d := bot(t, s)
	sent, err := d.ChannelMessageSendComplex(room, &discordgo.MessageSend{Content: "report", Files: []*discordgo.File{
		{Name: "a.md", ContentType: "text/markdown", Reader: reader("one")}, {Name: "b.md", Reader: reader("two")},
	}})
	if err != nil || len(sent.Attachments) != 2 || sent.Attachments[0].Filename != "a.md" {
		t.Fatalf("got %+v, %v", sent, err)
	}
	if got := string(fetch(t, s, sent.Attachments[1].URL)); got != "two" {
		t.Errorf("got %q", got)
	}
	edited := accepted(t, s, "PATCH", "/channels/"+room+"/messages/"+sent.ID, body{"attachments": []body{{"id": sent.Attachments[1].ID}}})
	if list := edited["attachments"].([]any); len(list) != 1 {
		t.Errorf("an edit kept %v", list)
	}
	said := nurse.Say(room, "", discordtest.File{Name: "photo.jpg", Kind: "image/jpeg", Data: []byte("jpeg")})
	if got := string(fetch(t, s, said.Attachments[0].URL)); got != "jpeg" {
		t.Errorf("got %q", got)
	}
}

func TestMessagesAreListedAndPinned(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Rates.Off = true })
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	d := bot(t, s)
	var ids []string
	for range 9 {
		m, err := d.ChannelMessageSend(room, "hello")
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m.ID)
	}
	for _, c := range []struct {
		name, before, after, around string
		want                        []string
	}{
		{"the newest", "", "", "", ids[6:9]},
		{"before", ids[5], "", "", ids[2:5]},
		{"after", "", ids[1], "", ids[2:5]},
		{"around", "", "", ids[4], ids[3:6]},
	} {
		list, err := d.ChannelMessages(room, 3, c.before, c.after, c.around)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range slices.Backward(list) {
			got = append(got, m.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if err := d.ChannelMessagePin(room, ids[0]); err != nil {
		t.Error(err)
	}
	accepted(t, s, "PUT", "/channels/"+room+"/messages/pins/"+ids[1], nil)
	pins, err := d.ChannelMessagesPinned(room)
	if err != nil || len(pins) != 2 || pins[0].ID != ids[1] || !pins[0].Pinned {
		t.Errorf("got %+v, %v", pins, err)
	}
	page := accepted(t, s, "GET", "/channels/"+room+"/messages/pins?limit=1", nil)
	if items := page["items"].([]any); len(items) != 1 || page["has_more"] != true {
		t.Errorf("got %v", page)
	}
	accepted(t, s, "DELETE", "/channels/"+room+"/messages/pins/"+ids[1], nil)
	if page := accepted(t, s, "GET", "/channels/"+room+"/messages/pins", nil); len(page["items"].([]any)) != 1 {
		t.Errorf("got %v", page)
	}
	// Without the intent, what people say is empty unless it is for the bot.
	accepted(t, s, "GET", "/channels/"+room+"/messages/"+nurse.Say(room, "gossip").ID, nil)
	if got := accepted(t, s, "GET", "/channels/"+room+"/messages/"+nurse.Say(room, "gossip").ID, nil)["content"]; got != "" {
		t.Errorf("read %q", got)
	}
	refused(t, s, "GET", "/channels/"+room+"/messages?limit=101", nil, 400, 50035)
	broken(t, s, "/limit")
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	d := bot(t, s)
	d.Identify.Intents = discordgo.IntentsDirectMessages
	heard := make(chan string, 1)
	d.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) {
		if m.Author.ID != s.BotID() {
			heard <- m.Content
		}
	})
	open(t, s, d)
	dm, err := d.UserChannelCreate(nurse.ID())
	if err != nil || dm.ID != nurse.DMChannel() || dm.Recipients[0].ID != nurse.ID() {
		t.Fatalf("got %+v, %v", dm, err)
	}
	nurse.DM("which paper?")
	if got := <-heard; got != "which paper?" {
		t.Errorf("heard %q", got)
	}
	if _, err := d.ChannelMessageSend(dm.ID, "the blue one"); err != nil {
		t.Error(err)
	}
	if list := nurse.Messages(dm.ID); len(list) != 2 || list[1].Content != "the blue one" {
		t.Errorf("got %+v", list)
	}
	nurse.CloseDMs(true)
	refused(t, s, "POST", "/channels/"+dm.ID+"/messages", body{"content": "more"}, 403, 50007)
	refused(t, s, "POST", "/users/@me/channels", body{"recipient_id": "5"}, 404, 10013)
}

func TestMessagesThatDiscordWouldRefuse(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Rates.Off = true })
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	button := func(id string) body { return body{"type": 2, "style": 1, "label": "x", "custom_id": id} }
	row := func(inner ...body) body { return body{"type": 1, "components": inner} }
	long := func(n int) string { return strings.Repeat("\u5b57", n) }
	for _, c := range []struct {
		name string
		in   body
		want string // in the violation
	}{
		{"nothing", body{}, "empty message"},
		{"too long", body{"content": long(2001)}, "/content: Must be 2000"},
		{"eleven embeds", body{"embeds": slices.Repeat([]body{{"title": "x"}}, 11)}, "/embeds: maxItems"},
		{"6001 in embeds", body{"embeds": []body{{"description": long(3000)}, {"description": long(3001)}}}, "/embeds: Embed size"},
		{"a long nonce", body{"content": "x", "nonce": strings.Repeat("n", 26)}, "/nonce: maxLength"},
		{"six buttons", body{"content": "x", "components": []body{row(button("1"), button("2"), button("3"), button("4"), button("5"), button("6"))}}, "/components/0/components"},
		{"six rows", body{"content": "x", "components": slices.Repeat([]body{row(button("1"))}, 6)}, "/components: Must be between"},
		{"one id twice", body{"content": "x", "components": []body{row(button("1"), button("1"))}}, "cannot be duplicated"},
		{"a long label", body{"content": "x", "components": []body{row(body{"type": 2, "style": 1, "custom_id": "1", "label": long(81)})}}, "/components/0/components/0/label: maxLength"},
		{"26 choices", body{"content": "x", "components": []body{row(body{"type": 3, "custom_id": "m", "options": slices.Repeat([]body{{"label": "x", "value": "y"}}, 26)})}}, "/components/0/components/0/options: maxItems"},
		{"a list beside all", body{"content": "x", "allowed_mentions": body{"parse": []string{"users"}, "users": []string{"1"}}}, "mutually exclusive"},
		{"text of the second kind", body{"components": []body{{"type": 10, "content": "x"}}}, "need the flag"},
		{"both kinds", body{"content": "x", "flags": 1 << 15, "components": []body{{"type": 10, "content": "x"}}}, "cannot be used"},
	} {
		status, _, _ := call(t, s, "POST", "/channels/"+room+"/messages", c.in)
		if status != 400 {
			t.Errorf("%s: got %d", c.name, status)
		}
		t.Log(c.name)
		broken(t, s, c.want)
	}
	accepted(t, s, "POST", "/channels/"+room+"/messages", body{"content": long(2000), "embeds": []body{{"description": long(4096), "fields": []body{{"name": "a", "value": "b"}}}}})
	accepted(t, s, "POST", "/channels/"+room+"/messages", body{"flags": 1 << 15, "components": []body{{"type": 10, "content": "x"}}})
	if n := len(s.Messages(room)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}
