package discordtest_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"wardline/adapters/discord/discordtest"
)

// outage is the command of these tests.
func outage() *discordgo.ApplicationCommand {
	return &discordgo.ApplicationCommand{
		Name: "outage", Description: "outages",
		Options: []*discordgo.ApplicationCommandOption{{
			Type: discordgo.ApplicationCommandOptionSubCommand, Name: "declare", Description: "declare",
			Options: []*discordgo.ApplicationCommandOption{
				{Type: discordgo.ApplicationCommandOptionString, Name: "system", Description: "which", Required: true, Autocomplete: true},
				{Type: discordgo.ApplicationCommandOptionInteger, Name: "level", Description: "how bad"},
			},
		}},
	}
}

// answering opens a bot that has the command and answers with what the test says.
func answering(t *testing.T, s *discordtest.Server, answer func(d *discordgo.Session, i *discordgo.Interaction)) *discordgo.Session {
	t.Helper()
	d := bot(t, s)
	var busy sync.RWMutex // held for reading by answers on their way, so that none outlives the test
	d.AddHandler(func(d *discordgo.Session, i *discordgo.InteractionCreate) {
		busy.RLock()
		defer busy.RUnlock()
		answer(d, i.Interaction)
	})
	open(t, s, d)
	t.Cleanup(busy.Lock)
	if _, err := d.ApplicationCommandBulkOverwrite(s.AppID(), s.GuildID(), []*discordgo.ApplicationCommand{outage()}); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSlashCommandIsAnsweredForOnePersonOnly(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse, doctor := s.AddUser("Nurse"), s.AddUser("Doctor")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	heard := make(chan *discordgo.Interaction, 1)
	answering(t, s, func(d *discordgo.Session, i *discordgo.Interaction) {
		heard <- i
		err := d.InteractionRespond(i, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: "noted", Flags: discordgo.MessageFlagsEphemeral},
		})
		if err != nil {
			t.Error(err)
		}
	})
	nurse.SetLocale("zh-CN")
	got := nurse.Slash(room, "outage declare", map[string]any{"system": "lab", "level": 2}).Answer()
	if got.Content != "noted" || got.OnlyFor != nurse.ID() {
		t.Errorf("got %q for %s", got.Content, got.OnlyFor)
	}
	i := <-heard
	data := i.ApplicationCommandData()
	if data.Name != "outage" || data.Options[0].Name != "declare" || data.Options[0].Options[0].StringValue() != "lab" || data.Options[0].Options[1].IntValue() != 2 {
		t.Errorf("the bot heard %+v", data)
	}
	if i.Locale != "zh-CN" || i.Member.User.ID != nurse.ID() || i.ChannelID != room {
		t.Errorf("the bot heard of %s, %s in %s", i.Locale, i.Member.User.ID, i.ChannelID)
	}
	if n := len(nurse.Messages(room)); n != 1 {
		t.Errorf("the nurse sees %d messages", n)
	}
	if n := len(doctor.Messages(room)); n != 0 {
		t.Errorf("the doctor sees %d messages", n)
	}
	refused(t, s, "GET", "/channels/"+room+"/messages/"+got.ID, nil, 404, 10008)
}

func TestDeferredAnswerIsEditedAndFollowed(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	answering(t, s, func(d *discordgo.Session, i *discordgo.Interaction) {
		if err := d.InteractionRespond(i, &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredChannelMessageWithSource}); err != nil {
			t.Error(err)
		}
		if m, err := d.InteractionResponse(i); err != nil || m.Flags&discordgo.MessageFlagsLoading == 0 {
			t.Errorf("got %+v, %v, want a loading message", m, err)
		}
		text := "declared for " + i.Member.User.Mention() + " @everyone"
		if _, err := d.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &text}); err != nil {
			t.Error(err)
		}
		m, err := d.FollowupMessageCreate(i, true, &discordgo.WebhookParams{Content: "and more", Files: []*discordgo.File{{Name: "a.txt", Reader: reader("paper")}}})
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := d.FollowupMessageEdit(i, m.ID, &discordgo.WebhookEdit{Content: &text}); err != nil {
			t.Error(err)
		}
	})
	i := nurse.Slash(room, "outage declare", map[string]any{"system": "lab"})
	if first := i.AwaitFirst(enough); first != discordtest.AnswerDeferred {
		t.Fatalf("first answer of type %d", first)
	}
	got := i.Answer()
	if want := "declared for " + nurse.Mention() + " @everyone"; got.Content != want {
		t.Errorf("got %q, want %q", got.Content, want)
	}
	if !slices.Equal(got.Pinged, []string{nurse.ID()}) {
		t.Errorf("pinged %v, want only the nurse", got.Pinged)
	}
	follow, ok := i.AwaitFollowUps(enough, 1)
	if !ok || len(follow[0].Attachments) != 1 || string(fetch(t, s, follow[0].Attachments[0].URL)) != "paper" {
		t.Errorf("got follow-ups %+v", follow)
	}
}

func TestFormIsOpenedFilledInAndAnswered(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	answering(t, s, func(d *discordgo.Session, i *discordgo.Interaction) {
		response := &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseModal,
			Data: &discordgo.InteractionResponseData{CustomID: "form", Title: "Declare", Components: []discordgo.MessageComponent{
				discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.TextInput{CustomID: "what", Label: "What", Style: discordgo.TextInputShort, Required: true, MaxLength: 20}}},
			}},
		}
		if i.Type == discordgo.InteractionModalSubmit {
			row := i.ModalSubmitData().Components[0].(*discordgo.ActionsRow)
			response = &discordgo.InteractionResponse{
				Type: discordgo.InteractionResponseChannelMessageWithSource,
				Data: &discordgo.InteractionResponseData{Content: "heard " + row.Components[0].(*discordgo.TextInput).Value},
			}
		}
		if err := d.InteractionRespond(i, response); err != nil {
			t.Error(err)
		}
	})
	form := nurse.Slash(room, "outage declare", map[string]any{"system": "lab"})
	if got := nurse.Submit(form, map[string]any{"what": "no results"}).Answer().Content; got != "heard no results" {
		t.Errorf("got %q", got)
	}
}

func TestButtonsMenusAndChoices(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	d := answering(t, s, func(d *discordgo.Session, i *discordgo.Interaction) {
		response := &discordgo.InteractionResponse{Type: discordgo.InteractionResponseUpdateMessage, Data: &discordgo.InteractionResponseData{Content: "pressed"}}
		switch {
		case i.Type == discordgo.InteractionApplicationCommandAutocomplete:
			response.Type = discordgo.InteractionApplicationCommandAutocompleteResult
			response.Data = &discordgo.InteractionResponseData{Choices: []*discordgo.ApplicationCommandOptionChoice{{Name: "Laboratory", Value: "lab"}}}
		case i.MessageComponentData().ComponentType == discordgo.SelectMenuComponent:
			response.Type = discordgo.InteractionResponseDeferredMessageUpdate
			response.Data = nil
		}
		if err := d.InteractionRespond(i, response); err != nil {
			t.Error(err)
		}
		if response.Type == discordgo.InteractionResponseDeferredMessageUpdate {
			text := "chosen " + i.MessageComponentData().Values[0]
			if _, err := d.InteractionResponseEdit(i, &discordgo.WebhookEdit{Content: &text}); err != nil {
				t.Error(err)
			}
		}
	})
	sent, err := d.ChannelMessageSendComplex(room, &discordgo.MessageSend{Content: "choose", Components: []discordgo.MessageComponent{
		discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.SelectMenu{CustomID: "menu", Options: []discordgo.SelectMenuOption{{Label: "One", Value: "1"}, {Label: "Two", Value: "2"}}}}},
		discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{CustomID: "yes", Label: "Yes", Style: discordgo.PrimaryButton}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	m := discordtest.Message{ID: sent.ID, ChannelID: room}
	if got := nurse.Select(m, "menu", "2").Answer().Content; got != "chosen 2" {
		t.Errorf("got %q", got)
	}
	if got := nurse.Press(m, "yes").Answer(); got.Content != "pressed" || got.ID != sent.ID || len(got.Components) != 0 {
		t.Errorf("got %+v", got)
	}
	names, values := nurse.Autocomplete(room, "outage declare", "system", "la", nil).Choices()
	if !slices.Equal(names, []string{"Laboratory"}) || values[0] != "lab" {
		t.Errorf("got choices %v %v", names, values)
	}
}

func TestAnswerComesOnceAndInTime(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := start(t, func(o *discordtest.Options) { o.Now = now.time })
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	answering(t, s, func(*discordgo.Session, *discordgo.Interaction) {})
	ask := func() (i *discordtest.Interaction, callback, hook string) {
		i = nurse.Slash(room, "outage declare", map[string]any{"system": "lab"})
		return i, "/interactions/" + i.ID + "/" + i.Token + "/callback", "/webhooks/" + s.AppID() + "/" + i.Token
	}
	text := body{"type": 4, "data": body{"content": "yes"}}

	i, callback, hook := ask()
	refused(t, s, "POST", hook, body{"content": "too early"}, 404, 10015)
	out := accepted(t, s, "POST", callback+"?with_response=true", text)
	if id := out["resource"].(body)["message"].(body)["id"]; id != i.Answer().ID {
		t.Errorf("with_response gives message %v", id)
	}
	refused(t, s, "POST", callback, text, 400, 40060)
	accepted(t, s, "POST", hook, body{"content": "more", "flags": 64})
	accepted(t, s, "DELETE", hook+"/messages/@original", nil)
	refused(t, s, "GET", hook+"/messages/@original", nil, 404, 10008)
	now.add(15 * time.Minute)
	refused(t, s, "POST", hook, body{"content": "too late"}, 401, 50027)

	_, callback, _ = ask()
	now.add(3 * time.Second)
	refused(t, s, "POST", callback, text, 404, 10062)
	refused(t, s, "POST", "/interactions/1/none/callback", text, 404, 10062)

	_, callback, _ = ask()
	refused(t, s, "POST", callback, body{"type": 7, "data": body{"content": "no button was pressed"}}, 400, 50035)
	refused(t, s, "POST", callback, body{"type": 5, "data": body{"flags": 4}}, 400, 50035)
	broken(t, s, "answer 7 does not fit", "takes no flag but EPHEMERAL")
	if n := s.InvalidRequests(); n != 1 {
		t.Errorf("%d invalid requests, want the one with the dead token", n)
	}
}
