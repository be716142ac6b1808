package mmtest

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// manageCommands is the permission to register slash commands, whose name depends on the version.
func (s *Server) manageCommands() string {
	if s.v9() {
		return "manage_slash_commands"
	}
	return "manage_own_slash_commands"
}

// moderated are the rights that a server's first start adds to its admins of teams and channels.
var moderated = []string{
	"create_post", "add_reaction", "remove_reaction", "manage_public_channel_members", "manage_private_channel_members", "use_channel_mentions",
}

// rolesOf are the roles of a fresh server.
func rolesOf(version string) map[string]*model.Role {
	roles := model.MakeDefaultRoles()
	for _, name := range []string{model.TeamAdminRoleId, model.ChannelAdminRoleId} {
		roles[name].Permissions = append(roles[name].Permissions, moderated...)
	}
	for _, r := range roles {
		r.Id = model.NewId()
		r.CreateAt, r.UpdateAt = now(), now()
		r.Permissions = slices.Clone(r.Permissions)
		for i, p := range r.Permissions {
			if version == V9 && p == "manage_own_slash_commands" {
				r.Permissions[i] = "manage_slash_commands"
			}
		}
	}
	return roles
}

// granted says whether one of some roles, written in a row, has a permission.
func (s *Server) granted(roles, permission string) bool {
	for name := range strings.FieldsSeq(roles) {
		if r := s.data.roles[name]; r != nil && slices.Contains(r.Permissions, permission) {
			return true
		}
	}
	return false
}

// may says whether somebody has a permission everywhere.
func (s *Server) may(u *user, permission string) bool { return s.granted(u.Roles, permission) }

// mayInTeam says whether somebody has a permission in a team.
func (s *Server) mayInTeam(u *user, teamID, permission string) bool {
	if t := s.data.teams[teamID]; t != nil {
		if m := t.members[u.Id]; m != nil && m.DeleteAt == 0 && s.granted(m.Roles, permission) {
			return true
		}
	}
	return s.may(u, permission)
}

// mayInChannel says whether somebody has a permission in a channel: there, in its team, or everywhere.
func (s *Server) mayInChannel(u *user, ch *channel, permission string) bool {
	if ch == nil {
		return false
	}
	if m := ch.members[u.Id]; m != nil && s.granted(m.Roles, permission) {
		return true
	}
	if ch.TeamId != "" {
		return s.mayInTeam(u, ch.TeamId, permission)
	}
	return s.may(u, permission)
}

// mayRead says whether somebody may read a channel. 11.6 lets members of a team read its public
// channels without joining.
func (s *Server) mayRead(u *user, ch *channel) bool {
	if s.mayInChannel(u, ch, "read_channel_content") {
		return true
	}
	return ch != nil && !s.v9() && ch.Type == model.ChannelTypeOpen && s.mayInTeam(u, ch.TeamId, "read_public_channel")
}

// mayPost says whether somebody may write in a channel.
func (s *Server) mayPost(u *user, ch *channel) bool {
	if s.mayInChannel(u, ch, "create_post") {
		return true
	}
	return ch != nil && ch.Type == model.ChannelTypeOpen && s.mayInTeam(u, ch.TeamId, "create_post_public")
}

// byKind gives the public or the private form of a permission's name.
func byKind(ch *channel, public, private string) string {
	if ch.Type == model.ChannelTypeOpen {
		return public
	}
	return private
}

func (s *Server) roleWithID(id string) *model.Role {
	for _, r := range s.data.roles {
		if r.Id == id {
			return r
		}
	}
	return nil
}

func getRole(c *call) (reply, *model.AppError) {
	if r := c.s.roleWithID(c.p["role"]); r != nil {
		return ok(r)
	}
	return no(http.StatusNotFound, "app.role.get.app_error")
}

func roleByName(c *call) (reply, *model.AppError) {
	if r := c.s.data.roles[c.p["name"]]; r != nil {
		return ok(r)
	}
	return no(http.StatusNotFound, "app.role.get_by_name.app_error")
}

func rolesByNames(c *call) (reply, *model.AppError) {
	var names []string
	if !c.read(&names) {
		return fail(badBody())
	}
	found := []*model.Role{}
	for _, name := range names {
		if r := c.s.data.roles[name]; r != nil {
			found = append(found, r)
		}
	}
	return ok(found)
}

// patchRole replaces the permissions of a role, which also works without a licence for a spare one.
func patchRole(c *call) (reply, *model.AppError) {
	var patch model.RolePatch
	if !c.read(&patch) {
		return fail(badBody())
	}
	if !c.s.may(c.me(), "manage_system") {
		return fail(forbidden())
	}
	r := c.s.roleWithID(c.p["role"])
	if r == nil {
		return no(http.StatusNotFound, "app.role.get.app_error")
	}
	if patch.Permissions == nil {
		return ok(r)
	}
	known := c.s.permissions()
	for _, p := range *patch.Permissions {
		if !known[p] {
			return no(http.StatusBadRequest, "app.role.save.invalid_role.app_error")
		}
	}
	r.Permissions, r.UpdateAt = slices.Clone(*patch.Permissions), now()
	return ok(r)
}

// permissions are the names that a version knows.
func (s *Server) permissions() map[string]bool {
	known := map[string]bool{}
	for _, p := range model.AllPermissions {
		known[p.Id] = true
	}
	maps.DeleteFunc(known, func(name string, _ bool) bool { return s.v9() && name == "manage_own_slash_commands" })
	known[s.manageCommands()] = true
	return known
}
