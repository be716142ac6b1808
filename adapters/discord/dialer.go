package discord

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gorilla/websocket"
)

// A dialer makes wires. It speaks TLS and asks a proxy by itself, because the library's own dialer
// would put TLS above the wire, where nothing can be overheard.
type dialer struct {
	limit time.Duration        // for a connection to be a websocket
	first func() time.Duration // for each step on the way there, and for the first word
	known *sequence            // of the session
	proxy func(*http.Request) (*url.URL, error)
	roots *tls.Config
	made  func(*wire)
}

func (d dialer) websocket() *websocket.Dialer {
	return &websocket.Dialer{
		HandshakeTimeout: d.limit,
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
	w := newWire(c, d.first(), d.known)
	d.made(w)
	return w, nil
}

// reach connects to an address, through the proxy that is configured for it, if any.
func (d dialer) reach(ctx context.Context, network, addr, scheme string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.first())
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
