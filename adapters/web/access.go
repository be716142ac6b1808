package web

import (
	"time"

	"wardline/bot"
)

// accessLife is how long a stream believes what it knows of a person's rooms. A hospital has
// thousands of past incidents, and a stream asks for every post.
const accessLife = 5 * time.Second

// access remembers which rooms a person may see, for one stream. A room it has not met yet, such as
// that of a new incident, is asked for at once.
type access struct {
	rooms func() map[bot.RoomID]bool
	known map[bot.RoomID]bool
	until time.Time
}

// may tells whether the person sees a room.
func (a *access) may(room bot.RoomID, now time.Time) bool {
	if !now.Before(a.until) {
		a.known = nil
	}
	if open, known := a.known[room]; known {
		return open
	}
	refused := a.known
	a.known, a.until = a.rooms(), now.Add(accessLife)
	for other := range refused {
		if !a.known[other] {
			a.known[other] = false
		}
	}
	if !a.known[room] {
		a.known[room] = false
	}
	return a.known[room]
}
