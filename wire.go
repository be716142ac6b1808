package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"sync"

	"wardline/adapters/observe"
	"wardline/adapters/web"
	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/bolt"
)

var (
	_ web.Hearer = (*commands.Handler)(nil)
	_ web.Desk   = (*bot.Desk)(nil)
	_ web.Shelf  = (*storage.Shelf)(nil)
)

// house is the bot with everything it stands on.
type house struct {
	path   string
	keep   *keeper
	log    *slog.Logger
	store  *storage.Store
	engine *bolt.Engine
	web    *web.Server
	chats  []chat
	desk   *bot.Desk
	hearer *commands.Handler
	eyes   *observe.Server
}

// run is the command: it keeps the bot going until a signal ends ctx.
func run(ctx context.Context, s setup, stderr io.Writer) error {
	if s.key.none() {
		return errors.New("run: " + s.keyMissing())
	}
	if err := s.chatsMissing(); err != nil {
		return err
	}
	log := s.Log.logger(stderr)
	for _, w := range s.warnings {
		log.WarnContext(ctx, "configuration", "warning", w)
	}
	h, err := build(ctx, s, s.webConfig(), log)
	if err != nil {
		return err
	}
	return h.live(ctx, func(address string) {
		log.InfoContext(ctx, "web desk is open", "address", s.base(address), "version", buildName())
	})
}

// build puts the parts together, from the ground up. On an error nothing is left open.
func build(ctx context.Context, s setup, w web.Config, log *slog.Logger) (*house, error) {
	if err := secure(ctx, s.Storage, log.With("part", "storage")); err != nil {
		return nil, err
	}
	store, engine, err := bolt.OpenStore(s.Storage.File, bolt.Options{Ballast: s.Storage.ballast()})
	if err != nil {
		return nil, err
	}
	h := &house{log: log, path: s.Storage.File, store: store, engine: engine}
	if err := h.furnish(ctx, s, w); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return h, nil
}

func (h *house) furnish(ctx context.Context, s setup, w web.Config) (err error) {
	if h.web, err = web.New(ctx, w, h.store.Shelf("web"), h.log.With("part", "web")); err != nil {
		return err
	}
	if h.chats, err = s.chatList(h.store, h.log); err != nil {
		return err
	}
	h.eyes = observe.New(s.Observe.Listen, buildName(), h.log.With("part", "observe"))
	if err := mend(ctx, h.path, h.store, h.platforms()...); err != nil {
		return fmt.Errorf("mend the restored store: %w", err)
	}
	o := s.options(h.store, h.log.With("part", "desk"), h.platforms()...)
	o.Observer = h.eyes
	h.keep = newKeeper(s.Storage, h)
	o.Inspect = h.keep.inspect
	if h.desk, err = bot.New(ctx, o); err != nil {
		return fmt.Errorf("start the desk: %w", err)
	}
	h.hearer = commands.New(h.desk)
	h.hearer.Watch(h.eyes)
	return h.web.Listen(ctx)
}

// live runs all parts until ctx ends or one of them fails. Then it stops them in order: first nothing
// new is heard, then what is being said is finished, then the store is closed.
func (h *house) live(ctx context.Context, open func(address string)) error {
	hearing, deafen := context.WithCancel(ctx)
	defer deafen()
	speaking, hush := context.WithCancel(context.WithoutCancel(ctx))
	defer hush()
	var webErr, deskErr error
	var ears, mouth sync.WaitGroup
	mouth.Go(func() {
		defer deafen()
		deskErr = h.desk.Run(speaking)
	})
	ears.Go(func() {
		defer deafen()
		webErr = h.web.Serve(hearing, h.hearer, h.desk)
	})
	for _, c := range h.chats {
		ears.Go(func() { h.keepServing(hearing, c) })
	}
	ears.Go(func() {
		// Without it a backup needs the bot to be stopped. That is no reason to stop helping wards.
		if err := h.engine.Serve(hearing); err != nil {
			h.log.WarnContext(ctx, "backups of the running bot are not possible", "error", err)
		}
	})
	ears.Go(func() {
		// Not being watched is no reason to stop helping wards either.
		if err := h.eyes.Serve(hearing, h.desk); err != nil {
			h.log.ErrorContext(ctx, "metrics are not served", "error", err)
		}
	})
	ears.Go(func() { h.keep.backups(hearing) })
	ears.Go(func() { h.keep.witness(hearing) })
	ears.Go(func() { h.tellRestored(hearing) })
	open(h.web.Addr())
	ears.Wait()
	hush()
	mouth.Wait()
	ctx = context.WithoutCancel(ctx)
	err := errors.Join(webErr, deskErr, h.store.Close())
	h.keep.testify(ctx)
	h.log.InfoContext(ctx, "stopped")
	return err
}

// logger writes lines of the configured kind.
func (l logConfig) logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: l.level()}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// webConfig is what the web desk is told.
func (s setup) webConfig() web.Config {
	w := web.Config{
		Listen: s.Web.Listen, BehindProxy: s.Web.BehindProxy, TLSCert: s.Web.TLSCertFile, TLSKey: s.Web.TLSKeyFile,
		Key: s.key.reveal(), Lang: hospital.Lang(s.Hospital.Language), Zone: s.zone, Hospital: s.hospitalName(), Commit: buildName(),
	}
	if u, err := url.Parse(s.Web.PublicURL); err == nil && u.Hostname() != "" {
		w.Hosts = []string{u.Hostname()}
	}
	return w
}

// options is what the desk is told.
func (s setup) options(store bot.Store, log *slog.Logger, platforms ...bot.Platform) bot.Options {
	o := bot.Options{
		Store: store, Pack: s.pack, Name: s.hospitalName(), Lang: hospital.Lang(s.Hospital.Language), Zone: s.zone,
		Fill: s.Hospital.Fill, Platforms: platforms, Log: log,
		Settings: bot.Settings{
			Watch: s.Outage.Watch.length(), ConfirmAbove: s.Outage.ConfirmAbove, AskRemind: s.Outage.RemindQuestion.length(),
			StaleAfter: s.Outage.StaleProgress.length(), CatchUp: s.Outage.CatchUp.length(), Mirror: s.Outage.Mirror,
			RefuseTemplates: s.Hospital.Templates == refuseTemplates,
			RemindSilent:    s.Outage.RemindSilent.length(), EscalateSilent: s.Outage.EscalateSilent.length(),
			PhoneSilent: s.Outage.PhoneSilent.length(), RemindScript: s.Outage.RemindScript.length(),
		},
	}
	for _, p := range s.People {
		person := bot.Person{
			ID: incident.PersonID(p.ID), Name: p.Name, Lang: hospital.Lang(p.Language),
			Department: incident.DepartmentID(p.Department), Accounts: p.Accounts, Phone: p.Phone,
		}
		for _, role := range p.Roles {
			person.Roles = append(person.Roles, bot.Role(role))
		}
		o.People = append(o.People, person)
	}
	for _, r := range s.Rooms {
		o.Rooms = append(o.Rooms, bot.Room{
			ID: bot.RoomID(r.ID), Kind: bot.RoomKind(r.Kind), Name: hospital.Text{ZH: r.NameZH, EN: r.NameEN},
			Lang: hospital.Lang(r.Language), Department: incident.DepartmentID(r.Department), Phone: r.Phone,
		})
	}
	for i, d := range s.Digests {
		sub := bot.Subscription{
			ID: "config/" + strconv.Itoa(i+1), Room: bot.RoomID(d.Room), Cron: d.Cron, Zone: d.Zone, Lang: hospital.Lang(d.Language),
		}
		if d.Cron == levelPace {
			sub.Cron = ""
		}
		o.Digests = append(o.Digests, sub)
	}
	return o
}
