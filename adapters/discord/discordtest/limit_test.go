package discordtest_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord/discordtest"
)

func TestFiveMessagesPerChannel(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Rates.Window = time.Minute })
	room, other := s.AddChannel("a", discordtest.TypeText, ""), s.AddChannel("b", discordtest.TypeText, "")
	hash := ""
	for left := range 5 {
		_, header, _ := call(t, s, "POST", "/channels/"+room+"/messages", body{"content": "x"})
		if header.Get("X-RateLimit-Limit") != "5" || header.Get("X-RateLimit-Remaining") != strconv.Itoa(4-left) || header.Get("X-RateLimit-Reset-After") == "" {
			t.Errorf("message %d: headers %v", left, header)
		}
		hash = header.Get("X-RateLimit-Bucket")
	}
	status, header, out := call(t, s, "POST", "/channels/"+room+"/messages", body{"content": "x"})
	wait, _ := out["retry_after"].(float64)
	if status != 429 || out["global"] != false || wait <= 0 || wait > 60 || header.Get("X-RateLimit-Scope") != "user" || header.Get("Retry-After") != fmt.Sprint(math.Ceil(wait)) {
		t.Errorf("sixth message: %d %v %v", status, out, header)
	}
	_, header, _ = call(t, s, "POST", "/channels/"+other+"/messages", body{"content": "x"})
	if header.Get("X-RateLimit-Bucket") != hash || header.Get("X-RateLimit-Remaining") != "4" {
		t.Errorf("another channel: %v, want bucket %s, and a count of its own", header, hash)
	}
	if n := s.InvalidRequests(); n != 1 {
		t.Errorf("%d invalid requests, want 1", n)
	}
}

func TestLimitIsOverAfterItsWindow(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Rates.Channel, o.Rates.Window = 1, 20*time.Millisecond })
	room := s.AddChannel("a", discordtest.TypeText, "")
	deadline := time.Now().Add(enough)
	for done := 0; done < 3; {
		switch status, _, _ := call(t, s, "POST", "/channels/"+room+"/messages", body{"content": "x"}); status {
		case 200:
			done++
		default:
			time.Sleep(5 * time.Millisecond) // a poll: the window is on the machine's clock
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d messages passed", done)
		}
	}
}

func TestGlobalLimitHasTwoHeadersAndSparesInteractions(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.Rates.Global, o.Rates.GlobalWindow = 3, time.Minute })
	for range 3 {
		accepted(t, s, "GET", "/users/@me", nil)
	}
	status, header, out := call(t, s, "GET", "/users/@me", nil)
	if status != 429 || out["global"] != true || header.Get("X-RateLimit-Global") != "true" || header.Get("Retry-After") == "" {
		t.Errorf("got %d %v %v", status, out, header)
	}
	for name := range header {
		if strings.HasPrefix(name, "X-Ratelimit-") && name != "X-Ratelimit-Global" {
			t.Errorf("header %s beside the documented two", name)
		}
	}
	refused(t, s, "POST", "/interactions/1/t/callback", body{"type": 6}, 404, 10062)
	refused(t, s, "POST", "/webhooks/"+s.AppID()+"/t", body{"content": "x"}, 404, 10015)
}

func TestTooManyInvalidRequestsLeadToABan(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *discordtest.Options) { o.BanAfter = 2 })
	s.FailNext("GET /users/*", 1, discordtest.Shared(time.Second))
	if _, header, _ := call(t, s, "GET", "/users/@me", nil); header.Get("X-RateLimit-Scope") != "shared" {
		t.Errorf("got %v", header)
	}
	for range 2 {
		refused(t, s, "GET", "/guilds/"+s.GuildID()+"/members", nil, 403, 50001)
	}
	status, header, raw := callRaw(t, s, "GET", "/users/@me", nil)
	if status != 429 || !strings.Contains(string(raw), "<html>") || header.Get("Content-Type") != "text/html; charset=UTF-8" {
		t.Errorf("got %d %v %s", status, header, raw)
	}
}

func TestRequestsFailAsPlanned(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	room := s.AddChannel("a", discordtest.TypeText, "")
	path, route := "/channels/"+room+"/messages", "POST /channels/{channel_id}/messages"
	count := func() int { return len(s.Messages(room)) }

	s.FailNext(route, 2, discordtest.Status(503))
	s.FailNext("GET "+path, 1, discordtest.Status(500))
	for range 2 {
		if status, _, _ := call(t, s, "POST", path, body{"content": "x"}); status != 503 || count() != 0 {
			t.Errorf("got %d with %d messages", status, count())
		}
	}
	s.FailNext("*", 1, discordtest.Reset())
	if _, err := send(t, s, "POST", path, body{"content": "x"}); err == nil || count() != 0 {
		t.Errorf("a reset gave %v with %d messages", err, count())
	}
	s.FailNext(route, 1, discordtest.Lost())
	if _, err := send(t, s, "POST", path, body{"content": "x"}); err == nil || count() != 1 {
		t.Errorf("a lost answer gave %v with %d messages", err, count())
	}
	s.FailNext(route, 1, discordtest.Slow(30*time.Millisecond))
	before := time.Now()
	if accepted(t, s, "POST", path, body{"content": "x"}); time.Since(before) < 30*time.Millisecond {
		t.Error("a slow answer came at once")
	}
	s.FailNext(route, 1, discordtest.Cloudflare())
	if status, _, _ := callRaw(t, s, "POST", path, body{"content": "x"}); status != 429 {
		t.Errorf("got %d", status)
	}
	s.FailNext(route, 1, discordtest.BlackHole())
	client := s.Client()
	client.Timeout = 30 * time.Millisecond
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/api/v9"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := client.Do(request); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		t.Error("a black hole answered")
	}
	s.Heal()
	if log := s.Requests(route); len(log) != 7 || log[0].Status != 503 || log[4].Status != 200 || log[0].Path != path {
		t.Errorf("log %+v", log)
	}
}
