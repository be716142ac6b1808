package mattermost

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

const (
	pageSize  = 200
	mostPages = 50 // of one channel, while looking for a message
	remember  = 5000
)

var errTooMany = errors.New("find: the channel has too many new posts")

// Find implements bot.Finder. A message of several posts is there if all of them are; what is there of
// one that is not is remembered, so that saying it again completes it.
func (a *Adapter) Find(ctx context.Context, m bot.Message) (bot.Ref, bool, error) {
	switch m.Kind {
	case bot.OpenRoom, bot.CloseRoom, bot.Invite: // doing it again does no harm
		return "", false, nil
	default:
	}
	if !a.ready.Load() {
		return "", false, bot.ErrNotSent
	}
	room := a.where(m)
	if room == "" {
		return "", false, nil
	}
	c, err := a.rooms.place(ctx, room, false, "")
	if err != nil || c.ID == "" {
		return "", false, err
	}
	sheets := render(m, a.buttons, room, nil)
	wanted := map[string]string{}
	for _, s := range sheets {
		wanted[s.key] = ""
	}
	if m.Kind == bot.Board {
		err = a.findPinned(ctx, c.ID, wanted)
	}
	if err == nil && missing(wanted) > 0 {
		err = a.findNewest(ctx, c.ID, m, wanted)
	}
	if unseen(err) { // the bot was put out of it; the room goes on in another one
		return "", false, a.rooms.lost(ctx, room, c)
	}
	if err != nil {
		return "", false, err
	}
	if missing(wanted) == 0 {
		return bot.Ref(wanted[sheets[0].key]), true, nil
	}
	maps.DeleteFunc(wanted, func(_, id string) bool { return id == "" })
	a.parts.put(m.EffectKey(), wanted)
	return "", false, nil
}

func missing(wanted map[string]string) int {
	n := 0
	for _, id := range wanted {
		if id == "" {
			n++
		}
	}
	return n
}

func (a *Adapter) findPinned(ctx context.Context, channelID string, wanted map[string]string) error {
	list, err := call(ctx, a.api, "list pinned posts", func(ctx context.Context, c *model.Client4) (*model.PostList, *model.Response, error) {
		return c.GetPinnedPosts(ctx, channelID, "")
	})
	if err != nil {
		return err
	}
	a.pick(list, wanted)
	return nil
}

// findNewest looks through the newest posts, back to a minute before the message was worded: clocks
// differ. A board may be much older than the message that shows it anew.
func (a *Adapter) findNewest(ctx context.Context, channelID string, m bot.Message, wanted map[string]string) error {
	oldest := m.At.Add(-time.Minute).UnixMilli()
	if m.Kind == bot.Board || m.At.IsZero() {
		oldest = 0
	}
	for page := range mostPages {
		list, err := call(ctx, a.api, "list posts", func(ctx context.Context, c *model.Client4) (*model.PostList, *model.Response, error) {
			return c.GetPostsForChannel(ctx, channelID, page, pageSize, "", false, false)
		})
		if err != nil {
			return err
		}
		a.pick(list, wanted)
		if missing(wanted) == 0 || len(list.Order) < pageSize {
			return nil
		}
		if last := list.Posts[list.Order[len(list.Order)-1]]; last != nil && last.CreateAt < oldest {
			return nil
		}
	}
	if oldest == 0 { // a board that old is better posted anew
		return nil
	}
	return errTooMany
}

// pick takes those posts that are wanted and that the bot itself wrote: anybody may set a key.
func (a *Adapter) pick(list *model.PostList, wanted map[string]string) {
	h, _ := a.rooms.at()
	for _, id := range list.Order {
		p := list.Posts[id]
		if p == nil || p.UserId != h.bot.Id || p.DeleteAt != 0 {
			continue
		}
		key, _ := p.GetProp(keyProp).(string)
		if found, ok := wanted[key]; ok && found == "" {
			wanted[key] = p.Id
		}
	}
}

// parts remembers which posts of a message are there already.
type parts struct {
	mu   sync.Mutex
	have map[string]map[string]string
}

func (p *parts) put(key string, have map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.have == nil || len(p.have) > remember {
		p.have = map[string]map[string]string{}
	}
	delete(p.have, key)
	if len(have) > 0 {
		p.have[key] = have
	}
}

// take returns what was found and forgets it: it holds for one try.
func (p *parts) take(key string) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	have := p.have[key]
	delete(p.have, key)
	return have
}

// postCache remembers who wrote a post.
type postCache struct {
	mu  sync.Mutex
	own map[string]bool
}

func (c *postCache) get(id string) (own, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	own, known = c.own[id]
	return own, known
}

func (c *postCache) put(id string, own bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.own == nil || len(c.own) > remember {
		c.own = map[string]bool{}
	}
	c.own[id] = own
}

// worn counts how often the name of a post was of no use any more.
type worn struct {
	mu sync.Mutex
	n  map[string]int
}

func (w *worn) wear(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n == nil || len(w.n) > remember {
		w.n = map[string]int{}
	}
	w.n[key]++
}

// suffix makes another name of a worn one.
func (w *worn) suffix(key string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n[key] == 0 {
		return ""
	}
	return "." + strconv.Itoa(w.n[key])
}
