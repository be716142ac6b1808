package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wardline/bot/incident"
)

// auth tells who sends a request.
type auth interface {
	person(r *http.Request) (incident.PersonID, bool)
}

// cast believes what the page says: in a demo everybody is whom they pick, tab by tab. A stream
// and a page cannot send headers, so they say so in their address.
type cast struct{}

func (cast) person(r *http.Request) (incident.PersonID, bool) {
	id := r.Header.Get("X-Wardline-Person")
	if id == "" && (r.URL.Path == "/events" || strings.HasPrefix(r.URL.Path, "/print/")) {
		id = r.URL.Query().Get("person")
	}
	return incident.PersonID(id), id != ""
}

// sessionName is the cookie of somebody who came by a sign-in link.
const sessionName = "wardline_session"

// sessionLife is how long a browser stays signed in: a nurse must not be asked who she is at night
// in the middle of an outage. Changing the key ends all sessions at once.
const sessionLife = 30 * 24 * time.Hour

// signedIn believes cookies that carry our signature.
type signedIn struct {
	key    []byte
	secure bool
}

func (a signedIn) person(r *http.Request) (incident.PersonID, bool) {
	cookie, err := r.Cookie(sessionName)
	if err != nil {
		return "", false
	}
	person, rest, ok := strings.Cut(cookie.Value, ".")
	if !ok {
		return "", false
	}
	expires, signature, ok := strings.Cut(rest, ".")
	if !ok {
		return "", false
	}
	id, err := url.QueryUnescape(person)
	if err != nil || !valid(a.key, "session", id, expires, signature, time.Now()) {
		return "", false
	}
	return incident.PersonID(id), true
}

// session returns the cookie for a person.
func (a signedIn) session(p incident.PersonID, now time.Time) *http.Cookie {
	expires := strconv.FormatInt(now.Add(sessionLife).Unix(), 10)
	// A dot separates the parts, so it must not stand in the first one.
	name := strings.ReplaceAll(url.QueryEscape(string(p)), ".", "%2E")
	return &http.Cookie{
		Name: sessionName, Value: name + "." + expires + "." + sign(a.key, "session", string(p), expires),
		Path: "/", MaxAge: int(sessionLife / time.Second),
		HttpOnly: true, Secure: a.secure, SameSite: http.SameSiteStrictMode,
	}
}

// SignInLink returns the address by which a person signs in until it expires. Whoever has the link
// is that person: send it to nobody else. base is where people reach the desk, such as
// https://desk.example.org.
func SignInLink(key []byte, base string, person incident.PersonID, expires time.Time) string {
	exp := strconv.FormatInt(expires.Unix(), 10)
	return fmt.Sprintf("%s/signin?p=%s&exp=%s&sig=%s",
		strings.TrimRight(base, "/"), url.QueryEscape(string(person)), exp, sign(key, "link", string(person), exp))
}

// signIn opens a session for the person of a valid link.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	a, ok := s.auth.(signedIn)
	if !ok { // a demo has no locks
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	q := r.URL.Query()
	id, now := incident.PersonID(q.Get("p")), time.Now()
	if valid(a.key, "link", string(id), q.Get("exp"), q.Get("sig"), now) {
		if _, known := find(s.desk, id, ""); known {
			http.SetCookie(w, a.session(id, now))
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
	}
	// The page itself says, in both languages, what to do about a link that no longer works.
	s.send(w, r, "badlink.html", http.StatusForbidden)
}

// signOut ends the session in this browser.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{
		Name: sessionName, Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: s.config.secure(), SameSite: http.SameSiteStrictMode,
	})
	s.answer(w, r, http.StatusOK, struct{}{})
}

// sign covers purpose, person and expiry, each with its length, so that no two of them can be read
// as another pair, and a link is never a session.
func sign(key []byte, purpose, person, expires string) string {
	mac := hmac.New(sha256.New, key)
	for _, part := range []string{"wardline", purpose, person, expires} {
		mac.Write(fmt.Appendf(nil, "%d:%s", len(part), part))
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// valid tells a signature that is ours and has not expired.
func valid(key []byte, purpose, person, expires, signature string, now time.Time) bool {
	if !hmac.Equal([]byte(signature), []byte(sign(key, purpose, person, expires))) {
		return false
	}
	until, err := strconv.ParseInt(expires, 10, 64)
	return err == nil && now.Before(time.Unix(until, 0))
}
