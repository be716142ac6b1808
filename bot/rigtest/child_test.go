package rigtest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/rigtest"
	"wardline/commands"
	"wardline/storage/bolt"
)

// childEnv tells the test binary to be the bot that is killed, and how it is made.
const childEnv = "WARDLINE_RIG_CHILD"

// childSettings are how a bot under test is made.
type childSettings struct {
	File    string
	URL     string
	Blind   bool // a control: nobody looks before saying again
	NoKey   bool // a control: the chat cannot recognise a repeat
	Log     string
	Backoff bot.Backoff
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		if err := runChild(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// ack is what a bot under test answers to one line.
type ack struct {
	ID      string
	Refused bool
	Text    string
}

// runChild is a whole bot: it hears lines of JSON on its standard input, and when that ends it says all
// it has to say and stops.
func runChild(text string) error {
	var s childSettings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return err
	}
	store, _, err := bolt.OpenStore(s.File, bolt.Options{})
	if err != nil {
		return err
	}
	adapter := rigtest.NewAdapter(rigtest.AdapterSettings{URL: s.URL, NoKey: s.NoKey})
	platform := bot.Platform(adapter)
	if s.Blind {
		platform = rigtest.Blind{Adapter: adapter}
	}
	log := slog.New(slog.DiscardHandler)
	if s.Log != "" {
		f, err := os.OpenFile(s.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		log = slog.New(slog.NewTextHandler(f, nil))
	}
	desk, err := newDesk(&journal{Store: store}, platform, s.Backoff, log)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var running sync.WaitGroup
	running.Go(func() { err = desk.Run(ctx) })
	hear(ctx, commands.New(desk))
	for desk.Unsaid(adapter.Name()) > 0 {
		<-time.After(5 * time.Millisecond)
	}
	cancel()
	running.Wait()
	return errors.Join(err, store.Close())
}

var defaultPack = sync.OnceValues(hospital.Default)

func newDesk(store bot.Store, p bot.Platform, b bot.Backoff, log *slog.Logger) (*bot.Desk, error) {
	pack, err := defaultPack()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	rooms := []bot.Room{
		{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息中心", EN: "IT"}},
		{ID: "leaders/main", Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
	}
	for _, d := range pack.Departments() {
		rooms = append(rooms, bot.Room{ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID})
	}
	fill := map[string]string{}
	for _, p := range pack.Policy().Placeholders {
		fill[p.Name] = map[string]string{"it_hotline": "8120", "duty_officer": "8000", "readonly_url": "http://ro.local"}[p.Name]
	}
	settings := bot.DefaultSettings()
	settings.ConfirmAbove = 1000
	return bot.New(context.Background(), bot.Options{
		Store: store, Pack: pack, Name: hospital.Text{ZH: "青河市第一人民医院", EN: "Qinghe First People's Hospital"}, Lang: "en", Zone: zone,
		Fill: fill, Rooms: rooms, Platforms: []bot.Platform{p}, Settings: settings, Backoff: b, Log: log,
		Digests: []bot.Subscription{{ID: "config/1", Room: "leaders/main", Cron: "* * * * *"}},
		People: []bot.Person{
			{ID: "kate", Name: "Kate", Lang: "en", Department: "it", Roles: []bot.Role{bot.Coordinator, bot.Engineer}},
			{ID: "helen", Name: "Helen", Lang: "en", Department: "leaders", Roles: []bot.Role{bot.Leader}},
			{ID: "sam", Name: "Sam", Lang: "en", Department: "imaging"},
		},
	})
}

// hear has lines carried out, several at a time, and answers each, until there are no more.
func hear(ctx context.Context, h *commands.Handler) {
	var answering sync.Mutex // protects the standard output
	var all sync.WaitGroup
	slots := make(chan struct{}, 8)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var l commands.Line
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			r := h.Handle(ctx, l)
			answering.Lock()
			defer answering.Unlock()
			writeJSON(os.Stdout, ack{ID: l.ID, Refused: r.Refused, Text: r.Text})
		})
	}
	all.Wait()
}

func writeJSON(w io.Writer, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs: cannot happen
	}
	_, _ = w.Write(append(data, '\n')) // who reads it may be dead
}
