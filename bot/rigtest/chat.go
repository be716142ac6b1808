package rigtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Settings say how a Chat behaves when it behaves.
type Settings struct {
	Window  time.Duration // a post with the same key within this long is the same post; 30 s on Mattermost
	Frozen  time.Duration // how late a frozen request is executed
	Latency time.Duration // of every answer
	Global  Limit         // over all requests; the zero value is no limit
	PerRoom Limit         // of posts in one room
}

// Chat is a chat system on a loopback port. It remembers every post it ever showed, so that a rig can
// count. It is safe for several goroutines.
type Chat struct {
	settings Settings
	address  string

	late    sync.WaitGroup // the server's loop, and frozen requests
	working sync.RWMutex   // read-locked by every request under way, so that a start can wait for them

	mu     sync.Mutex // protects what follows
	server *http.Server
	life   context.Context    // ends when the system goes down; requests that were frozen die with it
	end    context.CancelFunc // ends life
	plan   Plan
	names  map[string]*Room
	rooms  []*Room
	posts  []*Post
	recent map[string]*entry // by key: the window in which posts are not doubled
	limits map[string]*bucket
	calls  map[string]int // how often each call was made
	limit  int            // how often a caller was told to wait
}

// Room is a channel.
type Room struct {
	ID       int    `json:"id"`
	Name     string `json:"name"`
	Marker   string `json:"marker"` // whose it is and for what; set when it is created
	Archived bool   `json:"archived"`
}

// Post is a message that was made visible.
type Post struct {
	ID      int       `json:"id"`
	Room    int       `json:"room"`
	Key     string    `json:"key"` // the effect key, kept with the post
	Pending string    `json:"pending,omitempty"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Edits   int       `json:"edits"`
	Deleted bool      `json:"deleted"`
	Pinned  bool      `json:"pinned"`
}

// entry is what the window of idempotency remembers of a key.
type entry struct {
	post  *Post // nil while the first request is still being carried out
	until time.Time
}

// NewChat starts a chat system that does nothing wrong until it is given a plan.
func NewChat(s Settings) (*Chat, error) {
	if s.Window == 0 {
		s.Window = 300 * time.Millisecond
	}
	if s.Frozen == 0 {
		s.Frozen = s.Window / 2
	}
	c := &Chat{
		settings: s, plan: Faultless, names: map[string]*Room{}, calls: map[string]int{}, limits: map[string]*bucket{},
	}
	// Ports of the usual address are handed to whoever connects somewhere, so while the system is down
	// another process could take its port. Where there are other addresses, one of those is used.
	c.address = fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(254), rand.IntN(255), 1+rand.IntN(254))
	if err := c.Up(); err == nil {
		return c, nil
	}
	c.address = "127.0.0.1:0"
	return c, c.Up()
}

// URL is where the system answers, also while it is down.
func (c *Chat) URL() string { return "http://" + c.address }

// Up starts the system anew: what people see is kept, what it knew of requests is not.
func (c *Chat) Up() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server != nil {
		return nil
	}
	listener, err := listen(c.address)
	if err != nil {
		return fmt.Errorf("start the chat: %w", err)
	}
	c.address = listener.Addr().String()
	c.recent = map[string]*entry{}
	c.life, c.end = context.WithCancel(context.Background())
	server := &http.Server{Handler: c.routes(), ReadHeaderTimeout: time.Minute}
	c.server = server
	c.late.Go(func() { _ = server.Serve(listener) }) // always ends with an error that says it was closed
	return nil
}

// listen takes a port, again and again for a while: a process that was just forked from this one holds
// our former listener until it has become another program.
func listen(address string) (net.Listener, error) {
	var config net.ListenConfig
	for patience := 200; ; patience-- {
		listener, err := config.Listen(context.Background(), "tcp", address)
		if err == nil || patience == 0 || !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
		<-time.After(10 * time.Millisecond)
	}
}

// Down ends the system: connections are cut and refused, requests under way are lost or done.
func (c *Chat) Down() error {
	c.mu.Lock()
	server, end := c.server, c.end
	c.server = nil
	c.mu.Unlock()
	if server == nil {
		return nil
	}
	end()
	err := server.Close()
	c.working.Lock()
	c.late.Wait()
	c.working.Unlock()
	return err
}

// Restart is Down and Up.
func (c *Chat) Restart() error { return errors.Join(c.Down(), c.Up()) }

// Disturb makes the system follow a plan from now on.
func (c *Chat) Disturb(p Plan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plan = p
}

// Posts returns every post that was ever visible, oldest first.
func (c *Chat) Posts() []Post {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Post, 0, len(c.posts))
	for _, p := range c.posts {
		out = append(out, *p)
	}
	return out
}

// Rooms returns every room that was ever made.
func (c *Chat) Rooms() []Room {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Room, 0, len(c.rooms))
	for _, r := range c.rooms {
		out = append(out, *r)
	}
	return out
}

// Calls returns how often a call was made (any with ""), and how often any caller was told to wait.
func (c *Chat) Calls(call string) (made, limited int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if call != "" {
		return c.calls[call], c.limit
	}
	for _, n := range c.calls {
		made += n
	}
	return made, c.limit
}

// Take makes a room that somebody else named, as people do.
func (c *Chat) Take(name, marker string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addRoom(name, marker)
}

// Delete removes a post, as people do.
func (c *Chat) Delete(id int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.posts, func(p *Post) bool { return p.ID == id }); i >= 0 {
		c.posts[i].Deleted = true
	}
}
