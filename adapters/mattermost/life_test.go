package mattermost_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/adaptertest"
	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// The contract on the stand-in, as it behaves at both ends of the versions that are supported.
func TestLifeOfAnOutage(t *testing.T) {
	for _, version := range []string{"11.6.0", "9.10.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := mmtest.New(t, mmtest.Options{Version: version})
			adaptertest.Life(t, settle(t, server.URL, server.Client(server.Admin()).AuthToken).townsfolk)
		})
	}
}

// The environment that names a real server. What is made there is put away again.
const (
	realURL   = "WARDLINE_TEST_MATTERMOST_URL"
	realToken = "WARDLINE_TEST_MATTERMOST_TOKEN" // of an administrator
)

func TestLifeOfAnOutageOnARealServer(t *testing.T) {
	if os.Getenv(realURL) == "" || os.Getenv(realToken) == "" {
		t.Skipf("set %s and %s to play it on a real server", realURL, realToken)
	}
	adaptertest.Life(t, settle(t, os.Getenv(realURL), os.Getenv(realToken)).townsfolk)
}

// settled is a hospital that an administrator has just set up on a server, with the bot running.
type settled struct {
	*townsfolk
	store   *storage.Store
	desk    *bot.Desk
	log     *logs
	token   string   // of the bot
	helpers []string // users beside the cast who work on outages
}

// settle sets a hospital up on a server as an administrator does, and starts the bot.
func settle(t testing.TB, url, token string) *settled {
	t.Helper()
	return settleWith(t, url, token, 0, func(a *mattermost.Adapter) bot.Platform { return a })
}

// settleWith is settle with so many engineers more, and with something before the adapter.
func settleWith(t testing.TB, url, token string, engineers int, before func(*mattermost.Adapter) bot.Platform) *settled {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	s := &settled{townsfolk: &townsfolk{url: url, prefix: "wl", people: map[incident.PersonID]*person{}}, log: &logs{}}
	s.admin = model.NewAPIv4Client(url)
	s.admin.SetToken(token)
	tag := strings.ToLower(model.NewId()[:6])
	s.found(t, tag)

	folder := t.TempDir()
	callback := unusedAddress(t)
	config := mattermost.Config{
		URL: url, Team: s.team.Name, Listen: callback, Callback: "http://" + callback, Key: key, Prefix: s.prefix, Lang: hospital.ZH, Zone: time.UTC,
		Accounts: map[incident.PersonID]string{},
	}
	options := adaptertest.Options(t)
	for i, p := range options.People {
		account := s.people[p.ID].user.Username
		options.People[i].Accounts = map[string]string{"mattermost": account}
		config.Accounts[p.ID] = account
	}
	for i := range engineers {
		id := incident.PersonID("engineer" + strconv.Itoa(i))
		user := s.member(t, string(id), tag, "en", string(id))
		s.helpers = append(s.helpers, user.Id)
		config.Accounts[id] = user.Username
		options.People = append(options.People, bot.Person{
			ID: id, Name: string(id), Roles: []bot.Role{bot.Engineer}, Accounts: map[string]string{"mattermost": user.Username},
		})
	}
	var err error
	s.store, _, err = bolt.OpenStore(filepath.Join(folder, "wardline.db"), bolt.Options{NoSync: true})
	must(err)
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	options.Store, options.Log = s.store, log
	empty, err := bot.New(t.Context(), options) // knows rooms and people, and speaks to nobody
	must(err)
	file := filepath.Join(folder, "token")
	must(mattermost.Setup{Config: config, Admin: token, Bot: "wardline-" + tag, TokenFile: file, Desk: empty, Out: io.Discard}.Run(t.Context()))
	text, err := os.ReadFile(file)
	must(err)
	config.Token = strings.TrimSpace(string(text))
	s.bot, _, err = s.admin.GetUserByUsername(t.Context(), "wardline-"+tag, "")
	must(err)
	adapter, err := mattermost.New(config, s.store.Shelf("mattermost"), log)
	must(err)
	options.Platforms = []bot.Platform{before(adapter)}
	s.token = config.Token
	s.desk, err = bot.New(t.Context(), options)
	must(err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var parts sync.WaitGroup
	hearer := adaptertest.Hearer(s.desk)
	parts.Go(func() { _ = s.desk.Run(ctx) })
	parts.Go(func() { _ = adapter.Serve(ctx, hearer, s.desk) })
	t.Cleanup(func() {
		cancel()
		parts.Wait()
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(tail(s.log.String()))
		}
		s.leave(tag)
	})
	adaptertest.Eventually(t, long, func() string {
		for _, sign := range []string{"connected to mattermost", "mattermost may call back"} {
			if !strings.Contains(s.log.String(), sign) {
				return "not yet: " + sign
			}
		}
		return ""
	})
	return s
}

// found makes the team and the cast, and signs everybody in.
func (c *settled) found(t testing.TB, tag string) {
	t.Helper()
	var err error
	c.team, _, err = c.admin.CreateTeam(t.Context(), &model.Team{Name: "wl-" + tag, DisplayName: "Hospital " + tag, Type: model.TeamOpen})
	if err != nil {
		t.Fatalf("make a team: %v", err)
	}
	me, _, err := c.admin.GetMe(t.Context(), "")
	if err != nil {
		t.Fatalf("ask who the administrator is: %v", err)
	}
	if _, _, err := c.admin.AddTeamMember(t.Context(), c.team.Id, me.Id); err != nil {
		t.Logf("the administrator is in the team: %v", err)
	}
	for _, p := range adaptertest.Cast() {
		locale := "en"
		if p.Lang == hospital.ZH {
			locale = "zh-CN"
		}
		user := c.member(t, string(p.ID), tag, locale, p.Name)
		client := model.NewAPIv4Client(c.url)
		if _, _, err := client.Login(t.Context(), user.Username, passwordOf(tag)); err != nil {
			t.Fatalf("sign %s in: %v", p.ID, err)
		}
		socket, err := model.NewWebSocketClient4(strings.Replace(c.url, "http", "ws", 1), client.AuthToken)
		if err != nil {
			t.Fatalf("open the websocket of %s: %v", p.ID, err)
		}
		socket.Listen()
		member := &person{user: user, client: client, socket: socket}
		go member.listen()
		go func() {
			for range socket.ResponseChannel { // or the socket stops reading
			}
		}()
		t.Cleanup(socket.Close)
		c.people[p.ID] = member
	}
}

func passwordOf(tag string) string { return "Only-for-tests-" + tag }

// member makes an account in the team.
func (c *settled) member(t testing.TB, id, tag, locale, name string) *model.User {
	t.Helper()
	user, _, err := c.admin.CreateUser(t.Context(), &model.User{
		Username: id + "-" + tag, Email: id + "-" + tag + "@hospital.test", Password: passwordOf(tag), Locale: locale, FirstName: name,
	})
	if err != nil {
		t.Fatalf("make the account of %s: %v", id, err)
	}
	if _, _, err := c.admin.AddTeamMember(t.Context(), c.team.Id, user.Id); err != nil {
		t.Fatalf("let %s into the team: %v", id, err)
	}
	return user
}

// leave puts away what was made, as far as it can.
func (c *settled) leave(tag string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for _, p := range c.people {
		_, _ = c.admin.DeleteUser(ctx, p.user.Id)
	}
	for _, id := range c.helpers {
		_, _ = c.admin.DeleteUser(ctx, id)
	}
	if c.bot != nil {
		_, _ = c.admin.UpdateUserRoles(ctx, c.bot.Id, model.SystemUserRoleId) // or every later set-up names this bot
		_, _, _ = c.admin.DisableBot(ctx, c.bot.Id)
	}
	_, _ = c.admin.SoftDeleteTeam(ctx, c.team.Id)
}

// unusedAddress finds an address that nobody listens on at this moment.
func unusedAddress(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := errors.Join(l.Close()); err != nil {
		t.Fatal(err)
	}
	return address
}
