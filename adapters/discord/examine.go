package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"wardline/bot"
)

// needed is what the bot must be allowed to, and nothing more: to make rooms and say who sees them, to speak
// in them with cards and files, to look for what it said, and to pin.
const needed = mayManageChannels | mayView | maySend | mayEmbed | mayAttach | mayRead | mayManageRoles | mayPin

// rightNames are what Discord's own pages call the rights.
var rightNames = map[rights]string{
	mayManageChannels: "Manage Channels", mayView: "View Channels", maySend: "Send Messages", mayEmbed: "Embed Links",
	mayAttach: "Attach Files", mayRead: "Read Message History", mayManageRoles: "Manage Roles", mayPin: "Pin Messages",
}

// The flags of an application with the message content intent: for any number of servers, and for few.
const contentFlags = 1<<18 | 1<<19

// InviteLink returns the address at which an administrator lets the bot of an application into a server,
// with the fewest rights it can work with.
func InviteLink(app, guild string) string {
	q := url.Values{
		"client_id": {app}, "guild_id": {guild}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatUint(uint64(needed), 10)},
	}
	return "https://discord.com/oauth2/authorize?" + q.Encode()
}

// An examiner looks at one server from outside, without the bot's own store.
type examiner struct {
	*Adapter
	tell func(what, seen string, wrong error)
	app  string
}

func newExaminer(config Config, desk Desk, log *slog.Logger, tell func(what, seen string, wrong error)) (*examiner, error) {
	a, err := New(config, &scratch{}, log)
	if err != nil {
		return nil, err
	}
	a.api.patience = veryPatient
	a.people.meet(desk)
	return &examiner{Adapter: a, tell: tell}, nil
}

// Examine tries the connection to Discord step by step, and tells of each what was seen, or what is wrong and
// what helps. It leaves nothing behind on the server.
func Examine(ctx context.Context, config Config, desk Desk, log *slog.Logger, tell func(what, seen string, wrong error)) error {
	e, err := newExaminer(config, desk, log, tell)
	if err != nil {
		return err
	}
	if !e.entry(ctx) {
		return nil
	}
	all, err := e.rooms.list(ctx, bot.Reply)
	if err != nil {
		return err
	}
	e.existing(all)
	e.members(ctx)
	e.probe(ctx, all)
	return nil
}

// entry checks what everything else needs: token, application, server and rights. It reports whether to go on.
func (e *examiner) entry(ctx context.Context) bool {
	var me struct {
		ID   string `json:"id"`
		Name string `json:"username"`
	}
	if err := e.api.do(ctx, bot.Reply, http.MethodGet, "/users/@me", nil, &me); err != nil {
		e.tell("token", "", withRemedy(err, "copy the bot's token from the page Bot of the developer portal into the file that discord.token_file names"))
		return false
	}
	e.rooms.meet(me.ID)
	e.tell("token", "signed in as "+me.Name, nil)
	e.application(ctx, me.ID)
	var guild struct {
		Name string `json:"name"`
	}
	if err := e.api.do(ctx, bot.Reply, http.MethodGet, "/guilds/"+e.config.Guild, nil, &guild); err != nil {
		e.tell("server", "", withRemedy(err, "let the bot in as administrator of the server: "+InviteLink(e.app, e.config.Guild)))
		return false
	}
	e.tell("server", "the bot is on "+guild.Name, nil)
	may, err := e.mine(ctx)
	if err != nil {
		e.tell("rights", "", err)
		return true
	}
	if lacking := missing(may); len(lacking) > 0 {
		e.tell("rights", "", fmt.Errorf("%s missing: give them to the bot's role, or let the bot in anew: %s", strings.Join(lacking, ", "), InviteLink(e.app, e.config.Guild)))
		return true
	}
	e.tell("rights", "all that are needed", nil)
	return true
}

// application finds out the application's id and which intents are switched on.
func (e *examiner) application(ctx context.Context, me string) {
	e.app = me // of applications made since 2016 the bot has the same id
	var app struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	}
	err := e.api.do(ctx, bot.Reply, http.MethodGet, "/applications/@me", nil, &app)
	if noSuchRoute(err) {
		err = e.api.do(ctx, bot.Reply, http.MethodGet, "/oauth2/applications/@me", nil, &app)
	}
	if err != nil || app.ID == "" {
		e.tell("application", "", withRemedy(err, "the intents cannot be checked"))
		return
	}
	e.app = app.ID
	on := app.Flags&contentFlags != 0
	switch {
	case e.config.Content && !on:
		e.tell("message content intent", "", errors.New("it is off: switch it on at the page Bot of the developer portal, or set discord.message_content = false"))
	case on && !e.config.Content:
		e.tell("message content intent", "on, and not used: discord.message_content is false", nil)
	case on:
		e.tell("message content intent", "on", nil)
	default:
		e.tell("message content intent", "off: the bot hears commands, mentions and direct messages", nil)
	}
}

// mine adds up what the bot may do on the server.
func (e *examiner) mine(ctx context.Context) (rights, error) {
	var member struct {
		Roles []string `json:"roles"`
	}
	if err := e.api.do(ctx, bot.Reply, http.MethodGet, "/guilds/"+e.config.Guild+"/members/"+e.rooms.self(), nil, &member); err != nil {
		return 0, fmt.Errorf("look up the bot's roles: %w", err)
	}
	var roles []struct {
		ID     string `json:"id"`
		Rights rights `json:"permissions"`
	}
	if err := e.api.do(ctx, bot.Reply, http.MethodGet, "/guilds/"+e.config.Guild+"/roles", nil, &roles); err != nil {
		return 0, fmt.Errorf("list the roles: %w", err)
	}
	sum := rights(0)
	for _, r := range roles {
		if r.ID == e.config.Guild || slices.Contains(member.Roles, r.ID) {
			sum |= r.Rights
		}
	}
	if sum&administrator != 0 {
		return ^rights(0), nil
	}
	return sum, nil
}

// missing names the rights that are needed and not there.
func missing(may rights) []string {
	var out []string
	for r, name := range rightNames {
		if may&r == 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// existing checks how full the server is, and the channels that the configuration names.
func (e *examiner) existing(all []channel) {
	if n := len(all); n >= channelsWarn {
		e.tell("channels", "", fmt.Errorf("%d of %d: soon no outage gets a room; delete channels of past outages", n, mostChannels))
	} else {
		e.tell("channels", fmt.Sprintf("%d of %d", n, mostChannels), nil)
	}
	ids := make([]bot.RoomID, 0, len(e.config.Rooms))
	for id := range e.config.Rooms {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		at := slices.IndexFunc(all, func(ch channel) bool { return ch.ID == e.config.Rooms[id] })
		switch {
		case at < 0:
			e.tell("room "+string(id), "", fmt.Errorf("there is no channel %s that the bot may see: correct discord under [[rooms]]", e.config.Rooms[id]))
		case all[at].Type == categoryChannel:
			e.tell("room "+string(id), "", fmt.Errorf("%s is a category: name a text channel", all[at].Name))
		default:
			e.tell("room "+string(id), "#"+all[at].Name+", as configured", nil)
		}
	}
}

// members checks that the people whose accounts are configured are on the server.
func (e *examiner) members(ctx context.Context) {
	found, wrong := 0, []string{}
	for _, p := range e.people.desk().People() {
		account := p.Accounts[platform]
		if account == "" {
			continue
		}
		err := e.api.do(ctx, bot.Reply, http.MethodGet, "/guilds/"+e.config.Guild+"/members/"+account, nil, nil)
		if err != nil {
			wrong = append(wrong, string(p.ID))
			continue
		}
		found++
	}
	if len(wrong) > 0 {
		e.tell("people", "", fmt.Errorf("not on the server: %s: invite them, or correct accounts.discord, which is the number of the account", strings.Join(wrong, ", ")))
		return
	}
	e.tell("people", strconv.Itoa(found)+" with an account, all on the server", nil)
}

// probe says something in the room of the IT duty, changes it, pins it and takes it away again.
func (e *examiner) probe(ctx context.Context, all []channel) {
	rec, ok := e.rooms.record(bot.IT)
	if ch, there := e.rooms.ours(all, bot.IT); there && !ok {
		rec, ok = record{Channel: ch.ID}, true
	}
	if !ok {
		e.tell("a message", "not tried: there is no room for it yet; wardline discord setup makes it", nil)
		return
	}
	v := e.people.desk().Voice(e.config.Lang)
	now := time.Now()
	m := bot.Message{ID: bot.MessageID("probe/" + now.Format(time.RFC3339Nano)), Platform: platform, Room: bot.IT, Kind: bot.Notice, Text: v.Say("discord.probe"), At: now}
	out := e.render(m, now)[0]
	ref, err := e.post(ctx, bot.Reply, rec.Channel, out)
	if err != nil {
		e.tell("a message", "", withRemedy(err, "the bot must be allowed to see the room of the IT duty and to send messages with embedded links there"))
		return
	}
	_, id := splitRef(ref)
	_, editErr := e.change(ctx, bot.Reply, ref, out)
	pinErr := e.pins(ctx, bot.Reply, http.MethodPut, rec.Channel, id)
	goneErr := e.api.do(ctx, bot.Reply, http.MethodDelete, "/channels/"+rec.Channel+"/messages/"+id, nil, nil)
	if err := errors.Join(editErr, pinErr, goneErr); err != nil {
		e.tell("a message", "", err)
		return
	}
	e.tell("a message", "posted, changed, pinned and taken away in the room of the IT duty", nil)
}

func withRemedy(err error, remedy string) error {
	if err == nil {
		return errors.New(remedy)
	}
	return fmt.Errorf("%w; %s", err, remedy)
}
