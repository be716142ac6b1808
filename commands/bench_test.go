package commands_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"wardline/bot/answer"
	"wardline/commands"
)

// askable are the development questions of the router.
func askable(tb testing.TB) (out []answer.Labelled) {
	tb.Helper()
	f, err := os.Open("../bot/answer/testdata/fresh.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }() // it was only read
	for s := bufio.NewScanner(f); s.Scan(); {
		var q answer.Labelled
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			tb.Fatal(err)
		}
		out = append(out, q)
	}
	return out
}

// BenchmarkQuestion asks one question after the other, the whole way of a line: guard, grammar, router,
// words, and the queue's commit to a store in memory where a person must answer.
func BenchmarkQuestion(b *testing.B) {
	h, qs := newHearer(b), askable(b)
	h.Handle(b.Context(), commands.Line{Platform: "web", User: "mia", Room: "dept/ed", Text: "where is the downtime box"})
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		h.Handle(b.Context(), asking(qs, i))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds()), "p95-µs")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
}

// BenchmarkFiveThousandQuestions asks 5,000 questions at the same moment.
func BenchmarkFiveThousandQuestions(b *testing.B) {
	qs := askable(b)
	for b.Loop() {
		b.StopTimer()
		h := newHearer(b)
		h.Handle(b.Context(), commands.Line{Platform: "web", User: "mia", Room: "dept/ed", Text: "where is the downtime box"})
		took := make([]time.Duration, 5000)
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range took {
			all.Go(func() {
				<-start
				began := time.Now()
				if reply := h.Handle(b.Context(), asking(qs, i)); reply.Text == "" {
					b.Errorf("question %d has no answer", i)
				}
				took[i] = time.Since(began)
			})
		}
		b.StartTimer()
		close(start)
		all.Wait()
		b.StopTimer()
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
		b.StartTimer()
	}
}

func asking(qs []answer.Labelled, i int) commands.Line {
	q := qs[i%len(qs)]
	return commands.Line{
		ID: "q" + strconv.Itoa(i), Platform: "web", User: "nurse" + strconv.Itoa(i), Name: "Nurse", Locale: string(q.Lang),
		Room: "dept/ed", Text: q.Question,
	}
}
