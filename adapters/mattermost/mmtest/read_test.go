package mmtest_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost/mmtest"
)

// fill writes many posts at once, so that some share a millisecond.
func (w *world) fill(ch *model.Channel, n int) (all map[string]bool) {
	w.t.Helper()
	all = map[string]bool{}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for part := range 16 {
		wg.Go(func() {
			for i := range n / 16 {
				p, _, err := w.asBot.CreatePost(w.t.Context(), &model.Post{ChannelId: ch.Id, Message: fmt.Sprint(part, i)})
				if err != nil {
					w.t.Error(err)
					return
				}
				mu.Lock()
				all[p.Id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return all
}

func TestSinceLosesPostsWithoutAWord(t *testing.T) {
	w := newWorld(t, mmtest.Options{EventLead: 1})
	ch := w.room("a", model.ChannelTypeOpen)
	start := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "start"})
	w.fill(ch, 1104)
	first, _, err := w.asBot.GetPostsSince(t.Context(), ch.Id, start.CreateAt, false)
	w.must(err)
	equal(t, "first round", len(first.Order), 1000)
	newest := int64(0)
	for _, p := range first.Posts {
		newest = max(newest, p.UpdateAt)
	}
	second, _, err := w.asBot.GetPostsSince(t.Context(), ch.Id, newest, false)
	w.must(err)
	equal(t, "second round", len(second.Order), 0)
	elsewhere, _, err := w.asAdmin.GetPostsSince(t.Context(), ch.Id, newest, false)
	w.must(err)
	equal(t, "second round of another client", len(elsewhere.Order), 0)
	w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "new"})
	third, _, err := w.asBot.GetPostsSince(t.Context(), ch.Id, newest, false)
	w.must(err)
	if n := len(third.Order); n < 60 || n > 105 {
		t.Errorf("third round, once something is new: %d, want about 105", n)
	}
}

func TestAfterGivesWhatIsStrictlyNewerAndOverlapLosesNothing(t *testing.T) {
	w := newWorld(t, mmtest.Options{EventLead: 1})
	ch := w.room("a", model.ChannelTypeOpen)
	cursor := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "start"})
	for model.GetMillis() <= cursor.CreateAt { // what shares the cursor's millisecond is not strictly newer
		runtime.Gosched()
	}
	want := w.fill(ch, 480)
	got := map[string]bool{}
	for {
		page, _, err := w.asBot.GetPostsAfter(t.Context(), ch.Id, cursor.Id, 0, 500, "", false, false)
		w.must(err)
		if len(page.Order) > 200 {
			t.Fatalf("a page of %d", len(page.Order))
		}
		fresh := 0
		for _, id := range page.Order {
			p := page.Posts[id]
			if p.CreateAt <= cursor.CreateAt {
				t.Errorf("a post of %d after one of %d", p.CreateAt, cursor.CreateAt)
			}
			if !got[id] {
				fresh++
				got[id] = true
			}
		}
		if fresh == 0 {
			break
		}
		newest := page.Posts[page.Order[0]]
		for _, id := range page.Order {
			if p := page.Posts[id]; p.CreateAt < newest.CreateAt {
				cursor = p
				break
			}
		}
	}
	for id := range want {
		if !got[id] {
			t.Errorf("post %s was lost", id)
		}
	}
}

func TestAPageEndsWithinAMillisecondAndLosesTheRestOfIt(t *testing.T) {
	w := newWorld(t, mmtest.Options{})
	ch := w.room("a", model.ChannelTypeOpen)
	_, _, err := w.asBot.AddChannelMember(t.Context(), ch.Id, w.Admin().Id)
	w.must(err)
	at := model.GetMillis()
	var posts []*model.Post
	for i := range 4 { // an admin may say when a post was written
		posts = append(posts, w.post(w.asAdmin, &model.Post{ChannelId: ch.Id, Message: fmt.Sprint(i), CreateAt: at + int64(min(i, 1))}))
	}
	page, _, err := w.asBot.GetPostsAfter(t.Context(), ch.Id, posts[1].Id, 0, 200, "", false, false)
	w.must(err)
	equal(t, "posts after one of three of the same millisecond", len(page.Order), 0)
	page, _, err = w.asBot.GetPostsAfter(t.Context(), ch.Id, posts[0].Id, 0, 2, "", false, false)
	w.must(err)
	equal(t, "a page of two", len(page.Order), 2)
	before, _, err := w.asBot.GetPostsBefore(t.Context(), ch.Id, posts[3].Id, 0, 1, "", false, false)
	w.must(err)
	equal(t, "newest before", before.Order[0], posts[0].Id)
	mine := w.post(w.asBot, &model.Post{ChannelId: ch.Id, Message: "x", CreateAt: 5})
	if mine.CreateAt == 5 {
		t.Error("a bot chose the time of its post")
	}
}
