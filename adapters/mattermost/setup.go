package mattermost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

// Setup prepares a server for the bot with the token of an administrator, which is used here and kept
// nowhere. Running it again changes nothing that is right already.
type Setup struct {
	Config      Config // Token may be empty: then one is made
	Admin       string // token of an administrator
	Bot         string // user name of the bot's account
	TokenFile   string // where a new token is written, "" if nowhere
	CommandFile string // where the tokens of slash commands are written, if the bot may not register them
	NoRole      bool   // the bot gets no permissions: the administrator registers the commands
	Fix         bool   // settings of the server are corrected, not only told
	Desk        Desk   // whose rooms and people they are
	Out         io.Writer
}

// builder is a set-up under way.
type builder struct {
	Setup
	admin *api
	bot   *model.User
	teams []*model.Team
	left  []string // what remains to be done by a person
}

// Run sets the server up, and tells line by line what it did. Its error names the first thing that does
// not let it go on; what remains to be done otherwise is told at the end.
func (s Setup) Run(ctx context.Context) error {
	s.Config.URL = strings.TrimRight(s.Config.URL, "/")
	b := &builder{Setup: s, admin: newAPI(s.Config.URL, s.Admin, slog.New(slog.DiscardHandler))}
	for _, step := range []struct {
		what string
		do   func(ctx context.Context) error
	}{
		{"reach the server", b.reach},
		{"find the teams", b.findTeams},
		{"make the bot's account", b.account},
		{"make the bot's token", b.token},
		{"let the bot into the teams", b.joinTeams},
		{"give permissions", b.permissions},
		{"register slash commands", b.commands},
		{"make rooms", b.makeRooms},
		{"check the server's settings", b.settings},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	b.line("")
	if len(b.left) == 0 {
		b.line("Done. Start the bot with: wardline run; then try everything with: wardline doctor")
		return nil
	}
	b.line("Left to do:")
	for i, what := range b.left {
		b.line("%d. %s", i+1, what)
	}
	return nil
}

func (b *builder) line(format string, args ...any) {
	fmt.Fprintf(b.Out, format+"\n", args...)
}

// remains notes what a person must do, and says so at once.
func (b *builder) remains(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	b.left = append(b.left, text)
	b.line("  !! %s", text)
}

func (b *builder) reach(ctx context.Context) error {
	me, err := call(ctx, b.admin, "sign in with the administrator's token", func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
		return c.GetMe(ctx, "")
	})
	if is(err, 401) {
		return fmt.Errorf("the server does not accept the administrator's token; make one in your profile, Security, Personal Access Tokens, or with: mmctl token generate <you> wardline-setup (%w)", err)
	}
	if err != nil {
		return err
	}
	if !me.IsSystemAdmin() {
		return fmt.Errorf("%s is not a system administrator; use the token of one, or see: wardline mattermost setup --print", me.Username)
	}
	v := b.admin.server()
	b.line("server      %s is Mattermost %d.%d; you are %s", b.Config.URL, v.major, v.minor, me.Username)
	if v.before(9, 0) {
		b.remains("this server is older than what the bot was tried on (9.10 and 11.6)")
	}
	return nil
}

func (b *builder) findTeams(ctx context.Context) error {
	for _, name := range append([]string{b.Config.Team}, b.Config.Teams...) {
		team, err := call(ctx, b.admin, "look team "+name+" up", func(ctx context.Context, c *model.Client4) (*model.Team, *model.Response, error) {
			return c.GetTeamByName(ctx, name, "")
		})
		if unseen(err) {
			return fmt.Errorf("there is no team %q; create it, or correct mattermost.team or teams (%w)", name, err)
		}
		if err != nil {
			return err
		}
		b.teams = append(b.teams, team)
	}
	b.line("teams       %s", strings.Join(b.teamNames(), ", "))
	return nil
}

func (b *builder) teamNames() []string {
	out := make([]string, len(b.teams))
	for i, t := range b.teams {
		out[i] = t.Name
	}
	return out
}

// account finds or makes the bot's account.
func (b *builder) account(ctx context.Context) error {
	user, err := call(ctx, b.admin, "look account "+b.Bot+" up", func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
		return c.GetUserByUsername(ctx, b.Bot, "")
	})
	switch {
	case err == nil && !user.IsBot:
		return fmt.Errorf("%s is the account of a person; name another one with --bot", b.Bot)
	case err == nil && user.DeleteAt != 0:
		_, err = call(ctx, b.admin, "switch the account on", func(ctx context.Context, c *model.Client4) (*model.Bot, *model.Response, error) {
			return c.EnableBot(ctx, user.Id)
		})
		b.bot = user
		b.line("account     @%s was switched off; it is on again", b.Bot)
		return err
	case err == nil:
		b.bot = user
		b.line("account     @%s is there", b.Bot)
		return nil
	case !unseen(err):
		return err
	}
	made, err := call(ctx, b.admin, "create the account", func(ctx context.Context, c *model.Client4) (*model.Bot, *model.Response, error) {
		return c.CreateBot(ctx, &model.Bot{
			Username: b.Bot, DisplayName: "Wardline", Description: b.Desk.Voice(b.Config.Lang).Say("mattermost.bot"),
		})
	})
	if err != nil {
		return fmt.Errorf("%w; bots must be allowed: System Console, Integrations, Bot Accounts, Enable Bot Account Creation", err)
	}
	b.bot = &model.User{Id: made.UserId, Username: made.Username, IsBot: true, Roles: model.SystemUserRoleId}
	b.line("account     @%s was created", b.Bot)
	return nil
}

// token keeps the configured token if it still works, else makes one and writes it down.
func (b *builder) token(ctx context.Context) error {
	if b.Config.Token != "" {
		me, err := call(ctx, newAPI(b.Config.URL, b.Config.Token, slog.New(slog.DiscardHandler)), "try the bot's token", func(ctx context.Context, c *model.Client4) (*model.User, *model.Response, error) {
			return c.GetMe(ctx, "")
		})
		switch {
		case err == nil && me.Id == b.bot.Id:
			b.line("token       works, and was kept")
			return nil
		case err == nil:
			return fmt.Errorf("the configured token is that of @%s, not of @%s; name that account with --bot, or take the token away", me.Username, b.Bot)
		case !is(err, 401):
			return err
		}
	}
	if b.TokenFile == "" {
		return errors.New("there is no place for the bot's token; set token_file below [mattermost], such as token_file = \"mattermost.token\"")
	}
	made, err := call(ctx, b.admin, "create a token", func(ctx context.Context, c *model.Client4) (*model.UserAccessToken, *model.Response, error) {
		return c.CreateUserAccessToken(ctx, b.bot.Id, "wardline", 0)
	})
	if err != nil {
		return err
	}
	if err := writeSecret(b.TokenFile, made.Token+"\n"); err != nil {
		return err
	}
	b.Config.Token = made.Token
	b.line("token       was made and written to %s (only its owner may read it)", b.TokenFile)
	return nil
}

func (b *builder) joinTeams(ctx context.Context) error {
	for _, team := range b.teams {
		if _, err := call(ctx, b.admin, "let the bot into team "+team.Name, func(ctx context.Context, c *model.Client4) (*model.TeamMember, *model.Response, error) {
			return c.AddTeamMember(ctx, team.Id, b.bot.Id)
		}); err != nil {
			return err
		}
	}
	b.line("membership  @%s is in %s", b.Bot, strings.Join(b.teamNames(), ", "))
	return nil
}

// spareRole is a role that comes with the server and that hardly anybody uses.
const spareRole = "system_post_all_public"

// permissions gives the bot the two permissions that a plain account lacks, by a role that holds nothing
// else unless somebody else has it.
func (b *builder) permissions(ctx context.Context) error {
	if b.NoRole {
		b.line("role        none; you register the slash commands, and answers to mentions come as direct messages")
		return nil
	}
	wanted := []string{"create_post_ephemeral", b.admin.server().permission()}
	role, err := call(ctx, b.admin, "read the role "+spareRole, func(ctx context.Context, c *model.Client4) (*model.Role, *model.Response, error) {
		return c.GetRoleByName(ctx, spareRole)
	})
	if err != nil {
		return err
	}
	others, err := b.holders(ctx)
	if err != nil {
		return err
	}
	permissions := wanted
	if len(others) > 0 {
		permissions = slices.Clone(role.Permissions)
		for _, p := range wanted {
			if !slices.Contains(permissions, p) {
				permissions = append(permissions, p)
			}
		}
		b.remains("these accounts have the role %s too, and get its permissions: %s", spareRole, strings.Join(others, ", "))
	}
	if !sameSet(role.Permissions, permissions) {
		if _, err := call(ctx, b.admin, "change the role", func(ctx context.Context, c *model.Client4) (*model.Role, *model.Response, error) {
			return c.PatchRole(ctx, role.Id, &model.RolePatch{Permissions: &permissions})
		}); err != nil {
			return err
		}
	}
	roles := strings.Fields(b.bot.Roles)
	for _, r := range []string{model.SystemUserRoleId, spareRole} {
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	if err := done(ctx, b.admin, "give the role", func(ctx context.Context, c *model.Client4) (*model.Response, error) {
		return c.UpdateUserRoles(ctx, b.bot.Id, strings.Join(roles, " "))
	}); err != nil {
		return err
	}
	b.line("role        @%s has %s, which holds: %s. Whoever else is given this role gets them too", b.Bot, spareRole, strings.Join(permissions, ", "))
	return nil
}

// holders names the accounts that have the spare role, without the bot.
func (b *builder) holders(ctx context.Context) ([]string, error) {
	list, err := call(ctx, b.admin, "list who has the role", func(ctx context.Context, c *model.Client4) ([]*model.User, *model.Response, error) {
		return c.GetUsersWithCustomQueryParameters(ctx, 0, 200, "role="+spareRole, "")
	})
	var out []string
	for _, u := range list {
		if u.Id != b.bot.Id && slices.Contains(strings.Fields(u.Roles), spareRole) {
			out = append(out, u.Username)
		}
	}
	return out, err
}

func sameSet(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
}

// belongs tells who shall be let into a configured room.
func belongs(p bot.Person, r bot.Room) bool {
	switch r.Kind {
	case bot.ITRoom:
		return p.Has(bot.Coordinator) || p.Has(bot.Engineer)
	case bot.LeadersRoom:
		return p.Has(bot.Leader) || p.Has(bot.Coordinator)
	case bot.DepartmentRoom:
		return r.Department != "" && p.Department == r.Department
	case bot.IncidentRoom, bot.DirectRoom:
	}
	return false
}
