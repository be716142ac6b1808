package mmtest_test

import (
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestAReactionIsAChangeOfItsPost(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("inc-1", model.ChannelTypeOpen, w.wang)
	ear := w.Websocket(w.bot)
	p := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "seen?"})
	r := &model.Reaction{UserId: w.wang.Id, PostId: p.Id, EmojiName: "white_check_mark"}
	for range 2 {
		_, _, err := w.asWang.SaveReaction(t.Context(), r)
		w.must(err)
	}
	ear.Await(model.WebsocketEventReactionAdded, nil)
	all, _, err := w.asBot.GetReactions(t.Context(), p.Id)
	w.must(err)
	equal(t, "reactions", len(all), 1)
	_, _, err = w.asZhang.SaveReaction(t.Context(), r)
	refused(t, err, 403, noRights)
	_, err = w.asWang.DeleteReaction(t.Context(), r)
	w.must(err)
	all, _, err = w.asBot.GetReactions(t.Context(), p.Id)
	w.must(err)
	equal(t, "reactions", len(all), 0)
}

func TestADynamicMenuAsksTheBotOn11AndNobodyOn9(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		w, d := newWorld(t, mmtest.Options{Version: version}), newDesk(t)
		d.says(200, "application/json", `{"items":[{"text":"HIS","value":"his"}]}`)
		answer, _, err := w.asWang.LookupInteractiveDialog(t.Context(), model.SubmitDialogRequest{
			URL: d.URL, ChannelId: w.Channel(w.team, "town-square").Id, TeamId: w.team.Id, Submission: map[string]any{"query": "H"},
		})
		if version == mmtest.V9 {
			refused(t, err, 404, "api.context.404.app_error")
			continue
		}
		w.must(err)
		equal(t, "offered", answer.Items[0].Value, "his")
		equal(t, "type", d.last(t).json(t)["type"], any("dialog_lookup"))
	}
}

func TestTheOldServerForgetsFieldsItDoesNotKnow(t *testing.T) {
	for version, kept := range map[string]bool{mmtest.V11: true, mmtest.V9: false} {
		w, d := newWorld(t, mmtest.Options{Version: version}), newDesk(t)
		p := w.post(w.asBot, card(w.Channel(w.team, "town-square").Id, d.URL))
		w.must(w.Press(w.wang, p.Id, "ack"))
		_, err := w.asBot.OpenInteractiveDialog(t.Context(), model.OpenDialogRequest{
			TriggerId: d.last(t).json(t)["trigger_id"].(string), URL: d.URL, Dialog: model.Dialog{Title: "t", Elements: []model.DialogElement{{
				Name: "systems", Type: "select", MultiSelect: true, DateTimeConfig: &model.DialogDateTimeConfig{ManualTimeEntry: true, LocationTimezone: "Asia/Shanghai"},
			}}},
		})
		w.must(err)
		e := w.AwaitDialog(w.wang.Id, 1).Dialog.Elements[0]
		equal(t, version+": several", e.MultiSelect, kept)
		equal(t, version+": date settings", e.DateTimeConfig != nil, kept)
		if kept {
			equal(t, "a time typed by hand", e.DateTimeConfig.ManualTimeEntry, false)
		}
	}
}

func TestPreferencesBelongToTheirPerson(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	_, err := w.asWang.UpdatePreferences(t.Context(), w.wang.Id, model.Preferences{{Category: "display_settings", Name: "use_military_time", Value: "true"}})
	w.must(err)
	all, _, err := w.asWang.GetPreferences(t.Context(), w.wang.Id)
	w.must(err)
	equal(t, "value", all[0].Value, "true")
	_, _, err = w.asBot.GetPreferences(t.Context(), w.wang.Id)
	refused(t, err, 403, noRights)
}

func TestTeamsAreSeenByTheirMembers(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	second := w.Team("second")
	_, _, err := w.asBot.GetTeamByName(t.Context(), "second", "")
	refused(t, err, 403, noRights)
	mine, _, err := w.asBot.GetTeamsForUser(t.Context(), "me", "")
	w.must(err)
	equal(t, "teams", len(mine), 1)
	_, _, err = w.asBot.AddTeamMember(t.Context(), second.Id, w.wang.Id)
	refused(t, err, 403, noRights)
	ear := w.Websocket(w.bot)
	_, _, err = w.asAdmin.AddTeamMember(t.Context(), second.Id, w.bot.Id)
	w.must(err)
	ear.Await(model.WebsocketEventAddedToTeam, nil)
	_, _, err = w.asBot.AddTeamMember(t.Context(), second.Id, w.wang.Id) // any member may bring others
	w.must(err)
	_, err = w.asAdmin.RemoveTeamMember(t.Context(), second.Id, w.bot.Id)
	w.must(err)
	ear.Await(model.WebsocketEventLeaveTeam, nil)
	_, _, err = w.asBot.GetTeam(t.Context(), second.Id, "")
	refused(t, err, 403, noRights)
}
