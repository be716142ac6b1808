package commands_test

import (
	"sync"

	"wardline/bot/answer"
	"wardline/bot/hospital"
	"wardline/commands"
)

// loadedPack is the built-in pack, read once for all tests of the package; it never changes.
var loadedPack = sync.OnceValues(hospital.Default)

// loadedRouter is the router of that pack, made once.
var loadedRouter = sync.OnceValue(func() *answer.Router {
	pack, err := loadedPack()
	if err != nil {
		panic(err) // no test of the package can do without
	}
	return answer.New(pack)
})

// knowing gives a handler for the built-in pack its router.
func knowing(h *commands.Handler) *commands.Handler {
	h.Know(loadedRouter)
	return h
}
