package mattermost

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// patience is how long one call may take: the client has no limit of its own.
const patience = 10 * time.Second

// api makes all calls to the server, one place for time limits, rate limits and what errors mean. It may
// be used by several goroutines.
type api struct {
	client *model.Client4
	log    *slog.Logger
	limit  limit

	mu      sync.Mutex // protects what follows
	version version    // of the server, as its last answer said
	revoked bool       // the server does not know the token; it was said in the log
}

func newAPI(url, token string, log *slog.Logger) *api {
	client := model.NewAPIv4Client(url)
	client.SetToken(token)
	client.HTTPClient = &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: patience, ForceAttemptHTTP2: true,
		},
		// A redirect turns a POST into a GET: what was to be said would be lost without a word.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &api{client: client, log: log}
}

// call makes one call and says what its error means, in the words of the desk's contract: bot.RetryAfter
// and bot.ErrNotSent, that nothing was done; bot.ErrRejected, that trying again cannot mend it; anything
// else, that nobody knows. What names the call to operators.
func call[T any](ctx context.Context, a *api, what string, do func(ctx context.Context, c *model.Client4) (T, *model.Response, error)) (T, error) {
	var none T
	if err := a.limit.turn(ctx); err != nil {
		return none, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, resp, err := do(ctx, a.client)
	a.heed(resp)
	if err == nil {
		return out, nil
	}
	err = understand(what, resp, err)
	a.tellRevoked(err)
	return none, err
}

// done is call for what returns nothing.
func done(ctx context.Context, a *api, what string, do func(ctx context.Context, c *model.Client4) (*model.Response, error)) error {
	_, err := call(ctx, a, what, func(ctx context.Context, c *model.Client4) (struct{}, *model.Response, error) {
		resp, err := do(ctx, c)
		return struct{}{}, resp, err
	})
	return err
}

// heed takes what every answer says about the server.
func (a *api) heed(resp *model.Response) {
	if resp == nil {
		return
	}
	a.limit.heed(resp.StatusCode, resp.Header)
	a.mu.Lock()
	defer a.mu.Unlock()
	if v, ok := parseVersion(resp.ServerVersion); ok {
		a.version = v
	}
	if resp.StatusCode < http.StatusBadRequest {
		a.revoked = false
	}
}

// tellRevoked says once, and loudly, that nothing can be said until an operator acts.
func (a *api) tellRevoked(err error) {
	if !is(err, http.StatusUnauthorized) {
		return
	}
	a.mu.Lock()
	told := a.revoked
	a.revoked = true
	a.mu.Unlock()
	if !told {
		a.log.Error("mattermost does not accept the bot's token: nothing can be said there until it is replaced",
			"remedy", "run wardline mattermost setup, which makes a new one, and start the bot anew", "err", err)
	}
}

// server returns the version of the server; zero while it is not known.
func (a *api) server() version {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.version
}

// version is the version of a server.
type version struct{ major, minor int }

// parseVersion reads a header such as "11.6.0.12.abcdef.false".
func parseVersion(s string) (version, bool) {
	parts := strings.SplitN(s, ".", 3)
	if len(parts) < 2 {
		return version{}, false
	}
	major, err := strconv.Atoi(parts[0])
	if err != nil {
		return version{}, false
	}
	minor, err := strconv.Atoi(parts[1])
	return version{major, minor}, err == nil
}

// before tells a server that is older than major.minor. One that did not say is taken for a new one.
func (v version) before(major, minor int) bool {
	if v == (version{}) {
		return false
	}
	return v.major < major || v.major == major && v.minor < minor
}

// permission is what the permission to register commands is called by the server.
func (v version) permission() string {
	if v.before(11, 0) {
		return "manage_slash_commands"
	}
	return "manage_own_slash_commands"
}

// wait is a bot.RetryAfter for the whole server: its limit counts every request of this machine.
func wait(d time.Duration) error { return bot.RetryAfter{Wait: d, Everywhere: true} }
