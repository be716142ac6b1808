// Package mmtest is a stand-in for a Mattermost server in tests: real HTTP and a real websocket on
// loopback, in this process, with the permissions, limits, error ids and faults that were measured on
// Mattermost 11.6 and 9.10. It never reaches the binary, keeps nothing on disk, and is no chat server
// to work with: what a page or a phone shows is not its business.
package mmtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// The versions that were measured.
const (
	V11 = "11.6.0"
	V9  = "9.10.0"
)

// Options are what differs between one Server and another. The zero value is an unlicensed 11.6 as it
// is installed, except that callbacks to loopback are let through.
type Options struct {
	Version string // V11 or V9; empty is V11

	PendingWindow      time.Duration // in which a pending_post_id finds its post again; 0 is 30 s
	IntegrationTimeout time.Duration // of callbacks, and the life of a trigger_id; 0 is 30 s
	ResponseLife       time.Duration // of a response_url; 0 is 30 min
	SaveTime           time.Duration // that a post takes to be stored; 0 is at once
	EventLead          time.Duration // between a post's event and the answer of its create; 0 is 2 ms
	SendQueue          int           // events that wait for a slow reader before it is put out; 0 is 256, and less makes buffers small
	DeadQueue          int           // events that are kept to be sent again on a resume; 0 is 128
	UserLimit          int           // people, without bots; 0 is 250 (9.10: 11000)

	GuardInternal   bool   // callbacks to loopback and private addresses need AllowedInternal
	AllowedInternal string // AllowedUntrustedInternalConnections: IPs, CIDRs and host names by space

	UserTokens bool // EnableUserAccessTokens: people may have personal tokens; bots always may
	Hardened   bool // ExperimentalEnableHardenedMode
	Rate       Rate // RateLimitSettings; the zero value is off, as installed
}

// usualQueue is how many events a real server keeps for a slow reader.
const usualQueue = 256

func (o Options) filled() Options {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	if o.Version == "" {
		o.Version = V11
	}
	def(&o.PendingWindow, 30*time.Second)
	def(&o.IntegrationTimeout, 30*time.Second)
	def(&o.ResponseLife, 30*time.Minute)
	def(&o.EventLead, 2*time.Millisecond)
	if o.SendQueue == 0 {
		o.SendQueue = usualQueue
	}
	if o.DeadQueue == 0 {
		o.DeadQueue = 128
	}
	if o.UserLimit == 0 {
		o.UserLimit = 250
		if o.Version == V9 {
			o.UserLimit = 11000
		}
	}
	return o
}

// A Server is one Mattermost server. Its methods may be called by several goroutines.
type Server struct {
	URL string // without a slash at the end, also the SiteURL

	tb     testing.TB
	opt    Options
	key    *ecdsa.PrivateKey // signs trigger ids, also after a restart
	secret []byte            // seals the cookies of ephemeral posts
	out    *http.Client      // calls commands, buttons and dialogs
	routes []route
	addr   string
	ctx    context.Context // of what the server does by itself; ends with the test
	end    context.CancelFunc
	wg     sync.WaitGroup // everything that was started for a request or a socket

	life  sync.Mutex // protects what follows
	front *http.Server
	over  bool // the test has ended

	faults faults // has a lock of its own
	limits limits // as well

	mu      sync.Mutex // protects what follows
	data    data
	hub     hub
	allowed string // AllowedUntrustedInternalConnections
}

// New starts a server, and stops it when the test ends. It has one person, Admin, and no team.
func New(tb testing.TB, o Options) *Server {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	secret := make([]byte, 32)
	if _, err = rand.Read(secret); err != nil {
		tb.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background()) //nolint:usetesting // the cleanup ends it, once it has thawed the server
	s := &Server{ctx: ctx, end: end, tb: tb, opt: o.filled(), key: key, secret: secret, addr: "127.0.0.1:0"}
	s.routes = s.table()
	s.data = newData(s.opt)
	s.hub = newHub()
	s.allowed = o.AllowedInternal
	s.out = s.outgoing()
	s.limits.rate = o.Rate
	s.Start()
	tb.Cleanup(s.close)
	s.addAdmin()
	return s
}

// v9 says whether the server is of the older line.
func (s *Server) v9() bool { return s.opt.Version == V9 }

// Start opens the door again after Stop, at the same address.
func (s *Server) Start() {
	s.life.Lock()
	defer s.life.Unlock()
	if s.front != nil {
		return
	}
	door, err := new(net.ListenConfig).Listen(context.Background(), "tcp", s.addr)
	if err != nil {
		s.tb.Errorf("mmtest: listen: %v", err)
		return
	}
	if s.URL == "" {
		s.addr = door.Addr().String()
		s.URL = "http://" + s.addr
	}
	front := &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}
	s.front = front
	s.wg.Go(func() { _ = front.Serve(door) }) // it always ends with an error
}

// Stop closes the door and every connection, as a server that is shut down. What lives in memory is
// gone: pending post ids, the state of sockets, what is cached. The data stays.
func (s *Server) Stop() {
	s.life.Lock()
	front := s.front
	s.front = nil
	s.life.Unlock()
	if front != nil {
		_ = front.Close() // connections may be gone already
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.drop(true)
	s.data.pending = map[string]pending{}
	s.data.lastSeen = map[string]int64{}
}

// Restart is Stop and Start.
func (s *Server) Restart() {
	s.Stop()
	s.Start()
}

// Cut breaks the connection of every websocket without a word; who comes back in time may resume.
func (s *Server) Cut() {
	s.mu.Lock()
	s.hub.drop(false)
	cut := slices.Collect(maps.Keys(s.hub.sockets))
	s.mu.Unlock()
	for _, sock := range cut {
		<-sock.done // from now on it may be resumed
	}
}

// begin counts a request, unless the test has ended.
func (s *Server) begin() bool {
	s.life.Lock()
	defer s.life.Unlock()
	if s.over {
		return false
	}
	s.wg.Add(1)
	return true
}

func (s *Server) close() {
	s.Thaw()
	s.end()
	s.Stop()
	s.out.CloseIdleConnections()
	s.life.Lock()
	s.over = true
	s.life.Unlock()
	s.wg.Wait()
}

// now is the time in milliseconds, as the server counts it.
func now() int64 { return model.GetMillis() }
