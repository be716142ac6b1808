package mmtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	api      = "/api/v4"
	mostBody = 300_000 // MaximumPayloadSizeBytes
)

// A call is one request on its way through a handler.
type call struct {
	s    *Server
	r    *http.Request
	w    http.ResponseWriter
	p    map[string]string // what stands in the path for {names}
	body []byte
	sess *session // nil for a stranger
}

// me is who calls.
func (c *call) me() *user { return c.sess.user }

// A reply is what a handler answers.
type reply struct {
	status int
	body   any // []byte and string are written as they are, all else as JSON
	kind   string
}

func ok(v any) (reply, *model.AppError)      { return reply{status: http.StatusOK, body: v}, nil }
func created(v any) (reply, *model.AppError) { return reply{status: http.StatusCreated, body: v}, nil }
func done() (reply, *model.AppError)         { return ok(map[string]string{"status": "OK"}) }

// wrong is a refusal with the id of a real server's error.
func wrong(status int, id string) *model.AppError {
	return &model.AppError{Id: id, Message: message(id), StatusCode: status}
}

// no is the handler's form of wrong.
func no(status int, id string) (reply, *model.AppError) { return reply{}, wrong(status, id) }

func fail(err *model.AppError) (reply, *model.AppError) { return reply{}, err }

func forbidden() *model.AppError {
	return wrong(http.StatusForbidden, "api.context.permissions.app_error")
}

func badBody() *model.AppError {
	return wrong(http.StatusBadRequest, "api.context.invalid_body_param.app_error")
}

// message gives the English text of the few errors whose text was measured.
func message(id string) string {
	switch id {
	case "api.context.permissions.app_error":
		return "You do not have the appropriate permissions."
	case "api.post.do_action.action_integration.app_error":
		return "Action integration error."
	case "api.post.do_action.action_id.app_error":
		return "Invalid action id."
	}
	return id
}

type handler func(*call) (reply, *model.AppError)

// A route is a method, a path whose {name} stands for one part of letters and digits and whose {name*}
// for one part of anything, and who may call.
type route struct {
	method   string
	parts    []string
	do       handler
	open     bool // to strangers
	unlocked bool // the handler locks by itself, since it waits for something
	big      bool // the body may be larger
}

// match fills p with what stands for the names.
func (rt route) match(method string, parts []string) (map[string]string, bool) {
	if rt.method != method || len(rt.parts) != len(parts) {
		return nil, false
	}
	p := map[string]string{}
	for i, want := range rt.parts {
		name, isName := strings.CutPrefix(want, "{")
		switch name = strings.TrimSuffix(name, "}"); {
		case !isName && want != parts[i]:
			return nil, false
		case isName && strings.HasSuffix(name, "*"):
			p[strings.TrimSuffix(name, "*")] = parts[i]
		case isName && !alnum(parts[i]):
			return nil, false
		case isName:
			p[name] = parts[i]
		}
	}
	return p, true
}

func alnum(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != ""
}

// serve is the way of every request: read, frozen or not, counted, broken by a fault, then handled.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		return
	}
	defer s.wg.Done()
	// The body is read before anything else: a server that hangs has it in its buffers, and acts on it
	// when it wakes up, whether or not somebody still waits.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.faults.pass()
	c := &call{s: s, r: r, w: w, body: body}
	c.sess = s.session(r)
	entry := s.faults.note(c)
	w.Header().Set(model.HeaderRequestId, model.NewId())
	w.Header().Set(model.HeaderVersionId, s.opt.Version+"..hash.false")
	if !s.limits.let(w, r) {
		s.faults.answered(entry, http.StatusTooManyRequests)
		return
	}
	fault, hit := s.faults.next(entry)
	if hit && fault.before(w, s.ctx.Done()) {
		s.faults.answered(entry, fault.Status)
		return
	}
	status, text, kind := s.handle(c)
	if hit && fault.LoseAnswer {
		hangUp(w, false)
		return
	}
	s.faults.answered(entry, status)
	if status == 0 { // a websocket, which has been served
		return
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(text) // who has hung up gets no answer
}

// handle finds the route and gives the answer as bytes, written while the data is locked.
func (s *Server) handle(c *call) (status int, text []byte, kind string) {
	parts := strings.Split(strings.Trim(c.r.URL.Path, "/"), "/")
	for _, rt := range s.routes {
		p, yes := rt.match(c.r.Method, parts)
		if !yes {
			continue
		}
		c.p = p
		if c.sess == nil && !rt.open {
			return encode(reply{}, wrong(http.StatusUnauthorized, "api.context.session_expired.app_error"))
		}
		if len(c.body) > mostBody && !rt.big {
			if s.v9() {
				return encode(reply{}, badBody())
			}
			return encode(reply{}, wrong(http.StatusRequestEntityTooLarge, "api.context.request_body_too_large.app_error"))
		}
		if rt.unlocked {
			return encode(rt.do(c))
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return encode(rt.do(c))
	}
	return encode(reply{}, wrong(http.StatusNotFound, "api.context.404.app_error"))
}

func encode(rep reply, refused *model.AppError) (status int, text []byte, kind string) {
	if refused != nil {
		refused.DetailedError = "" // shown in developer mode only
		rep = reply{status: refused.StatusCode, body: refused}
	}
	switch b := rep.body.(type) {
	case []byte:
		return rep.status, b, rep.kind
	case string:
		return rep.status, []byte(b), "text/plain"
	}
	text, err := json.Marshal(rep.body)
	if err != nil {
		return http.StatusInternalServerError, []byte(err.Error()), "text/plain"
	}
	return rep.status, text, "application/json"
}

// read decodes the body.
func (c *call) read(v any) bool {
	err := json.NewDecoder(bytes.NewReader(c.body)).Decode(v)
	return err == nil
}

// query is one value of the query string.
func (c *call) query(name string) string { return c.r.URL.Query().Get(name) }

// page reads page and per_page, within what a server gives.
func (c *call) page() (page, size int) {
	page, err := strconv.Atoi(c.query("page"))
	if err != nil || page < 0 {
		page = 0
	}
	size, err = strconv.Atoi(c.query("per_page"))
	switch {
	case err != nil || size < 0:
		size = 60
	case size > 200:
		size = 200
	}
	return page, size
}

// cut gives one page of a list.
func cut[T any](all []T, page, size int) []T {
	from := min(page*size, len(all))
	return all[from:min(from+size, len(all))]
}
