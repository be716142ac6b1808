package bot_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"wardline/bot"
)

// post is a message a platform was given, and when.
type post struct {
	bot.Message
	At  time.Time
	Err error
}

// posts is a platform that shows each message once and writes down every try. fail decides what goes
// wrong; it may also wait.
type posts struct {
	mu    sync.Mutex // protects what follows
	fail  func(ctx context.Context, m bot.Message) error
	tries []post
	shown map[bot.MessageID]bool
}

func newPosts() *posts { return &posts{shown: map[bot.MessageID]bool{}} }

func (p *posts) Name() string { return "web" }

func (p *posts) Say(ctx context.Context, m bot.Message, _ bot.Ref) (bot.Ref, error) {
	p.mu.Lock()
	fail := p.fail
	i := len(p.tries)
	p.tries = append(p.tries, post{m, time.Now(), nil})
	p.mu.Unlock()
	var err error
	if fail != nil {
		err = fail(ctx, m)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries[i].Err = err
	if err != nil {
		return "", err
	}
	p.shown[m.ID] = true
	return bot.Ref(m.ID), nil
}

// failing makes tries fail by what f says; nil mends the platform.
func (p *posts) failing(f func(ctx context.Context, m bot.Message) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = f
}

// tried returns the tries to say what is wanted.
func (p *posts) tried(wanted func(bot.Message) bool) []post {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.tries), func(t post) bool { return !wanted(t.Message) })
}

// in returns what was shown in a room, boards aside.
func (p *posts) in(room bot.RoomID) []post {
	out := p.tried(func(m bot.Message) bool { return m.Room == room && m.Kind != bot.Board })
	return slices.DeleteFunc(out, func(t post) bool { return t.Err != nil })
}

// ledger is a store that notes what became due to be said and what was settled, counts commits, and
// fails when told to.
type ledger struct {
	bot.Store
	mu      sync.Mutex // protects what follows
	fail    error
	hold    chan struct{} // a commit waits until it is closed
	commits []int         // how many changes each had
	owed    map[bot.MessageID][]bot.Message
	settled map[bot.MessageID]int
}

func newLedger() *ledger {
	return &ledger{owed: map[bot.MessageID][]bot.Message{}, settled: map[bot.MessageID]int{}}
}

func (l *ledger) Commit(ctx context.Context, changes ...bot.Change) error {
	l.mu.Lock()
	fail, hold := l.fail, l.hold
	l.mu.Unlock()
	if hold != nil {
		<-hold
	}
	if fail != nil {
		return fail
	}
	if err := l.Store.Commit(ctx, changes...); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.commits = append(l.commits, len(changes))
	for _, c := range changes {
		for _, m := range c.Say {
			l.owed[m.ID] = append(l.owed[m.ID], m)
		}
		for _, s := range c.Settled {
			l.settled[s.ID]++
		}
	}
	return nil
}

func (l *ledger) set(fail error, hold chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail, l.hold = fail, hold
}

// digests returns the digests a room was owed, by time.
func (l *ledger) digests(room bot.RoomID) []bot.Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bot.Message
	for _, all := range l.owed {
		for _, m := range all {
			if m.Room == room && m.Urgency == bot.Sum && m.Kind == bot.Digest {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, func(a, b bot.Message) int { return a.At.Compare(b.At) })
	return out
}

// wrong lists what was not said exactly once although the platform is well.
func (l *ledger) wrong() []bot.MessageID {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []bot.MessageID
	for id, all := range l.owed {
		if len(all) != 1 || l.settled[id] != 1 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
