package commands_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/hospital"
	"wardline/commands"
)

// TestHelpOfEveryCommand keeps the help of every command in both languages as a file to read; -update
// rewrites it.
func TestHelpOfEveryCommand(t *testing.T) {
	h := newHearer(t)
	for _, lang := range hospital.Langs() {
		var out strings.Builder
		for _, s := range commands.Table() {
			r := h.Help(s, lang)
			out.WriteString(r.Text + "\n")
			for _, a := range r.Actions {
				out.WriteString("[" + a.Label + "] " + a.Line + "\n")
			}
			out.WriteString("\n")
		}
		golden(t, filepath.Join("../testdata/help", string(lang)+".txt"), out.String())
	}
}

// golden compares with a file, or rewrites it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is not what is said now (-want +got):\n%s", file, diff)
	}
}

// Examples are what people copy: each must be understood as it stands.
func TestExamplesAreUnderstood(t *testing.T) {
	h := newHearer(t)
	for _, lang := range hospital.Langs() {
		for _, e := range h.Menu(lang) {
			name := strings.TrimSpace(e.Root + " " + e.Verb)
			command, _, troubles := h.Bind(e.Example, morning)
			for _, trouble := range troubles {
				if trouble != "usage.person" { // the people of the examples work in no hospital
					t.Errorf("%s: the example %q of /%s: %s", lang, e.Example, name, trouble)
				}
			}
			if command != name {
				t.Errorf("%s: the example %q of /%s is understood as /%s", lang, e.Example, name, command)
			}
		}
	}
}
