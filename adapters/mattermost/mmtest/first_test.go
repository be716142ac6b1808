package mmtest_test

import (
	"net/http"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestSomebodySignsInAndReadsTheirOwnName(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	c := model.NewAPIv4Client(w.URL)
	_, _, err := c.Login(t.Context(), "clin.wang", "wrong")
	refused(t, err, 401, "api.user.login.invalid_credentials_email_username")
	_, _, err = c.GetMe(t.Context(), "")
	refused(t, err, 401, "api.context.session_expired.app_error")
	_, _, err = c.Login(t.Context(), "clin.wang", "Only-for-tests-1")
	w.must(err)
	me, resp, err := c.GetMe(t.Context(), "")
	w.must(err)
	equal(t, "name", me.Username, "clin.wang")
	equal(t, "locale", me.Locale, "zh-CN")
	equal(t, "version", resp.ServerVersion, "11.6.0..hash.false")
}

func TestABotIsMadeByAnAdminAndItsTokenOutlivesARestart(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	bot, resp, err := w.asAdmin.CreateBot(t.Context(), &model.Bot{Username: "second", DisplayName: "Second", Description: "d"})
	w.must(err)
	equal(t, "status", resp.StatusCode, http.StatusCreated)
	token, _, err := w.asAdmin.CreateUserAccessToken(t.Context(), bot.UserId, "for the test", 0)
	w.must(err)
	equal(t, "length of a token", len(token.Token), 26)
	_, _, err = w.asAdmin.AddTeamMember(t.Context(), w.team.Id, bot.UserId)
	w.must(err)
	c := w.ClientWith(token.Token)
	w.Restart()
	me, _, err := c.GetMe(t.Context(), "")
	w.must(err)
	equal(t, "is a bot", me.IsBot, true)
	for _, name := range []string{"town-square", "off-topic"} {
		_, _, err = c.GetChannelMember(t.Context(), w.Channel(w.team, name).Id, bot.UserId, "")
		w.must(err)
	}
	_, _, err = w.asAdmin.DisableBot(t.Context(), bot.UserId)
	w.must(err)
	_, _, err = c.GetMe(t.Context(), "")
	refused(t, err, 401, "api.context.session_expired.app_error")
}

func TestPeopleHaveNoPersonalTokensAndBotsDo(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	_, _, err := w.asAdmin.CreateUserAccessToken(t.Context(), w.wang.Id, "mine", 0)
	refused(t, err, 501, "app.user_access_token.disabled")
}

func TestARevokedTokenIsRefusedAndItsSocketStaysOpen(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	bot, _, err := w.asAdmin.CreateBot(t.Context(), &model.Bot{Username: "second"})
	w.must(err)
	token, _, err := w.asAdmin.CreateUserAccessToken(t.Context(), bot.UserId, "for the test", 0)
	w.must(err)
	ws, err := model.NewWebSocketClient4("ws"+w.URL[4:], token.Token)
	w.must(err)
	ear := w.Hear(ws)
	ear.Await(model.WebsocketEventHello, nil)
	_, err = w.asAdmin.RevokeUserAccessToken(t.Context(), token.Id)
	w.must(err)
	_, _, err = w.ClientWith(token.Token).GetMe(t.Context(), "")
	refused(t, err, 401, "api.context.session_expired.app_error")
	ear.Socket.SendMessage("ping", nil)
	w.Await("pong", func() bool { return len(ear.Replies()) == 2 })
	equal(t, "pong", ear.Replies()[1].Data["text"], any("pong"))
}

func TestUnlicensedServersTakeSoManyPeopleAndAnyNumberOfBots(t *testing.T) {
	w := newWorld(t, mmtest.Options{UserLimit: 3})
	_, _, err := w.asAdmin.CreateUser(t.Context(), &model.User{Username: "one.more", Email: "m@localhost", Password: "Only-for-tests-1"})
	refused(t, err, 400, "api.user.create_user.user_limits.exceeded")
	_, _, err = w.asAdmin.CreateBot(t.Context(), &model.Bot{Username: "third"})
	w.must(err)
}

func TestUsersAreFoundByNameMailAndStart(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	byName, _, err := w.asBot.GetUserByUsername(t.Context(), "it.zhang", "")
	w.must(err)
	equal(t, "by name", byName.Id, w.zhang.Id)
	byMail, _, err := w.asBot.GetUserByEmail(t.Context(), "clin.wang@localhost", "")
	w.must(err)
	equal(t, "by mail", byMail.Id, w.wang.Id)
	list, _, err := w.asBot.SearchUsers(t.Context(), &model.UserSearch{Term: "it."})
	w.must(err)
	equal(t, "found", len(list), 1)
	all, _, err := w.asBot.GetUsersInTeam(t.Context(), w.team.Id, 0, 60, "")
	w.must(err)
	equal(t, "in the team", len(all), 4)
	_, _, err = w.asBot.GetUserByUsername(t.Context(), "nobody", "")
	refused(t, err, 404, "app.user.get_by_username.app_error")
	both, _, err := w.asBot.GetUsersByIds(t.Context(), []string{w.wang.Id, w.zhang.Id})
	w.must(err)
	equal(t, "by ids", len(both), 2)
	locale := "zh-CN"
	_, _, err = w.asZhang.PatchUser(t.Context(), w.zhang.Id, &model.UserPatch{Locale: &locale})
	w.must(err)
	_, _, err = w.asZhang.PatchUser(t.Context(), w.wang.Id, &model.UserPatch{Locale: &locale})
	refused(t, err, 403, noRights)
}
