package main

import (
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot/hospital"
)

// What is done with procedures the hospital has not approved, in an outage.
const (
	warnTemplates   = "warn"
	refuseTemplates = "refuse"
)

func (c *checker) hospital(h hospitalConfig, pack *hospital.Pack) {
	c.language("hospital.language", h.Language, true)
	if h.Templates != warnTemplates && h.Templates != refuseTemplates {
		c.problem("hospital.templates", "is neither \"warn\" nor \"refuse\"", "write one of them")
	}
	switch {
	case h.NameZH == "" && h.NameEN == "":
		c.warn("hospital.name_zh and name_en: not set; messages do not say which hospital they come from")
	case h.NameZH == "":
		c.warn("hospital.name_zh: not set; Chinese messages use the English name")
	case h.NameEN == "":
		c.warn("hospital.name_en: not set; English messages use the Chinese name")
	}
	if pack == nil {
		return
	}
	var known []string
	for _, p := range pack.Policy().Placeholders {
		known = append(known, p.Name)
		if texts := naming(pack, p.Name); h.Fill[p.Name] == "" && texts != "" {
			c.warn("hospital.fill.%s (%s / %s): not set; lines with it are left out of: %s", p.Name, p.Text.ZH, p.Text.EN, texts)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h.Fill)) {
		if !slices.Contains(known, name) {
			c.problem(dotted("hospital.fill", name), "no text of the pack has this placeholder", orNearest(name, known))
		}
	}
}

// naming lists the texts of a pack that hold a placeholder, "" if none does.
func naming(pack *hospital.Pack, placeholder string) string {
	field := "{" + placeholder + "}"
	var ids []string
	add := func(id string, texts any) {
		// The printed form of a value holds all its texts, whatever fields it may get.
		if strings.Contains(fmt.Sprint(texts), field) {
			ids = append(ids, id)
		}
	}
	for _, m := range pack.Messages() {
		add("message "+m.ID, m)
	}
	for _, p := range pack.Procedures() {
		add("procedure "+string(p.ID), p)
	}
	for _, f := range pack.Forms() {
		add("form "+string(f.ID), f)
	}
	for _, s := range pack.Sheets() {
		add("back-entry sheet "+string(s.ID), s)
	}
	const few = 3
	if len(ids) > few {
		return strings.Join(ids[:few], ", ") + fmt.Sprintf(" and %d more", len(ids)-few)
	}
	return strings.Join(ids, ", ")
}

func (c *checker) storage(s *storageConfig) {
	if s.File == "" {
		c.problem("storage.file", "is empty", `name the database, such as "wardline.db"`)
		return
	}
	s.File = c.path(s.File)
	folder := filepath.Dir(s.File)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		c.problem("storage.file", fmt.Sprintf("the folder %s does not exist", folder), "create it, or name another file")
	} else if info, err := os.Stat(s.File); err == nil && info.IsDir() {
		c.problem("storage.file", "is a folder", "name a file inside it, such as "+filepath.Join(s.File, "wardline.db"))
	}
	c.backups(s)
}

func (c *checker) backups(s *storageConfig) {
	if s.BackupEvery < duration(time.Minute) {
		c.problem("storage.backup_every", "is shorter than a minute", `write a length of time such as "15m"`)
	}
	if s.BackupKeep < 1 {
		c.problem("storage.backup_keep", "keeps no backup", "write how many of the newest to keep, such as 12")
	}
	if s.BallastMB < 0 || s.BallastMB > 1<<10 {
		c.problem("storage.ballast_mb", "is not a size from 0 to 1024", "write how many megabytes to hold in reserve, such as 16")
	}
	if s.BackupDir == "" {
		c.warn("storage.backup_dir: not set; no backups are taken, and a damaged database stops the bot")
		return
	}
	s.BackupDir = c.path(s.BackupDir)
	if info, err := os.Stat(s.BackupDir); err == nil && !info.IsDir() {
		c.problem("storage.backup_dir", "is not a folder", `name a folder, such as "backups"; it is made if it is not there`)
	}
}

func (c *checker) web(w *webConfig) {
	c.tls(w)
	host, ok := c.listen("web.listen", w.Listen)
	if ok && !loopback(host) && w.TLSCertFile == "" && w.TLSKeyFile == "" && !w.BehindProxy {
		c.problem("web.listen", "can be reached from other machines without encryption",
			"set tls_cert_file and tls_key_file, or behind_proxy = true if a proxy in front of it does TLS, or listen on 127.0.0.1")
	}
	if w.PublicURL == "" {
		if ok && (!loopback(host) || w.BehindProxy) {
			c.warn("web.public_url: not set; sign-in links lead to this machine only")
		}
		return
	}
	u, err := url.Parse(w.PublicURL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		c.problem("web.public_url", "is not the address of a web page", `write what people type, such as "https://wardline.hospital.example"`)
	case u.User != nil:
		c.problem("web.public_url", "holds a name or password", "write the address without what stands before the @")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		c.problem("web.public_url", "has something after the host", "write scheme, host and port only; the desk needs a host name of its own")
	}
	w.PublicURL = strings.TrimRight(w.PublicURL, "/")
}

// observe answers without asking who asks, so only this machine may.
func (c *checker) observe(o observeConfig) {
	if o.Listen == "" {
		return
	}
	if host, ok := c.listen("observe.listen", o.Listen); ok && !loopback(host) {
		c.problem("observe.listen", "can be reached from other machines, and answers anybody",
			`listen on this machine, such as "127.0.0.1:8421", and let a proxy with a password pass it on`)
	}
}

func (c *checker) tls(w *webConfig) {
	switch {
	case w.TLSCertFile == "" && w.TLSKeyFile == "":
		return
	case w.TLSCertFile == "":
		c.problem("web.tls_key_file", "stands without tls_cert_file", "set both, or neither")
		return
	case w.TLSKeyFile == "":
		c.problem("web.tls_cert_file", "stands without tls_key_file", "set both, or neither")
		return
	}
	if info, err := os.Stat(c.path(w.TLSCertFile)); err != nil || info.IsDir() {
		c.problem("web.tls_cert_file", "there is no such file", "write the path of the certificate as seen from the folder of this file")
	}
	c.private("web.tls_key_file", w.TLSKeyFile, "it holds the certificate's private key")
	w.TLSCertFile, w.TLSKeyFile = c.path(w.TLSCertFile), c.path(w.TLSKeyFile)
}

// listen reads host:port and returns the host.
func (c *checker) listen(key, address string) (host string, ok bool) {
	const write = `write host and port, such as "127.0.0.1:8420"`
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		c.problem(key, fmt.Sprintf("%q is not a host and a port", address), write)
		return "", false
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		c.problem(key, fmt.Sprintf("%q is not a port", port), "ports go up to 65535; "+write)
		return "", false
	}
	if strings.ContainsAny(host, " /@") {
		c.problem(key, fmt.Sprintf("%q is not a host", host), write)
		return "", false
	}
	return host, true
}

// loopback tells a host only this machine can reach.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *checker) outage(o outageConfig) {
	if o.ConfirmAbove < 0 {
		c.problem("outage.confirm_above", "is less than nothing", "write 0 to be asked every time, or a number such as 5")
	}
	const rises = "write times that rise, such as 5m, 10m and 15m"
	if o.EscalateSilent.length() <= o.RemindSilent.length() {
		c.problem("outage.escalate_silent", "is not after remind_silent", rises)
	}
	if o.PhoneSilent.length() <= o.EscalateSilent.length() {
		c.problem("outage.phone_silent", "is not after escalate_silent", rises)
	}
}

func (c *checker) logging(l logConfig) {
	if levels := []string{"debug", "info", "warn", "error"}; !slices.Contains(levels, l.Level) {
		c.problem("log.level", fmt.Sprintf("there is no level %q", l.Level), "write one of: "+strings.Join(levels, ", "))
	}
	if l.Format != "text" && l.Format != "json" {
		c.problem("log.format", fmt.Sprintf("there is no format %q", l.Format), `write "text" or "json"`)
	}
}
