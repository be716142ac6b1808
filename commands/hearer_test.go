package commands_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/hospital"
	"wardline/commands"
	"wardline/storage"
	"wardline/storage/memory"
)

// morning is when tests that need no clock of their own take place.
var morning = time.Date(2026, 5, 12, 9, 0, 0, 0, time.FixedZone("", 8*3600))

// newHearer returns a handler of a running desk without platforms, on memory, for tests of what is
// understood rather than of what is said where.
func newHearer(t testing.TB) *commands.Handler {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	pack, err := loadedPack()
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(memory.New(), storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rooms := []bot.Room{
		{ID: bot.IT, Kind: bot.ITRoom, Name: hospital.Text{ZH: "信息中心", EN: "IT"}},
		{ID: "leaders/main", Kind: bot.LeadersRoom, Name: hospital.Text{ZH: "院领导", EN: "Leaders"}},
	}
	for _, d := range pack.Departments() {
		rooms = append(rooms, bot.Room{ID: bot.DepartmentRoomID(d.ID), Kind: bot.DepartmentRoom, Name: d.Name, Department: d.ID})
	}
	desk, err := bot.New(t.Context(), bot.Options{
		Store: store, Pack: pack, Name: hospital.Text{ZH: "医院", EN: "Hospital"}, Lang: "zh", Zone: zone, Rooms: rooms,
		People: cast(), Settings: bot.DefaultSettings(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := desk.Run(ctx); err != nil {
			t.Errorf("the desk stopped: %v", err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return knowing(commands.New(desk))
}
