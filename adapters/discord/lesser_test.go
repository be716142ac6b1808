package discord_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"wardline/adapters/discord"
	"wardline/bot"
)

// A server of Discord's kind may write ids as numbers and rights as either; one such difference does not make
// the rest unreadable.
func TestNumbersAndTextsAreReadAsEither(t *testing.T) {
	t.Parallel()
	var got struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
		Bot   bool   `json:"bot"`
		List  []struct {
			Name string `json:"name"`
		} `json:"list"`
	}
	must(t, discord.Read(`{"id":1290338712345678900,"flags":"64","bot":"true","list":[{"name":7},{"name":"x"}]}`, &got))
	if got.ID != "1290338712345678900" || got.Flags != 64 || !got.Bot || len(got.List) != 2 || got.List[0].Name != "7" || got.List[1].Name != "x" {
		t.Errorf("read %+v", got)
	}
	if discord.Read(`{"id":`, &got) == nil {
		t.Error("half an answer was read")
	}
}

// Refusals without a code of Discord's are understood by status and address.
func TestRefusalsWithoutACodeAreUnderstood(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method, path, body string
		status, code       int
	}{
		{"PATCH", "/channels/123456/messages/234567", `{"code":404,"message":"Message could not be found"}`, 404, 10008},
		{"POST", "/channels/123456/messages", `{"code":404,"message":"Channel could not be found"}`, 404, 10003},
		{"PUT", "/channels/123456/permissions/234567", `{"code":404,"message":"user not found"}`, 404, 10007},
		{"PUT", "/channels/123456/messages/pins/234567", `{"code":403,"message":"You are missing the following permissions MANAGE_MESSAGES"}`, 403, 50013},
		{"GET", "/applications/123456/commands", `{"code":404,"message":"Endpoint not found"}`, 404, 404},
		{"GET", "/guilds/123456", `{"code":"10004","message":"Unknown Guild"}`, 404, 10004},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		err := discord.NewCaller(s.URL, "t", slog.New(slog.DiscardHandler)).Do(t.Context(), bot.Reply, c.method, c.path, nil, nil)
		s.Close()
		if !discord.RefusedWith(err, c.code) {
			t.Errorf("%s %s: %v, want code %d", c.method, c.path, err, c.code)
		}
	}
}

// A server that refuses translations, suggestions and files in options gets a menu without them, and with all
// commands.
func TestAPlainerMenuHasAllCommands(t *testing.T) {
	t.Parallel()
	_, handler := defaultMenu(t)
	menus := discord.Menus(handler.Menu("en"), handler.Menu("zh"))
	for n, word := range []string{"", `"autocomplete"`, `"choices"`} {
		if n > 0 && strings.Contains(menus[n], word) {
			t.Errorf("menu %d has %s", n, word)
		}
	}
	for _, name := range []string{`"outage"`, `"declare"`, `"fix"`, `"eta"`} {
		for n, menu := range menus {
			if !strings.Contains(menu, name) {
				t.Errorf("menu %d has no %s", n, name)
			}
		}
	}
}
