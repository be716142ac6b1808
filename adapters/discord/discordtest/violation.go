package discordtest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// A Violation is a request that Discord would refuse whatever the state of the world, or an answer of this
// server that Discord would not give.
type Violation struct {
	Request string // method and path
	Path    string // where in the body, as a JSON pointer; "" for the whole
	What    string
}

// String writes the violation on one line.
func (v Violation) String() string {
	if v.Path == "" {
		return v.Request + ": " + v.What
	}
	return v.Request + ": " + v.Path + ": " + v.What
}

// A Request is one request to the API, in the order of arrival.
type Request struct {
	Method string
	Route  string // as in the description, such as /channels/{channel_id}/messages; "" for an unknown one
	Path   string // without /api and version
	Query  string
	At     time.Time // on the machine's clock
	Status int       // 0 while it is worked on and when no answer was sent
}

// Violations are the rules broken so far.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

// Forgive gives the violations so far and forgets them, for a test that breaks rules on purpose.
func (s *Server) Forgive() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.violations
	s.violations = nil
	return found
}

// Requests are the requests so far; with patterns, those that fit one of them, as in FailNext.
func (s *Server) Requests(patterns ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.log), func(r Request) bool {
		return len(patterns) > 0 && !slices.ContainsFunc(patterns, func(p string) bool { return fits(p, r.Method, r.Route, r.Path) })
	})
}

// violate notes a broken rule. The lock is held.
func (s *Server) violate(request, path, format string, args ...any) {
	s.violations = append(s.violations, Violation{request, path, fmt.Sprintf(format, args...)})
}

// deepest gives the place and the words of the fault that was meant: the one that lies deepest in the
// value, leaving out alternatives that are for another type of thing.
func deepest(e *jsonschema.ValidationError) (path, what string) {
	leaf := blame(e)
	lines := strings.Split(strings.TrimSpace(leaf.Error()), "\n")
	what = lines[len(lines)-1]
	if _, after, ok := strings.Cut(what, "': "); ok {
		what = after
	}
	if len(leaf.InstanceLocation) == 0 {
		return "", what
	}
	return "/" + strings.Join(leaf.InstanceLocation, "/"), what
}

// blame finds the deepest leaf below a fault.
func blame(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	causes := slices.Clone(e.Causes)
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		meant := slices.DeleteFunc(slices.Clone(causes), func(c *jsonschema.ValidationError) bool { return foreign(c, e.InstanceLocation) })
		if len(meant) > 0 {
			causes = meant
		}
	}
	leaf := e
	for _, cause := range causes {
		if found := blame(cause); leaf == e || len(found.InstanceLocation) > len(leaf.InstanceLocation) {
			leaf = found
		}
	}
	return leaf
}

// foreign says whether an alternative is for another type of thing than the value at a place: another type
// of JSON, or an object whose type says that it is something else.
func foreign(e *jsonschema.ValidationError, at []string) bool {
	if len(e.Causes) == 0 {
		_, shape := e.ErrorKind.(*kind.Type)
		return shape && slices.Equal(e.InstanceLocation, at) || slices.Equal(e.InstanceLocation, append(slices.Clone(at), "type"))
	}
	return slices.ContainsFunc(e.Causes, func(c *jsonschema.ValidationError) bool { return foreign(c, at) })
}

// judgeAnswer notes an answer of ours that does not fit the description.
func (s *Server) judgeAnswer(request string, op operation, status int, body []byte) {
	pointer, promised := op.answers[fmt.Sprint(status)]
	if !promised && status >= 400 && status < 500 {
		pointer, promised = op.answers["4XX"]
	}
	if op.answers == nil {
		return // a method the path does not have
	}
	if !promised {
		s.noteAnswer(request, "", fmt.Sprintf("the server answers %d, which the description does not know", status))
		return
	}
	if pointer == "" || status == 429 {
		return // the documented body of a 429 has no code, which the description asks for
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		s.noteAnswer(request, "", "the server's answer is not JSON: "+err.Error())
		return
	}
	fault, err := s.spec.judge(pointer, value)
	switch {
	case err != nil:
		s.noteAnswer(request, "", err.Error())
	case fault != nil:
		path, what := deepest(fault)
		s.noteAnswer(request, path, "in the server's answer: "+what)
	}
}

func (s *Server) noteAnswer(request, path, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, Violation{request, path, what})
}
