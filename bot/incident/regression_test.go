package incident_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wardline/bot/incident"
)

// What follows went wrong once, and is named after it.

func TestSlippedETAHeldAgainOnceSystemsWereRestored(t *testing.T) {
	in := given(with(open(), incident.ETASet{At: at(5)}, incident.ETASlipped{At: at(5)}, back())...)
	if eta, holds := in.ETA(); holds {
		t.Errorf("after the slip and the restoring, ETA %+v holds", eta)
	}
}

func TestNumberOfAStruckNeedWasGivenTwice(t *testing.T) {
	in := given(with(open(), incident.NeedRaised{N: 1, Text: "Mrs Li's disk"}, incident.NeedRaised{N: 2, Text: "a window"}, incident.Struck{Number: 3, Reason: "a name"})...)
	got, err := incident.RaiseNeed{Text: "a password"}.Decide(in, at(9))
	must(t, err)
	if diff := cmp.Diff([]incident.Body{incident.NeedRaised{N: 3, Text: "a password"}}, got); diff != "" {
		t.Errorf("the next need (-want +got):\n%s", diff)
	}
}

func TestStruckQuestionLeftItsButtonToTheNext(t *testing.T) {
	in := given(with(open(), incident.QuestionAsked{N: 1, Text: "where is Mrs Li?"}, incident.Struck{Number: 3, Reason: "a name"}, incident.QuestionAsked{N: 2, Text: "labels?"})...)
	if _, err := (incident.AnswerQuestion{N: 1, Text: "in bed 4"}).Decide(in, at(9)); err == nil {
		t.Error("a button under the struck question answers the next one")
	}
}

func TestLogWithAnEmptyRelapseCouldNotBeRead(t *testing.T) {
	if in := given(with(restored(), incident.Reopened{Reason: "again"})...); in.Phase != incident.Open {
		t.Errorf("phase %s", in.Phase)
	}
}

func TestWordsOfEveryStrikableEventAreKnown(t *testing.T) {
	for _, b := range everyBody() {
		if words := incident.Words(b); incident.Strikable(b.Kind()) != (len(words) > 0) {
			t.Errorf("%s: strikable %v, words %q", b.Kind(), incident.Strikable(b.Kind()), words)
		}
	}
}
