package mmtest_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

func TestARepeatedKeyGivesTheFirstPostWhateverElseIsAsked(t *testing.T) {
	w := newWorld(t, mmtest.Options{PendingWindow: 80 * time.Millisecond})
	a, b := w.room("a", model.ChannelTypeOpen, w.wang), w.room("b", model.ChannelTypeOpen, w.wang)
	key := strings.Repeat("k", 300)
	first := w.post(w.asBot, &model.Post{ChannelId: a.Id, Message: "one", PendingPostId: key})
	equal(t, "key in the answer", first.PendingPostId, key)
	again, resp, err := w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: b.Id, Message: "two", PendingPostId: key})
	w.must(err)
	equal(t, "status", resp.StatusCode, http.StatusCreated)
	equal(t, "post", again.Id, first.Id)
	equal(t, "text", again.Message, "one")
	other := w.post(w.asWang, &model.Post{ChannelId: b.Id, Message: "three", PendingPostId: key})
	equal(t, "another user's", other.Id, first.Id)
	stored, _, err := w.asBot.GetPost(t.Context(), first.Id, "")
	w.must(err)
	equal(t, "stored key", stored.PendingPostId, "")
	w.Await("the end of the window", func() bool {
		p := w.post(w.asBot, &model.Post{ChannelId: a.Id, Message: "four", PendingPostId: key})
		return p.Id != first.Id
	})
}

func TestAKeyIsForgottenByARestartAndFreedByAFailure(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("a", model.ChannelTypeOpen)
	first := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "one", PendingPostId: "k"})
	w.Restart()
	w.asBot.HTTPClient.CloseIdleConnections() // who writes on a connection that broke gets EOF, and does not know
	second := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "one", PendingPostId: "k"})
	if first.Id == second.Id {
		t.Error("the key survived a restart")
	}
	_, _, err := w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: strings.Repeat("长", 16384), PendingPostId: "f"})
	refused(t, err, 400, "model.post.is_valid.message_length.app_error")
	w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: strings.Repeat("长", 16383), PendingPostId: "f"})
}

func TestOfEightAtOnceOneIsCreatedAndSevenArePending(t *testing.T) {
	w := newWorld(t, mmtest.Options{SaveTime: 300 * time.Millisecond})
	ch := w.Channel(w.team, "town-square")
	var wg sync.WaitGroup
	var mu sync.Mutex
	outcome := map[string]int{}
	for range 8 {
		wg.Go(func() {
			_, resp, err := w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, Message: "x", PendingPostId: "same"})
			got := "none"
			if app, yes := errors.AsType[*model.AppError](err); yes {
				got = fmt.Sprint(app.StatusCode, " ", app.Id)
			} else if resp != nil {
				got = fmt.Sprint(resp.StatusCode)
			}
			mu.Lock()
			outcome[got]++
			mu.Unlock()
		})
	}
	wg.Wait()
	if outcome["201"] != 1 || outcome["500 api.post.deduplicate_create_post.pending"] != 7 {
		t.Error(outcome)
	}
}

func TestGetAndUpdateKillsTheButtonsAndPatchKeepsThem(t *testing.T) {
	w, d := newWorld(t, mmtest.Options{}), newDesk(t)
	ch := w.room("a", model.ChannelTypeOpen, w.wang)
	p := w.post(w.asBot, card(ch.Id, d.URL))
	equal(t, "from_bot", p.GetProp("from_bot"), any("true"))
	for _, a := range p.Attachments()[0].Actions {
		if a.Integration != nil {
			t.Error("the answer shows what a button calls")
		}
	}
	text := "patched"
	_, _, err := w.asBot.PatchPost(t.Context(), p.Id, &model.PostPatch{Message: &text})
	w.must(err)
	w.must(w.Press(w.wang, p.Id, "ack"))
	got, _, err := w.asBot.GetPost(t.Context(), p.Id, "")
	w.must(err)
	got.Message = "updated"
	_, _, err = w.asBot.UpdatePost(t.Context(), p.Id, got)
	w.must(err)
	refused(t, w.Press(w.wang, p.Id, "ack"), 404, "api.post.do_action.action_id.app_error")
	_, _, err = w.asWang.PatchPost(t.Context(), p.Id, &model.PostPatch{Message: &text})
	refused(t, err, 403, noRights)

	props := model.StringInterface{"outbox": "m1"}
	got, _, err = w.asBot.PatchPost(t.Context(), p.Id, &model.PostPatch{Props: &props})
	w.must(err)
	equal(t, "from_bot after new props", got.GetProp("from_bot"), nil)
	equal(t, "new props", got.GetProp("outbox"), any("m1"))
}

func TestPostsHaveTheMeasuredLimits(t *testing.T) {
	for version, ids := range map[string][3]string{
		mmtest.V11: {"model.post.is_valid.message_length.app_error", "413 api.context.request_body_too_large.app_error", "license_error.feature_unavailable"},
		mmtest.V9:  {"model.post.is_valid.msg.app_error", "400 api.context.invalid_body_param.app_error", "<untranslated>"},
	} {
		t.Run(version, func(t *testing.T) {
			w := newWorld(t, mmtest.Options{Version: version})
			ch := w.room("a", model.ChannelTypeOpen)
			try := func(p *model.Post) error {
				p.ChannelId = ch.Id
				_, _, err := w.asBot.CreatePost(t.Context(), p)
				return err
			}
			w.must(try(&model.Post{Message: strings.Repeat("🚑", 16383)}))
			refused(t, try(&model.Post{Message: strings.Repeat("🚑", 16384)}), 400, ids[0])
			w.must(try(&model.Post{}))
			w.must(try(&model.Post{Props: model.StringInterface{"x": strings.Repeat("x", 299_000)}}))
			var app *model.AppError
			if err := try(&model.Post{Props: model.StringInterface{"x": strings.Repeat("x", 310_000)}}); !errors.As(err, &app) || fmt.Sprint(app.StatusCode, " ", app.Id) != ids[1] {
				t.Error(err)
			}
			w.must(try(&model.Post{Type: "custom_wardline"}))
			refused(t, try(&model.Post{Type: "system_generic"}), 400, "api.context.invalid_param.app_error")
			refused(t, try(&model.Post{RootId: model.NewId()}), 400, "api.post.create_post.root_id.app_error")
			urgent, yes := "urgent", true
			root := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Metadata: &model.PostMetadata{Priority: &model.PostPriority{Priority: &urgent}}})
			equal(t, "priority", *root.Metadata.Priority.Priority, "urgent")
			refused(t, try(&model.Post{RootId: root.Id, Metadata: root.Metadata}), 400,
				"api.post.post_priority.priority_post_only_allowed_for_root_post.request_error")
			refused(t, try(&model.Post{Metadata: &model.PostMetadata{Priority: &model.PostPriority{Priority: &urgent, RequestedAck: &yes}}}), 501, ids[2])
		})
	}
}

func TestAPostMayBePinnedFromTheStart(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		w := newWorld(t, mmtest.Options{Version: version})
		ch := w.room("a", model.ChannelTypeOpen, w.wang)
		p := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "board", IsPinned: true})
		equal(t, "pinned", p.IsPinned, true)
		pinned, _, err := w.asBot.GetPinnedPosts(t.Context(), ch.Id, "")
		w.must(err)
		equal(t, "pinned posts", len(pinned.Order), 1)
	}
}

func TestAnybodyCanUnpinTheBotsPin(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("a", model.ChannelTypeOpen, w.wang)
	p := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "board"})
	for range 2 {
		_, err := w.asBot.PinPost(t.Context(), p.Id)
		w.must(err)
	}
	pinned, _, err := w.asBot.GetPinnedPosts(t.Context(), ch.Id, "")
	w.must(err)
	equal(t, "pinned", strings.Join(pinned.Order, " "), p.Id)
	_, err = w.asWang.UnpinPost(t.Context(), p.Id)
	w.must(err)
	pinned, _, err = w.asBot.GetPinnedPosts(t.Context(), ch.Id, "")
	w.must(err)
	equal(t, "pinned", len(pinned.Order), 0)
}

func TestAFileBelongsToOnePost(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("a", model.ChannelTypeOpen)
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))))
	up, _, err := w.asBot.UploadFile(t.Context(), picture.Bytes(), ch.Id, "表.png")
	w.must(err)
	info := up.FileInfos[0]
	equal(t, "size", fmt.Sprint(info.Width, "x", info.Height, " ", info.HasPreviewImage), "3x2 true")
	first := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "1", FileIds: []string{info.Id}})
	second := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "2", FileIds: []string{info.Id}})
	equal(t, "files", fmt.Sprint(len(first.FileIds), len(first.Metadata.Files), len(second.FileIds)), "1 1 0")
	text, _, err := w.asBot.GetFile(t.Context(), info.Id)
	w.must(err)
	equal(t, "bytes", string(text), picture.String())
	eleven := make([]string, 11)
	for i := range eleven {
		eleven[i] = model.NewId()
	}
	_, _, err = w.asBot.CreatePost(t.Context(), &model.Post{ChannelId: ch.Id, FileIds: eleven})
	refused(t, err, 400, "model.post.is_valid.file_ids.app_error")
}

func TestOrdinaryPeopleMayLookLikeTheBot(t *testing.T) {
	forged := func(ch *model.Channel) *model.Post {
		return &model.Post{ChannelId: ch.Id, Message: "it is back", Props: model.StringInterface{"from_bot": "true", "from_webhook": "true", "override_username": "wardline"}}
	}
	w := newWorld(t, mmtest.Options{})
	p := w.post(w.asWang, forged(w.Channel(w.team, "town-square")))
	equal(t, "author", p.UserId, w.wang.Id)
	equal(t, "from_bot", p.GetProp("from_bot"), any("true"))
	hard := newWorld(t, mmtest.Options{Hardened: true})
	_, _, err := hard.asWang.CreatePost(t.Context(), forged(hard.Channel(hard.team, "town-square")))
	refused(t, err, 400, "api.context.invalid_body_param.app_error")
	hard.post(hard.asBot, forged(hard.Channel(hard.team, "town-square")))
}

func TestADeletedPostIsGoneForReadersAndKnownToSince(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("a", model.ChannelTypeOpen)
	p := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "one"})
	reply := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "reply", RootId: p.Id})
	text := "one, mended"
	_, _, err := w.asBot.PatchPost(t.Context(), p.Id, &model.PostPatch{Message: &text})
	w.must(err)
	thread, _, err := w.asBot.GetPostThread(t.Context(), p.Id, "", false)
	w.must(err)
	equal(t, "thread", len(thread.Order), 2)
	_, err = w.asBot.DeletePost(t.Context(), p.Id)
	w.must(err)
	_, _, err = w.asBot.GetPost(t.Context(), p.Id, "")
	refused(t, err, 404, "app.post.get.app_error")
	list, _, err := w.asBot.GetPostsSince(t.Context(), ch.Id, p.CreateAt-1, false)
	w.must(err)
	gone, old := list.Posts[p.Id], 0
	if gone == nil || gone.DeleteAt == 0 || gone.Message != "" || list.Posts[reply.Id].DeleteAt == 0 {
		t.Errorf("deleted post: %+v", gone)
	}
	for _, q := range list.Posts {
		if q.OriginalId == p.Id && q.Message == "" {
			old++
		}
	}
	equal(t, "old versions", old, 1)
}
