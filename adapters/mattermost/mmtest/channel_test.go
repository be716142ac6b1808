package mmtest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestChannelNamesAndTextsHaveTheMeasuredLimits(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	create := func(name, display, header, purpose string) error {
		_, _, err := w.asBot.CreateChannel(t.Context(), &model.Channel{
			TeamId: w.team.Id, Name: name, DisplayName: display, Header: header, Purpose: purpose, Type: model.ChannelTypePrivate,
		})
		return err
	}
	for _, bad := range []string{"Upper", "中文", "a.b", "-a"} {
		refused(t, create(bad, "d", "", ""), 400, "model.channel.is_valid.1_or_more.app_error")
	}
	w.must(create(strings.Repeat("a", 64), strings.Repeat("急", 64), strings.Repeat("头", 1024), strings.Repeat("用", 250)))
	refused(t, create(strings.Repeat("a", 65), "d", "", ""), 500, "app.channel.create_channel.internal_error")
	refused(t, create("b", strings.Repeat("急", 65), "", ""), 400, "model.channel.is_valid.display_name.app_error")
	refused(t, create("b", "", "", ""), 400, "api.context.invalid_body_param.app_error")
	refused(t, create("b", "d", strings.Repeat("头", 1025), ""), 400, "model.channel.is_valid.header.app_error")
	refused(t, create("b", "d", "", strings.Repeat("用", 251)), 400, "model.channel.is_valid.purpose.app_error")
}

func TestAnArchivedChannelKeepsItsName(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen)
	_, err := w.asBot.DeleteChannel(t.Context(), ch.Id)
	w.must(err)
	for _, kind := range []model.ChannelType{model.ChannelTypeOpen, model.ChannelTypePrivate} {
		_, _, err = w.asBot.CreateChannel(t.Context(), &model.Channel{TeamId: w.team.Id, Name: "inc-1", DisplayName: "d", Type: kind})
		refused(t, err, 400, "store.sql_channel.save_channel.exists.app_error")
	}
	_, _, err = w.asBot.GetChannelByName(t.Context(), "inc-1", w.team.Id, "")
	refused(t, err, 404, "app.channel.get_by_name.missing.app_error")
	old, _, err := w.asBot.GetChannelByNameIncludeDeleted(t.Context(), "inc-1", w.team.Id, "")
	w.must(err)
	equal(t, "found again", old.Id, ch.Id)
	_, _, err = w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: "late"})
	refused(t, err, 400, "api.post.create_post.can_not_post_to_deleted.error")
	_, _, err = w.asBot.RestoreChannel(t.Context(), ch.Id)
	refused(t, err, 403, noRights)
	_, _, err = w.asAdmin.RestoreChannel(t.Context(), ch.Id)
	w.must(err)
	w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "again"})
	_, err = w.asAdmin.DeleteChannel(t.Context(), w.Channel(w.team, "town-square").Id)
	refused(t, err, 400, "api.channel.delete_channel.cannot.app_error")
	kinds := []string{}
	for _, p := range w.Posts(ch.Id) {
		kinds = append(kinds, p.Type)
	}
	equal(t, "posts", strings.Join(kinds, " "), "system_join_channel system_channel_deleted system_channel_restored ")
}

func TestWhoMayDoWhatInWhichChannel(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			w := newWorld(t, mmtest.Options{Version: version})
			other := w.User("other", "", w.team)
			asOther := w.Client(other)
			open, closed := w.room("open", model.ChannelTypeOpen, w.wang), w.room("closed", model.ChannelTypePrivate, w.wang)
			p := w.post(w.asBot, &model.Post{ChannelId: open.Id, Message: "p"})
			for _, ch := range []*model.Channel{open, closed} {
				_, _, err := asOther.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: "from outside"})
				refused(t, err, 403, noRights)
			}
			_, _, err := asOther.GetPostsForChannel(t.Context(), closed.Id, 0, 60, "", false, false)
			refused(t, err, 403, noRights)
			_, _, err = asOther.GetPostsForChannel(t.Context(), open.Id, 0, 60, "", false, false)
			_, pin := asOther.PinPost(t.Context(), p.Id)
			if version == mmtest.V9 {
				refused(t, err, 403, noRights)
				refused(t, pin, 403, noRights)
			} else {
				w.must(err)
				w.must(pin)
			}
			_, err = asOther.DeletePost(t.Context(), p.Id)
			refused(t, err, 403, noRights)
			header := "mine"
			_, _, err = asOther.PatchChannel(t.Context(), open.Id, &model.ChannelPatch{Header: &header})
			refused(t, err, 403, noRights)
			_, _, err = asOther.AddChannelMember(t.Context(), closed.Id, other.Id)
			refused(t, err, 403, noRights)
			_, _, err = asOther.AddChannelMember(t.Context(), open.Id, other.Id)
			w.must(err)
			_, _, err = w.asAdmin.UpdateChannelPrivacy(t.Context(), open.Id, model.ChannelTypePrivate)
			w.must(err)
			_, _, err = w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: model.NewId(), Message: "nowhere"})
			refused(t, err, 403, noRights)
			_, err = w.asBot.UpdateUserRoles(t.Context(), w.bot.Id, "system_admin")
			refused(t, err, 403, noRights)
		})
	}
}

func TestASystemRoleLetsABotPostWhereItIsNot(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch, _, err := w.asAdmin.CreateChannel(t.Context(), &model.Channel{TeamId: w.team.Id, Name: "news", DisplayName: "News", Type: model.ChannelTypeOpen})
	w.must(err)
	_, _, err = w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: "x"})
	refused(t, err, 403, noRights)
	_, err = w.asAdmin.UpdateUserRoles(t.Context(), w.bot.Id, "system_user system_post_all_public")
	w.must(err)
	w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "x"})
}

func TestOneSpareRoleGivesABotItsTwoRights(t *testing.T) {
	for version, manage := range map[string]string{mmtest.V11: "manage_own_slash_commands", mmtest.V9: "manage_slash_commands"} {
		t.Run(version, func(t *testing.T) {
			w := newWorld(t, mmtest.Options{Version: version})
			ch, _, err := w.asAdmin.CreateChannel(t.Context(), &model.Channel{TeamId: w.team.Id, Name: "news", DisplayName: "News", Type: model.ChannelTypeOpen})
			w.must(err)
			spare, _, err := w.asAdmin.GetRoleByName(t.Context(), "system_post_all_public")
			w.must(err)
			wrong := map[string]string{mmtest.V11: "manage_everything", mmtest.V9: "manage_own_slash_commands"}[version]
			_, _, err = w.asAdmin.PatchRole(t.Context(), spare.Id, &model.RolePatch{Permissions: &[]string{wrong}})
			refused(t, err, 400, "app.role.save.invalid_role.app_error")
			patch := &model.RolePatch{Permissions: &[]string{"create_post_ephemeral", manage}}
			_, _, err = w.asBot.PatchRole(t.Context(), spare.Id, patch)
			refused(t, err, 403, noRights)
			_, _, err = w.asAdmin.PatchRole(t.Context(), spare.Id, patch)
			w.must(err)
			_, err = w.asAdmin.UpdateUserRoles(t.Context(), w.bot.Id, "system_user system_post_all_public")
			w.must(err)
			_, _, err = w.asBot.CreateCommand(t.Context(), &model.Command{TeamId: w.team.Id, Trigger: "outage", Method: "P", URL: "http://127.0.0.1:1/"})
			w.must(err)
			_, resp, err := w.asBot.CreatePostEphemeral(t.Context(), &model.PostEphemeral{UserID: w.wang.Id, Post: &model.Post{ChannelId: ch.Id, Message: "psst"}})
			w.must(err)
			equal(t, "status", resp.StatusCode, http.StatusCreated)
			equal(t, "shown", w.AwaitEphemeral(w.wang.Id, 1).Message, "psst")
			_, _, err = w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: "x"})
			refused(t, err, 403, noRights)
		})
	}
}

func TestManyMembersComeInOneCallOn11AndOneByOneOn9(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	outside := w.User("outside", "")
	list, resp, err := w.asBot.AddChannelMembers(t.Context(), ch.Id, "", []string{w.wang.Id, w.zhang.Id, model.NewId(), outside.Id})
	w.must(err)
	equal(t, "status", resp.StatusCode, http.StatusCreated)
	equal(t, "those who are in", len(list), 2)
	equal(t, "members", strings.Join(w.Members(ch.Id), " "), "wardline clin.wang it.zhang")
	added := 0
	for _, p := range w.Posts(ch.Id) {
		if p.Type == model.PostTypeAddToChannel {
			added++
		}
	}
	equal(t, "posts about it", added, 2)
	_, _, err = w.asBot.AddChannelMember(t.Context(), ch.Id, outside.Id)
	refused(t, err, 404, "app.team.get_member.missing.app_error")
	_, err = w.asBot.RemoveUserFromChannel(t.Context(), ch.Id, w.zhang.Id)
	w.must(err)
	_, _, err = w.asBot.GetChannelMember(t.Context(), ch.Id, w.zhang.Id, "")
	refused(t, err, 404, "app.channel.get_member.missing.app_error")

	old := newWorld(t, mmtest.Options{Version: mmtest.V9})
	ch = old.room("inc-1", model.ChannelTypeOpen)
	_, _, err = old.asBot.AddChannelMembers(t.Context(), ch.Id, "", []string{old.wang.Id})
	refused(t, err, 400, "api.context.invalid_body_param.app_error")
}

func TestADirectChannelIsOneAndTheSameFromBothSides(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ear := w.Websocket(w.wang)
	a, resp, err := w.asBot.CreateDirectChannel(t.Context(), w.bot.Id, w.wang.Id)
	w.must(err)
	equal(t, "status", resp.StatusCode, http.StatusCreated)
	b, _, err := w.asWang.CreateDirectChannel(t.Context(), w.wang.Id, w.bot.Id)
	w.must(err)
	equal(t, "the same", a.Id, b.Id)
	equal(t, "name", a.Name, model.GetDMNameFromIds(w.bot.Id, w.wang.Id))
	ear.Await(model.WebsocketEventDirectAdded, func(e *model.WebSocketEvent) bool { return e.GetBroadcast().ChannelId == a.Id })
	_, _, err = w.asZhang.CreateDirectChannel(t.Context(), w.wang.Id, w.bot.Id)
	refused(t, err, 403, noRights)
}

func TestAChangedHeaderIsToldInTheChannel(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	header, purpose := "ETA 14:30", "HIS"
	got, _, err := w.asBot.PatchChannel(t.Context(), ch.Id, &model.ChannelPatch{Header: &header, Purpose: &purpose})
	w.must(err)
	equal(t, "header", got.Header, header)
	kinds := map[string]bool{}
	for _, p := range w.Posts(ch.Id) {
		kinds[p.Type] = true
	}
	if !kinds[model.PostTypeHeaderChange] || !kinds[model.PostTypePurposeChange] || kinds[model.PostTypeDisplaynameChange] {
		t.Errorf("system posts: %v", kinds)
	}
	mine, _, err := w.asWang.GetChannelsForTeamForUser(t.Context(), w.team.Id, "me", false, "")
	w.must(err)
	names := []string{}
	for _, ch := range mine {
		names = append(names, ch.Name)
	}
	slices.Sort(names)
	equal(t, "channels of a nurse", strings.Join(names, " "), "inc-1 off-topic town-square")
}
