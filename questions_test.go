package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	main "wardline"
	core "wardline/bot"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/storage/bolt"
)

// The misses are read while the bot runs. What was struck is not among them, and what was asked by
// several people is there once.
func TestMissesAreListedWhileTheBotRuns(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "wardline.db")
	store, engine, err := bolt.OpenStore(file, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	pack, err := hospital.Default()
	if err != nil {
		t.Fatal(err)
	}
	desk, err := core.New(t.Context(), core.Options{Store: store, Pack: pack, Settings: core.DefaultSettings(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = desk.Run(ctx) })
	running.Go(func() { _ = engine.Serve(ctx) })
	defer func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(file + ".sock"); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the bot hands out no copies")
		}
	}
	person := core.Person{ID: "lily", Name: "Lily"}
	for _, c := range []incident.Command{
		incident.AskPerson{Text: "may we borrow the printer", Department: "ed", Lang: "en"},
		incident.AskPerson{Text: "May we borrow the printer?", Department: "icu", Lang: "en"},
		incident.AskPerson{Text: "三楼的推车谁有钥匙", Department: "ed", Lang: "zh"},
		incident.AskPerson{Text: "a question with a name in it", Department: "ed", Lang: "en"},
		incident.AnswerQuestion{N: 3, Text: "护士长"},
		incident.Strike{Number: 5, Of: "question_asked", Reason: "a name"},
	} {
		if _, err := desk.Do(ctx, core.Act{Command: c, By: person}); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(folder, "wardline.toml")
	if err := os.WriteFile(config, []byte("[storage]\nfile = \""+filepath.ToSlash(file)+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, failed bytes.Buffer
	if code := main.Command(t.Context(), []string{"questions", "misses", "--config", config}, &out, &failed); code != 0 {
		t.Fatalf("exit code %d: %s", code, failed.String())
	}
	type line struct {
		ID, Lang, Dept, Question, Expect, Answer, Now string
		Times                                         int
	}
	var got []line
	for l := range strings.Lines(out.String()) {
		var m line
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		m.ID = strings.TrimPrefix(m.ID, incident.ID(0).String())
		got = append(got, m)
	}
	want := []line{
		{ID: "/Q1", Lang: "en", Dept: "ed", Question: "may we borrow the printer", Times: 2, Now: got[0].Now},
		{ID: "/Q3", Lang: "zh", Dept: "ed", Question: "三楼的推车谁有钥匙", Times: 1, Answer: "护士长", Now: got[1].Now},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
		if got[i].Now == "" {
			t.Errorf("%s: where would it go now?", got[i].ID)
		}
	}
}
