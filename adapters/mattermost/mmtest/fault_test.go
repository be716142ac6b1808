package mmtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestAFrozenServerExecutesLateWhatNobodyWaitsForAnyMore(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen)
	ear := w.Websocket(w.bot)
	w.Freeze()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, resp, err := w.asBot.CreatePost(ctx, &model.Post{ChannelId: ch.Id, Message: "given up"})
	if !errors.Is(err, context.DeadlineExceeded) || resp != nil {
		t.Fatalf("got %v, %v", resp, err)
	}
	equal(t, "posts while frozen", len(w.Texts(ch.Id)), 0)
	w.Thaw()
	w.AwaitPost(ch.Id, "the late post", func(p *model.Post) bool { return p.Message == "given up" })
	ear.Await(model.WebsocketEventPosted, func(e *model.WebSocketEvent) bool { return mmtest.PostOf(e).Message == "given up" })
}

func TestFaultsHitTheRequestsTheyAreMeantFor(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen)
	post := func(text string) (*model.Response, error) {
		_, resp, err := w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: text})
		return resp, err
	}
	const path = "/api/v4/posts"
	w.FailNext("POST", path, 1, mmtest.Fault{Status: 503})
	resp, err := post("refused")
	if err == nil || resp.StatusCode != 503 {
		t.Errorf("got %v, %v", resp, err)
	}
	w.FailNext("POST", path, 1, mmtest.Fault{Reset: true})
	if resp, err = post("reset"); err == nil || resp != nil {
		t.Errorf("got %v, %v", resp, err)
	}
	w.FailNext("POST", path, 1, mmtest.Fault{LoseAnswer: true})
	if _, err = post("done, unheard"); err == nil {
		t.Error("the lost answer came")
	}
	w.FailNext("GET", "/api/v4/*/me", 1, mmtest.Fault{Delay: 30 * time.Millisecond})
	start := time.Now()
	_, _, err = w.asBot.GetMe(t.Context(), "")
	w.must(err)
	if d := time.Since(start); d < 30*time.Millisecond {
		t.Errorf("answered after %v", d)
	}
	w.Hook(func(r mmtest.Request) (mmtest.Fault, bool) {
		return mmtest.Fault{Status: 429, RetryAfter: "1"}, r.User == "wardline"
	})
	resp, err = post("too many")
	var app *model.AppError
	if err == nil || errors.As(err, &app) || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("got %v, %v", resp, err)
	}
	w.Heal()
	_, err = post("well")
	w.must(err)
	equal(t, "posts", strings.Join(w.Texts(ch.Id), ", "), "done, unheard, well")
	equal(t, "requests", w.Count("POST", path), 5)
	for _, r := range w.Requests() {
		if r.Path == path {
			equal(t, "user", r.User, "wardline")
		}
	}
}

func TestALimitCountsAllTokensOfAnAddressTogether(t *testing.T) {
	w := newWorld(t, mmtest.Options{Rate: mmtest.Rate{PerSecond: 10, Burst: 20}})
	var limited *model.Response
	n := 0
	for limited == nil && n < 100 {
		n++
		_, resp, err := []*model.Client4{w.asBot, w.asWang}[n%2].GetMe(t.Context(), "")
		equal(t, "limit", resp.Header.Get("X-Ratelimit-Limit"), "21")
		if err != nil {
			limited = resp
			if _, yes := errors.AsType[*model.AppError](err); yes {
				t.Error("a limit is told as text, not as an AppError")
			}
		}
	}
	if n < 22 || n > 40 {
		t.Errorf("the first refusal was request %d, want the 22nd or a little later", n)
	}
	equal(t, "status", limited.StatusCode, http.StatusTooManyRequests)
	equal(t, "retry", limited.Header.Get("Retry-After"), "1")
	resp, err := http.Get(w.URL + "/api/v4/websocket") //nolint:noctx // a stranger asks
	w.must(err)
	defer resp.Body.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(resp.Body)
	w.must(err)
	equal(t, "websockets too", strings.TrimSpace(string(text)), "limit exceeded")
}

func TestAServerThatIsDownRefusesAndComesBackAtTheSameAddress(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ear := w.Websocket(w.bot)
	w.Stop()
	w.Await("the end of the socket", ear.Over)
	_, resp, err := w.asBot.GetMe(t.Context(), "")
	if err == nil || resp != nil {
		t.Errorf("got %v, %v", resp, err)
	}
	w.Start()
	_, _, err = w.asBot.GetMe(t.Context(), "")
	w.must(err)
}

func TestTheOldServerWantsToBeToldTheFormatOfItsConfiguration(t *testing.T) {
	w := newWorld(t, mmtest.Options{Version: mmtest.V9})
	_, resp, err := w.asBot.GetClientConfig(t.Context(), "")
	refused(t, err, 501, "api.config.client.old_format.app_error")
	equal(t, "version", resp.ServerVersion, "9.10.0..hash.false")
	w = newWorld(t, mmtest.Options{})
	config, _, err := w.asBot.GetClientConfig(t.Context(), "")
	w.must(err)
	equal(t, "site", config["SiteURL"], w.URL)
}
