package discord_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wardline/bot"
)

// failNameless has a server in between that fails at an answer for one person only without their name, so many times.
func failNameless(t *testing.T, n int) (r *rig, failed *atomic.Int32) {
	t.Helper()
	return turningAway(t, n, func(body string) bool { return strings.Contains(body, `"type":4`) && !named(body) },
		http.StatusInternalServerError, `{"code":500,"message":"Internal Server Error"}`)
}

// named tells an answer that begins with somebody's name. JSON may write the brackets otherwise.
func named(body string) bool {
	return strings.Contains(body, `"content":"<@`) || strings.Contains(body, `"content":"\u003c@`)
}

// TestAnAnswerThatNeedsANameHasItAtOnce has a server that cannot say an answer without a name. The name is tried
// before anything is repeated, and after two such answers nothing else is.
func TestAnAnswerThatNeedsANameHasItAtOnce(t *testing.T) {
	t.Parallel()
	r, failed := failNameless(t, 1000)
	lin, it := r.people["lin"], r.rooms[bot.IT]
	for n := range 4 {
		began := time.Now()
		m := lin.Slash(it, "outage list", nil).Answer()
		if !named(`"content":"`+m.Content) || m.OnlyFor != lin.ID() {
			t.Errorf("answer %d for %q is %q", n, m.OnlyFor, m.Content)
		}
		t.Logf("answer %d after %s", n, time.Since(began))
	}
	if n := failed.Load(); n != 2 {
		t.Errorf("an answer without a name was tried %d times, want twice", n)
	}
}

// TestOneFailedAnswerIsNotTheEndOfAnswersWithoutAName has one answer fail, for whatever reason.
func TestOneFailedAnswerIsNotTheEndOfAnswersWithoutAName(t *testing.T) {
	t.Parallel()
	r, _ := failNameless(t, 1)
	lin, it := r.people["lin"], r.rooms[bot.IT]
	for _, want := range []bool{true, false} {
		if m := lin.Slash(it, "outage list", nil).Answer(); named(`"content":"`+m.Content) != want {
			t.Errorf("the answer is %q", m.Content)
		}
	}
}
