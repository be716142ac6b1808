package discord_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"wardline/adapters/adaptertest"
	"wardline/adapters/discord/discordtest"
)

// serving makes this test's program a server of Discord's kind in a process of its own.
const serving = "WARDLINE_TEST_DISCORD_SERVE"

// The contract by the variables that name another server, so that they are known to work: the stand-in runs in
// another process, and nothing is known of it but what stands in them.
func TestLifeByTheVariables(t *testing.T) {
	if testing.Short() {
		t.Skip("a digest comes by the minute")
	}
	child := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-test.run=^TestStandInForOthers$") //nolint:gosec // this very program
	child.Env = append(os.Environ(), serving+"=1")
	child.Stderr = os.Stderr
	stop, err := child.StdinPipe()
	must(t, err)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	t.Cleanup(func() {
		_ = stop.Close()
		if err := child.Wait(); err != nil {
			t.Errorf("the server says that its rules were broken: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			t.Setenv(name, value)
		}
	}
	go func() { // what the server says at its end
		for lines.Scan() {
			fmt.Fprintln(os.Stderr, lines.Text())
		}
	}()
	adaptertest.Life(t, newLive(t))
}

// TestStandInForOthers is that server. It ends when its input does.
func TestStandInForOthers(t *testing.T) {
	if os.Getenv(serving) == "" {
		t.Skip("runs for another process only")
	}
	described, err := description()
	must(t, err)
	s := discordtest.New(t, discordtest.Options{Description: described})
	var users []string
	for _, p := range adaptertest.Cast() {
		u := s.AddUser(p.Name)
		u.SetLocale("zh-CN")
		users = append(users, string(p.ID)+"="+u.Token())
	}
	fmt.Printf("%s=%s/api/v10\n%s=%s\n%s=%s\n%s=%s\nready\n", liveURL, s.URL(), liveToken, s.Token(), liveGuild, s.GuildID(), liveUsers, strings.Join(users, ","))
	_, _ = io.Copy(io.Discard, os.Stdin)
}
