package discord_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"wardline/adapters/discord/discordtest"
	"wardline/bot"
	"wardline/bot/hospital"
)

// BenchmarkFanOut tells 500 departments of an outage under Discord's documented limits: 50 requests a second
// over all, 5 messages in 5 s per channel. It reports how much of the 50 a second was used from the first
// broadcast to the last, how many requests were refused for a limit, and how many boards went before a
// broadcast.
func BenchmarkFanOut(b *testing.B) {
	for _, way := range []time.Duration{0, 100 * time.Millisecond} {
		b.Run("latency="+way.String(), func(b *testing.B) {
			for b.Loop() {
				used, limited, before := fanOut(b, 500, way)
				b.ReportMetric(used, "of-50/s")
				b.ReportMetric(float64(limited), "429s")
				b.ReportMetric(float64(before), "boards-first")
			}
		})
	}
}

// A small fan-out holds what the benchmark measures: nothing is refused for a limit, and every ward reads
// what to do before any board is drawn.
func TestWardsComeBeforeBoards(t *testing.T) {
	t.Parallel()
	_, limited, before := fanOut(t, 120, 20*time.Millisecond) // how fast it was is the benchmark's business
	if limited > 0 || before > 0 {
		t.Errorf("%d refused, %d boards before a broadcast", limited, before)
	}
}

// fanOut declares an outage in a hospital with n ward rooms, and tells how the broadcasts went.
func fanOut(t testing.TB, n int, latency time.Duration) (used float64, limited, boardsFirst int) {
	t.Helper()
	s := newStage(t, func(o *discordtest.Options) { o.Latency, o.MaxChannels = latency, n+20 })
	s.opts.Rooms, s.config.Rooms = s.opts.Rooms[:2], map[bot.RoomID]string{}
	for i := range n {
		id := bot.RoomID("dept/ward" + strconv.Itoa(i))
		name := "ward-" + strconv.Itoa(i)
		s.opts.Rooms = append(s.opts.Rooms, bot.Room{ID: id, Kind: bot.DepartmentRoom, Department: "ed", Name: hospital.Text{ZH: name, EN: name}})
		s.config.Rooms[id] = s.discord.AddChannel(name, discordtest.TypeText, "")
	}
	s.start()
	defer s.stop()
	s.declare(3)
	deadline := time.Now().Add(enough + time.Duration(n)*200*time.Millisecond)
	for s.desk.Stats()[0].Waiting[bot.Safety] > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("not all is said: %+v\n%s", s.desk.Stats(), s.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
	var firstOne, lastOne time.Time
	said := 0
	for _, id := range s.config.Rooms {
		list := s.discord.Messages(id)
		if len(list) == 0 || !strings.Contains(words(list[0]), "INC-1") {
			continue
		}
		said++
		if at := list[0].Timestamp; firstOne.IsZero() || at.Before(firstOne) {
			firstOne = at
		}
		if at := list[0].Timestamp; at.After(lastOne) {
			lastOne = at
		}
	}
	for _, r := range s.discord.Requests() {
		if r.Status == 429 {
			limited++
		}
	}
	for _, id := range s.config.Rooms {
		for _, m := range s.discord.Messages(id) {
			if _, isBoard := m.Embeds[0]["title"]; isBoard && m.Timestamp.Before(lastOne) {
				boardsFirst++
			}
		}
	}
	if said != n {
		t.Fatalf("%d of %d wards were told", said, n)
	}
	return float64(n-1) / lastOne.Sub(firstOne).Seconds() / 50, limited, boardsFirst
}
