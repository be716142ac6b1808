package mmtest_test

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

// outage registers the command of a bot that may.
func (w *world) outage(d *desk) *model.Command {
	w.t.Helper()
	w.Empower(w.bot.Id)
	cmd, _, err := w.asBot.CreateCommand(w.t.Context(), &model.Command{
		TeamId: w.team.Id, Trigger: "Outage", Method: "P", URL: d.URL + "/slash?x=1", AutoComplete: true,
		AutoCompleteHint: "[open|status]", AutoCompleteDesc: "outages", DisplayName: "Outage",
	})
	w.must(err)
	return cmd
}

func TestCommandsAreRegisteredOnceAndKeepTheirTokens(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	_, _, err := w.asBot.CreateCommand(t.Context(), &model.Command{TeamId: w.team.Id, Trigger: "x", Method: "P", URL: d.URL})
	refused(t, err, 403, noRights)
	_, _, err = w.asBot.ListCommands(t.Context(), w.team.Id, true)
	refused(t, err, 403, noRights)
	cmd := w.outage(d)
	equal(t, "trigger", cmd.Trigger, "outage")
	equal(t, "creator", cmd.CreatorId, w.bot.Id)
	equal(t, "length of the token", len(cmd.Token), 26)
	for in, id := range map[*model.Command]string{
		{Trigger: "OUTAGE", Method: "P", URL: d.URL}:                                  "api.command.duplicate_trigger.app_error",
		{Trigger: "away", Method: "P", URL: d.URL}:                                    "api.command.duplicate_trigger.app_error",
		{Trigger: "故障", Method: "P", URL: d.URL}:                                      "model.command.is_valid.trigger.app_error",
		{Trigger: "/x", Method: "P", URL: d.URL}:                                      "model.command.is_valid.trigger.app_error",
		{Trigger: "a b", Method: "P", URL: d.URL}:                                     "model.command.is_valid.trigger.app_error",
		{Trigger: "x", Method: "P", URL: "ftp://x"}:                                   "model.command.is_valid.url_http.app_error",
		{Trigger: "x", Method: "POST", URL: d.URL}:                                    "model.command.is_valid.method.app_error",
		{Trigger: "x", Method: "P", URL: d.URL, Description: strings.Repeat("字", 43)}: "model.command.is_valid.description.app_error",
		{Trigger: "x", Method: "P", URL: d.URL, DisplayName: strings.Repeat("字", 22)}: "model.command.is_valid.display_name.app_error",
	} {
		in.TeamId = w.team.Id
		_, _, err := w.asBot.CreateCommand(t.Context(), in)
		refused(t, err, 400, id)
	}
	moved := *cmd
	moved.URL, moved.Token = d.URL+"/elsewhere", "stolen"
	got, _, err := w.asBot.UpdateCommand(t.Context(), &moved)
	w.must(err)
	equal(t, "token after an update", got.Token, cmd.Token)
	list, _, err := w.asBot.ListCommands(t.Context(), w.team.Id, true)
	w.must(err)
	equal(t, "listed", len(list), 1)
	equal(t, "listed url", list[0].URL, d.URL+"/elsewhere")
	equal(t, "listed token", list[0].Token, cmd.Token)
	for typed, want := range map[string]int{"/out": 1, "/outage": 1, "/outage ": 0, "/x": 0} {
		offered, _, err := w.asWang.ListCommandAutocompleteSuggestions(t.Context(), typed, w.team.Id)
		w.must(err)
		equal(t, typed, len(offered), want)
	}
	_, err = w.asBot.DeleteCommand(t.Context(), cmd.Id)
	w.must(err)
	equal(t, "left", len(w.Commands(w.team)), 0)
}

func TestASlashCommandReachesTheBotAsAForm(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			w, d := newWorld(t, mmtest.Options{Version: version}), newDesk(t)
			cmd := w.outage(d)
			ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
			d.says(200, "application/json", `{"text":"ok"}`)
			answer, err := w.Execute(w.wang, ch.Id, "", "/OUTAGE open  HIS @it.zhang. @nobody\n~off-topic")
			w.must(err)
			equal(t, "echo", answer.Text, "ok")
			got := d.last(t)
			form, err := url.ParseQuery(string(got.body))
			w.must(err)
			equal(t, "path", got.path+"?"+got.query, "POST /slash?x=1")
			equal(t, "type", got.header.Get("Content-Type"), "application/x-www-form-urlencoded")
			equal(t, "authorization", got.header.Get("Authorization"), "Token "+cmd.Token)
			equal(t, "agent", got.header.Get("User-Agent"), "Mattermost-Bot/1.1")
			for key, want := range map[string]string{
				"token": cmd.Token, "team_id": w.team.Id, "team_domain": "hospital", "channel_id": ch.Id, "channel_name": "inc-1",
				"user_id": w.wang.Id, "user_name": "clin.wang", "command": "/outage", "text": "open  HIS @it.zhang. @nobody\n~off-topic",
				"user_mentions": "it.zhang", "user_mentions_ids": w.zhang.Id, "channel_mentions": "off-topic",
			} {
				equal(t, key, form.Get(key), want)
			}
			_, has := form["root_id"]
			equal(t, "has root_id", has, version == mmtest.V11)
			if len(answer.TriggerId) != 26 || form.Get("trigger_id") == answer.TriggerId {
				t.Errorf("trigger id of the client: %q", answer.TriggerId)
			}
			proven(t, w, form.Get("trigger_id"), w.wang.Id)
			_, err = w.Execute(w.wang, ch.Id, "", "/outage\u3000open")
			w.must(err)
			form, err = url.ParseQuery(string(d.last(t).body))
			w.must(err)
			equal(t, "behind a wide space", form.Get("text"), "\x80\x80open")
		})
	}
}

// proven holds a trigger id to the recipe: signed by the server whose key anybody may read.
func proven(t *testing.T, w *world, trigger, userID string) {
	t.Helper()
	resp, err := http.Get(w.URL + "/api/v4/config/client?format=old") //nolint:noctx // a stranger asks
	w.must(err)
	defer resp.Body.Close() //nolint:errcheck // it was only read
	var config map[string]string
	w.must(json.NewDecoder(resp.Body).Decode(&config))
	der, err := base64.StdEncoding.DecodeString(config["AsymmetricSigningPublicKey"])
	w.must(err)
	key, err := x509.ParsePKIXPublicKey(der)
	w.must(err)
	text, err := base64.StdEncoding.DecodeString(trigger)
	w.must(err)
	part := strings.Split(string(text), ":")
	equal(t, "user of the trigger", part[1], userID)
	signature, err := base64.StdEncoding.DecodeString(part[3])
	w.must(err)
	for _, id := range []string{part[1], w.zhang.Id + "x"} {
		sum := sha256.Sum256([]byte(part[0] + ":" + id + ":" + part[2] + ":"))
		equal(t, "signature for "+id, ecdsa.VerifyASN1(key.(*ecdsa.PublicKey), sum[:], signature), id == userID)
	}
}

func TestWhatABotAnswersDecidesWhatThePersonSees(t *testing.T) {
	const failed, failedResp, postFailed = "api.command.execute_command.failed.app_error",
		"api.command.execute_command.failed_resp.app_error", "api.command.execute_command.create_post_failed.app_error"
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	w.outage(d)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	for _, story := range []struct {
		what, kind, body string
		status           int
		refusal          string // id; empty is none
		private, public  int    // posts that appear
	}{
		{"private by default", "application/json", `{"text":"a"}`, 200, "", 1, 0},
		{"an empty object", "application/json", `{}`, 200, "", 0, 0},
		{"nothing", "", ``, 200, "", 0, 0},
		{"nothing, called JSON", "application/json", ``, 200, failed, 0, 0},
		{"bad JSON", "application/json; charset=utf-8", `{`, 200, failed, 0, 0},
		{"plain text", "text/plain", `hello`, 200, "", 1, 0},
		{"created", "application/json", `{"text":"a"}`, 201, failedResp, 0, 0},
		{"no content", "", ``, 204, failedResp, 0, 0},
		{"unavailable", "application/json", `{"text":"a"}`, 503, failedResp, 0, 0},
		{"in the channel", "application/json", `{"response_type":"in_channel","text":"a"}`, 200, "", 0, 1},
		{"too long for a post", "application/json", `{"response_type":"in_channel","text":"` + strings.Repeat("a", 16384) + `"}`, 200, postFailed, 0, 0},
		{"long, in private", "application/json", `{"text":"` + strings.Repeat("a", 100000) + `"}`, 200, "", 1, 0},
		{"more than a MiB", "application/json", `{"text":"` + strings.Repeat("a", 1<<20) + `"}`, 200, failed, 0, 0},
		{"a system type", "application/json", `{"text":"a","type":"system_x"}`, 200, postFailed, 0, 0},
		{"a type of one's own", "application/json", `{"response_type":"in_channel","text":"a","type":"custom_x"}`, 200, "", 0, 1},
		{"to a channel of others", "application/json", `{"text":"a","channel_id":"` + model.NewId() + `"}`, 200, postFailed, 0, 0},
		{"one more", "application/json", `{"text":"a","extra_responses":[{"text":"b"},{"response_type":"in_channel","text":"c"}]}`, 200, "", 2, 1},
	} {
		d.says(story.status, story.kind, story.body)
		private, public := len(w.Ephemerals(w.wang.Id)), len(w.Texts(ch.Id))
		_, err := w.Execute(w.wang, ch.Id, "", "/outage status")
		if story.refusal != "" {
			refused(t, err, 500, story.refusal)
		} else if err != nil {
			t.Errorf("%s: %v", story.what, err)
		}
		equal(t, story.what+": private", len(w.Ephemerals(w.wang.Id))-private, story.private)
		equal(t, story.what+": public", len(w.Texts(ch.Id))-public, story.public)
	}
	for _, p := range w.Posts(ch.Id) {
		if p.Message == "c" {
			equal(t, "author of a public answer", p.UserId, w.wang.Id)
			equal(t, "from_webhook", p.GetProp("from_webhook"), any("true"))
		}
	}
}

func TestACommandThatCannotBeDelivered(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{IntegrationTimeout: 50 * time.Millisecond}), newDesk(t)
	w.outage(d)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	ended := make(chan struct{})
	d.does(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(ended)
	})
	_, err := w.Execute(w.wang, ch.Id, "", "/outage slow")
	refused(t, err, 500, "api.command.execute_command.failed.app_error")
	<-ended
	equal(t, "deliveries", d.count(), 1)
	d.does(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slash" {
			http.Redirect(rw, r, "/moved", http.StatusFound)
		}
	})
	_, err = w.Execute(w.wang, ch.Id, "", "/outage")
	w.must(err)
	equal(t, "redirected to", d.last(t).path+" "+string(d.last(t).body), "GET /moved ")
	_, err = w.Execute(w.wang, ch.Id, "", "/nothing")
	refused(t, err, 404, "api.command.execute_command.not_found.app_error")
	_, err = w.Execute(w.wang, ch.Id, "", "outage")
	refused(t, err, 400, "api.command.execute_command.start.app_error")
	_, err = w.asBot.DeleteChannel(t.Context(), ch.Id)
	w.must(err)
	_, err = w.Execute(w.wang, ch.Id, "", "/outage")
	refused(t, err, 400, "api.command.execute_command.deleted.error")
	dm, _, err := w.asWang.CreateDirectChannel(t.Context(), w.wang.Id, w.bot.Id)
	w.must(err)
	_, err = w.Execute(w.wang, dm.Id, "", "/outage")
	refused(t, err, 403, noRights)
	_, err = w.Execute(w.wang, dm.Id, w.team.Id, "/outage")
	w.must(err)
	d.Close()
	_, err = w.Execute(w.wang, dm.Id, w.team.Id, "/outage")
	refused(t, err, 500, "api.command.execute_command.failed.app_error")
}

func TestLoopbackMustBeAllowedWhereTheServerGuardsIt(t *testing.T) {
	for allowed, works := range map[string]bool{"": false, "localhost": false, "10.0.0.0/8": false, "127.0.0.1": true, "10.0.0.0/8 127.0.0.0/8": true} {
		w, d := newWorld(t, mmtest.Options{GuardInternal: true, AllowedInternal: allowed}), newDesk(t)
		w.outage(d)
		_, err := w.Execute(w.wang, w.Channel(w.team, "town-square").Id, "", "/outage")
		if works {
			w.must(err)
		} else {
			refused(t, err, 500, "api.command.execute_command.failed.app_error")
		}
	}
}

func TestADelayedReplyWorksFiveTimesAndForAWhile(t *testing.T) {
	for version, id := range map[string]string{mmtest.V11: "web.command_webhook.general.app_error", mmtest.V9: "app.command_webhook.try_use.invalid"} {
		w, d := newWorld(t, mmtest.Options{Version: version, ResponseLife: 300 * time.Millisecond}), newDesk(t)
		w.outage(d)
		ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
		_, err := w.Execute(w.wang, ch.Id, "", "/outage status")
		w.must(err)
		form, err := url.ParseQuery(string(d.last(t).body))
		w.must(err)
		send := func(body string) string {
			resp, err := http.Post(form.Get("response_url"), "application/json", strings.NewReader(body)) //nolint:noctx // a bot answers
			w.must(err)
			defer resp.Body.Close() //nolint:errcheck // it was only read
			if resp.StatusCode == 200 {
				return "ok"
			}
			app := &model.AppError{}
			w.must(json.NewDecoder(resp.Body).Decode(app))
			return app.Id
		}
		equal(t, "bad JSON does not count", send("{"), "web.command_webhook.parse.app_error")
		for range 5 {
			equal(t, "reply", send(`{"text":"later"}`), "ok")
		}
		equal(t, "sixth reply", send(`{"text":"later"}`), id)
		equal(t, "shown", len(w.Ephemerals(w.wang.Id)), 5)
		equal(t, "nobody was there to see", w.Ephemerals(w.wang.Id)[0].Sockets, 0)
		w.Await("the end of the address", func() bool { return send(`{"text":"later"}`) == "app.command_webhook.get.missing" })
	}
}
