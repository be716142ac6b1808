package rigtest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
)

// statusError is an answer that is a refusal.
type statusError struct {
	status int
	id     string
}

// Error names the status and the system's own name of what was wrong.
func (e *statusError) Error() string { return fmt.Sprintf("status %d %s", e.status, e.id) }

func is(err error, status int) bool {
	var e *statusError
	return errors.As(err, &e) && e.status == status
}

// do makes one request. Its errors say what is known: that nothing was done, that it was refused for
// good, or nothing at all.
func (a *Adapter) do(ctx context.Context, method, path string, in, out any) error {
	if wait := a.pause(path); wait > 0 {
		return bot.RetryAfter{Wait: wait}
	}
	if err := a.pace.turn(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("%s %s: %w: %w", method, path, bot.ErrRejected, err)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.settings.URL+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %w: %w", method, path, bot.ErrRejected, err)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) && op.Op == "dial" {
			err = fmt.Errorf("%w: %w", bot.ErrNotSent, err)
		}
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	a.heed(path, resp.Header)
	data, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %w", method, path, refused(resp, data))
	}
	if err == nil && out != nil {
		err = json.Unmarshal(data, out)
	} else if err == nil && !json.Valid(data) {
		err = errors.New("the answer cannot be read")
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// refused says what an answer other than success means.
func refused(resp *http.Response, body []byte) error {
	var said struct {
		ID         string  `json:"id"`
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
	}
	_ = json.Unmarshal(body, &said) // text and HTML say nothing more
	err := &statusError{status: resp.StatusCode, id: said.ID}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		h := resp.Header
		wait := cmp.Or(said.RetryAfter, number(h.Get("Retry-After")), number(h.Get("X-RateLimit-Reset-After")), 1)
		text := strings.HasPrefix(h.Get("Content-Type"), "text/plain") // names no bucket: all of us are meant
		return bot.RetryAfter{
			Wait: time.Duration(wait * float64(time.Second)), Everywhere: said.Global || h.Get("X-RateLimit-Global") != "" || text,
		}
	case resp.StatusCode == http.StatusUnauthorized: // an operator will give us a new token
		return fmt.Errorf("%w: %w", bot.ErrNotSent, err)
	case resp.StatusCode < 500 && resp.StatusCode != http.StatusRequestTimeout:
		return fmt.Errorf("%w: %w", bot.ErrRejected, err)
	}
	return err
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// heed remembers that a bucket is empty, so that nobody asks in vain.
func (a *Adapter) heed(path string, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed[path] = time.Now().Add(time.Duration(number(h.Get("X-RateLimit-Reset-After")) * float64(time.Second)))
}

func (a *Adapter) pause(path string) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	wait := time.Until(a.closed[path])
	if wait <= 0 {
		delete(a.closed, path)
	}
	return wait
}
