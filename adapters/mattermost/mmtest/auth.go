package mmtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// session finds who a request comes from, or nil.
func (s *Server) session(r *http.Request) *session {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") && !strings.EqualFold(scheme, "Token") {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessionOf(token)
}

// sessionOf finds who a token stands for, while it does.
func (s *Server) sessionOf(token string) *session {
	sess := s.data.sessions[token]
	switch {
	case sess == nil || sess.user.DeleteAt != 0:
		return nil
	case sess.personal != nil && !sess.personal.IsActive:
		return nil
	case sess.personal != nil && !s.opt.UserTokens && sess.user.bot == nil:
		return nil
	}
	return sess
}

// grant makes a token that stands for somebody.
func (s *Server) grant(u *user) string {
	token := model.NewId()
	s.data.sessions[token] = &session{user: u}
	return token
}

func login(c *call) (reply, *model.AppError) {
	var in struct {
		ID       string `json:"id"`
		LoginID  string `json:"login_id"`
		Password string `json:"password"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	for _, u := range c.s.data.users {
		if u.bot != nil || (u.Id != in.ID && u.Username != strings.ToLower(in.LoginID) && u.Email != strings.ToLower(in.LoginID)) {
			continue
		}
		if u.password != in.Password || u.DeleteAt != 0 {
			break
		}
		c.w.Header().Set(model.HeaderToken, c.s.grant(u))
		return ok(u.shown())
	}
	return no(http.StatusUnauthorized, "api.user.login.invalid_credentials_email_username")
}

func logout(c *call) (reply, *model.AppError) {
	for token, sess := range c.s.data.sessions {
		if sess == c.sess {
			delete(c.s.data.sessions, token)
		}
	}
	return done()
}

// createToken makes a personal token. Its secret is shown this once.
func createToken(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	var in model.UserAccessToken
	switch {
	case !c.read(&in):
		return fail(badBody())
	case u.bot == nil && !c.s.opt.UserTokens:
		return no(http.StatusNotImplemented, "app.user_access_token.disabled")
	case !c.s.may(c.me(), "create_user_access_token"):
		return fail(forbidden())
	case u != c.me() && !c.s.may(c.me(), "edit_other_users"):
		return fail(forbidden())
	case in.Description == "":
		return no(http.StatusBadRequest, "model.user_access_token.is_valid.description.app_error")
	}
	t := c.s.personalToken(u, in.Description)
	shown := t.UserAccessToken
	shown.Token = t.secret
	return ok(shown)
}

// personalToken gives somebody a token that lasts.
func (s *Server) personalToken(u *user, description string) *personal {
	t := &personal{secret: model.NewId()}
	t.UserAccessToken = model.UserAccessToken{Id: model.NewId(), UserId: u.Id, Description: description, IsActive: true}
	s.data.tokens[t.Id] = t
	s.data.sessions[t.secret] = &session{user: u, personal: t}
	return t
}

func listTokens(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil {
		return fail(err)
	}
	if !c.s.may(c.me(), "read_user_access_token") || (u != c.me() && !c.s.may(c.me(), "edit_other_users")) {
		return fail(forbidden())
	}
	found := []model.UserAccessToken{}
	for _, t := range c.s.data.tokens {
		if t.UserId == u.Id {
			found = append(found, t.UserAccessToken)
		}
	}
	slices.SortFunc(found, func(a, b model.UserAccessToken) int { return strings.Compare(a.Id, b.Id) })
	return ok(found)
}

// revokeToken ends a token for REST at once. Sockets that are open stay open.
func revokeToken(c *call) (reply, *model.AppError) {
	var in struct {
		ID string `json:"token_id"`
	}
	if !c.read(&in) {
		return fail(badBody())
	}
	t := c.s.data.tokens[in.ID]
	if t == nil {
		return no(http.StatusNotFound, "app.user_access_token.get_by_user.app_error")
	}
	if !c.s.may(c.me(), "revoke_user_access_token") || (t.UserId != c.me().Id && !c.s.may(c.me(), "edit_other_users")) {
		return fail(forbidden())
	}
	delete(c.s.data.tokens, in.ID)
	delete(c.s.data.sessions, t.secret)
	return done()
}
