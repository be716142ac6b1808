package mmtest_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestAPressReachesTheBotWithItsContextAndNoCredentials(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	p := w.post(w.asBot, card(ch.Id, d.URL+"/press"))
	w.must(w.Press(w.wang, p.Id, "收到"))
	got := d.last(t)
	equal(t, "path", got.path, "POST /press")
	equal(t, "authorization", got.header.Get("Authorization"), "")
	equal(t, "agent", got.header.Get("User-Agent"), "Mattermost-Bot/1.1")
	body := got.json(t)
	for key, want := range map[string]any{
		"user_id": w.wang.Id, "user_name": "clin.wang", "channel_id": ch.Id, "channel_name": "inc-1",
		"team_id": w.team.Id, "team_domain": "hospital", "post_id": p.Id, "type": "button", "data_source": "",
	} {
		equal(t, key, body[key], want)
	}
	equal(t, "context", body["context"].(map[string]any)["incident"], any(1.0))
	proven(t, w, body["trigger_id"].(string), w.wang.Id)

	w.must(w.Choose(w.wang, p.Id, "menu", "99")) // an entry that the menu does not have
	context := d.last(t).json(t)["context"].(map[string]any)
	equal(t, "selected", context["selected_option"], any("99"))
	w.must(w.Press(w.wang, p.Id, "ack"))
	w.must(w.Press(w.wang, p.Id, "ack"))
	equal(t, "deliveries, double clicks too", d.count(), 4)

	err := w.Press(w.wang, p.Id, "with_sign")
	var app *model.AppError
	if !errors.As(err, &app) || app.StatusCode != 404 {
		t.Errorf("an id with a sign: %v", err)
	}
	refused(t, w.Press(w.zhang, p.Id, "ack"), 403, noRights)
	const integration = "api.post.do_action.action_integration.app_error"
	for _, status := range []int{201, 204, 500} {
		d.says(status, "", "")
		refused(t, w.Press(w.wang, p.Id, "ack"), 400, integration)
	}
	d.says(200, "application/json", "{")
	refused(t, w.Press(w.wang, p.Id, "ack"), 400, integration)
	_, err = w.asBot.DeletePost(t.Context(), p.Id)
	w.must(err)
}

func TestAnyUserCanForgeAPressOfAnyContext(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	square := w.Channel(w.team, "town-square")
	forged := w.post(w.asWang, card(square.Id, d.URL+"/press"))
	w.must(w.Press(w.wang, forged.Id, "ack"))
	equal(t, "delivered for", d.last(t).json(t)["user_name"], any("clin.wang"))
}

func TestAnAnswerToAPressChangesTheCard(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	p := w.post(w.asBot, card(ch.Id, d.URL))
	_, err := w.asBot.PinPost(t.Context(), p.Id)
	w.must(err)
	ear := w.Websocket(w.wang)
	d.says(200, "application/json", `{"update":{"message":"seen"},"ephemeral_text":"thanks"}`)
	w.must(w.Press(w.wang, p.Id, "ack"))
	ear.Await(model.WebsocketEventPostEdited, func(e *model.WebSocketEvent) bool { return mmtest.PostOf(e).Message == "seen" })
	eph := w.AwaitEphemeral(w.wang.Id, 1)
	equal(t, "said in private", eph.Message+" in "+eph.RootId, "thanks in "+p.Id)
	ear.Await(model.WebsocketEventEphemeralMessage, nil)
	got, _, err := w.asBot.GetPost(t.Context(), p.Id, "")
	w.must(err)
	equal(t, "pinned", got.IsPinned, true)
	equal(t, "from_bot", got.GetProp("from_bot"), any("true"))
	w.must(w.Press(w.wang, p.Id, "ack")) // the buttons are still there
	d.says(200, "application/json", `{"update":{"message":"done","props":{"state":"done"}}}`)
	w.must(w.Press(w.wang, p.Id, "ack"))
	got, _, err = w.asBot.GetPost(t.Context(), p.Id, "")
	w.must(err)
	equal(t, "from_bot once props are replaced", got.GetProp("from_bot"), nil)
	_, err = w.asWang.DoPostAction(t.Context(), p.Id, "ack")
	refused(t, err, 404, "api.post.do_action.action_id.app_error")
}

func TestAButtonOnAnEphemeralPostNeedsItsCookie(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	w.Empower(w.bot.Id)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	_, _, err := w.asBot.CreatePostEphemeral(t.Context(), &model.PostEphemeral{UserID: w.wang.Id, Post: card(ch.Id, d.URL+"/eph")})
	w.must(err)
	eph := w.AwaitEphemeral(w.wang.Id, 1)
	_, err = w.asWang.DoPostAction(t.Context(), eph.Id, "ack")
	refused(t, err, 403, noRights)
	_, err = w.asWang.DoPostActionWithCookie(t.Context(), eph.Id, "ack", "", "forged")
	refused(t, err, 400, "api.post.do_action.action_integration.app_error")
	w.must(w.Press(w.wang, eph.Id, "ack"))
	equal(t, "path", d.last(t).path, "POST /eph")
	equal(t, "post", d.last(t).json(t)["post_id"], any(eph.Id))
	equal(t, "stored", len(w.Texts(ch.Id)), 0)
	_, _, err = w.asWang.GetPost(t.Context(), eph.Id, "")
	refused(t, err, 404, "app.post.get.app_error")
}

func TestADialogIsOpenedByItsTriggerWhileThatIsFresh(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{IntegrationTimeout: 400 * time.Millisecond}), newDesk(t)
	ch := w.room("inc-1", model.ChannelTypePrivate, w.wang)
	p := w.post(w.asBot, card(ch.Id, d.URL))
	ear := w.Websocket(w.wang)
	w.must(w.Press(w.wang, p.Id, "ack"))
	trigger := d.last(t).json(t)["trigger_id"].(string)
	stranger := model.NewAPIv4Client(w.URL)
	open := func(trigger, url string) error {
		_, err := stranger.OpenInteractiveDialog(t.Context(), model.OpenDialogRequest{TriggerId: trigger, URL: url, Dialog: model.Dialog{
			Title: "一个太长的标题一个太长的标题", State: "signed", CallbackId: "open", Elements: []model.DialogElement{{Name: "system", Type: "text", DisplayName: "系统"}},
		}})
		return err
	}
	w.must(open(trigger, d.URL+"/dialog"))
	w.must(open(trigger, d.URL+"/dialog"))
	event := ear.Await(model.WebsocketEventOpenDialog, nil)
	var shown model.OpenDialogRequest
	w.must(json.Unmarshal([]byte(event.GetData()["dialog"].(string)), &shown))
	equal(t, "what the page is shown in clear", shown.URL+" "+shown.Dialog.State, d.URL+"/dialog signed")
	if shown.TriggerId == trigger {
		t.Error("the page was given the signed trigger")
	}
	refused(t, open("", d.URL), 400, "interactive_message.decode_trigger_id.missing_data")
	refused(t, open(trigger, ""), 400, "api.context.invalid_body_param.app_error")
	// Changed inside the coding: a changed letter of it may be no letter of base64 at all.
	tampered, err := base64.StdEncoding.DecodeString(trigger)
	w.must(err)
	tampered[0] ^= 1
	refused(t, open(base64.StdEncoding.EncodeToString(tampered), d.URL), 400, "interactive_message.decode_trigger_id.verify_signature_failed")
	dialog := w.AwaitDialog(w.wang.Id, 2)
	equal(t, "sockets", dialog.Sockets, 1)

	_, err = w.Submit(w.wang, dialog, map[string]any{"system": "his"})
	w.must(err)
	body := d.last(t).json(t)
	for key, want := range map[string]any{
		"type": "dialog_submission", "callback_id": "open", "state": "signed", "user_id": w.wang.Id, "channel_id": ch.Id, "team_id": w.team.Id, "cancelled": false,
	} {
		equal(t, key, body[key], want)
	}
	_, hasTrigger := body["trigger_id"]
	equal(t, "has a trigger", hasTrigger, false)
	w.Await("the trigger's end", func() bool {
		err := open(trigger, d.URL)
		var app *model.AppError
		return errors.As(err, &app) && app.Id == "interactive_message.decode_trigger_id.expired"
	})
}

func TestAnybodyMaySubmitAFormThatWasNeverOpened(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	forged := mmtest.Dialog{ChannelID: w.Channel(w.team, "town-square").Id, TeamID: w.team.Id}
	forged.URL, forged.Dialog.CallbackId, forged.Dialog.State = d.URL+"/dialog", "close", "anything"
	_, err := w.Submit(w.wang, forged, map[string]any{"level": 1, "unknown": "x"})
	w.must(err)
	equal(t, "delivered for", d.last(t).json(t)["user_id"], any(w.wang.Id))
	forged.ChannelID = w.room("inc-1", model.ChannelTypePrivate).Id
	_, err = w.Submit(w.wang, forged, nil)
	refused(t, err, 403, noRights)
	forged.TeamID = ""
	forged.ChannelID = w.Channel(w.team, "town-square").Id
	_, err = w.Submit(w.wang, forged, nil)
	refused(t, err, 403, noRights)
}

func TestWhatABotAnswersToAForm(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		w, d := newWorld(t, mmtest.Options{Version: version}), newDesk(t)
		form := mmtest.Dialog{ChannelID: w.Channel(w.team, "town-square").Id, TeamID: w.team.Id}
		form.URL, form.Dialog.NotifyOnCancel = d.URL, true
		d.says(200, "application/json", `{"errors":{"eta":"not a time"},"error":"please look"}`)
		answer, err := w.Submit(w.wang, form, nil)
		w.must(err)
		equal(t, "error of a field", answer.Errors["eta"]+", "+answer.Error, "not a time, please look")
		for body, id := range map[string]string{"": "", "{}": "", "no JSON": "app.submit_interactive_dialog.decode_json_error", `{"type":"odd"}`: "app.submit_interactive_dialog.invalid_response"} {
			d.says(200, "", body)
			_, err = w.Submit(w.wang, form, nil)
			switch {
			case id == "" || version == mmtest.V9:
				w.must(err)
			case body == "no JSON":
				refused(t, err, 500, id)
			default:
				refused(t, err, 400, id)
			}
		}
		d.says(http.StatusAccepted, "", "")
		_, err = w.Submit(w.wang, form, nil)
		refused(t, err, 400, "api.post.do_action.action_integration.app_error")
		d.says(200, "", "")
		w.must(w.Cancel(w.wang, form))
		equal(t, "cancelled", d.last(t).json(t)["cancelled"], any(true))
	}
}
