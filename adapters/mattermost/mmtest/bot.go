package mmtest

import (
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

func createBot(c *call) (reply, *model.AppError) {
	var in model.Bot
	switch {
	case !c.read(&in):
		return fail(badBody())
	case !c.s.may(c.me(), "create_bot"):
		return fail(forbidden())
	case !model.IsValidUsername(strings.ToLower(in.Username)):
		return no(http.StatusBadRequest, "model.user.is_valid.username.app_error")
	case c.s.named(in.Username) != nil:
		return no(http.StatusBadRequest, "app.user.save.username_exists.app_error")
	}
	return created(c.s.makeBot(in, c.me()).bot)
}

// makeBot adds a bot, which is a user without a password that counts towards no limit.
func (s *Server) makeBot(in model.Bot, owner *user) *user {
	u := s.enrol(model.User{Username: in.Username, Email: in.Username + "@localhost", FirstName: in.DisplayName}, "")
	u.bot = &model.Bot{
		UserId: u.Id, Username: u.Username, DisplayName: in.DisplayName, Description: in.Description,
		OwnerId: owner.Id, CreateAt: u.CreateAt, UpdateAt: u.UpdateAt,
	}
	return u
}

func getBot(c *call) (reply, *model.AppError) {
	u, err := c.user()
	if err != nil || u.bot == nil || (u.DeleteAt != 0 && c.query("include_deleted") != "true") {
		return no(http.StatusNotFound, "store.sql_bot.get.missing.app_error")
	}
	if !c.s.may(c.me(), "read_others_bots") && u.bot.OwnerId != c.me().Id {
		return no(http.StatusNotFound, "store.sql_bot.get.missing.app_error")
	}
	return ok(u.bot)
}

func listBots(c *call) (reply, *model.AppError) {
	if !c.s.may(c.me(), "read_others_bots") {
		return fail(forbidden())
	}
	page, size := c.page()
	list := []*model.Bot{}
	for _, u := range cut(c.s.sorted(func(u *user) bool { return u.bot != nil && u.DeleteAt == 0 }), page, size) {
		list = append(list, u.bot)
	}
	return ok(list)
}

// botActive ends or renews the life of a bot; while it is off its tokens are refused.
func botActive(active bool) handler {
	return func(c *call) (reply, *model.AppError) {
		u, err := c.user()
		if err != nil || u.bot == nil {
			return no(http.StatusNotFound, "store.sql_bot.get.missing.app_error")
		}
		if !c.s.may(c.me(), "manage_others_bots") {
			return fail(forbidden())
		}
		c.s.activate(u, active)
		return ok(u.bot)
	}
}
