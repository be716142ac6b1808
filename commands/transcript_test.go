package commands_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what is said now")

// TestTranscripts plays every transcript on the real bot with a real bbolt file and compares what was
// said, word for word. Lines that begin in the first column are what people do; indented lines are what
// the bot says. With -update the file is rewritten; read the difference before you keep it.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("../testdata/transcripts/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts found: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(filepath.Base(filepath.Dir(file))+"/"+name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				got := playTranscript(t, dir, string(text))
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
						t.Fatal(err)
					}
					return
				}
				if diff := cmp.Diff(strings.Split(string(text), "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("the transcript is not what the bot says now (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// playTranscript returns the script with what the bot says now.
func playTranscript(t *testing.T, dir, script string) string {
	t.Helper()
	var out strings.Builder
	s := newStage(t, dir)
	defer s.stop()
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "    ") {
			continue
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for _, said := range s.do(line) {
			if strings.TrimSpace(said) != "" { // a blank line would be read as part of the script
				out.WriteString(strings.TrimRight("    "+said, " ") + "\n")
			}
		}
	}
	checkLimits(t, s.house.desk.Pack(), s.said.everything())
	if failed := failedPhrase.FindString(out.String()); failed != "" {
		t.Errorf("the phrase %s failed", failed)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

// failedPhrase is what people would read instead of a phrase that is missing or lacks an argument.
var failedPhrase = regexp.MustCompile(`<[a-z_]+\.[a-z_.-]*>`)
