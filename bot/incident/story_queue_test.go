package incident_test

import (
	"testing"

	"wardline/bot/incident"
)

// queueing is how questions that want one answer get one.
func queueing() []story {
	ask := func(n int, text string) incident.QuestionAsked { return incident.QuestionAsked{N: n, Text: text} }
	two := with(open(), ask(1, "Where are the labels?"), ask(2, "who brings paper"))
	merged := with(two, incident.QuestionMerged{N: 2, Into: 1})
	apart := incident.QuestionAsked{N: 1, Text: "how much of it", Apart: true}
	return []story{
		{name: "a question is given to one person", given: two, when: incident.AssignQuestion{N: 2, To: "raj"}, then: []incident.Body{incident.QuestionAssigned{N: 2, To: "raj"}}},
		{name: "somebody must be named", given: two, when: incident.AssignQuestion{N: 2}, refused: "refused.missing map[field:person]"},
		{name: "that person has it already", given: with(two, incident.QuestionAssigned{N: 2, To: "raj"}), when: incident.AssignQuestion{N: 2, To: "raj"}, refused: "refused.assigned map[n:2 person:raj]"},
		{name: "no such question is given away", given: two, when: incident.AssignQuestion{N: 9, To: "raj"}, refused: "refused.no_item map[kind:question n:9]"},
		{name: "what was merged is given away as a whole", given: merged, when: incident.AssignQuestion{N: 2, To: "raj"}, then: []incident.Body{incident.QuestionAssigned{N: 1, To: "raj"}}},
		{name: "two questions become one", given: two, when: incident.MergeQuestions{N: 2, Into: 1}, then: []incident.Body{incident.QuestionMerged{N: 2, Into: 1}}},
		{name: "no question is merged into itself", given: merged, when: incident.MergeQuestions{N: 1, Into: 2}, refused: "refused.merged map[into:2 n:1]"},
		{name: "nothing is merged into what is not there", given: two, when: incident.MergeQuestions{N: 1, Into: 8}, refused: "refused.no_item map[kind:question n:8]"},
		{name: "the same words join the question that waits", given: two, when: incident.AskPerson{Text: "where are the LABELS"}, then: []incident.Body{ask(3, "where are the LABELS"), incident.QuestionMerged{N: 3, Into: 1}}},
		{name: "so does what means the same", given: two, when: incident.AskPerson{Text: "paper?", Same: 2}, then: []incident.Body{ask(3, "paper?"), incident.QuestionMerged{N: 3, Into: 2}}},
		{name: "what has its answer takes nobody in", given: with(two, incident.QuestionAnswered{N: 2, Text: "Raj"}), when: incident.AskPerson{Text: "paper?", Same: 2}, then: []incident.Body{ask(3, "paper?")}},
		{
			name: "a question about one patient stays alone", given: with(open(), apart), when: incident.AskPerson{Text: "how much of it", Same: 1, Apart: true},
			then: []incident.Body{incident.QuestionAsked{N: 2, Text: "how much of it", Apart: true}},
		},
		{name: "an answer is for all that were merged", given: merged, when: incident.AnswerQuestion{N: 2, Text: "in the box"}, then: []incident.Body{incident.QuestionAnswered{N: 1, Text: "in the box"}}},
		{name: "the clock of a question begins anew with the person", given: with(open(), ask(1, "a"), incident.QuestionWaits{N: 1}, incident.QuestionAssigned{N: 1, To: "raj"}), minute: 13, when: incident.Tick{Rules: clocks()}},
		{
			name: "and is brought up again", given: with(open(), ask(1, "a"), incident.QuestionWaits{N: 1}, incident.QuestionAssigned{N: 1, To: "raj"}), minute: 14,
			when: incident.Tick{Rules: clocks()}, then: []incident.Body{incident.QuestionWaits{N: 1}},
		},
	}
}

func TestAnAnswerReachesAllThatWereMerged(t *testing.T) {
	in := given(with(open(), incident.QuestionAsked{N: 1, Text: "a"}, incident.QuestionAsked{N: 2, Text: "b"}, incident.QuestionAsked{N: 3, Text: "c"},
		incident.QuestionMerged{N: 3, Into: 2}, incident.QuestionMerged{N: 2, Into: 1}, incident.QuestionAnswered{N: 1, Text: "yes"})...)
	for _, q := range in.AskedAlike(1) {
		if q.Answer != "yes" {
			t.Errorf("question %d has the answer %q", q.N, q.Answer)
		}
	}
	if n := len(in.AskedAlike(1)); n != 3 {
		t.Errorf("%d questions are one, want 3", n)
	}
	// Struck, a question takes no others with it.
	in = given(with(open(), incident.QuestionAsked{N: 1, Text: "a name"}, incident.QuestionAsked{N: 2, Text: "b"}, incident.QuestionMerged{N: 2, Into: 1},
		incident.Struck{Number: 3, Reason: "a name"})...)
	if left := in.OpenQuestions(); len(left) != 1 || left[0].N != 2 {
		t.Errorf("after the strike these are open: %+v", left)
	}
}
