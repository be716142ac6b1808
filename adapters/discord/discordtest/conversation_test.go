package discordtest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"wardline/adapters/discord/discordtest"
)

// A heard interaction is what the gateway tells of one.
type heard struct {
	ID, Token string
	Type      int
	Member    *struct{ Permissions string }
	User      *struct{ ID string }
	Message   *struct{ ID string }
	Data      struct {
		Name       string
		CustomID   string `json:"custom_id"`
		Values     []string
		Components []struct {
			Type      int
			Component struct {
				CustomID string `json:"custom_id"`
				Value    string
				Values   []string
			}
		}
		Resolved struct {
			Users       map[string]struct{ Username string }
			Attachments map[string]discordtest.Attachment
		}
	}
}

// interaction reads the next interaction off the wire.
func (w *wire) interaction() (h heard) {
	w.t.Helper()
	if err := json.Unmarshal(w.event("INTERACTION_CREATE").Data, &h); err != nil {
		w.t.Fatal(err)
	}
	return h
}

func (h heard) callback() string { return "/interactions/" + h.ID + "/" + h.Token + "/callback" }

// register registers commands without a library.
func register(t *testing.T, s *discordtest.Server, commands ...body) {
	t.Helper()
	if status, _, raw := callRaw(t, s, "PUT", "/applications/"+s.AppID()+"/commands", commands); status != 200 {
		t.Fatalf("got %d %s", status, raw)
	}
}

func TestConversationInDirectMessages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse := s.AddUser("Nurse")
	w := dial(t, s)
	w.signIn(s, 0)
	register(t, s, body{"name": "ask", "description": "ask", "options": []body{
		{"type": 3, "name": "question", "description": "x", "required": true}, {"type": 11, "name": "photo", "description": "x"},
	}})
	photo := discordtest.File{Name: "screen.png", Kind: "image/png", Data: []byte("png")}
	i := nurse.Slash(nurse.DMChannel(), "ask", map[string]any{"question": "which paper?", "photo": photo})
	h := w.interaction()
	if h.User == nil || h.User.ID != nurse.ID() || h.Member != nil || h.Data.Name != "ask" {
		t.Errorf("heard %+v", h)
	}
	for _, a := range h.Data.Resolved.Attachments {
		if a.Filename != "screen.png" || string(fetch(t, s, a.URL)) != "png" {
			t.Errorf("got %+v", a)
		}
	}
	accepted(t, s, "POST", h.callback(), body{"type": 4, "data": body{"content": "the blue one", "flags": 64, "components": []body{
		{"type": 1, "components": []body{{"type": 2, "style": 2, "custom_id": "more", "label": "more"}}},
	}}})
	// The button of a message for one person changes that message.
	press := nurse.Press(i.Answer(), "more")
	h = w.interaction()
	if h.Type != 3 || h.Message.ID != i.Answer().ID {
		t.Errorf("heard %+v", h)
	}
	accepted(t, s, "POST", h.callback()+"?with_response=true", body{"type": 7, "data": body{"content": "the blue one, on top", "components": []body{}}})
	if got := press.Answer(); got.Content != "the blue one, on top" || got.OnlyFor != nurse.ID() || len(got.Components) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestFormsWithLabelsAndMenusOfPeople(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	nurse, doctor := s.AddUser("Nurse"), s.AddUser("Doctor")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	w := dial(t, s)
	w.signIn(s, 0)
	register(t, s, body{"name": "ask", "description": "ask"})
	form := nurse.Slash(room, "ask", nil)
	accepted(t, s, "POST", w.interaction().callback(), body{"type": 9, "data": body{"custom_id": "form", "title": "Ask", "components": []body{
		{"type": 18, "label": "What", "component": body{"type": 4, "custom_id": "what", "style": 1, "required": true}},
		{"type": 18, "label": "How bad", "component": body{"type": 3, "custom_id": "level", "options": []body{{"label": "bad", "value": "2"}, {"label": "worse", "value": "3"}}}},
	}}})
	submitted := nurse.Submit(form, map[string]any{"what": "no results", "level": []string{"3"}})
	h := w.interaction()
	list := h.Data.Components
	if h.Type != 5 || h.Data.CustomID != "form" || list[0].Component.Value != "no results" || !slices.Equal(list[1].Component.Values, []string{"3"}) {
		t.Errorf("heard %+v", h)
	}
	accepted(t, s, "POST", h.callback(), body{"type": 4, "data": body{"content": "to whom?", "components": []body{
		{"type": 1, "components": []body{{"type": 5, "custom_id": "who"}}},
	}}})
	nurse.Select(submitted.Answer(), "who", doctor.ID())
	h = w.interaction()
	if !slices.Equal(h.Data.Values, []string{doctor.ID()}) || h.Data.Resolved.Users[doctor.ID()].Username != "doctor" {
		t.Errorf("heard %+v", h)
	}
	// A form in answer to a form is refused, as are one too long and one without fields.
	submit := func(in body, want string) {
		t.Helper()
		nurse.Slash(room, "ask", nil)
		refused(t, s, "POST", w.interaction().callback(), in, 400, 50035)
		broken(t, s, want)
	}
	field := func(id string) body {
		return body{"type": 1, "components": []body{{"type": 4, "custom_id": id, "label": "x", "style": 1}}}
	}
	submit(body{"type": 9, "data": body{"custom_id": "f", "title": "x", "components": []body{field("1"), field("2"), field("3"), field("4"), field("5"), field("6")}}}, "/data/components: Must be between 1 and 5")
	submit(body{"type": 9, "data": body{"custom_id": "f", "title": "x", "components": []body{field("1"), field("1")}}}, "/data/components: Component custom id")
	submit(body{"type": 9, "data": body{"custom_id": "f", "title": strings.Repeat("x", 46), "components": []body{field("1")}}}, "/data/title: maxLength: got 46, want 45")
	submit(body{"type": 99}, "/type")
}

// A person cannot do in a test what Discord's own windows do not let them do.
func TestPeopleAreHeldToWhatTheySee(t *testing.T) {
	t.Parallel()
	f := &fallible{TB: t}
	s := discordtest.New(f, discordtest.Options{})
	t.Cleanup(f.end)
	nurse := s.AddUser("Nurse")
	room := s.AddChannel("ward-3", discordtest.TypeText, "")
	secret := s.AddChannel("secret", discordtest.TypeText, "", discordtest.Overwrite{ID: s.GuildID(), Deny: discordtest.ViewChannel})
	register(t, s, body{"name": "ask", "description": "ask", "options": []body{{"type": 4, "name": "level", "description": "x", "required": true, "max_value": 4}}},
		body{"name": "admin", "description": "x", "default_member_permissions": "0"})
	m := accepted(t, s, "POST", "/channels/"+room+"/messages", body{"content": "x", "components": []body{
		{"type": 1, "components": []body{{"type": 2, "style": 1, "custom_id": "off", "label": "x", "disabled": true}}},
	}})
	message := discordtest.Message{ID: m["id"].(string), ChannelID: room}
	for want, do := range map[string]func(){
		"may not do that in #secret": func() { nurse.Say(secret, "hello") },
		"no command /nothing":        func() { nurse.Slash(room, "nothing", nil) },
		"does not see /admin":        func() { nurse.Slash(room, "admin", nil) },
		"is required":                func() { nurse.Slash(room, "ask", nil) },
		"is more than 4":             func() { nurse.Slash(room, "ask", map[string]any{"level": 5}) },
		"no option \"size\"":         func() { nurse.Slash(room, "ask", map[string]any{"level": 1, "size": 5}) },
		"has no autocomplete":        func() { nurse.Autocomplete(room, "ask", "level", 1, nil) },
		"is switched off":            func() { nurse.Press(message, "off") },
		"has no component \"on\"":    func() { nurse.Press(message, "on") },
		"does not see message 5":     func() { nurse.Press(discordtest.Message{ID: "5", ChannelID: room}, "on") },
	} {
		if got := f.fatal(do); !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}
