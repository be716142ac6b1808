package discordtest

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Server is one Discord with one guild in it. Its methods may be called from any goroutine.
type Server struct {
	t       testing.TB
	options Options
	spec    *Description
	web     *httptest.Server
	done    chan struct{}  // closed when the test ends, so that nothing held back outlives it
	work    sync.WaitGroup // the goroutines of the gateway

	mu         sync.Mutex    // guards everything below
	changed    chan struct{} // closed and replaced when something a test may wait for has happened
	lastID     uint64
	violations []Violation
	log        []Request
	faults     []*plannedFault

	appID, guildID string
	everyone       *Role
	bot            *member
	botRole        *Role
	roles          []*Role
	members        []*member
	users          map[string]*User
	channels       map[string]*channel
	files          map[string]servedFile
	nonces         map[string]nonceUse
	commands       map[string][]*command // by guild, "" for the global ones
	commandsMade   map[string]int
	interactions   map[string]*Interaction // by token

	limits  limits
	gateway gateway
}

// New starts a Discord that ends with the test, which fails when requests broke Discord's rules.
func New(t testing.TB, options Options) *Server {
	t.Helper()
	s := &Server{
		t: t, options: options.defaults(), spec: options.Description,
		done: make(chan struct{}), changed: make(chan struct{}),
		users: make(map[string]*User), channels: make(map[string]*channel),
		files: make(map[string]servedFile), nonces: make(map[string]nonceUse),
		commands: make(map[string][]*command), commandsMade: make(map[string]int), interactions: make(map[string]*Interaction),
		limits: limits{buckets: make(map[string]*bucket)},
	}
	if s.spec == nil {
		spec, err := LoadDescription()
		if err != nil {
			t.Fatal(err)
		}
		s.spec = spec
	}
	s.found()
	s.web = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.end)
	return s
}

// end closes what is open and tells what broke the rules.
func (s *Server) end() {
	close(s.done)
	s.mu.Lock()
	for _, c := range s.gateway.conns {
		c.cut()
	}
	s.mu.Unlock()
	s.web.CloseClientConnections()
	s.web.Close()
	s.work.Wait()
	if s.options.KeepQuiet {
		return
	}
	for _, v := range s.Violations() {
		s.t.Errorf("discord's rules broken: %s", v)
	}
}

// URL is the address of the server, without a path.
func (s *Server) URL() string { return s.web.URL }

// Token is what the bot signs in with.
func (s *Server) Token() string { return s.options.Token }

// AppID is the id of the application.
func (s *Server) AppID() string { return s.appID }

// GuildID is the id of the guild, and of its role for everyone.
func (s *Server) GuildID() string { return s.guildID }

// BotID is the id of the bot's own user.
func (s *Server) BotID() string { return s.bot.User.ID }

// Transport sends every request to this server, whatever host it names, and leaves the rest as it is.
func (s *Server) Transport() http.RoundTripper {
	base, _ := url.Parse(s.web.URL) // httptest writes a URL that parses
	return redirect{to: base, next: s.web.Client().Transport}
}

// Client is an HTTP client for this server only.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.Transport()} }

// A redirect rewrites scheme and host.
type redirect struct {
	to   *url.URL
	next http.RoundTripper
}

// RoundTrip sends a copy of the request, as the contract of http.RoundTripper asks.
func (r redirect) RoundTrip(request *http.Request) (*http.Response, error) {
	there := request.Clone(request.Context())
	there.URL.Scheme, there.URL.Host, there.Host = r.to.Scheme, r.to.Host, ""
	return r.next.RoundTrip(there)
}

// serve tells the gateway, files and the API apart.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/gateway"):
		s.serveGateway(w, r)
	case strings.HasPrefix(r.URL.Path, "/attachments/"):
		s.serveFile(w, r)
	default:
		s.serveAPI(w, r)
	}
}

// newID makes an id that is larger than all before; it holds the time of the clock, as Discord's do.
func (s *Server) newID() string {
	id := uint64(max(s.options.Now().UnixMilli()-epoch, 1)) << 22
	s.lastID = max(id, s.lastID+1)
	return strconv.FormatUint(s.lastID, 10)
}

// tell wakes whoever waits for something to happen. The lock is held.
func (s *Server) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await waits until done says yes, for at most a time on the machine's clock.
func (s *Server) await(limit time.Duration, done func() bool) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		s.mu.Lock()
		ok, changed := done(), s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-s.done:
			return false
		}
	}
}
