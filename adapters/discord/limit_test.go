package discord_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wardline/adapters/discord"
	"wardline/bot"
)

const patience = 400 * time.Millisecond

// header is what Discord says beside an answer.
func header(left int, resetAfter time.Duration) http.Header {
	h := http.Header{}
	h.Set("X-RateLimit-Limit", "5")
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(resetAfter.Seconds(), 'f', 3, 64))
	h.Set("X-RateLimit-Bucket", "messages")
	return h
}

// flood sends n messages at once, each to a channel of its own, and waits until all are through. sent is under way
// with each, and calls leave when it is answered.
func flood(t *testing.T, l discord.Limiter, n int, sent func(leave func(http.Header))) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			leave, err := l.Pass(t.Context(), bot.Safety, http.MethodPost, "/channels/"+strconv.Itoa(100000+i)+"/messages", patience)
			if err != nil {
				t.Error(err)
				return
			}
			sent(leave)
		})
	}
	all.Wait()
}

// No second holds more than 50 requests, and few are given away.
func TestAHundredRequestsTakeTwoSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []time.Time
		flood(t, discord.NewLimiter(), 200, func(leave func(http.Header)) {
			mu.Lock()
			sent = append(sent, time.Now())
			mu.Unlock()
			time.Sleep(100 * time.Millisecond) // the way there and back
			leave(header(4, 5*time.Second))
		})
		for i := range sent {
			if i >= 50 && sent[i].Sub(sent[i-50]) < time.Second {
				t.Fatalf("51 requests within %s", sent[i].Sub(sent[i-50]))
			}
		}
		if took := sent[199].Sub(sent[0]); took > 4200*time.Millisecond {
			t.Errorf("200 requests took %s", took)
		}
	})
}

// A nurse's answer does not wait behind five hundred boards, and who gives up is gone.
func TestTheMostUrgentGoesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := discord.NewLimiter()
		var mu sync.Mutex
		var order []bot.Urgency
		var all sync.WaitGroup
		pass := func(ctx context.Context, class bot.Urgency, channel int) {
			all.Go(func() {
				leave, err := l.Pass(ctx, class, http.MethodPost, "/channels/"+strconv.Itoa(100000+channel)+"/messages", patience)
				if err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				order = append(order, class)
				mu.Unlock()
				leave(http.Header{})
			})
		}
		for i := range 60 {
			pass(t.Context(), bot.Show, i)
		}
		synctest.Wait()
		impatient, giveUp := context.WithCancel(t.Context())
		pass(impatient, bot.Safety, 99)
		pass(t.Context(), bot.Sum, 100)
		pass(t.Context(), bot.Reply, 101)
		pass(t.Context(), bot.Safety, 102)
		synctest.Wait()
		giveUp()
		all.Wait()
		if len(order) != 63 {
			t.Fatalf("%d passed", len(order))
		}
		if order[2] != bot.Reply || order[3] != bot.Safety || order[62] != bot.Sum {
			t.Errorf("the order was %v", order)
		}
	})
}

// A channel takes five messages in five seconds. Who comes sixth is told how long to wait, and other
// channels are not held up.
func TestABucketIsLearnt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := discord.NewLimiter()
		const one, other = "/channels/100001/messages", "/channels/100002/messages"
		reset := time.Now().Add(5 * time.Second)
		for i := range 5 {
			leave, err := l.Pass(t.Context(), bot.Safety, http.MethodPost, one, patience)
			if err != nil {
				t.Fatal(err)
			}
			leave(header(4-i, time.Until(reset)))
		}
		_, err := l.Pass(t.Context(), bot.Safety, http.MethodPost, one, patience)
		var asked bot.RetryAfter
		if !errors.As(err, &asked) || asked.Everywhere || asked.Wait > 5*time.Second || asked.Wait < 4*time.Second {
			t.Fatalf("the sixth message: %v", err)
		}
		if leave, err := l.Pass(t.Context(), bot.Safety, http.MethodPost, other, patience); err != nil {
			t.Errorf("another channel: %v", err)
		} else {
			leave(header(4, 5*time.Second))
		}
		time.Sleep(asked.Wait)
		if _, err := l.Pass(t.Context(), bot.Safety, http.MethodPost, one, patience); err != nil {
			t.Errorf("after the wait: %v", err)
		}
	})
}
