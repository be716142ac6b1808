package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wardline/adapters/discord/discordtest"
)

// A new hospital connects Discord: the set-up makes the rooms, the doctor proves each step on the server, and
// the bot connects. Without a token it says where to get one.
func TestDiscordIsConnected(t *testing.T) {
	t.Parallel()
	server := discordtest.New(t, discordtest.Options{})
	chen := server.AddUser("chen")
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("key", strings.Repeat("k", 40)+"\n")
	write("token", server.Token()+"\n")
	write("wardline.toml", fmt.Sprintf(`
[web]
listen = "127.0.0.1:0"
key_file = "key"
[discord]
guild = %q
token_file = "token"
api = "%s/api/v10"
[[people]]
id = "chen"
name = "Chen"
roles = ["coordinator"]
accounts.discord = %q
`, server.GuildID(), server.URL(), chen.ID()))
	config := filepath.Join(dir, "wardline.toml")

	out, code := wardline(t, "--config", config, "discord", "setup")
	if code != 0 || !strings.Contains(out, "ok     room it: #信息值班室, made") || !strings.Contains(out, "permissions=2251800082238480") {
		t.Fatalf("set-up: code %d\n%s", code, out)
	}
	rooms := len(server.Channels())
	out, code = wardline(t, "--config", config, "doctor")
	if code != 0 || !strings.Contains(out, "ok     discord: a message: posted, changed, pinned and taken away") {
		t.Errorf("doctor: code %d\n%s", code, out)
	}
	b := start(t, false, "--config", config, "run")
	b.await("(discord is connected)")
	if n := len(server.Channels()); n != rooms {
		t.Errorf("%d channels became %d", rooms, n)
	}
	_ = b.cmd.Process.Signal(os.Interrupt)
	_ = b.cmd.Wait()

	write("token", "a-wrong-token\n")
	if out, code = wardline(t, "--config", config, "doctor"); code == 0 || !strings.Contains(out, "WRONG  discord: token: ") || strings.Contains(out, "a-wrong-token") {
		t.Errorf("doctor with a-wrong-token: code %d\n%s", code, out)
	}
}
