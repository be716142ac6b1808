package discord_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wardline/adapters/discord"
	"wardline/bot"
)

// A reply is what a server says to one request.
type reply struct {
	status  int
	headers string // "Name: value" by line
	body    string
}

// ServeHTTP says it.
func (a reply) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for line := range strings.Lines(a.headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	if f, ok := w.(http.Flusher); ok && len(a.body) > 1 { // in chunks
		_, _ = w.Write([]byte(a.body[:1]))
		f.Flush()
		_, _ = w.Write([]byte(a.body[1:]))
		return
	}
	_, _ = w.Write([]byte(a.body))
}

// asking makes one request of a server that says the same to each.
func asking(t *testing.T, a reply, in, out any) error {
	t.Helper()
	s := httptest.NewServer(a)
	defer s.Close()
	return discord.NewHurried(s.URL, slog.New(slog.DiscardHandler)).Do(t.Context(), bot.Reply, http.MethodPost, "/channels/123456/messages", in, out)
}

const limits = "X-RateLimit-Limit: 5\nX-RateLimit-Remaining: 0\nX-RateLimit-Bucket: b\nX-RateLimit-Reset-After: 7.5"

// TestHowLongToWaitIsReadInEveryForm gives each form in which a server may say how long to wait.
func TestHowLongToWaitIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	const page = "<html>slow down</html>"
	for name, c := range map[string]struct {
		reply
		wait       time.Duration
		everywhere bool
	}{
		"a fraction":              {reply{429, limits, `{"message":"x","retry_after":2.5,"global":false}`}, 2500 * time.Millisecond, false},
		"whole":                   {reply{429, limits, `{"retry_after":3}`}, 3 * time.Second, false},
		"a text":                  {reply{429, limits, `{"retry_after":"2.5","global":"false","code":"0"}`}, 2500 * time.Millisecond, false},
		"in the limit's header":   {reply{429, limits, `{}`}, 7500 * time.Millisecond, false},
		"in the other header":     {reply{429, "Retry-After: 4", `{"message":"x"}`}, 4 * time.Second, false},
		"in the header alone":     {reply{429, "Retry-After: 4", ``}, 4 * time.Second, false},
		"nowhere":                 {reply{429, "", `{}`}, time.Second, false},
		"nothing at all":          {reply{429, "", ``}, time.Second, false},
		"a page with a limit":     {reply{429, limits, page}, 7500 * time.Millisecond, false},
		"everything":              {reply{429, "Retry-After: 6\nX-RateLimit-Global: true", `{"retry_after":6,"global":true}`}, 6 * time.Second, true},
		"everything, by header":   {reply{429, "Retry-After: 6\nX-RateLimit-Global: true", `{}`}, 6 * time.Second, true},
		"the guard in front":      {reply{429, "Retry-After: 4", page}, time.Minute, true},
		"no number":               {reply{429, "Retry-After: NaN", `{"retry_after":"NaN"}`}, time.Second, false},
		"less than nothing":       {reply{429, "Retry-After: -5", `{"retry_after":-5}`}, time.Second, false},
		"without end":             {reply{429, "", `{"retry_after":1e300}`}, 24 * time.Hour, false},
		"without end, by header":  {reply{429, "Retry-After: Inf", `{}`}, 24 * time.Hour, false},
		"something else entirely": {reply{429, limits, `{"retry_after":{"seconds":3}}`}, 7500 * time.Millisecond, false},
	} {
		err := asking(t, c.reply, map[string]string{"content": "x"}, nil)
		var asked bot.RetryAfter
		if !errors.As(err, &asked) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if off := asked.Wait - c.wait; off < 0 || off > 100*time.Millisecond || asked.Everywhere != c.everywhere {
			t.Errorf("%s: wait %s, everywhere %v; want %s, %v", name, asked.Wait, asked.Everywhere, c.wait, c.everywhere)
		}
	}
}

// TestWhatARefusalMeans tells what may be mended from what never will be, in every form in which a server may refuse.
func TestWhatARefusalMeans(t *testing.T) {
	t.Parallel()
	const page = "<!DOCTYPE html><html><body>secret-in-a-page</body></html>"
	for name, c := range map[string]struct {
		reply
		is  error // nil: it is not known whether anything was done
		not error
	}{
		"the token":          {reply{401, "", `{"message":"401: Unauthorized","code":0}`}, bot.ErrNotSent, bot.ErrRejected},
		"the token, a page":  {reply{401, "", page}, bot.ErrNotSent, bot.ErrRejected},
		"a right":            {reply{403, "", `{"message":"Missing Permissions","code":50013}`}, bot.ErrNotSent, bot.ErrRejected},
		"a right, no code":   {reply{403, "", `{}`}, bot.ErrNotSent, bot.ErrRejected},
		"a right, a page":    {reply{403, "", page}, bot.ErrNotSent, bot.ErrRejected},
		"a right, as 400":    {reply{400, "", `{"message":"Missing Permissions","code":50013}`}, bot.ErrNotSent, bot.ErrRejected},
		"the form":           {reply{400, "", `{"message":"Invalid Form Body","code":50035,"errors":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"secret-in-a-page"}]}}}`}, bot.ErrRejected, bot.ErrNotSent},
		"the form, a page":   {reply{400, "", page}, bot.ErrRejected, bot.ErrNotSent},
		"the channel":        {reply{404, "", `{"message":"Unknown Channel","code":10003}`}, bot.ErrRejected, bot.ErrNotSent},
		"the channel, empty": {reply{404, "", ``}, bot.ErrRejected, bot.ErrNotSent},
		"a fault":            {reply{500, "", `{"message":"500: Internal Server Error","code":0}`}, nil, bot.ErrRejected},
		"a fault, a page":    {reply{502, "", page}, nil, bot.ErrRejected},
		"a fault, empty":     {reply{504, "", ``}, nil, bot.ErrRejected},
		"time":               {reply{408, "", ``}, nil, bot.ErrRejected},
		"no JSON":            {reply{200, "", page}, nil, bot.ErrRejected},
		"half":               {reply{200, "", `{"id":"123`}, nil, bot.ErrRejected},
	} {
		var out struct {
			ID string `json:"id"`
		}
		err := asking(t, c.reply, map[string]string{"content": "x"}, &out)
		switch {
		case err == nil:
			t.Errorf("%s: no error", name)
		case c.is != nil && !errors.Is(err, c.is), c.not != nil && errors.Is(err, c.not):
			t.Errorf("%s: %v", name, err)
		case strings.Contains(err.Error(), "secret-in-a-page"):
			t.Errorf("%s: the error quotes the answer: %v", name, err)
		}
	}
	for _, body := range []string{``, `null`, `{}`, `{"id":null}`, `{"id":5,"new":{"a":[1]}}`} {
		if err := asking(t, reply{200, "", body}, nil, &struct {
			ID string `json:"id"`
		}{}); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
	if err := asking(t, reply{204, "", ``}, nil, nil); err != nil {
		t.Errorf("nothing to say: %v", err)
	}
}

// TestALimitThatAnswersNameIsShared has the same limit named for two kinds of request.
func TestALimitThatAnswersNameIsShared(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		reply{200, limits, `[]`}.ServeHTTP(w, r)
	}))
	defer s.Close()
	c := discord.NewHurried(s.URL, slog.New(slog.DiscardHandler))
	c2 := discord.NewHurried(s.URL, slog.New(slog.DiscardHandler)) // as after a restart: it learns anew
	for _, c := range []discord.Caller{c, c2} {
		must(t, c.Do(t.Context(), bot.Reply, http.MethodGet, "/channels/123456/messages", nil, nil))
		err := c.Do(t.Context(), bot.Reply, http.MethodGet, "/channels/123456/messages", nil, nil)
		if wait, ok := errors.AsType[bot.RetryAfter](err); !ok || wait.Wait < 6*time.Second || wait.Everywhere {
			t.Errorf("the same once more: %v", err)
		}
		must(t, c.Do(t.Context(), bot.Reply, http.MethodGet, "/channels/654321/messages", nil, nil))
	}
	if n := asked.Load(); n != 4 {
		t.Errorf("%d requests", n)
	}
}
