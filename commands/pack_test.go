package commands_test

import (
	"sync"

	"wardline/bot/hospital"
)

// loadedPack is the built-in pack, read once for all tests of the package; it never changes.
var loadedPack = sync.OnceValues(hospital.Default)
