// Package storetest is the contract of an engine and of the store over it, as tests: every engine
// passes the same ones. It is imported by tests only and never knows which engine it tests.
package storetest

import (
	"testing"

	"wardline/storage"
)

// Opener makes a new, empty place for data and returns how to open it. What it returns may be called
// again after the engine was closed, and then opens the same data. It may be called several times in
// one test.
type Opener func(t testing.TB) (reopen func() storage.Engine)

// must stops the test at an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
