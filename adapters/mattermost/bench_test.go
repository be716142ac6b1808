package mattermost_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/adapters/mattermost"
	"wardline/adapters/mattermost/mmtest"
	"wardline/bot"
	"wardline/commands"
)

// invited is how many people are let into an outage's room in the benchmark.
const invited = 10

// clocked is the adapter, noting when each message was said.
type clocked struct {
	*mattermost.Adapter

	mu   sync.Mutex // protects what follows
	said map[string]time.Time
	news chan struct{}
}

// Say notes when the adapter is done with a message.
func (c *clocked) Say(ctx context.Context, m bot.Message, old bot.Ref) (bot.Ref, error) {
	ref, err := c.Adapter.Say(ctx, m, old)
	if err == nil {
		c.mu.Lock()
		c.said[string(m.Room)+" "+string(m.Kind)] = time.Now()
		c.mu.Unlock()
		select {
		case c.news <- struct{}{}:
		default:
		}
	}
	return ref, err
}

// when waits until a message of a kind was said in a room.
func (c *clocked) when(b *testing.B, room bot.RoomID, kind bot.MessageKind) time.Time {
	b.Helper()
	for {
		c.mu.Lock()
		at, ok := c.said[string(room)+" "+string(kind)]
		c.mu.Unlock()
		if ok {
			return at
		}
		select {
		case <-c.news:
		case <-time.After(30 * time.Second):
			b.Fatalf("%s was not said in %s", kind, room)
		}
	}
}

// BenchmarkDeclare measures, from the command to the usable room (channel, card, pin) and to the end of
// everything (ten people let in, one department told), and the bare calls of the same work beside it. It
// runs on the stand-in, and on a real server where one is named; run it with -benchtime 30x.
func BenchmarkDeclare(b *testing.B) {
	onServers(b, func(b *testing.B, url, token string) {
		var clock *clocked
		s := settleWith(b, url, token, invited, func(a *mattermost.Adapter) bot.Platform {
			clock = &clocked{Adapter: a, said: map[string]time.Time{}, news: make(chan struct{}, 1)}
			return clock
		})
		hearer := commands.New(s.desk)
		client := model.NewAPIv4Client(url)
		client.SetToken(s.token)
		var usable, whole, bareUsable, bareWhole, least []time.Duration
		n := 0
		for b.Loop() {
			n++
			u, w := bare(b, s, client, fmt.Sprintf("bare-%d", n), false)
			bareUsable, bareWhole = append(bareUsable, u), append(bareWhole, w)
			u, _ = bare(b, s, client, fmt.Sprintf("least-%d", n), true)
			least = append(least, u)
			room := bot.RoomID(fmt.Sprintf("inc/%d", n))
			began := time.Now()
			reply := hearer.Handle(b.Context(), commands.Line{
				Platform: "mattermost", User: s.people["lin"].user.Username, Room: bot.IT, Text: "/outage declare pacs 影像打不开 科室:icu 级别:L1 confirm:yes",
			})
			if reply.Refused {
				b.Fatal(reply.Text)
			}
			usable = append(usable, clock.when(b, room, bot.Board).Sub(began))
			last := clock.when(b, room, bot.Invite)
			if told := clock.when(b, "dept/icu", bot.Broadcast); told.After(last) {
				last = told
			}
			whole = append(whole, last.Sub(began))
			b.StopTimer()
			s.quiet(b)
			clock.mu.Lock()
			delete(clock.said, "dept/icu "+string(bot.Broadcast))
			clock.mu.Unlock()
			b.StartTimer()
		}
		for name, of := range map[string][]time.Duration{"usable": usable, "whole": whole, "bare-usable": bareUsable, "bare-whole": bareWhole, "least-usable": least} {
			b.ReportMetric(float64(rank(of, 50).Microseconds())/1000, name+"-p50-ms")
			b.ReportMetric(float64(rank(of, 95).Microseconds())/1000, name+"-p95-ms")
		}
		b.ReportMetric(float64(rank(usable, 50))/float64(rank(bareUsable, 50)), "usable/bare")
		b.ReportMetric(float64(rank(usable, 50))/float64(rank(least, 50)), "usable/least")
		b.ReportMetric(float64(rank(whole, 50))/float64(rank(bareWhole, 50)), "whole/bare")
	})
}

// bare does the same work by single calls, one after the other, as a program without a memory would: with
// the three calls to a usable room that the server's documents know, or with the two that are enough.
func bare(b *testing.B, s *settled, client *model.Client4, name string, least bool) (usable, whole time.Duration) {
	b.Helper()
	must := func(_ *model.Response, err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	began := time.Now()
	c, resp, err := client.CreateChannel(ctx, &model.Channel{TeamId: s.team.Id, Name: name, DisplayName: "bare", Type: model.ChannelTypeOpen, Purpose: "bare"})
	must(resp, err)
	card := &model.Post{ChannelId: c.Id, IsPinned: least, Props: model.StringInterface{"attachments": []*model.MessageAttachment{{Title: "card", Text: strings.Repeat("线", 300)}}}}
	p, resp, err := client.CreatePost(ctx, card)
	must(resp, err)
	if !least {
		must(client.PinPost(ctx, p.Id))
	}
	usable = time.Since(began)
	_, resp, err = client.CreatePost(ctx, &model.Post{ChannelId: s.channel(b, "dept/icu").Id, Message: strings.Repeat("报", 200)})
	must(resp, err)
	for _, user := range s.helpers {
		_, resp, err := client.AddChannelMember(ctx, c.Id, user)
		must(resp, err)
	}
	return usable, time.Since(began)
}

// BenchmarkSlash measures the round trip of a slash command, from the person's own client and back.
func BenchmarkSlash(b *testing.B) {
	onServers(b, func(b *testing.B, url, token string) {
		s := settle(b, url, token)
		p, channel := s.enter(b, "chen", "dept/ed")
		ask := func() {
			if _, _, err := p.client.ExecuteCommand(b.Context(), channel.Id, "/ask 什么时候能好"); err != nil {
				b.Fatal(err)
			}
		}
		ask() // the first question makes the router, which a bot does at its start
		var took []time.Duration
		for b.Loop() {
			began := time.Now()
			ask()
			took = append(took, time.Since(began))
		}
		b.ReportMetric(float64(rank(took, 50).Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(rank(took, 99).Microseconds())/1000, "p99-ms")
	})
}

func onServers(b *testing.B, do func(b *testing.B, url, token string)) {
	b.Run("stand-in", func(b *testing.B) {
		server := mmtest.New(b, mmtest.Options{})
		do(b, server.URL, server.Client(server.Admin()).AuthToken)
	})
	b.Run("real", func(b *testing.B) {
		if os.Getenv(realURL) == "" || os.Getenv(realToken) == "" {
			b.Skipf("set %s and %s", realURL, realToken)
		}
		do(b, os.Getenv(realURL), os.Getenv(realToken))
	})
}

// rank returns the value below which so many of a hundred lie.
func rank(of []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// quiet waits until everything is said.
func (c *settled) quiet(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); c.desk.Unsaid("mattermost") > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not everything was said")
		}
	}
}
