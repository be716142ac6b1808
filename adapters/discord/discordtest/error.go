package discordtest

import (
	"net/http"
	"strings"
	"time"
)

// An apiError is a refusal in Discord's form: a status, a code, and for bodies which field is wrong.
type apiError struct {
	status, code int
	message      string
	fields       []fieldError
	state        bool          // no violation, however it looks
	wait         time.Duration // more than 0 makes it a 429
}

// A fieldError is one thing wrong with a body.
type fieldError struct {
	path, code, message string
}

// A refused request, by Discord's name for it.
func unknownChannel() *apiError {
	return &apiError{status: 404, code: 10003, message: "Unknown Channel"}
}

func unknownMessage() *apiError {
	return &apiError{status: 404, code: 10008, message: "Unknown Message"}
}

func unknownHook() *apiError { return &apiError{status: 404, code: 10015, message: "Unknown Webhook"} }

func unknownUser() *apiError { return &apiError{status: 404, code: 10013, message: "Unknown User"} }

func unknownAction() *apiError {
	return &apiError{status: 404, code: 10062, message: "Unknown interaction"}
}

func missingAccess() *apiError { return &apiError{status: 403, code: 50001, message: "Missing Access"} }

func missingRight() *apiError {
	return &apiError{status: 403, code: 50013, message: "Missing Permissions"}
}

func emptyMessage() *apiError {
	return &apiError{status: 400, code: 50006, message: "Cannot send an empty message"}
}

// badForm is the refusal of a body.
func badForm(path, code, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: 50035, message: "Invalid Form Body", fields: []fieldError{{path, code, message}}}
}

// badJSON is the refusal of a body that cannot be read at all.
func badJSON(why string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: 50109, message: "The request body contains invalid JSON.", fields: []fieldError{{"", "BODY", why}}}
}

// badFormState is the same refusal for something that would be right in another state of the world, so
// that it is no violation.
func badFormState(path, code, message string) *apiError {
	e := badForm(path, code, message)
	e.state = true
	return e
}

// body writes the error as Discord does, the fields as a tree.
func (e *apiError) body() map[string]any {
	body := map[string]any{"code": e.code, "message": e.message}
	if len(e.fields) == 0 {
		return body
	}
	tree := map[string]any{}
	for _, f := range e.fields {
		at := tree
		for part := range strings.SplitSeq(strings.Trim(f.path, "/"), "/") {
			if part == "" {
				continue
			}
			next, ok := at[part].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[part] = next
			}
			at = next
		}
		at["_errors"] = []any{map[string]any{"code": f.code, "message": f.message}}
	}
	body["errors"] = tree
	return body
}

// limited words the error as a 429, with its code where it has one.
func (e *apiError) limited(h http.Header) answer {
	a := (&refusal{"user", e.wait}).answer(h)
	if e.code != 0 {
		a.body.(map[string]any)["code"] = e.code
		a.body.(map[string]any)["message"] = e.message
	}
	return a
}

func refused(e *apiError) answer { return answer{status: e.status, body: e.body()} }

// refuse answers with an error, and notes it as a violation when no state of the world would make the
// request right.
func (s *Server) refuse(c *call, e *apiError) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refuseLocked(c, e)
}

func (s *Server) refuseLocked(c *call, e *apiError) answer {
	if !e.state && (e.code == 50035 || e.code == 50109 || e.code == 50006) {
		if len(e.fields) == 0 {
			s.violate(c.name(), "", "%s", e.message)
		}
		for _, f := range e.fields {
			s.violate(c.name(), f.path, "%s", f.message)
		}
	}
	return refused(e)
}
