package mmtest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

// deeds are rows of the measured table: what a bot of the team does in channels that it is not in.
var deeds = []struct {
	what string
	do   func(w *world, open, closed, archived *model.Channel, theirs *model.Post) error
	v11  string // by role: user, post_all_public, post_all, team_admin, system_admin; y is done
	v9   string // where it differs
}{
	{"post in a public channel", func(w *world, open, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.CreatePost(w.t.Context(), &model.Post{ChannelId: open.Id, Message: "x"})
		return err
	}, "nyyyy", ""},
	{"post in a private channel", func(w *world, _, closed, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.CreatePost(w.t.Context(), &model.Post{ChannelId: closed.Id, Message: "x"})
		return err
	}, "nnyyy", ""},
	{"read a public channel", func(w *world, open, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.GetPostsForChannel(w.t.Context(), open.Id, 0, 60, "", false, false)
		return err
	}, "yyyyy", "nnnny"},
	{"pin in a public channel", func(w *world, _, _, _ *model.Channel, theirs *model.Post) error {
		_, err := w.asBot.PinPost(w.t.Context(), theirs.Id)
		return err
	}, "yyyyy", "nnnny"},
	{"read a private channel", func(w *world, _, closed, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.GetPostsForChannel(w.t.Context(), closed.Id, 0, 60, "", false, false)
		return err
	}, "nnnny", ""},
	{"bring back an archived channel", func(w *world, _, _, archived *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.RestoreChannel(w.t.Context(), archived.Id)
		return err
	}, "nnnyy", ""},
	{"make a private channel public", func(w *world, _, _, archived *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.UpdateChannelPrivacy(w.t.Context(), archived.Id, model.ChannelTypeOpen)
		return err
	}, "nnnyy", ""},
	{"delete a post of others", func(w *world, _, _, _ *model.Channel, theirs *model.Post) error {
		_, err := w.asBot.DeletePost(w.t.Context(), theirs.Id)
		return err
	}, "nnnyy", ""},
	{"change a header", func(w *world, open, _, _ *model.Channel, _ *model.Post) error {
		header := "mine"
		_, _, err := w.asBot.PatchChannel(w.t.Context(), open.Id, &model.ChannelPatch{Header: &header})
		return err
	}, "nnnny", ""},
	{"register a command", func(w *world, _, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.CreateCommand(w.t.Context(), &model.Command{TeamId: w.team.Id, Trigger: "x", Method: "P", URL: "http://127.0.0.1/"})
		return err
	}, "nnnyy", ""},
	{"list commands with tokens", func(w *world, _, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.ListCommands(w.t.Context(), w.team.Id, true)
		return err
	}, "nnnyy", ""},
	{"show a post to one person", func(w *world, open, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.CreatePostEphemeral(w.t.Context(), &model.PostEphemeral{UserID: w.wang.Id, Post: &model.Post{ChannelId: open.Id, Message: "x"}})
		return err
	}, "nnnny", ""},
	{"join a private channel", func(w *world, _, closed, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.AddChannelMember(w.t.Context(), closed.Id, w.bot.Id)
		return err
	}, "nnnyy", ""},
	{"join a public channel", func(w *world, open, _, _ *model.Channel, _ *model.Post) error {
		_, _, err := w.asBot.AddChannelMember(w.t.Context(), open.Id, w.bot.Id)
		return err
	}, "yyyyy", ""},
}

func TestTheTableOfPermissions(t *testing.T) {
	for i, role := range []string{"user", "system_post_all_public", "system_post_all", "team_admin", "system_admin"} {
		for _, version := range []string{mmtest.V11, mmtest.V9} {
			t.Run(role+" "+version, func(t *testing.T) {
				w := newWorld(t, mmtest.Options{Version: version})
				channel := func(name string, kind model.ChannelType) *model.Channel {
					ch, _, err := w.asAdmin.CreateChannel(t.Context(), &model.Channel{TeamId: w.team.Id, Name: name, DisplayName: name, Type: kind})
					w.must(err)
					return ch
				}
				open, closed, archived := channel("open", model.ChannelTypeOpen), channel("closed", model.ChannelTypePrivate), channel("old", model.ChannelTypePrivate)
				theirs := w.Say(w.Admin(), open.Id, "theirs")
				_, err := w.asAdmin.DeleteChannel(t.Context(), archived.Id)
				w.must(err)
				switch {
				case role == "team_admin":
					_, err = w.asAdmin.UpdateTeamMemberRoles(t.Context(), w.team.Id, w.bot.Id, "team_user team_admin")
				case role != "user":
					_, err = w.asAdmin.UpdateUserRoles(t.Context(), w.bot.Id, "system_user "+role)
				}
				w.must(err)
				for _, deed := range deeds {
					want := deed.v11
					if version == mmtest.V9 && deed.v9 != "" {
						want = deed.v9
					}
					if got := outcome(deed.do(w, open, closed, archived, theirs)); got != want[i:i+1] {
						t.Errorf("%s: %s, want %s", deed.what, got, want[i:i+1])
					}
				}
			})
		}
	}
}

// outcome is y for done, n for a lack of rights, and else what went wrong.
func outcome(err error) string {
	app, yes := errors.AsType[*model.AppError](err)
	switch {
	case err == nil:
		return "y"
	case yes && app.StatusCode == 403 && app.Id == noRights:
		return "n"
	}
	return strings.TrimSpace(fmt.Sprint(err))
}
