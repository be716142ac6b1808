package discordtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A call is one request to the API while it is worked on.
type call struct {
	r     *http.Request
	route string
	path  string
	op    operation
	vars  map[string]string
	query url.Values
	body  []byte // the JSON, also where it came as payload_json beside files
	value any    // the same, read for the validator
	files map[int]upload
	entry int // its place in the log
}

// name says which request it is.
func (c *call) name() string { return c.r.Method + " " + c.path }

// into reads the body. The description has judged its shape, so what is left are shapes it lets pass.
func (c *call) into(v any) *apiError {
	if len(c.body) == 0 {
		return nil
	}
	if err := json.Unmarshal(c.body, v); err != nil {
		return badForm("", "JSON_SHAPE", err.Error())
	}
	return nil
}

// has says whether the body holds a key, be it null.
func (c *call) has(key string) bool {
	object, _ := c.value.(map[string]any)
	_, ok := object[key]
	return ok
}

// An answer is what is sent back.
type answer struct {
	status int
	body   any
	scope  string
}

// serveAPI takes a request through bans, faults, limits, checks and its handler.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if u := s.signedIn(r.Header.Get("Authorization")); u != nil {
		s.servePerson(w, r, u)
		return
	}
	c := &call{r: r, query: r.URL.Query()}
	problem := c.read()
	s.mu.Lock()
	s.find(c)
	banned := time.Until(s.limits.bannedUntil)
	fault := s.suffering(c)
	s.mu.Unlock()
	s.pause(r.Context(), s.options.Latency)
	switch {
	case banned > 0:
		s.finish(c, http.StatusTooManyRequests)
		ban(w, banned)
		return
	case fault == nil:
	case fault.kind == faultReset:
		cutOff(w)
		return
	case fault.kind == faultHole:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		return
	case fault.kind == faultBan:
		s.finish(c, http.StatusTooManyRequests)
		ban(w, time.Minute)
		return
	}
	a := s.decide(c, w.Header(), fault, problem)
	s.mu.Lock()
	body := marshal(a.body)
	s.mu.Unlock()
	if fault != nil && fault.kind == faultSlow {
		s.pause(r.Context(), fault.length)
	}
	if c.route != "" && a.status < 500 {
		s.judgeAnswer(c.name(), c.op, a.status, body)
	}
	s.finishScoped(c, a.status, a.scope)
	if fault != nil && fault.kind == faultLost {
		cutOff(w)
		return
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}

func marshal(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic("discordtest: an answer does not marshal: " + err.Error())
	}
	return body
}

// find notes the request in the log and looks for its route. The lock is held.
func (s *Server) find(c *call) {
	c.path = c.r.URL.Path
	rest, isAPI := strings.CutPrefix(c.path, "/api/")
	version, path, _ := strings.Cut(rest, "/")
	if isAPI && (version == "v9" || version == "v10") {
		c.path = "/" + path
		if found, vars := s.spec.match(c.path); found != nil {
			c.route, c.vars = found.path, vars
			c.op = found.operations[c.r.Method]
		}
	}
	s.log = append(s.log, Request{Method: c.r.Method, Route: c.route, Path: c.path, Query: c.r.URL.RawQuery, At: time.Now()})
	c.entry = len(s.log) - 1
}

func (s *Server) finish(c *call, status int) { s.finishScoped(c, status, "") }

// finishScoped notes what was answered.
func (s *Server) finishScoped(c *call, status int, scope string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log[c.entry].Status = status
	s.countInvalid(status, scope)
	s.tell()
}

// decide finds out what to answer, and does what was asked.
func (s *Server) decide(c *call, h http.Header, fault *Fault, unreadable error) answer {
	if unreadable != nil {
		return s.refuse(c, badForm("", "BODY", unreadable.Error()))
	}
	invalid, err := s.judgeBody(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case fault != nil && fault.kind == faultStatus:
		return answer{status: fault.status, body: map[string]any{"message": strconv.Itoa(fault.status) + ": " + http.StatusText(fault.status), "code": 0}}
	case fault != nil && fault.kind == faultShared:
		a := (&refusal{"shared", fault.length}).answer(h)
		a.scope = "shared"
		return a
	}
	if !strings.HasPrefix(c.r.UserAgent(), "DiscordBot (") {
		s.violate(c.name(), "", "the user agent is %q; Discord wants DiscordBot (url, version)", c.r.UserAgent())
	}
	if c.needsToken() && c.r.Header.Get("Authorization") != "Bot "+s.options.Token {
		return refused(&apiError{status: 401, code: 0, message: "401: Unauthorized"})
	}
	do := handlers[c.r.Method+" "+c.route]
	if do == nil {
		s.violate(c.name(), "", "discordtest does not offer this request")
		return refused(&apiError{status: 404, code: 0, message: "404: Not Found"})
	}
	if no := s.admit(c, h); no != nil {
		return no.answer(h)
	}
	if err != nil {
		s.violate(c.name(), "", "%v", err)
	}
	if invalid != nil {
		return s.refuseLocked(c, invalid)
	}
	a, no := do(s, c)
	if no != nil {
		if no.wait > 0 {
			return no.limited(h)
		}
		return s.refuseLocked(c, no)
	}
	return a
}

// needsToken says whether a request must be signed; those with a token of an interaction are not.
func (c *call) needsToken() bool {
	return !outside(c.route) && c.route != "/gateway"
}

// judgeBody checks path and body against the description.
func (s *Server) judgeBody(c *call) (*apiError, error) {
	for name, value := range c.vars {
		if strings.HasSuffix(name, "_id") && !isID(value) {
			return badForm("/"+name, "NUMBER_TYPE_COERCE", "Value \""+value+"\" is not snowflake."), nil
		}
	}
	if c.op.request == "" {
		return nil, nil
	}
	if len(c.body) == 0 {
		if c.op.required {
			return badJSON("no body"), nil
		}
		return nil, nil
	}
	var unreadable error
	if c.value, unreadable = jsonschema.UnmarshalJSON(bytes.NewReader(c.body)); unreadable != nil {
		return badJSON(unreadable.Error()), nil
	}
	invalid, err := s.spec.judge(c.op.request, c.value)
	if err != nil || invalid == nil {
		return nil, err
	}
	path, what := deepest(invalid)
	return badForm(path, "SCHEMA", what), nil
}

func isID(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// read takes in the body: JSON, or a form of payload_json and files.
func (c *call) read() error {
	kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" {
		return c.readForm(params["boundary"])
	}
	body, err := io.ReadAll(io.LimitReader(c.r.Body, 1<<20))
	if err != nil {
		return err
	}
	if len(body) > 0 && kind != "application/json" && (c.r.Method == http.MethodPost || c.r.Method == http.MethodPut || c.r.Method == http.MethodPatch) {
		return errors.New("a body of type " + c.r.Header.Get("Content-Type"))
	}
	c.body = body
	return nil
}
