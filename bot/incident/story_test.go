package incident_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/incident"
)

// story tells what a command does: after these events, at this minute, it makes these happen, or is
// refused in these words.
type story struct {
	name    string
	given   []incident.Body
	minute  int
	when    incident.Command
	then    []incident.Body
	refused string
}

func stories() []story {
	return slices.Concat(declaring(), knowing(), expecting(), scoping(), repairing(), asking(), queueing(), ending(), striking(), ticking(), answering(), reading(), visiting(), feedingBack())
}

func TestEveryCommandDecidesAsItsStoryTells(t *testing.T) {
	for _, s := range stories() {
		t.Run(s.name, func(t *testing.T) {
			got, err := s.when.Decide(given(s.given...), at(s.minute))
			refused := ""
			if r := (*incident.Refusal)(nil); errors.As(err, &r) {
				refused = strings.TrimPrefix(r.Error(), "refused: ")
			} else if err != nil {
				t.Fatalf("not a refusal: %v", err)
			}
			if refused != s.refused {
				t.Errorf("refused: %q, want %q", refused, s.refused)
			}
			if diff := cmp.Diff(s.then, got); diff != "" {
				t.Errorf("what happens (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryRefusalHasAStory reads the names of refusals out of the code, so that none is added untold.
func TestEveryRefusalHasAStory(t *testing.T) {
	told := map[string]bool{}
	for _, s := range stories() {
		name, _, _ := strings.Cut(s.refused, " ")
		told[name] = true
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		must(t, err)
		for _, m := range regexp.MustCompile(`refuse\("([a-z_.]+)"`).FindAllSubmatch(code, -1) {
			found++
			if !told[string(m[1])] {
				t.Errorf("%s refuses %s, and no story tells when", file, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d refusals in the code; the search is broken", found)
	}
}
