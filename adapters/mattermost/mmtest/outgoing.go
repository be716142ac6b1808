package mmtest

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const mostReply = 1 << 20 // bytes that are read of what an integration answers

// outgoing makes the client that calls commands, buttons and dialogs. Whether an address may be called
// is looked at when it is dialled, so a connection that is kept goes on.
func (s *Server) outgoing() *http.Client {
	dialer := &net.Dialer{Timeout: 3 * time.Second}
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if err := s.mayCall(ctx, address); err != nil {
				return nil, err
			}
			return dialer.DialContext(ctx, network, address)
		},
	}}
}

// mayCall refuses loopback and private addresses unless they are allowed, by name or by number.
func (s *Server) mayCall(ctx context.Context, address string) error {
	if !s.opt.GuardInternal {
		return nil
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	allowed := strings.Fields(s.opt.AllowedInternal)
	if slices.Contains(allowed, host) {
		return nil
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return err
	}
	for _, ip := range ips {
		ip = ip.Unmap()
		inside := ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
		if inside && !slices.ContainsFunc(allowed, func(a string) bool { return holds(a, ip) }) {
			return errors.New("address forbidden, you may need to set AllowedUntrustedInternalConnections")
		}
	}
	return nil
}

func holds(allowed string, ip netip.Addr) bool {
	if net, err := netip.ParsePrefix(allowed); err == nil {
		return net.Contains(ip)
	}
	one, err := netip.ParseAddr(allowed)
	return err == nil && one == ip
}

// callOut posts JSON to an integration, without anything that would prove who sends it.
func (s *Server) callOut(ctx context.Context, url string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Mattermost-Bot/1.1")
	return s.out.Do(req)
}
