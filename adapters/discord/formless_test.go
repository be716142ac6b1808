package discord_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"wardline/bot"
)

// refuseForms has a server in between that refuses to open so many forms.
func refuseForms(t *testing.T, n int) (r *rig, tried *atomic.Int32) {
	t.Helper()
	return turningAway(t, n, func(body string) bool { return strings.Contains(body, `"type":9`) },
		http.StatusBadRequest, `{"code":50035,"message":"Invalid Form Body"}`)
}

// turningAway has a server in between that turns away so many first answers to interactions, of those that are so.
func turningAway(t *testing.T, n int, so func(body string) bool, status int, refusal string) (r *rig, seen *atomic.Int32) {
	t.Helper()
	r, seen = startRig(t, calm, nil, func(_ int, said frame) [][]byte { return said.as() }), &atomic.Int32{}
	r.front.answers(func(w http.ResponseWriter, q *http.Request, body string) bool {
		if !strings.HasSuffix(q.URL.Path, "/callback") || !so(body) || int(seen.Add(1)) > n {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(refusal))
		return true
	})
	r.ready()
	return r, seen
}

// TestWhereFormsDoNotOpenPeopleTypeLines has a server that knows no forms. What to type is said instead, at once, and
// typing it does the same.
func TestWhereFormsDoNotOpenPeopleTypeLines(t *testing.T) {
	t.Parallel()
	r, tried := refuseForms(t, 1000)
	lin, it := r.people["lin"], r.rooms[bot.IT]
	for range 3 {
		m := lin.Slash(it, "outage declare", nil).Answer()
		for _, part := range []string{"宣布故障", "例", "/outage declare"} {
			if !strings.Contains(strings.ReplaceAll(m.Content, `\`, ""), part) {
				t.Errorf("instead of a form stands %q, without %q", m.Content, part)
			}
		}
		if open := labelled(buttonsOf(m), "打开表单"); open != nil || m.OnlyFor != lin.ID() {
			t.Errorf("%q for %q still offers the form: %v", m.Content, m.OnlyFor, open)
		}
	}
	if n := tried.Load(); n != 2 {
		t.Errorf("a form was tried %d times, want twice", n)
	}
	lin.Say(it, "<@"+r.discord.BotID()+"> /outage declare his 全院停用")
	r.waitFor(func() bool {
		for _, m := range r.discord.Messages(lin.DMChannel()) {
			if yes := labelled(buttonsOf(m), "确认"); yes != nil {
				return strings.Contains(lin.Press(m, yes.ID).Answer().Content, "INC-1")
			}
		}
		return false
	})
}

// TestOneRefusedFormIsNotTheEndOfForms has one form refused, for whatever reason: its author types, and the next one
// opens.
func TestOneRefusedFormIsNotTheEndOfForms(t *testing.T) {
	t.Parallel()
	r, _ := refuseForms(t, 1)
	lin, it := r.people["lin"], r.rooms[bot.IT]
	if m := lin.Slash(it, "outage declare", nil).Answer(); !strings.Contains(m.Content, "例") {
		t.Errorf("instead of the form stands %q", m.Content)
	}
	for range 2 {
		lin.Slash(it, "outage declare", nil).Form()
	}
}
