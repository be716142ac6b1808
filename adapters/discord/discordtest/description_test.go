package discordtest_test

import (
	"net/http"
	"strings"
	"testing"

	"wardline/adapters/discord/discordtest"
)

func TestRequestsAreJudged(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	room := s.AddChannel("a", discordtest.TypeText, "")
	for _, c := range []struct {
		name, method, path string
		in                 any
		status             int
		want               string
	}{
		{"a long name", "POST", channelsPath(s), body{"name": strings.Repeat("x", 101)}, 400, "/name: maxLength: got 101, want 100"},
		{"a long topic", "POST", channelsPath(s), body{"name": "x", "topic": strings.Repeat("x", 1025)}, 400, "/topic: Must be 1024"},
		{"no name", "POST", channelsPath(s), body{}, 400, "missing property 'name'"},
		{"no snowflake", "GET", "/channels/abc", nil, 400, "/channel_id"},
		{"no body", "POST", channelsPath(s), nil, 400, "no body"},
		{"an unknown path", "GET", "/nothing", nil, 404, "does not offer"},
		{"an unknown method", "PUT", "/channels/" + room, body{}, 404, "does not offer"},
	} {
		status, _, out := call(t, s, c.method, c.path, c.in)
		if status != c.status {
			t.Errorf("%s: got %d %v", c.name, status, out)
		}
		t.Log(c.name)
		broken(t, s, c.want)
	}
}

func TestRequestsAreSignedAndNamed(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://discord.test/api/v9/users/@me", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized || s.InvalidRequests() != 1 {
		t.Errorf("got %d, %d invalid", response.StatusCode, s.InvalidRequests())
	}
	broken(t, s, "the user agent is")
}

// A test that broke the rules fails, unless it says that it meant to.
func TestViolationsFailTheTest(t *testing.T) {
	t.Parallel()
	for _, quiet := range []bool{false, true} {
		f := &fallible{TB: t}
		s := discordtest.New(f, discordtest.Options{KeepQuiet: quiet})
		call(t, s, "GET", "/nothing", nil)
		f.end()
		want := 1
		if quiet {
			want = 0
		}
		if len(f.errors) != want || !quiet && !strings.Contains(f.errors[0], "GET /nothing: discordtest does not offer") {
			t.Errorf("quiet %v: told %v", quiet, f.errors)
		}
	}
}

func TestDescriptionAndHandlersAreTheSame(t *testing.T) {
	t.Parallel()
	spec, err := discordtest.LoadDescription()
	if err != nil {
		t.Fatal(err)
	}
	if err := discordtest.CompileAll(spec); err != nil {
		t.Error(err)
	}
	if found := discordtest.Unoffered(spec); len(found) != 0 {
		t.Errorf("without a handler, or without a description: %v", found)
	}
}
