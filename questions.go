package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"wardline/bot/answer"
	"wardline/bot/guard"
	"wardline/bot/hospital"
	"wardline/bot/incident"
	"wardline/storage"
	"wardline/storage/bolt"
)

// questionFlags are the commands about what people ask.
type questionFlags struct {
	Eval struct {
		File string `arg:"" help:"Labelled questions, one JSON object a line."`
	} `cmd:"" help:"Say how well labelled questions find their answers, and what is confused with what."`
	Misses struct{} `cmd:"" help:"List the questions that a person had to answer, also while the bot runs."`
}

// evalQuestions routes a file of labelled questions with the configured hospital's procedures, or the
// built-in ones where there is no configuration.
func evalQuestions(config, file string, stdout io.Writer) error {
	pack, err := packOf(config)
	if err != nil {
		return err
	}
	questions, err := readQuestions(file)
	if err != nil {
		return err
	}
	router := answer.New(pack)
	report := answer.Eval(router, questions, holdsData)
	fmt.Fprintf(stdout, "%s in %s\n%s", counted(len(questions), "question"), file, report)
	for _, q := range questions {
		for _, l := range router.Unknown(q) {
			fmt.Fprintf(stdout, "%q is labelled %s, which answers nothing here: write an id of the hospital pack, live, live/topic, none or person/why\n", q.Question, l)
		}
	}
	for _, c := range report.Confusions() {
		fmt.Fprintf(stdout, "%3d x %s taken for %s\n", c.Times, c.Wanted, c.Got)
	}
	return nil
}

// holdsData reports whether a question holds a patient's data or a secret. The desk refuses such a line before it looks
// for an answer.
func holdsData(text string) bool {
	_, found := guard.Found(text)
	return found
}

func packOf(config string) (*hospital.Pack, error) {
	if _, err := os.Stat(config); errors.Is(err, fs.ErrNotExist) {
		return hospital.Default()
	}
	s, err := load(config)
	return s.pack, err
}

// longestLine is the most bytes a line of a question file may have.
const longestLine = 1 << 20

func readQuestions(file string) (out []answer.Labelled, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the questions: %w", err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var q answer.Labelled
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("%s:%d: %w; write one JSON object a line", file, n, err)
		}
		if q.Question == "" || q.Expect == "" {
			return nil, fmt.Errorf(`%s:%d: a question needs "question" and "expect": the id of a procedure or sheet, "live", "live/topic", "none" or "person/why"`, file, n)
		}
		out = append(out, q)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the questions: %s: %w", file, err)
	}
	return out, nil
}

// A missed question is one that went to a person. Its form is that of labelled questions, with the
// label still to be written.
type missed struct {
	ID         string                `json:"id"`
	Lang       string                `json:"lang"`
	Department incident.DepartmentID `json:"dept"`
	Question   string                `json:"question"`
	Expect     string                `json:"expect"`
	Asked      time.Time             `json:"asked"`
	Times      int                   `json:"times"` // it and those joined to it
	Answer     string                `json:"answer,omitempty"`
	Now        string                `json:"now"` // where today's words and rules send it
}

// misses lists the questions a person had to answer. It reads a copy, which a running bot hands out.
func misses(ctx context.Context, s setup, stdout io.Writer) error {
	folder, err := os.MkdirTemp("", "wardline-questions-")
	if err != nil {
		return fmt.Errorf("list the misses: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // what stays is in the machine's own place for such files
	file := filepath.Join(folder, "copy.db")
	if _, err := bolt.Backup(ctx, s.Storage.File, file); err != nil {
		return fmt.Errorf("list the misses: %w", err)
	}
	store, _, err := bolt.OpenStore(file, bolt.Options{})
	if err != nil {
		return fmt.Errorf("list the misses: %w", err)
	}
	return errors.Join(listMisses(ctx, store, answer.New(s.pack), stdout), store.Close())
}

func listMisses(ctx context.Context, store *storage.Store, router *answer.Router, stdout io.Writer) error {
	heads, err := store.Heads(ctx)
	if err != nil {
		return fmt.Errorf("list the misses: %w", err)
	}
	out := json.NewEncoder(stdout)
	out.SetEscapeHTML(false)
	for _, h := range heads {
		events, err := store.Events(ctx, h.ID, 0, 0)
		if err != nil {
			return fmt.Errorf("list the misses of %s: %w", h.ID, err)
		}
		in := incident.Fold(h.ID, events) // what was struck is blank there
		for _, q := range in.Questions {
			if q.Into != 0 {
				continue
			}
			err := out.Encode(missed{
				ID: fmt.Sprintf("%s/Q%d", h.ID, q.N), Lang: q.Lang, Department: q.Department, Question: q.Note.Text, Asked: q.Note.At,
				Times: len(in.AskedAlike(q.N)), Answer: q.Answer, Now: router.Label(answer.Question{Text: q.Note.Text, Department: q.Department, Open: true}),
			})
			if err != nil {
				return fmt.Errorf("list the misses: %w", err)
			}
		}
	}
	return nil
}
