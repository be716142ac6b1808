package guard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wardline/bot/guard"
)

// What staff ask, what procedures say and what commands look like holds no patient's data, but for one
// question that names a patient and those labelled as being for a person.
func TestWhatIsSaidInOutagesIsLetPass(t *testing.T) {
	var files []string
	for _, pattern := range []string{
		"../answer/testdata/*.jsonl", "../answer/asked/*.txt", "../hospital/pack/*.yaml", "../../docs/*.md", "../../testdata/scenarios/*", "../../testdata/transcripts/*/*.txt",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no files %s", pattern)
		}
		files = append(files, found...)
	}
	n := 0
	for _, name := range files {
		if strings.Contains(name, "patient_data") || strings.Contains(name, "guard") {
			continue // these are about what is caught
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			n++
			if got := guard.Check(line); got != nil && !strings.Contains(line, `"expect": "none"`) && !strings.Contains(line, "患者张丽") {
				t.Errorf("%s: %v in %q", name, got, line)
			}
		}
	}
	if n < 10_000 {
		t.Errorf("only %d lines were looked at", n)
	}
}
