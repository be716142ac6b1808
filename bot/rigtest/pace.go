package rigtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"wardline/bot"
)

// pacer lets so many requests pass in any window of time, which is what platforms count, and not one
// more: it may catch up after a pause, as long as the window has room.
type pacer struct {
	limit Limit

	mu   sync.Mutex  // protects what follows
	sent []time.Time // of the last requests, oldest first; those granted ahead lie in the future
}

// margin is what the way to the platform may lengthen or shorten, as a part of the window.
const margin = 50

// turn waits until a request may be made. Its error says that nothing was done.
func (p *pacer) turn(ctx context.Context) error {
	if p.limit.Requests == 0 {
		return nil
	}
	p.mu.Lock()
	now := time.Now()
	at := now
	if len(p.sent) == p.limit.Requests {
		if free := p.sent[0].Add(p.limit.Per + p.limit.Per/margin); free.After(at) {
			at = free
		}
		p.sent = p.sent[1:]
	}
	p.sent = append(p.sent, at)
	p.mu.Unlock()
	if !wait(ctx, ctx, at.Sub(now)) {
		return fmt.Errorf("%w: %w", bot.ErrNotSent, ctx.Err())
	}
	return nil
}
