package seal_test

import (
	"bytes"
	"testing"

	"wardline/adapters/seal"
)

func TestMarkHoldsForItsPartsOnly(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	s := seal.New(key, "button")
	mark := s.Mark("/fix eta", "inc/1")
	if len(mark) != seal.MarkLength || !s.Holds(mark, "/fix eta", "inc/1") {
		t.Fatalf("mark %q does not hold for what it was made for", mark)
	}
	for name, holds := range map[string]bool{
		"other words":   s.Holds(mark, "/fix done", "inc/1"),
		"moved border":  s.Holds(mark, "/fix eta"+"i", "nc/1"),
		"fewer parts":   s.Holds(mark, "/fix eta"),
		"more parts":    s.Holds(mark, "/fix eta", "inc/1", ""),
		"no mark":       s.Holds("", "/fix eta", "inc/1"),
		"shorter mark":  s.Holds(mark[:21], "/fix eta", "inc/1"),
		"other purpose": seal.New(key, "form").Holds(mark, "/fix eta", "inc/1"),
		"other secret":  seal.New(bytes.Repeat([]byte{8}, 32), "button").Holds(mark, "/fix eta", "inc/1"),
	} {
		if holds {
			t.Errorf("%s: the mark holds", name)
		}
	}
}
