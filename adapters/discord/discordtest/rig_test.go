package discordtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"wardline/adapters/discord/discordtest"
)

// enough is how long a test waits for what must come.
const enough = time.Minute

// A body is a JSON object of a request or an answer.
type body = map[string]any

var (
	description = sync.OnceValues(discordtest.LoadDescription)
	closing     sync.WaitGroup // the sessions that close: the library sleeps a second in it
)

func TestMain(m *testing.M) {
	code := m.Run()
	closing.Wait()
	os.Exit(code)
}

// start runs a Discord. Its heartbeat stays slow: with one below the second that the library sleeps in Close,
// the library's own heartbeat connects a second time beside its reconnect.
func start(t *testing.T, change func(*discordtest.Options)) *discordtest.Server {
	t.Helper()
	spec, err := description()
	if err != nil {
		t.Fatal(err)
	}
	o := discordtest.Options{Description: spec}
	if change != nil {
		change(&o)
	}
	return discordtest.New(t, o)
}

// bot is a session of the library, not yet open.
func bot(t *testing.T, s *discordtest.Server) *discordgo.Session {
	t.Helper()
	d, err := discordgo.New("Bot " + s.Token())
	if err != nil {
		t.Fatal(err)
	}
	d.Client = s.Client()
	d.LogLevel = -1 // what goes wrong on purpose need not be told
	return d
}

// open signs the session in.
func open(t *testing.T, s *discordtest.Server, d *discordgo.Session) {
	t.Helper()
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		closing.Go(func() { _ = d.Close() })
		if !s.Gateway().AwaitGone(enough) {
			t.Error("the bot did not sign out")
		}
	})
	// A library that loses its connection before its first heartbeat connects twice.
	if !s.Gateway().AwaitReady(enough) || !s.Gateway().AwaitFrames(enough, 1, 1) {
		t.Fatal("no session is ready")
	}
}

// call sends one raw request and reads what comes back.
func call(t *testing.T, s *discordtest.Server, method, path string, in any) (int, http.Header, body) {
	t.Helper()
	status, header, raw := callRaw(t, s, method, path, in)
	var out body
	if strings.HasPrefix(string(raw), "{") {
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
	}
	return status, header, out
}

func callRaw(t *testing.T, s *discordtest.Server, method, path string, in any) (int, http.Header, []byte) {
	t.Helper()
	response, err := send(t, s, method, path, in)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, raw
}

func send(t *testing.T, s *discordtest.Server, method, path string, in any) (*http.Response, error) {
	t.Helper()
	var content io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "https://discord.test/api/v10"+path, content)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bot "+s.Token())
	request.Header.Set("User-Agent", "DiscordBot (https://example.test, 1)")
	if in != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return s.Client().Do(request)
}

// refused wants a request to be refused with a status and one of Discord's codes.
func refused(t *testing.T, s *discordtest.Server, method, path string, in any, status, code int) body {
	t.Helper()
	got, _, out := call(t, s, method, path, in)
	if got != status || out["code"] != float64(code) {
		t.Errorf("%s %s: got %d %v, want %d with code %d", method, path, got, out, status, code)
	}
	return out
}

// accepted wants a request to be accepted, and gives the answer.
func accepted(t *testing.T, s *discordtest.Server, method, path string, in any) body {
	t.Helper()
	got, _, out := call(t, s, method, path, in)
	if got < 200 || got > 299 {
		t.Fatalf("%s %s: got %d %v", method, path, got, out)
	}
	return out
}

// broken wants exactly these violations since the last call, each with its path and some of its words.
func broken(t *testing.T, s *discordtest.Server, want ...string) {
	t.Helper()
	got := s.Forgive()
	if len(got) != len(want) {
		t.Errorf("got violations %v, want %d", got, len(want))
		return
	}
	for i, w := range want {
		if !strings.Contains(got[i].String(), w) {
			t.Errorf("violation %d: got %q, want %q in it", i, got[i], w)
		}
	}
}
