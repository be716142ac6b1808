package discord

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// usualBeat is how often Discord commonly wants a sign of life; it says so itself in its first word.
const usualBeat = 41250 * time.Millisecond

// A wire is the connection under a session at the gateway. The library waits on it without end and
// drops the reasons why it broke, so the wire watches by itself: it gives up a peer that leaves its
// heartbeats unanswered for one and a half of them, and it overhears what the library keeps to itself.
type wire struct {
	net.Conn
	first time.Duration // how long the first word may take

	mu      sync.Mutex // protects what follows
	beat    time.Duration
	sign    time.Time // of life: the last answered heartbeat; before the first, whatever came
	beats   bool      // a heartbeat was answered
	code    int       // with which the peer closed, 0 if it did not
	refused int       // times the session was called invalid
	seventh bool
	mad     bool // it wants no heartbeats, or none that can be given: the library would panic in a goroutine of its own
	walk    walker
	ended   chan struct{} // closed when nothing comes any more
	over    bool
}

func newWire(c net.Conn, first time.Duration) *wire {
	return &wire{Conn: c, first: first, ended: make(chan struct{})}
}

// Read implements net.Conn. It closes the connection when nothing came for too long.
func (w *wire) Read(p []byte) (int, error) {
	if err := w.Conn.SetReadDeadline(w.deadline()); err != nil {
		w.end()
		return 0, err
	}
	n, err := w.Conn.Read(p)
	if n > 0 {
		w.mu.Lock()
		if !w.beats {
			w.sign = time.Now()
		}
		w.walk.feed(p[:n], w.overhear)
		if w.mad {
			n, err = 0, errors.New("the server's first word names no heartbeat")
		}
		w.mu.Unlock()
	}
	if err != nil {
		_ = w.Conn.Close() // or the library would say good-bye politely, and lose the session by it
		w.end()
	}
	return n, err
}

// Write implements net.Conn. What cannot be written at once never will be.
func (w *wire) Write(p []byte) (int, error) {
	if err := w.Conn.SetWriteDeadline(time.Now().Add(w.first)); err != nil {
		return 0, err
	}
	return w.Conn.Write(p)
}

// SetDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetDeadline(time.Time) error { return nil }

// SetReadDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline implements net.Conn. The wire keeps its own time.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// Close implements net.Conn.
func (w *wire) Close() error {
	w.end()
	return w.Conn.Close()
}

func (w *wire) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.over = true
		close(w.ended)
	}
}

// deadline is when the peer counts as gone. Events alone are no sign of life: a peer that no longer
// answers heartbeats may lose what it sends.
func (w *wire) deadline() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.beat == 0 {
		return time.Now().Add(w.first)
	}
	return w.sign.Add(w.beat + w.beat/2)
}

// overhear takes from the peer's frames what the supervisor needs to know.
func (w *wire) overhear(op byte, payload []byte) {
	switch op {
	case websocket.CloseMessage:
		if len(payload) >= 2 {
			w.code = int(payload[0])<<8 | int(payload[1])
		}
	case websocket.TextMessage:
		var said struct {
			Op   int             `json:"op"`
			Data json.RawMessage `json:"d"`
		}
		if json.Unmarshal(payload, &said) != nil {
			return
		}
		switch said.Op {
		case 7:
			w.seventh = true
		case 9:
			w.refused++
		case 11:
			w.sign, w.beats = time.Now(), true
		case 10:
			var hello struct {
				Beat int `json:"heartbeat_interval"`
			}
			w.beat, w.mad = usualBeat, true
			if json.Unmarshal(said.Data, &hello) == nil && hello.Beat > 0 {
				w.mad = false
				w.beat = time.Duration(hello.Beat) * time.Millisecond
			}
		}
	}
}

// known returns what was overheard so far.
func (w *wire) known() (code, refused int, seventh bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code, w.refused, w.seventh
}

// A dialer makes wires. It speaks TLS and asks a proxy by itself, because the library's own dialer
// would put TLS above the wire, where nothing can be overheard.
type dialer struct {
	first time.Duration
	proxy func(*http.Request) (*url.URL, error)
	roots *tls.Config
	made  func(*wire)
}

func (d dialer) websocket() *websocket.Dialer {
	return &websocket.Dialer{
		HandshakeTimeout: d.first,
		NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := d.reach(ctx, network, addr, "http")
			return d.wrap(c, err)
		},
		NetDialTLSContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := d.reach(ctx, network, addr, "https")
			if err != nil {
				return nil, err
			}
			host, _, _ := net.SplitHostPort(addr)
			config := d.roots.Clone()
			if config == nil {
				config = &tls.Config{MinVersion: tls.VersionTLS12}
			}
			config.ServerName = host
			safe := tls.Client(c, config)
			if err := safe.HandshakeContext(ctx); err != nil {
				_ = c.Close()
				return nil, fmt.Errorf("speak TLS with %s: %w", host, err)
			}
			return d.wrap(safe, nil)
		},
	}
}

func (d dialer) wrap(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	w := newWire(c, d.first)
	d.made(w)
	return w, nil
}

// reach connects to an address, through the proxy that is configured for it, if any.
func (d dialer) reach(ctx context.Context, network, addr, scheme string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.first)
	defer cancel()
	direct := net.Dialer{}
	via, err := d.proxy(&http.Request{URL: &url.URL{Scheme: scheme, Host: addr}})
	if err != nil || via == nil {
		return direct.DialContext(ctx, network, addr)
	}
	host := via.Host
	if via.Port() == "" {
		host = net.JoinHostPort(via.Hostname(), "80")
	}
	c, err := direct.DialContext(ctx, network, host)
	if err != nil {
		return nil, fmt.Errorf("reach the proxy: %w", err)
	}
	until, _ := ctx.Deadline()
	_ = c.SetDeadline(until)
	ask := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: addr}, Host: addr, Header: http.Header{}}
	if via.User != nil {
		secret, _ := via.User.Password()
		r := &http.Request{Header: http.Header{}}
		r.SetBasicAuth(via.User.Username(), secret)
		ask.Header.Set("Proxy-Authorization", r.Header.Get("Authorization"))
	}
	if err := ask.Write(c); err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("ask the proxy: %w", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), ask)
	if err != nil {
		_ = c.Close()
		return nil, fmt.Errorf("hear the proxy: %w", err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_ = c.Close()
		return nil, fmt.Errorf("the proxy refuses: %s", answer.Status)
	}
	_ = c.SetDeadline(time.Time{})
	return c, nil
}
