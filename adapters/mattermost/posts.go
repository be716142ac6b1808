package mattermost

import (
	"context"
	"hash/fnv"
	"regexp"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

const (
	postWorkers = 8
	postQueue   = 256
	saveEvery   = 3 * time.Second
	heardFor    = 72 * time.Hour // longer than a post can come again
	seenMost    = 20000
)

// posts takes what people wrote, from the socket and from catching up, in the order of each channel, and
// acts on each post once. It keeps for each channel a place from which on everything was heard.
type posts struct {
	ears    *ears
	queues  []chan item
	places  *places
	mention *regexp.Regexp

	mu   sync.Mutex           // protects seen
	seen map[string]time.Time // posts that were acted on
}

// item is a post to hear, or a mark in the queue.
type item struct {
	post   *model.Post
	direct bool // it was written to the bot alone
	passed func()
}

func newPosts(e *ears) *posts {
	p := &posts{ears: e, mention: mentionOf(e.me.Username), places: newPlaces(e.shelf), seen: map[string]time.Time{}}
	for range postWorkers {
		p.queues = append(p.queues, make(chan item, postQueue))
	}
	return p
}

// load reads where hearing stopped.
func (p *posts) load(ctx context.Context) error {
	for _, prefix := range []string{heardPrefix, carryPrefix} {
		if err := sweep(ctx, p.ears.shelf, prefix, func(value []byte) bool {
			at, err := time.Parse(time.RFC3339, string(value))
			return err != nil || time.Since(at) > heardFor
		}); err != nil {
			return err
		}
	}
	return p.places.load(ctx)
}

func (p *posts) save(ctx context.Context) error { return p.places.save(ctx) }

// run hears until ctx ends. What is left in the queues then is heard after the next start: the places
// stand before it.
func (p *posts) run(ctx context.Context) {
	var workers sync.WaitGroup
	for _, queue := range p.queues {
		workers.Go(func() {
			for {
				select {
				case one := <-queue:
					p.hear(ctx, one)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	for ctx.Err() == nil {
		sleep(ctx, saveEvery)
		if err := p.save(context.WithoutCancel(ctx)); err != nil {
			p.ears.log.Warn("what was heard on mattermost could not be noted", "err", err)
		}
	}
	workers.Wait()
}

func (p *posts) hear(ctx context.Context, one item) {
	if one.passed != nil {
		one.passed()
		return
	}
	work, cancel := p.ears.workTime(ctx)
	defer cancel()
	p.ears.hearPost(work, one.post, one.direct)
	p.places.note(one.post.ChannelId, one.post.Id, one.post.CreateAt)
}

// put queues a post behind those of its channel. It returns false when ctx ends first.
func (p *posts) put(ctx context.Context, post *model.Post, direct bool) bool {
	return p.queue(ctx, p.queues[lane(post.ChannelId)], item{post: post, direct: direct})
}

func (p *posts) queue(ctx context.Context, queue chan<- item, one item) bool {
	select {
	case queue <- one:
		return true
	case <-ctx.Done():
		return false
	}
}

// settle waits until everything that was put before is heard. It returns false when ctx ends first.
func (p *posts) settle(ctx context.Context) bool {
	passed := make(chan struct{}, len(p.queues))
	for _, queue := range p.queues {
		if !p.queue(ctx, queue, item{passed: func() { passed <- struct{}{} }}) {
			return false
		}
	}
	for range p.queues {
		select {
		case <-passed:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func lane(channelID string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(channelID)) // a hash takes everything
	return int(h.Sum32() % postWorkers)
}

// acted reports whether a post was acted on since the start.
func (p *posts) acted(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, yes := p.seen[id]
	return yes
}

// act notes that a post was acted on.
func (p *posts) act(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[id] = time.Now()
	if len(p.seen) < seenMost {
		return
	}
	for old, at := range p.seen {
		if time.Since(at) > 10*time.Minute {
			delete(p.seen, old)
		}
	}
}
