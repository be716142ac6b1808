package mattermost

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
	"wardline/bot/incident"
	"wardline/commands"
)

// commands registers the slash commands: by the bot, which may change them later, or by the administrator.
func (b *builder) commands(ctx context.Context) error {
	by, tokens := newAPI(b.Config.URL, b.Config.Token, slog.New(slog.DiscardHandler)), map[string]string{}
	if b.NoRole {
		by = b.admin
		if b.CommandFile == "" {
			return fmt.Errorf("there is no place for the tokens of the commands; set command_file below [mattermost], such as command_file = \"mattermost.commands\"")
		}
	}
	for _, team := range b.teams {
		if err := b.clear(ctx, team); err != nil {
			return err
		}
		list, err := registerIn(ctx, by, team, commandsOf(b.Config, team, b.Desk.Voice(b.Config.Lang).Say))
		if names(err, "duplicate_trigger") {
			return fmt.Errorf("another integration of team %s has a command of this name: %w; take it away, or leave the team out of mattermost.teams", team.Name, err)
		}
		if err != nil {
			return err
		}
		for _, c := range list {
			tokens[team.Name+"/"+c.Trigger] = c.Token
		}
	}
	b.line("commands    /%s in %s, calling %s", strings.Join(commands.Roots(), " /"), strings.Join(b.teamNames(), ", "), b.Config.Callback)
	if !b.NoRole {
		return nil
	}
	if err := writeTokens(b.CommandFile, tokens); err != nil {
		return err
	}
	b.line("            their tokens are in %s (only its owner may read it)", b.CommandFile)
	return nil
}

// clear takes commands away that an earlier set-up registered by another account: whoever did not
// register a command may not change it, and reads nothing of its token.
func (b *builder) clear(ctx context.Context, team *model.Team) error {
	list, err := call(ctx, b.admin, "list the commands of team "+team.Name, func(ctx context.Context, c *model.Client4) ([]*model.Command, *model.Response, error) {
		return c.ListCommands(ctx, team.Id, true)
	})
	if err != nil {
		return err
	}
	for _, c := range list {
		ours := slices.Contains(commands.Roots(), c.Trigger) && strings.HasPrefix(c.DisplayName, "Wardline ")
		if !ours || (c.CreatorId == b.bot.Id) != b.NoRole {
			continue
		}
		if err := done(ctx, b.admin, "take /"+c.Trigger+" away", func(ctx context.Context, cl *model.Client4) (*model.Response, error) {
			return cl.DeleteCommand(ctx, c.Id)
		}); err != nil {
			return err
		}
	}
	return nil
}

// makeRooms makes the rooms that are always there, as the bot, and lets in who belongs there.
func (b *builder) makeRooms(ctx context.Context) error {
	a, err := New(b.Config, newScratch(), slog.New(slog.NewTextHandler(b.Out, &slog.HandlerOptions{Level: slog.LevelError, ReplaceAttr: plainLog})))
	if err != nil {
		return err
	}
	h, err := a.whereabouts(ctx)
	if err != nil {
		return err
	}
	if err := a.rooms.settle(ctx, h, b.Desk); err != nil {
		return err
	}
	there, made := 0, 0
	for _, room := range b.Desk.ConfiguredRooms() {
		_, known := a.rooms.known(room.ID)
		c, err := patiently(ctx, func() (channel, error) { return a.rooms.place(ctx, room.ID, true, "") })
		if err != nil {
			b.remains("room %s: %s", room.ID, err)
			continue
		}
		if known || c.Named {
			there++
		} else {
			made++
		}
		if err := b.letIn(ctx, a, room, c); err != nil {
			b.remains("room %s: %s", room.ID, err)
		}
	}
	b.line("rooms       %d made, %d there already; their names begin with %s-", made, there, b.Config.Prefix)
	return nil
}

// letIn lets those people into a room who belong there and have an account.
func (b *builder) letIn(ctx context.Context, a *Adapter, room bot.Room, c channel) error {
	var whom []incident.PersonID
	for _, p := range b.Desk.People() {
		if _, has := a.people.account(p.ID); has && belongs(p, room) {
			whom = append(whom, p.ID)
		}
	}
	if len(whom) == 0 {
		return nil
	}
	users, without, err := a.people.all(ctx, whom)
	if err != nil {
		return err
	}
	for _, p := range without {
		account, _ := a.people.account(p)
		what := fmt.Sprintf("there is no account %q on the server, or it is switched off: correct accounts.mattermost of %s", account, p)
		if !slices.Contains(b.left, what) {
			b.remains("%s", what)
		}
	}
	out, err := a.outside(ctx, c.ID, users)
	if err != nil || len(out) == 0 {
		return err
	}
	can, err := a.inTeam(ctx, out)
	if err != nil {
		return err
	}
	for _, u := range out {
		what := fmt.Sprintf("@%s is not in team %s: let them in", u.Username, b.Config.Team)
		if !slices.Contains(can, u) && !slices.Contains(b.left, what) {
			b.remains("%s", what)
		}
	}
	if len(can) == 0 {
		return nil
	}
	_, err = patiently(ctx, func() (struct{}, error) { return struct{}{}, a.let(ctx, room.ID, c.ID, can) })
	return err
}

// patiently repeats what the server asked to be done later.
func patiently[T any](ctx context.Context, do func() (T, error)) (T, error) {
	for {
		out, err := do()
		asked, ok := asRetry(err)
		if !ok {
			return out, err
		}
		timer := time.NewTimer(asked.Wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return out, ctx.Err()
		case <-timer.C:
		}
	}
}

// settings checks what the bot needs of the server's own configuration.
func (b *builder) settings(ctx context.Context) error {
	config, err := call(ctx, b.admin, "read the server's configuration", func(ctx context.Context, c *model.Client4) (*model.Config, *model.Response, error) {
		return c.GetConfig(ctx)
	})
	if unseen(err) {
		b.remains("your account may not read the server's configuration; check AllowedUntrustedInternalConnections and SiteURL yourself: see wardline mattermost setup --print")
		return nil
	}
	if err != nil {
		return err
	}
	patch, service, wrong := &model.Config{}, config.ServiceSettings, false
	if site := value(service.SiteURL); site == "" {
		b.remains("the server does not know its own address: System Console, Web Server, Site URL. Without it links and late answers do not work")
	}
	if service.EnableCommands != nil && !*service.EnableCommands {
		patch.ServiceSettings.EnableCommands, wrong = model.NewPointer(true), true
		b.wants("ServiceSettings.EnableCommands", "true", "slash commands are switched off")
	}
	needed, err := b.internal(ctx, value(service.AllowedUntrustedInternalConnections))
	if err != nil {
		b.remains("callbacks: %s", err)
	}
	if needed != "" {
		list := strings.TrimSpace(value(service.AllowedUntrustedInternalConnections) + " " + needed)
		patch.ServiceSettings.AllowedUntrustedInternalConnections, wrong = &list, true
		b.wants("ServiceSettings.AllowedUntrustedInternalConnections", list, "the server refuses to call the bot at an internal address")
	}
	if !b.Fix || !wrong {
		b.line("settings    checked")
		return nil
	}
	if _, err := call(ctx, b.admin, "change the server's configuration", func(ctx context.Context, c *model.Client4) (*model.Config, *model.Response, error) {
		return c.PatchConfig(ctx, patch)
	}); err != nil {
		return err
	}
	b.line("settings    corrected")
	return nil
}

// wants tells a setting that must be changed, by --fix or by hand.
func (b *builder) wants(setting, is, why string) {
	if b.Fix {
		b.line("settings    %s is set to %q: %s", setting, is, why)
		return
	}
	b.remains("set %s to %q (%s): in the System Console, with: mmctl config set %s %q, or by running this again with --fix", setting, is, why, setting, is)
}

// internal returns what must be added to the list of internal addresses the server may call, "" if nothing.
func (b *builder) internal(ctx context.Context, allowed string) (string, error) {
	u, err := url.Parse(b.Config.Callback)
	if err != nil {
		return "", fmt.Errorf("read mattermost.callback_url: %w", err)
	}
	host := u.Hostname()
	var addresses []netip.Addr
	if ip, err := netip.ParseAddr(host); err == nil {
		addresses = []netip.Addr{ip}
	} else if addresses, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host); err != nil {
		return "", fmt.Errorf("the name %s of mattermost.callback_url is not known here: %w", host, err)
	}
	for _, entry := range strings.FieldsFunc(allowed, func(r rune) bool { return r == ' ' || r == ',' }) {
		if strings.EqualFold(entry, host) {
			return "", nil
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			addresses = slices.DeleteFunc(addresses, network.Contains)
		} else if one, err := netip.ParseAddr(entry); err == nil {
			addresses = slices.DeleteFunc(addresses, func(a netip.Addr) bool { return a.Unmap() == one.Unmap() })
		}
	}
	for _, a := range addresses {
		if a = a.Unmap(); a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified() {
			return host, nil
		}
	}
	return "", nil
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// plainLog leaves the time off lines that a person reads at once.
func plainLog(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// scratch is a shelf that is thrown away: the running bot finds the rooms by their names.
type scratch struct{ have map[string][]byte }

func newScratch() *scratch { return &scratch{have: map[string][]byte{}} }

// Put implements Shelf.
func (s *scratch) Put(_ context.Context, entries ...Entry) error {
	for _, e := range entries {
		s.have[e.Key] = e.Value
	}
	return nil
}

// Get implements Shelf.
func (s *scratch) Get(_ context.Context, key string) ([]byte, bool, error) {
	v, ok := s.have[key]
	return v, ok, nil
}

// Range implements Shelf.
func (s *scratch) Range(_ context.Context, prefix, after string, limit int) ([]Entry, error) {
	var out []Entry
	for _, key := range slices.Sorted(maps.Keys(s.have)) {
		if strings.HasPrefix(key, prefix) && key > after && (limit == 0 || len(out) < limit) {
			out = append(out, Entry{Key: key, Value: s.have[key]})
		}
	}
	return out, nil
}
