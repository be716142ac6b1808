package bot_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// leaders and english are the leaders' rooms of the stage.
const (
	leaders bot.RoomID = "leaders/main"
	english bot.RoomID = "leaders/en"
)

var wang = bot.Person{ID: "wang", Name: "Wang", Roles: []bot.Role{bot.Coordinator}}

// defaultPack reads the hospital once for all stories; nobody changes it.
var defaultPack = sync.OnceValues(hospital.Default)

// stage is a desk on a real file, with a platform that writes down what it is told to say. A restart
// keeps the file and what was said.
type stage struct {
	t       testing.TB
	path    string
	opts    bot.Options
	posts   *posts
	ledger  *ledger
	desk    *bot.Desk
	open    func() (*storage.Store, error) // by default the file
	store   *storage.Store
	cancel  context.CancelFunc
	running sync.WaitGroup
	ran     error
}

// play runs a story in a bubble of time that begins at noon, with the desk running.
func play(t *testing.T, set func(s *stage), story func(t *testing.T, s *stage)) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(12 * time.Hour)
		s := newStage(t, dir)
		if set != nil {
			set(s)
		}
		s.start()
		story(t, s)
		s.stop()
	})
}

func newStage(t testing.TB, dir string) *stage {
	pack, err := defaultPack()
	must(t, err)
	s := &stage{t: t, path: filepath.Join(dir, "wardline.db"), posts: newPosts(), ledger: newLedger()}
	s.open = func() (*storage.Store, error) {
		store, _, err := bolt.OpenStore(s.path, bolt.Options{NoSync: true}) // no story pulls the plug
		return store, err
	}
	rooms := []bot.Room{
		{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息中心", EN: "IT"}},
		{ID: leaders, Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
		{ID: english, Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导2", EN: "Leaders 2"}, Lang: "en"},
	}
	for _, d := range pack.Departments() {
		rooms = append(rooms, bot.Room{ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID})
	}
	s.opts = bot.Options{
		Pack: pack, Lang: hospital.EN, Zone: time.UTC, Rooms: rooms, People: []bot.Person{wang}, Platforms: []bot.Platform{s.posts},
		Settings: bot.DefaultSettings(), Log: slog.New(slog.DiscardHandler),
	}
	return s
}

// patient lets departments be silent, for stories about something else.
func patient(s *stage) {
	s.opts.Settings.RemindSilent, s.opts.Settings.EscalateSilent, s.opts.Settings.PhoneSilent, s.opts.Settings.RemindScript = 0, 0, 0, 0
}

// start opens the store and runs a desk on it.
func (s *stage) start() {
	s.t.Helper()
	var err error
	s.store, err = s.open()
	must(s.t, err)
	s.ledger.Store, s.opts.Store = s.store, s.ledger
	s.desk, err = bot.New(s.t.Context(), s.opts)
	must(s.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.running.Go(func() { s.ran = s.desk.Run(ctx) })
}

func (s *stage) stop() {
	s.t.Helper()
	s.cancel()
	s.running.Wait()
	must(s.t, s.store.Close())
}

func (s *stage) restart() {
	s.stop()
	s.start()
}

// do has wang do something in the first incident.
func (s *stage) do(c incident.Command) bot.Outcome {
	s.t.Helper()
	o, err := s.desk.Do(s.t.Context(), bot.Act{Incident: 1, Command: c, By: wang})
	must(s.t, err)
	return o
}

// declare declares that the hospital information system is down.
func (s *stage) declare(level incident.Level) bot.Outcome {
	s.t.Helper()
	now := time.Now()
	return s.do(s.desk.Expand(incident.Declare{What: "HIS is down", Systems: []incident.SystemID{"his"}, Level: level}, now))
}

// incident returns the first incident.
func (s *stage) incident() incident.Incident {
	s.t.Helper()
	in, ok, err := s.desk.Incident(s.t.Context(), 1)
	if err != nil || !ok {
		s.t.Fatalf("no incident: %v", err)
	}
	return in
}

// at waits until so many hours and minutes after the midnight before the story, and until nothing moves.
func at(hours, minutes int) {
	midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	time.Sleep(time.Until(midnight.Add(time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute)))
	synctest.Wait()
}
