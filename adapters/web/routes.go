package web

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"wardline/bot"
	"wardline/bot/hospital"
)

// routes is everything the desk answers to. The page is "/", what it is made of is below /static/,
// what it asks is below /api/, what is printed below /print/.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /static/", s.static)
	mux.HandleFunc("GET /signin", s.signIn)
	mux.HandleFunc("POST /api/signout", s.signOut)
	mux.HandleFunc("GET /api/start", s.start)
	mux.HandleFunc("GET /api/rooms", s.known(s.rooms))
	mux.HandleFunc("GET /api/posts", s.known(s.posts))
	mux.HandleFunc("POST /api/say", s.known(s.say))
	mux.HandleFunc("POST /api/complete", s.known(s.complete))
	mux.HandleFunc("GET /events", s.known(s.events))
	mux.HandleFunc("GET /print/{kind}/{id}", s.known(s.sheet))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, http.StatusNotFound, "not_found")
	})
	same := http.NewCrossOriginProtection()
	same.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, http.StatusForbidden, "other_origin")
	}))
	return s.guard(same.Handler(mux))
}

// policy lets the page load only what is inside the program, and nobody frame it.
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guard sets what every answer carries, and refuses requests for a name that is not the desk's: a
// foreign page that points its own name at this machine must not speak for the person before it.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		if s.config.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !s.ours(r.Host) {
			s.fail(w, r, http.StatusMisdirectedRequest, "wrong_host")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		next.ServeHTTP(w, r)
	})
}

// ours tells whether a Host header names this desk.
func (s *Server) ours(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	if loopback(host) || slices.Contains(s.config.Hosts, host) {
		return true
	}
	bound, _, err := net.SplitHostPort(s.config.Listen)
	beyond := err == nil && !loopback(bound) || s.config.BehindProxy
	return beyond && !s.config.Demo && len(s.config.Hosts) == 0
}

// known lets only people through whom the desk knows.
func (s *Server) known(next func(http.ResponseWriter, *http.Request, bot.Person)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := s.person(r)
		if !ok {
			s.fail(w, r, http.StatusUnauthorized, "signed_out")
			return
		}
		next(w, r, p)
	}
}

// person returns who sent a request.
func (s *Server) person(r *http.Request) (bot.Person, bool) {
	id, ok := s.auth.person(r)
	if !ok {
		return bot.Person{}, false
	}
	return find(s.desk, id, locale(s.lang(r)))
}

// lang is the language the reader's page is in.
func (s *Server) lang(r *http.Request) hospital.Lang {
	for _, said := range []string{r.Header.Get("X-Wardline-Lang"), r.URL.Query().Get("lang"), r.Header.Get("Accept-Language")} {
		switch {
		case strings.HasPrefix(said, "zh"):
			return hospital.ZH
		case strings.HasPrefix(said, "en"):
			return hospital.EN
		}
	}
	return s.config.Lang
}

// locale is a language as other platforms name it.
func locale(l hospital.Lang) string {
	if l == hospital.ZH {
		return "zh-CN"
	}
	return "en"
}

// fault is an answer that says what went wrong: a code for the page, a sentence for the person.
type fault struct {
	Code  string `json:"code"`
	Error string `json:"error"`
	Wait  int    `json:"wait,omitempty"` // seconds
}

// fail answers with a fault in the reader's language.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, status int, code string) {
	s.answer(w, r, status, fault{Code: code, Error: s.words.say(s.lang(r), "error."+code)})
}

// broken logs what went wrong and tells the person that it was not their fault.
func (s *Server) broken(w http.ResponseWriter, r *http.Request, operation string, err error) {
	s.log.ErrorContext(r.Context(), "web desk failed a person", "operation", operation, "error", err)
	s.fail(w, r, http.StatusInternalServerError, "internal")
}

// answer writes JSON.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.log.ErrorContext(r.Context(), "encode an answer", "error", err)
		status, body = http.StatusInternalServerError, []byte(`{"code":"internal"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a reader who left needs no answer
}

// read decodes a JSON body. It answers the person itself when the body is too big or not JSON.
func (s *Server) read(w http.ResponseWriter, r *http.Request, into any) bool {
	err := json.NewDecoder(r.Body).Decode(into)
	if err == nil {
		return true
	}
	if tooBig := (*http.MaxBytesError)(nil); errors.As(err, &tooBig) {
		s.fail(w, r, http.StatusRequestEntityTooLarge, "too_long")
		return false
	}
	s.fail(w, r, http.StatusBadRequest, "unreadable")
	return false
}
