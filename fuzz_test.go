package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	main "wardline"
)

// Whatever a file holds, reading it ends in problems that each fit on a line, never in a panic.
func FuzzConfig(f *testing.F) {
	files, err := filepath.Glob("testdata/configs/*.toml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, exampleFile) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range main.Decode(text) {
			if p.Line < 1 || p.Line > 1+strings.Count(text, "\n") {
				t.Errorf("%s: there is no line %d", p, p.Line)
			}
			if strings.ContainsAny(p.String(), "\n\r") {
				t.Errorf("%q takes more than one line", p)
			}
		}
	})
}
