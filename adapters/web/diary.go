package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"wardline/bot"
	"wardline/bot/incident"
)

// Keys of the shelf. A change is a pointer to the post it touched, so an edit does not keep the
// older text twice and a reader who comes late gets each post once, in its newest form.
//
//	change/<number>               -> key of the post
//	post/<room>/<id>              -> a post everybody in the room sees
//	private/<person>/<room>/<id>  -> a post only that person sees
//	once/<name>                   -> key of the post made under that name
//	key/<room>/<key>              -> key of the post that carries this message key
//	room/<room>                   -> what became of a room
//	answer/<user>/<line>          -> what a person was answered
const (
	changePrefix = "change/"
	roomPrefix   = "room/"
)

// recentChanges is how many changes readers get from memory. Further back they read the shelf.
const recentChanges = 1024

// A diary is everything shown in all rooms, in one order. It is safe for several goroutines.
type diary struct {
	shelf Shelf

	// writing is held by the one writer whose Put carries all waiting entries.
	writing sync.Mutex

	mu     sync.Mutex // guards everything below
	queue  []*entry
	head   uint64        // all changes up to this number are on the shelf, or never will be
	floor  uint64        // recent holds every change above this number
	recent []post        // the newest changes, oldest first
	wake   chan struct{} // closed when head moves
	news   map[bot.RoomID][]glance
}

// An entry is one post on its way to the shelf.
type entry struct {
	post  post
	extra func(post) ([]Entry, error) // what is written together with it
	done  bool
	err   error
}

// openDiary finds where the diary on a shelf ends.
func openDiary(ctx context.Context, shelf Shelf) (*diary, error) {
	d := &diary{shelf: shelf, wake: make(chan struct{}), news: make(map[bot.RoomID][]glance)}
	last, err := shelf.Last(ctx, changePrefix, 1)
	if err != nil {
		return nil, fmt.Errorf("read the end of the web diary: %w", err)
	}
	if len(last) > 0 {
		if d.head, err = number(last[0].Key); err != nil {
			return nil, fmt.Errorf("read the end of the web diary: %w", err)
		}
		d.floor = d.head
	}
	return d, nil
}

// write makes a post durable and shows it. A post with an ID replaces the one it was. What extra
// returns is written in the same Put. Posts that wait at the same time share one Put, and are shown
// in the order of their numbers only: a reader who has seen a number has seen all lower ones.
func (d *diary) write(ctx context.Context, p post, extra func(post) ([]Entry, error)) (post, error) {
	e := &entry{post: p, extra: extra}
	d.mu.Lock()
	d.queue = append(d.queue, e)
	d.mu.Unlock()

	d.writing.Lock()
	defer d.writing.Unlock()
	if !e.done {
		d.mu.Lock()
		batch := d.queue
		d.queue = nil
		from := d.head
		d.mu.Unlock()
		// The caller may hang up; the others in the batch have not.
		d.put(context.WithoutCancel(ctx), batch, from)
	}
	return e.post, e.err
}

// put numbers a batch, writes it and shows it. The caller holds writing.
func (d *diary) put(ctx context.Context, batch []*entry, head uint64) {
	var entries []Entry
	var good []post
	for _, e := range batch {
		e.done = true
		numbered := e.post
		numbered.Rev = head + 1
		if numbered.ID == 0 {
			numbered.ID = numbered.Rev
		}
		list, err := encode(numbered)
		if err == nil && e.extra != nil {
			var more []Entry
			more, err = e.extra(numbered)
			list = append(list, more...)
		}
		if err != nil {
			e.err = err
			continue
		}
		head++
		e.post = numbered
		entries, good = append(entries, list...), append(good, numbered)
	}
	if len(good) == 0 {
		return
	}
	err := d.shelf.Put(ctx, entries...)
	if err != nil {
		for _, e := range batch {
			if e.err == nil {
				e.err = fmt.Errorf("keep a post: %w", err)
			}
		}
	}
	d.show(good, head, err == nil)
}

// show lets readers see durable posts. After a failed Put nobody knows what the shelf holds: its
// numbers are never used again, and readers look at the shelf itself.
func (d *diary) show(posts []post, head uint64, durable bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.head = head
	if durable {
		d.recent = append(d.recent, posts...)
		for _, p := range posts {
			d.notice(p)
		}
	} else {
		d.recent, d.floor = nil, head
		clear(d.news)
	}
	if n := len(d.recent) - recentChanges; n > 0 {
		d.floor = d.recent[n-1].Rev
		d.recent = slices.Clone(d.recent[n:])
	}
	close(d.wake)
	d.wake = make(chan struct{})
}

// since returns changes after a number, in order, and the number up to which the reader has then
// seen everything. When there is nothing newer it returns a channel that closes once there is.
func (d *diary) since(ctx context.Context, after uint64, limit int) ([]post, uint64, <-chan struct{}, error) {
	d.mu.Lock()
	head, wake := d.head, d.wake
	if after >= head {
		d.mu.Unlock()
		return nil, after, wake, nil
	}
	if after >= d.floor {
		i := sort.Search(len(d.recent), func(i int) bool { return d.recent[i].Rev > after })
		posts := slices.Clone(d.recent[i:min(i+limit, len(d.recent))])
		d.mu.Unlock()
		if len(posts) < limit {
			return posts, head, nil, nil
		}
		return posts, posts[limit-1].Rev, nil, nil
	}
	d.mu.Unlock()
	posts, upTo, err := d.reread(ctx, after, head, limit)
	return posts, upTo, nil, err
}

// reread takes changes from the shelf. A post that was touched again later is left to that later
// change, which the reader comes to in its turn.
func (d *diary) reread(ctx context.Context, after, head uint64, limit int) ([]post, uint64, error) {
	changes, err := d.shelf.Range(ctx, changePrefix, changeKey(after), limit)
	if err != nil {
		return nil, after, fmt.Errorf("read the web diary: %w", err)
	}
	var posts []post
	for _, c := range changes {
		n, err := number(c.Key)
		if err != nil {
			return nil, after, fmt.Errorf("read the web diary: %w", err)
		}
		p, found, err := d.load(ctx, string(c.Value))
		if err != nil {
			return nil, after, err
		}
		if found && p.Rev == n {
			posts = append(posts, p)
		}
		after = n
	}
	if len(changes) < limit {
		after = max(after, head) // what is missing below head was never written
	}
	return posts, after, nil
}

// load returns the post with a key.
func (d *diary) load(ctx context.Context, key string) (p post, found bool, err error) {
	value, found, err := d.shelf.Get(ctx, key)
	if err != nil || !found {
		return post{}, false, err
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return post{}, false, fmt.Errorf("read post %s: %w", key, err)
	}
	return p, true, nil
}

// pointed returns the post that another key points to.
func (d *diary) pointed(ctx context.Context, key string) (post, bool, error) {
	at, found, err := d.shelf.Get(ctx, key)
	if err != nil || !found {
		return post{}, false, err
	}
	return d.load(ctx, string(at))
}

// newest is the number of the newest change.
func (d *diary) newest() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.head
}

// encode gives the entries every post needs.
func encode(p post) ([]Entry, error) {
	value, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode a post: %w", err)
	}
	key := p.place()
	return []Entry{{Key: key, Value: value}, {Key: changeKey(p.Rev), Value: []byte(key)}}, nil
}

// place is the key of a post.
func (p post) place() string {
	return shelfOf(p.Room, p.To) + digits(p.ID)
}

// shelfOf is the prefix of the posts of a room: those for all, or those for one person.
func shelfOf(room bot.RoomID, to incident.PersonID) string {
	if to != "" {
		return "private/" + url.PathEscape(string(to)) + "/" + url.PathEscape(string(room)) + "/"
	}
	return "post/" + url.PathEscape(string(room)) + "/"
}

func changeKey(n uint64) string { return changePrefix + digits(n) }

// digits writes a number so that keys sort like numbers.
func digits(n uint64) string { return fmt.Sprintf("%020d", n) }

// number reads the number at the end of a key.
func number(key string) (uint64, error) {
	n, err := strconv.ParseUint(key[strings.LastIndexByte(key, '/')+1:], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the number in key %q: %w", key, err)
	}
	return n, nil
}
