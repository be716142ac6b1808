package mattermost

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// callError is a call that did not succeed, as operators read it. It never holds the token.
type callError struct {
	what   string // the call
	status int    // 0: there was no answer
	id     string // the server's own name of what was wrong, "" if it gave none
	said   string // the server's sentence
	remedy string
	err    error // what the network said, if there was no answer
}

// Error says what was tried, what came back, and what helps.
func (e *callError) Error() string {
	s := e.what + ": "
	switch {
	case e.status == 0:
		s += e.err.Error()
	case e.id == "":
		s += fmt.Sprintf("status %d without a reason", e.status)
	default:
		s += fmt.Sprintf("status %d %s", e.status, strings.TrimSpace(e.id+" "+strings.TrimRight(e.said, ".")))
	}
	if e.remedy != "" {
		s += "; " + e.remedy
	}
	return s
}

// Unwrap returns what the network said.
func (e *callError) Unwrap() error { return e.err }

// understand says what an error means for the desk.
func understand(what string, resp *model.Response, err error) error {
	e := &callError{what: what, err: err}
	if resp == nil || resp.StatusCode < http.StatusMultipleChoices { // no answer, or one that was cut off
		if unsent(err) {
			return fmt.Errorf("%w: %w", bot.ErrNotSent, e)
		}
		return e
	}
	e.status, e.err = resp.StatusCode, nil
	var app *model.AppError
	if errors.As(err, &app) {
		e.id, e.said = app.Id, app.Message
		e.remedy = remedy(app.Id)
	}
	switch {
	case e.status == http.StatusTooManyRequests:
		return wait(retryAfter(resp.Header))
	case e.status == http.StatusUnauthorized: // an operator will give us a new token
		e.remedy = "the token is not valid any more; run wardline mattermost setup"
		return fmt.Errorf("%w: %w", bot.ErrNotSent, e)
	case e.status == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: %w", bot.ErrRejected, e)
	case e.status < http.StatusBadRequest: // a redirect: somebody else answers at this address
		e.remedy = "the address of the server leads elsewhere: correct mattermost.url"
		return fmt.Errorf("%w: %w", bot.ErrNotSent, e)
	case e.id == "": // a proxy, or a server on its way down or up
		return e
	case e.status == http.StatusNotImplemented, e.status < http.StatusInternalServerError && e.status != http.StatusRequestTimeout:
		return fmt.Errorf("%w: %w", bot.ErrRejected, e)
	}
	return e
}

// unsent tells errors after which nothing can have reached the server.
func unsent(err error) bool {
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &certificate)
}

// is tells an error by the status of the answer.
func is(err error, status int) bool {
	var e *callError
	return errors.As(err, &e) && e.status == status
}

// names tells an error by the server's own name of what was wrong. Names differ a little between
// versions, so a part of one is enough.
func names(err error, part string) bool {
	var e *callError
	return errors.As(err, &e) && e.id != "" && strings.Contains(e.id, part)
}

// unknown makes sure that an error does not say that nothing was done: an earlier step was.
func unknown(what string, err error) error {
	if err == nil {
		return nil
	}
	var asked bot.RetryAfter
	if errors.Is(err, bot.ErrNotSent) || errors.As(err, &asked) {
		return errors.New(what + ": " + err.Error())
	}
	return fmt.Errorf("%s: %w", what, err)
}

// remedies say what helps, by a part of the server's name of what was wrong.
var remedies = [][2]string{
	{"api.context.permissions", "the bot's account may not do this: let it into the team and the channel, or run wardline doctor"},
	{"can_not_post_to_deleted", "the channel is archived: unarchive it, or name another one in the configuration"},
	{"api.team.get_member.missing", "the account is not in the team: let it in"},
	{"message_length", "the text is too long for this server"},
	{"is_valid.msg", "the text is too long for this server"},
	{"user_limits", "the server has as many users as its licence allows"},
	{"license", "the server's licence does not allow this"},
}

func remedy(id string) string {
	for _, r := range remedies {
		if strings.Contains(id, r[0]) {
			return r[1]
		}
	}
	return ""
}

// asRetry tells an error by which the server asks for patience.
func asRetry(err error) (bot.RetryAfter, bool) {
	var asked bot.RetryAfter
	ok := errors.As(err, &asked)
	return asked, ok
}
