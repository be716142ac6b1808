package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"wardline/bot"
)

// The codes of Discord's refusals that mean something to us.
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMember      = 10007
	unknownMessage     = 10008
	unknownUser        = 10013
	tooManyPins        = 30003
	tooManyChannels    = 30013
	tooManyOldEdits    = 30046
	missingAccess      = 50001
	cannotMessageUser  = 50007
	missingPermissions = 50013
)

// fullCategory is the inner code of a refusal to put another channel into a category.
const fullCategory = "CHANNEL_PARENT_MAX_CHANNELS"

// A refusal is an answer that is not what was asked for.
type refusal struct {
	status     int
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	Errors     json.RawMessage `json:"errors"`
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
	inner      []string        // the codes of single fields
}

// Error names status, codes and Discord's own short text.
func (r *refusal) Error() string {
	s := fmt.Sprintf("status %d code %d %s", r.status, r.Code, strings.TrimSuffix(r.Message, "."))
	if len(r.inner) > 0 {
		s += " (" + strings.Join(r.inner, ", ") + ")"
	}
	return strings.TrimSpace(s)
}

// refusedWith reports whether an error is a refusal with one of the codes.
func refusedWith(err error, codes ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(codes, r.Code)
}

// refusedFor reports whether an error is a refusal because of a field, by its inner code.
func refusedFor(err error, inner string) bool {
	var r *refusal
	return errors.As(err, &r) && slices.ContainsFunc(r.inner, func(s string) bool { return strings.HasSuffix(s, inner) })
}

// refused says what an answer other than success means, and notes what counts against us.
func (c *rest) refused(ctx context.Context, r route, status int, h http.Header, answer []byte) error {
	no := &refusal{status: status}
	readable := read(answer, no) == nil
	no.inner = fieldCodes(no.Errors)
	if no.Code < ownCodes {
		no.Code = cmp.Or(likelyCode(status, r, no.Message), no.Code)
	}
	c.guard.count(ctx, status, h.Get("X-RateLimit-Scope"))
	switch {
	case no.Code == tooManyOldEdits: // Discord calls it a limit, and waiting does not help
		return fmt.Errorf("%w: %w", bot.ErrRejected, no)
	case status == http.StatusTooManyRequests && !readable && len(answer) > 0 && !limited(h): // not Discord but the guard in front of it, which means our address
		wait := max(waitOf(h, nil), time.Minute)
		c.limit.pause(wait)
		c.log.ErrorContext(ctx, "the guard in front of discord refuses all requests of this address", "wait", wait)
		return bot.RetryAfter{Wait: wait, Everywhere: true}
	case status == http.StatusTooManyRequests:
		everywhere := no.Global || h.Get("X-RateLimit-Global") != ""
		wait := waitOf(h, no)
		if everywhere {
			c.limit.pause(wait)
		}
		c.log.WarnContext(ctx, "discord asks to slow down", "request", r.name, "scope", h.Get("X-RateLimit-Scope"), "everywhere", everywhere, "wait", wait)
		return bot.RetryAfter{Wait: wait, Everywhere: everywhere}
	case status == http.StatusUnauthorized && !r.apart && no.Code != missingAccess: // an operator will give us a new token
		return fmt.Errorf("%w: the token is wrong or was reset: %w", bot.ErrNotSent, no)
	case no.Code == missingPermissions || no.Code == missingAccess || no.Code == tooManyChannels: // an administrator can mend it
		return fmt.Errorf("%w: %w", bot.ErrNotSent, no)
	case status >= 500 || status == http.StatusRequestTimeout:
		return no
	}
	return fmt.Errorf("%w: %w", bot.ErrRejected, no)
}

// limited reports whether an answer tells of one of Discord's own limits.
func limited(h http.Header) bool {
	return cmp.Or(h.Get("X-RateLimit-Limit"), h.Get("X-RateLimit-Bucket"), h.Get("X-RateLimit-Scope"), h.Get("X-RateLimit-Global"), h.Get("X-RateLimit-Reset-After")) != ""
}

// fieldCodes lists which fields were refused and why, without the text: it may quote what people wrote.
func fieldCodes(tree json.RawMessage) []string {
	var out []string
	var walk func(path string, raw json.RawMessage)
	walk = func(path string, raw json.RawMessage) {
		var node map[string]json.RawMessage
		if json.Unmarshal(raw, &node) != nil {
			return
		}
		for name, below := range node {
			if name != "_errors" {
				walk(path+"/"+name, below)
				continue
			}
			var list []struct {
				Code string `json:"code"`
			}
			if json.Unmarshal(below, &list) == nil {
				for _, e := range list {
					out = append(out, strings.TrimPrefix(path, "/")+": "+e.Code)
				}
			}
		}
	}
	walk("", tree)
	slices.Sort(out)
	return out
}
