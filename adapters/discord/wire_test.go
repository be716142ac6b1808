package discord_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wardline/adapters/discord"
)

// A hall is a TLS server that greets on a websocket as Discord does, and then does what a test says.
func hall(t *testing.T, then func(*websocket.Conn)) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		if ws.WriteJSON(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": 200}}) == nil {
			then(ws)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func trust(s *httptest.Server) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

// TestTheGatewayIsReachedThroughAProxyAndOverTLS goes the way out of a hospital.
func TestTheGatewayIsReachedThroughAProxyAndOverTLS(t *testing.T) {
	t.Parallel()
	s := hall(t, func(ws *websocket.Conn) {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4004, ""), time.Now().Add(time.Second))
		_, _, _ = ws.ReadMessage()
	})
	var asked sync.Map
	proxy := tunnel(t, &asked)
	for name, via := range map[string]*url.URL{"directly": nil, "through a proxy": proxy} {
		ws, wire, err := discord.Dial(t.Context(), "wss"+strings.TrimPrefix(s.URL, "https"), trust(s), via, 2*time.Second)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for err == nil {
			_, _, err = ws.ReadMessage()
		}
		if code := wire(); code != 4004 {
			t.Errorf("%s: the wire knows code %d", name, code)
		}
		_ = ws.Close()
	}
	if _, ok := asked.Load("Basic dXNlcjpwYXNz " + s.Listener.Addr().String()); !ok {
		t.Error("the proxy was not asked, or not with the name and word it wants")
	}
	if _, _, err := discord.Dial(t.Context(), "wss"+strings.TrimPrefix(s.URL, "https"), nil, nil, 2*time.Second); err == nil {
		t.Error("a server nobody vouches for was trusted")
	}
}

// TestAPeerThatGoesSilentIsGivenUp leaves the client's heartbeats unanswered, and goes on talking.
func TestAPeerThatGoesSilentIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, talk := range map[string]bool{"silent": false, "talking": true} {
		s := hall(t, func(ws *websocket.Conn) {
			if ws.WriteJSON(map[string]any{"op": 11}) != nil {
				return
			}
			for range 100 {
				if talk && ws.WriteJSON(map[string]any{"op": 0, "t": "TYPING_START", "d": nil}) != nil {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
		ws, _, err := discord.Dial(t.Context(), "wss"+strings.TrimPrefix(s.URL, "https"), trust(s), nil, 2*time.Second)
		must(t, err)
		began := time.Now()
		for err == nil {
			_, _, err = ws.ReadMessage()
		}
		if took := time.Since(began); took < 200*time.Millisecond || took > 5*time.Second {
			t.Errorf("%s: given up after %s, of a heartbeat of 200ms: %v", name, took, err)
		}
	}
}

// tunnel is an HTTP proxy that makes tunnels and remembers who asked for which.
func tunnel(t *testing.T, asked *sync.Map) *url.URL {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil || r.Method != http.MethodConnect {
					return
				}
				asked.Store(r.Header.Get("Proxy-Authorization")+" "+r.Host, true)
				out, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", r.Host)
				if err != nil {
					return
				}
				defer func() { _ = out.Close() }()
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
				go func() { _, _ = io.Copy(out, c) }()
				_, _ = io.Copy(c, out)
			}()
		}
	}()
	return &url.URL{Scheme: "http", Host: l.Addr().String(), User: url.UserPassword("user", "pass")}
}
