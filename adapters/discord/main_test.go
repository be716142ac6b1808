package discord_test

import (
	"flag"
	"os"
	"testing"
)

// Most of these tests wait for a server that is slow or silent: many of them wait at once.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
