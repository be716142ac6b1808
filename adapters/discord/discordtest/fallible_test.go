package discordtest_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
)

// A fallible is a test that may fail without failing the one around it.
type fallible struct {
	testing.TB
	errors []string
	later  []func()
	reason string
}

func (f *fallible) Helper() {}

func (f *fallible) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fallible) Cleanup(do func()) { f.later = append(f.later, do) }

// end does what a test does at its end.
func (f *fallible) end() {
	for _, do := range slices.Backward(f.later) {
		do()
	}
}

// fatal does something that ends the test, and gives the reason.
func (f *fallible) fatal(do func()) (reason string) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	<-done
	reason, f.reason = f.reason, ""
	return reason
}

func (f *fallible) Fatal(args ...any) {
	f.reason = fmt.Sprint(args...)
	runtime.Goexit()
}

func (f *fallible) Fatalf(format string, args ...any) { f.Fatal(fmt.Sprintf(format, args...)) }
