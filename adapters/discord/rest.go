package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"wardline/bot"
)

// Figures of a call.
const (
	ownAPI      = "https://discord.com/api/v10"
	agent       = "DiscordBot (https://wardline.invalid, 1)" // Discord wants a name of this form
	tryTime     = 10 * time.Second
	mostTries   = 4
	firstPause  = 250 * time.Millisecond
	patient     = 400 * time.Millisecond // who waits longer than this for a limit lets other rooms go first
	veryPatient = 30 * time.Second
	answerLimit = 8 << 20
	lostForGood = 30 * time.Second
)

// rest asks Discord's REST interface. It keeps within Discord's limits by itself, repeats what may be
// repeated, and says of every failure what is known: whether something was done, and whether trying again
// can mend it. It may be used by several goroutines.
type rest struct {
	base     string
	token    string
	client   *http.Client
	limit    *limiter
	guard    *guard
	patience time.Duration
	log      *slog.Logger
	back     func()       // called when Discord answers again after it did not
	lost     atomic.Int64 // since when it does not answer, in Unix nanoseconds; 0 = it does
}

func newREST(base, token string, log *slog.Logger) *rest {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	return &rest{
		base: strings.TrimRight(cmp.Or(base, ownAPI), "/"), token: token, client: &http.Client{Transport: transport},
		limit: newLimiter(), guard: newGuard(log), patience: patient, log: log, back: func() {},
	}
}

// once is a request that may be sent twice, because Discord recognises the second one.
type once interface{ recognised() bool }

// do makes one request and reads its answer into out, which may be nil. path begins below the base.
func (c *rest) do(ctx context.Context, class bot.Urgency, method, path string, in, out any) error {
	return c.repeat(ctx, class, method, path, in, out)
}

// webhook makes a request to an interaction's endpoint, whose token stands in path and proves who we are.
// It is outside the limit over all requests and waits for nothing but the token's own bucket.
func (c *rest) webhook(ctx context.Context, method, path string, in, out any) error {
	return c.repeat(ctx, bot.Reply, method, path, in, out)
}

// repeat tries a request until it is answered for good, as often as that is safe.
func (c *rest) repeat(ctx context.Context, class bot.Urgency, method, path string, in, out any) error {
	r := routeOf(method, path)
	body, err := encode(in)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", r.name, bot.ErrRejected, err)
	}
	known, _ := in.(once)
	safe := method != http.MethodPost || known != nil && known.recognised()
	pause := firstPause
	for try := 1; ; try++ {
		err := c.try(ctx, class, method, path, r, body, out)
		wait, again := c.again(err, safe, pause)
		if !again || try == mostTries {
			return err
		}
		pause *= 2
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// again says whether to try once more, and after how long.
func (c *rest) again(err error, safe bool, pause time.Duration) (time.Duration, bool) {
	var asked bot.RetryAfter
	var refused *refusal
	switch {
	case err == nil || errors.Is(err, context.Canceled) || errors.Is(err, bot.ErrRejected):
		return 0, false
	case errors.As(err, &asked):
		return asked.Wait, asked.Wait <= c.patience
	case errors.As(err, &refused):
		return pause, refused.status >= 500 && safe
	}
	return pause, safe || errors.Is(err, bot.ErrNotSent)
}

// encode writes a body; nil is none.
func encode(in any) ([]byte, error) {
	if in == nil {
		return nil, nil
	}
	return json.Marshal(in)
}

// try makes a request once.
func (c *rest) try(ctx context.Context, class bot.Urgency, method, path string, r route, body []byte, out any) error {
	if wait := c.guard.wait(); wait > 0 {
		return fmt.Errorf("%s: %w", r.name, bot.RetryAfter{Wait: wait, Everywhere: true})
	}
	turn, err := c.limit.enter(ctx, class, r, c.patience)
	if err != nil {
		if _, asked := errors.AsType[bot.RetryAfter](err); asked {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		return fmt.Errorf("%s: %w: %w", r.name, bot.ErrNotSent, err)
	}
	status, header, answer, err := c.send(ctx, method, path, r, body)
	c.limit.leave(turn, header)
	c.note(err == nil && status < 500)
	if err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if status >= 300 {
		err := c.refused(ctx, r, status, header, answer)
		if asked, ok := errors.AsType[bot.RetryAfter](err); ok && !asked.Everywhere {
			c.limit.close(turn, asked.Wait)
		}
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if out == nil || len(answer) == 0 {
		return nil
	}
	if err := read(answer, out); err != nil {
		return fmt.Errorf("%s: the answer cannot be read: %w", r.name, err)
	}
	return nil
}

// send sends a request and reads the whole answer.
func (c *rest) send(ctx context.Context, method, path string, r route, body []byte) (int, http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	var content io.Reader // a nil *bytes.Reader would be a body
	if body != nil {
		content = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("%w: the address of the interface is wrong", bot.ErrRejected)
	}
	req.Header.Set("User-Agent", agent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !r.apart {
		req.Header.Set("Authorization", "Bot "+c.token)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, nil, nil, lostError(err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	if err != nil && resp.StatusCode < 300 {
		return resp.StatusCode, resp.Header, nil, fmt.Errorf("read the answer: %w", lostError(err))
	}
	return resp.StatusCode, resp.Header, answer, nil
}

// lostError says what is known of a request that was not answered. The address is left out: it may hold the
// token of an interaction.
func lostError(err error) error {
	if address, ok := errors.AsType[*url.Error](err); ok {
		err = address.Err
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return fmt.Errorf("%w: %w", bot.ErrNotSent, err)
	}
	return err
}

// note notices when Discord answers again after it did not for a while.
func (c *rest) note(answered bool) {
	now := time.Now().UnixNano()
	if !answered {
		c.lost.CompareAndSwap(0, now)
		return
	}
	if since := c.lost.Swap(0); since != 0 && now-since > int64(lostForGood) {
		c.back()
	}
}
