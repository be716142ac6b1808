package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"wardline/adapters/web"
	"wardline/bot/incident"
)

// signIn prints the link by which a person signs in to the web desk.
func signIn(stdout io.Writer, s setup, flags signFlags, now time.Time) error {
	if s.key.none() {
		return errors.New("sign in: " + s.keyMissing())
	}
	if flags.Valid <= 0 {
		return fmt.Errorf("sign in: a link valid for %s is of no use; write a time such as --valid 12h", flags.Valid)
	}
	ids := make([]string, len(s.People))
	for i, p := range s.People {
		ids[i] = p.ID
	}
	if !slices.Contains(ids, flags.Person) {
		return fmt.Errorf("sign in: there is no person %q in the configuration; %s", flags.Person, orNearest(flags.Person, ids))
	}
	fmt.Fprintln(stdout, web.SignInLink(s.key.reveal(), s.base(s.Web.Listen), incident.PersonID(flags.Person), now.Add(flags.Valid)))
	return nil
}

// keyMissing says why nobody can sign in, and what to do.
func (s setup) keyMissing() string {
	return "web.key: " + s.noKey + "; name a file in key_file; " + makeKey
}

// base is the address by which people reach the web desk, given where it listens.
func (s setup) base(listen string) string {
	if s.Web.PublicURL != "" {
		return s.Web.PublicURL
	}
	scheme := "http"
	if s.Web.TLSCertFile != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return scheme + "://" + listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
