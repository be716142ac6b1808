package mmtest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// shown is a person as others see it: without what signs in.
func (u *user) shown() *model.User {
	c := deep(&u.User)
	c.Password = ""
	c.IsBot = u.bot != nil
	if u.bot != nil {
		c.BotDescription = u.bot.Description
	}
	return c
}

// user finds the person named in the path; "me" is who calls.
func (c *call) user() (*user, *model.AppError) {
	if c.p["user"] == "me" {
		return c.me(), nil
	}
	if u := c.s.data.users[c.p["user"]]; u != nil {
		return u, nil
	}
	return nil, wrong(http.StatusNotFound, "app.user.missing_account.const")
}

// sorted lists people by name, so that pages do not overlap.
func (s *Server) sorted(keep func(*user) bool) (all []*user) {
	for _, u := range s.data.users {
		if keep(u) {
			all = append(all, u)
		}
	}
	slices.SortFunc(all, func(a, b *user) int { return cmp.Compare(a.Username, b.Username) })
	return all
}

func (s *Server) named(name string) *user {
	for _, u := range s.data.users {
		if u.Username == strings.ToLower(name) {
			return u
		}
	}
	return nil
}

// enrol adds a person who has passed all checks.
func (s *Server) enrol(in model.User, password string) *user {
	u := &user{User: in, password: password}
	u.Id = model.NewId()
	u.Password = ""
	u.Username, u.Email = strings.ToLower(in.Username), strings.ToLower(in.Email)
	u.CreateAt, u.UpdateAt, u.DeleteAt = now(), now(), 0
	u.Roles = model.SystemUserRoleId
	if u.Locale == "" {
		u.Locale = "en"
	}
	s.data.users[u.Id] = u
	return u
}

func createUser(c *call) (reply, *model.AppError) {
	var in model.User
	switch {
	case !c.read(&in):
		return fail(badBody())
	case !c.s.may(c.me(), "manage_system"):
		return no(http.StatusForbidden, "api.user.create_user.signup_email_disabled.app_error")
	case len(c.s.sorted(func(u *user) bool { return u.bot == nil && u.DeleteAt == 0 })) >= c.s.opt.UserLimit:
		return no(http.StatusBadRequest, "api.user.create_user.user_limits.exceeded")
	case !model.IsValidUsername(strings.ToLower(in.Username)):
		return no(http.StatusBadRequest, "model.user.is_valid.username.app_error")
	case c.s.named(in.Username) != nil:
		return no(http.StatusBadRequest, "app.user.save.username_exists.app_error")
	case !strings.Contains(in.Email, "@"):
		return no(http.StatusBadRequest, "model.user.is_valid.email.app_error")
	}
	return created(c.s.enrol(in, in.Password).shown())
}

func getUser(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	return ok(u.shown())
}

func userByName(c *call) (reply, *model.AppError) {
	if u := c.s.named(c.p["name"]); u != nil {
		return ok(u.shown())
	}
	return no(http.StatusNotFound, "app.user.get_by_username.app_error")
}

func userByEmail(c *call) (reply, *model.AppError) {
	for _, u := range c.s.data.users {
		if u.Email == strings.ToLower(c.p["email"]) {
			return ok(u.shown())
		}
	}
	return no(http.StatusNotFound, "app.user.missing_account.const")
}

func shownAll(all []*user) (reply, *model.AppError) {
	list := []*model.User{}
	for _, u := range all {
		list = append(list, u.shown())
	}
	return ok(list)
}

func listUsers(c *call) (reply, *model.AppError) {
	page, size := c.page()
	inTeam, inChannel := c.query("in_team"), c.query("in_channel")
	return shownAll(cut(c.s.sorted(func(u *user) bool {
		if t := c.s.data.teams[inTeam]; inTeam != "" && (t == nil || t.members[u.Id] == nil) {
			return false
		}
		ch := c.s.data.channels[inChannel]
		return inChannel == "" || ch != nil && ch.members[u.Id] != nil
	}), page, size))
}

func usersByIDs(c *call) (reply, *model.AppError) {
	var ids []string
	if !c.read(&ids) {
		return fail(badBody())
	}
	return shownAll(c.s.sorted(func(u *user) bool { return slices.Contains(ids, u.Id) }))
}

func usersByNames(c *call) (reply, *model.AppError) {
	var names []string
	if !c.read(&names) {
		return fail(badBody())
	}
	return shownAll(c.s.sorted(func(u *user) bool { return slices.Contains(names, u.Username) }))
}

func searchUsers(c *call) (reply, *model.AppError) {
	var in model.UserSearch
	if !c.read(&in) || in.Term == "" {
		return fail(badBody())
	}
	term := strings.ToLower(in.Term)
	return shownAll(c.s.sorted(func(u *user) bool {
		if t := c.s.data.teams[in.TeamId]; in.TeamId != "" && (t == nil || t.members[u.Id] == nil) {
			return false
		}
		for _, field := range []string{u.Username, u.FirstName, u.LastName, u.Nickname} {
			if strings.HasPrefix(strings.ToLower(field), term) {
				return u.DeleteAt == 0
			}
		}
		return false
	}))
}

func patchUser(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	var patch model.UserPatch
	if !c.read(&patch) {
		return fail(badBody())
	}
	if u != c.me() && !c.s.may(c.me(), "edit_other_users") {
		return fail(forbidden())
	}
	u.Patch(&patch)
	u.UpdateAt = now()
	return ok(u.shown())
}

// setRoles takes effect at once, for every session there is.
func setRoles(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	var in struct {
		Roles string `json:"roles"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	if !c.s.may(c.me(), "manage_roles") {
		return fail(forbidden())
	}
	for name := range strings.FieldsSeq(in.Roles) {
		if c.s.data.roles[name] == nil {
			return no(http.StatusBadRequest, "api.user.update_user_roles.license.app_error")
		}
	}
	u.Roles, u.UpdateAt = in.Roles, now()
	return done()
}

func setActive(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	var in struct {
		Active bool `json:"active"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	if !c.s.may(c.me(), "manage_system") {
		return fail(forbidden())
	}
	c.s.activate(u, in.Active)
	return done()
}

func (s *Server) activate(u *user, active bool) {
	u.DeleteAt, u.UpdateAt = 0, now()
	if !active {
		u.DeleteAt = now()
	}
	if u.bot != nil {
		u.bot.DeleteAt = u.DeleteAt
	}
	for l := range s.hub.links {
		l.deaf = l.deaf || l.user == u && !active
	}
}

func getPreferences(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	if u != c.me() {
		return fail(forbidden())
	}
	if all := c.s.data.prefs[u.Id]; len(all) > 0 {
		return ok(all)
	}
	return ok(model.Preferences{})
}

func setPreferences(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	var in model.Preferences
	if !c.read(&in) {
		return fail(badBody())
	}
	if u != c.me() {
		return fail(forbidden())
	}
	for _, p := range in {
		p.UserId = u.Id
		all := slices.DeleteFunc(c.s.data.prefs[u.Id], func(old model.Preference) bool {
			return old.Category == p.Category && old.Name == p.Name
		})
		c.s.data.prefs[u.Id] = append(all, p)
	}
	return done()
}
