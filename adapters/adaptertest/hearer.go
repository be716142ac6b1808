package adaptertest

import (
	"sync"

	"wardline/bot"
	"wardline/bot/answer"
	"wardline/bot/hospital"
	"wardline/commands"
)

// router is over the built-in pack. It never changes once made, and takes seconds to make: a program of many
// tests makes it once.
var router = sync.OnceValue(func() *answer.Router {
	pack, err := hospital.Default()
	if err != nil {
		panic(err) // the pack is built in
	}
	return answer.New(pack)
})

// Hearer returns a handler for a desk of the built-in pack, whose router all of them share. It waits until that is
// made: no test's own limit should have to hold the time that learning takes on a busy machine.
func Hearer(desk *bot.Desk) *commands.Handler {
	router()
	h := commands.New(desk)
	h.Know(router)
	return h
}
